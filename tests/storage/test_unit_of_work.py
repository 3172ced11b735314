"""Transactions, tenants and races, on both engines."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import DatabaseUnavailable, StaleRecord
from storage.records import Agreement, Client, Outcome, Party, Responsibility, Role, RoleAssignment

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def workspace(database: Database, slack_id: str = "T1") -> int:
    with database.workspaces() as workspaces:
        return workspaces.for_slack(slack_id, "An MSP").id


def add_client(database: Database, workspace_id: int, name: str = "Calder Ridge", **fields: object) -> Client:
    with database.open_unit(workspace_id) as uow:
        return uow.clients.add(Client(name=name, **fields))


def test_what_is_added_comes_back_whole(database: Database) -> None:
    home = workspace(database)
    client = add_client(database, home, aliases=("calder", "CR"), channels=("C1",), time_zone="America/Chicago")
    with database.open_unit(home) as uow:
        agreement = uow.agreements.add(
            Agreement(client_id=client.id, reference="SOW-A", effective_on=date(2026, 1, 1), notice="60d"), at=AT
        )
        [row] = uow.responsibilities.record(
            [
                Responsibility(
                    client_id=client.id,
                    agreement_id=agreement.id,
                    item="Server backup",
                    party=Party.MSP,
                    aliases=("Veeam",),
                    recorded_at=AT,
                    recorded_by="U1",
                )
            ]
        )
    with database.open_unit(home, writes=False) as uow:
        assert uow.clients.find(client.id) == client
        assert uow.agreements.of_client(client.id) == [agreement]
        assert uow.responsibilities.current(client.id) == [row]


@pytest.mark.parametrize("typed", ["Calder Ridge", "calder-ridge", "CALDER  RIDGE", "cr", " CR. "])
def test_a_client_is_found_by_name_or_alias_however_it_is_spelled(database: Database, typed: str) -> None:
    home = workspace(database)
    client = add_client(database, home, aliases=("CR",))
    with database.open_unit(home, writes=False) as uow:
        assert uow.clients.find_by_key(typed) == client


def test_nothing_of_another_workspace_is_seen_or_changed(database: Database) -> None:
    ours, theirs = workspace(database, "T1"), workspace(database, "T2")
    client = add_client(database, theirs, channels=("C9",), aliases=("secret",))
    with database.open_unit(ours) as uow:
        assert uow.clients.find(client.id) is None
        assert uow.clients.find_by_key("secret") is None
        assert uow.clients.for_channel("C9") is None
        assert uow.clients.list(offboarded=True) == []
        assert uow.clients.keys() == {}
        with pytest.raises(StaleRecord):
            uow.clients.save(client.changed(name="Taken over"))
        with pytest.raises(StaleRecord):
            uow.clients.matrix_changed(client.id)
    with database.open_unit(theirs) as uow:
        assert uow.clients.find(client.id) == client


def test_the_first_slack_team_takes_over_what_the_command_line_prepared(database: Database) -> None:
    with database.workspaces() as workspaces:
        prepared = workspaces.add("Prepared")
    assert workspace(database, "T1") == prepared.id
    assert workspace(database, "T2") != prepared.id


def test_an_exception_leaves_everything_as_it_was(database: Database) -> None:
    home = workspace(database)

    def fail_in_the_middle() -> None:
        with database.open_unit(home) as uow:
            uow.clients.add(Client(name="Half saved"))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail_in_the_middle()
    with database.open_unit(home) as uow:
        assert uow.clients.list() == []


def test_a_name_taken_meanwhile_is_refused(database: Database) -> None:
    home = workspace(database)
    add_client(database, home, "Acme")
    with pytest.raises(StaleRecord), database.open_unit(home) as uow:
        uow.clients.add(Client(name="ACME"))


def test_saving_over_a_newer_version_is_refused(database: Database) -> None:
    home = workspace(database)
    client = add_client(database, home)
    with database.open_unit(home) as uow:
        uow.clients.save(client.changed(owner="U1"))
    with pytest.raises(StaleRecord), database.open_unit(home) as uow:
        uow.clients.save(client.changed(owner="U2"))
    with database.open_unit(home) as uow:
        found = uow.clients.find(client.id)
        assert found is not None
        assert (found.owner, found.version) == ("U1", 1)


def test_threads_that_race_never_lose_a_write(database: Database) -> None:
    """Four threads add an alias each, ten times, reading before writing; every alias is there at the end."""
    home = workspace(database)
    client = add_client(database, home)
    failures: list[BaseException] = []

    def add_aliases(worker: int) -> None:
        for turn in range(10):
            for _ in range(200):
                try:
                    with database.open_unit(home) as uow:
                        now = uow.clients.find(client.id)
                        assert now is not None
                        uow.clients.save(now.changed(aliases=(*now.aliases, f"alias {worker}-{turn}")))
                    break
                except StaleRecord:
                    continue
                except BaseException as error:
                    failures.append(error)
                    raise

    threads = [threading.Thread(target=add_aliases, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.open_unit(home) as uow:
        found = uow.clients.find(client.id)
        assert found is not None
        assert sorted(found.aliases) == sorted(f"alias {worker}-{turn}" for worker in range(4) for turn in range(10))
        assert found.version == 40


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_that_lock_each_other_one_is_told_to_try_again(database: Database) -> None:
    """PostgreSQL ends a deadlock by refusing one of the two: nothing is wrong with what it wanted to save."""
    home = workspace(database)
    ids = [add_client(database, home, name).id for name in ("Calder Ridge", "Bluebird")]
    each_holds_one = threading.Barrier(2, timeout=20)
    results: list[str] = []

    def hold_both(first: int, second: int) -> None:
        hold = text("SELECT id FROM client WHERE id = :id FOR UPDATE")
        try:
            with database.open_unit(home) as uow:
                uow.connection.execute(hold, {"id": first})
                each_holds_one.wait()
                uow.connection.execute(hold, {"id": second})
        except StaleRecord as error:
            results.append("deadlock" if "deadlock" in str(error) else str(error))
        else:
            results.append("saved")

    threads = [threading.Thread(target=hold_both, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["deadlock", "saved"]


def test_threads_that_append_to_the_audit_log_make_one_whole_chain(database: Database) -> None:
    home, other = workspace(database, "T1"), workspace(database, "T2")

    def append(worker: int) -> None:
        for turn in range(10):
            with database.open_unit(home if worker % 4 else other) as uow:
                uow.audit.append(at=AT, actor=f"U{worker}", action="test", outcome=Outcome.DONE, details={"turn": turn})

    threads = [threading.Thread(target=append, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.open_unit(home, writes=False) as uow:
        assert uow.audit.verify() == (60, None)
    with database.open_unit(other, writes=False) as uow:
        assert uow.audit.verify() == (20, None)


def test_a_role_replaces_the_one_before(database: Database) -> None:
    home = workspace(database)
    for role in (Role.MANAGER, Role.VIEWER):
        with database.open_unit(home) as uow:
            uow.roles.grant(RoleAssignment(user="U1", role=role, granted_by="U0", granted_at=AT))
    with database.open_unit(home) as uow:
        assert [found.role for found in uow.roles.list()] == [Role.VIEWER]
        for user in ("U2", "U0"):
            uow.roles.grant(RoleAssignment(user=user, role=Role.MANAGER, granted_by="U0", granted_at=AT))
        assert [found.user for found in uow.roles.list()] == ["U0", "U1", "U2"]
        assert uow.roles.grant(RoleAssignment(user="U0", role=Role.VIEWER, granted_by="U0", granted_at=AT)).id
        assert uow.changes[-1]["before"]["role"] == "manager", "the role before is in the audit log, too"
        assert uow.roles.revoke("U1") is not None
        assert (uow.changes[-1]["subject"], uow.changes[-1]["before"]["role"]) == ("role_assignment:U1", "viewer")
        assert uow.roles.revoke("U1") is None


def test_what_is_read_for_what_follows_from_a_change_does_not_count(database: Database) -> None:
    """An entry of the audit log is about whom its command read; planning for others reads them, too."""
    home = workspace(database)
    mine, hidden = (add_client(database, home, name).id for name in ("Calder Ridge", "Secret"))
    with database.open_unit(home, writes=False) as uow:
        uow.conceal(frozenset({hidden}))
        uow.agreements.of_client(mine)
        assert uow.clients.find(mine) is not None
        with uow.revealed():
            assert uow.clients.find(hidden) is not None
            assert uow.about >= {hidden}
        assert uow.about == {mine}
        assert uow.clients.find(hidden) is None


def test_a_locked_database_is_reported_and_nothing_is_lost(sqlite_database: Database) -> None:
    home = workspace(sqlite_database)
    with sqlite_database.open_unit(home) as holder:
        holder.clients.add(Client(name="Holds the lock"))
        with pytest.raises(DatabaseUnavailable, match="locked"), sqlite_database.open_unit(home) as uow:
            uow.clients.add(Client(name="Waits in vain"))
    with sqlite_database.open_unit(home) as uow:
        assert [client.name for client in uow.clients.list()] == ["Holds the lock"]


def test_a_change_is_noted_with_what_was_before_and_after(database: Database) -> None:
    home = workspace(database)
    client = add_client(database, home, owner="U1")
    with database.open_unit(home) as uow:
        uow.clients.save(client.changed(owner="U2"))
        assert uow.subject == f"client:{client.id}"
        [change] = uow.changes
        assert (change["before"]["owner"], change["after"]["owner"]) == ("U1", "U2")
        assert "name" not in change["after"]
