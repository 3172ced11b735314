"""Tenants: made when their Slack workspace connects for the first time, by whichever process is the first."""

import threading

from storage.database import Database


def test_two_processes_that_connect_first_at_the_same_moment_share_a_workspace(database: Database) -> None:
    found: list[object] = []

    def second() -> None:
        try:
            with database.workspaces() as workspaces:
                found.append(workspaces.for_slack("T0NORTH", "Northwind IT").id)
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=second)
    with database.workspaces() as workspaces:
        first = workspaces.for_slack("T0NORTH", "Northwind IT").id
        thread.start()
        thread.join(0.3)
    thread.join(10)
    assert found == [first]
    with database.workspaces() as workspaces:
        assert [(each.id, each.name) for each in workspaces.list()] == [(first, "Northwind IT")]
