"""The directory that is kept by version says what the tables say, whoever changed them, and keeps nothing undone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.records import Client, Role, RoleAssignment
from storage.records.visibility import Visibility

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def home(database: Database) -> int:
    with database.workspaces() as workspaces:
        return workspaces.for_slack("T1", "An MSP").id


@pytest.fixture
def client(database: Database, home: int) -> Client:
    with database.open_unit(home) as uow:
        return uow.clients.add(Client(name="Calder Ridge", aliases=("calder",), channels=("C1",)))


def version(database: Database) -> int:
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT version FROM directory_version")).scalar()
        return int(found or 0)


def test_another_process_is_heard_with_the_next_unit(database: Database, home: int, client: Client) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with database.open_unit(home, writes=False) as uow:
        assert uow.clients.find_by_key("calder") == client
        assert uow.roles.find("U1") is None
    with other.open_unit(home) as uow:
        renamed = uow.clients.save(client.changed(name="Ridge", aliases=(), channels=("C2",)))
        uow.roles.grant(RoleAssignment(user="U1", role=Role.MANAGER, granted_by="U0", granted_at=AT))
    with database.open_unit(home, writes=False) as uow:
        assert uow.clients.find_by_key("calder") is None
        assert uow.clients.find_by_key("RIDGE") == renamed
        assert uow.clients.for_channel("C1") is None
        assert uow.clients.for_channel("C2") == renamed
        assert list(uow.clients.keys().items()) == [("ridge", "Ridge")]
        assert [each.name for each in uow.clients.starting_with("ri")] == ["Ridge"]
        assert (found := uow.roles.find("U1")) is not None
        assert found.role is Role.MANAGER
    other.close()


def test_what_this_unit_changed_is_seen_in_it_and_forgotten_with_it(
    database: Database, home: int, client: Client
) -> None:
    with database.open_unit(home, writes=False) as uow:
        assert uow.clients.find_by_key("calder") == client
    uow = database.open_unit(home).__enter__()
    assert uow.clients.find_by_key("calder") == client
    uow.clients.save(client.changed(name="Ridge"))
    assert uow.clients.find_by_key("calder ridge") is None
    assert (found := uow.clients.find_by_key("ridge")) is not None
    assert found.version == client.version + 1
    assert uow.changed_clients
    uow.__exit__(RuntimeError, RuntimeError("undone"), None)
    with database.open_unit(home, writes=False) as uow:
        assert uow.clients.find_by_key("calder ridge") == client
        assert uow.clients.find_by_key("ridge") is None


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO client_key (workspace_id, key, client_id) VALUES (1, 'x', 1)",
        "UPDATE client_key SET key = 'y' WHERE key = 'calder'",
        "DELETE FROM client_key",
        "INSERT INTO client_channel (workspace_id, channel, client_id) VALUES (1, 'C9', 1)",
        "DELETE FROM client_channel",
        'INSERT INTO role_assignment (workspace_id, "user", role, granted_by, granted_at) '
        "VALUES (1, 'U1', 'admin', 'U0', '2026-01-01 00:00:00')",
    ],
)
def test_whoever_changes_a_row_counts(database: Database, home: int, client: Client, change: str) -> None:
    before = version(database)
    assert (home, client.id) == (1, 1)
    with database.engine.begin() as connection:
        connection.execute(text(change))
    assert version(database) > before


def test_a_client_restricted_elsewhere_is_hidden_with_the_next_unit(
    database: Database, home: int, client: Client
) -> None:
    with database.open_unit(home, writes=False) as uow:
        assert uow.visibilities.restricted() == []
    with database.open_unit(home) as uow:
        uow.visibilities.set(Visibility(client_id=client.id, is_restricted=True, set_by="U0", set_at=AT))
    with database.open_unit(home, writes=False) as uow:
        assert [each.client_id for each in uow.visibilities.restricted()] == [client.id]
        uow.conceal(frozenset({client.id}))
        assert uow.clients.find_by_key("calder") is None
        assert uow.clients.find(client.id) is None
        assert uow.clients.keys() == {}


def test_a_name_begun_is_found_where_another_client_is_hidden(database: Database, home: int, client: Client) -> None:
    with database.open_unit(home) as uow:
        hidden = uow.clients.add(Client(name="Calder Bay"))
        several = uow.clients.add(Client(name="Bay Ridge", aliases=("bay r", "bayr")))
    with database.open_unit(home, writes=False) as uow:
        uow.conceal(frozenset({hidden.id}))
        assert uow.clients.starting_with("calder") == [client]
        assert uow.clients.starting_with("bay") == [several]


def test_what_was_found_before_counts_as_read_after_concealing(database: Database, home: int, client: Client) -> None:
    with database.open_unit(home, writes=False) as uow:
        uow.clients.find(client.id)
        uow.conceal(frozenset())
        assert uow.about == frozenset()
        uow.clients.find(client.id)
        assert uow.about == {client.id}
