"""Connections to PostgreSQL: as many as there are threads, and no waiting for one longer than Slack waits."""

import time
from contextlib import ExitStack

import pytest

from storage.database import Database
from storage.errors import DatabaseUnavailable


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whoever_gets_no_connection_is_told_before_slack_gives_up(database: Database) -> None:
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("Northwind IT").id
    with ExitStack() as held:
        for _ in range(24):
            held.enter_context(database.engine.connect())
        began = time.monotonic()
        with (
            pytest.raises(DatabaseUnavailable, match="every connection"),
            database.open_unit(workspace_id, writes=False) as uow,
        ):
            uow.clients.list()
        assert 2 < time.monotonic() - began < 3
    with database.open_unit(workspace_id, writes=False) as uow:
        assert uow.clients.list() == []
