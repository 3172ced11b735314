"""The audit log shows what was changed in the database behind its back, and the database refuses what it can."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.records import AuditEntry, Outcome
from storage.repositories.audit import entry_hash

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_UNGUARDED = {
    True: [
        "DROP TRIGGER audit_entry_no_update",
        "DROP TRIGGER audit_entry_no_delete",
        "DROP TRIGGER audit_entry_in_order",
    ],
    False: ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
}


@pytest.fixture
def home(database: Database) -> int:
    """A workspace whose audit log has three entries."""
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("Test").id
    for number in (1, 2, 3):
        with database.open_unit(workspace_id) as uow:
            uow.audit.append(
                at=AT + timedelta(hours=number), actor=f"U{number}", action="client edit", outcome=Outcome.DONE,
                details={"number": number}, subject="client:1",
            )  # fmt: skip
    return workspace_id


def attack(database: Database, statements: Sequence[str]) -> None:
    """As an owner of the database, who can drop what guards it."""
    with database.engine.begin() as connection:
        for statement in (*_UNGUARDED[database.is_sqlite], *statements):
            connection.execute(text(statement))


def verified(database: Database, home: int) -> tuple[int, str | None]:
    with database.open_unit(home, writes=False) as uow:
        return uow.audit.verify()


def test_a_log_that_nobody_touched_is_whole(database: Database, home: int) -> None:
    assert verified(database, home) == (3, None)


@pytest.mark.parametrize(
    ("statement", "held", "problem"),
    [
        ("UPDATE audit_detail SET details = '{\"number\": 9}' WHERE seq = 2", 1,
         "entry 2: has details that were changed after they were written"),
        ("UPDATE audit_detail SET salt = 'another' WHERE seq = 3", 2,
         "entry 3: has details that were changed after they were written"),
        ("UPDATE audit_entry SET actor = 'UEVIL' WHERE seq = 2", 1, "entry 2: was changed after it was written"),
        ("UPDATE audit_entry SET subject = NULL WHERE seq = 1", 0, "entry 1: was changed after it was written"),
        ("UPDATE audit_entry SET outcome = 'refused' WHERE seq = 3", 2, "entry 3: was changed after it was written"),
        ("UPDATE audit_entry SET hash = 'other' WHERE seq = 1", 0, "entry 1: was changed after it was written"),
        ("UPDATE audit_entry SET previous_hash = 'other' WHERE seq = 2", 1,
         "entry 2: does not follow from the entry before it"),
        ("DELETE FROM audit_entry WHERE seq = 2", 1, "entry 2: missing; the next one is 3"),
        ("DELETE FROM audit_entry WHERE seq = 1", 0, "entry 1: missing; the next one is 2"),
        ("UPDATE audit_entry SET seq = 7 WHERE seq = 3", 2, "entry 3: missing; the next one is 7"),
    ],
)  # fmt: skip
def test_each_change_behind_its_back_is_found_and_named(
    database: Database, home: int, statement: str, held: int, problem: str
) -> None:
    attack(database, [statement])
    assert verified(database, home) == (held, problem)


def test_erased_details_are_no_break(database: Database, home: int) -> None:
    attack(database, ["DELETE FROM audit_detail WHERE seq = 2"])
    assert verified(database, home) == (3, None)
    with database.open_unit(home, writes=False) as uow:
        assert [(entry.seq, details) for entry, details in uow.audit.newest(3)] == [
            (3, '{"number": 3}'), (2, None), (1, '{"number": 1}'),
        ]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("seq", "previous"),
    [
        pytest.param("5", "(SELECT hash FROM audit_entry WHERE seq = 3)", id="a number left out"),
        pytest.param("0", "(SELECT hash FROM audit_entry WHERE seq = 3)", id="a number before the first"),
        pytest.param("4", "'another'", id="does not go on from the last"),
    ],
)
def test_sqlite_refuses_an_entry_that_does_not_continue_the_log(
    database: Database, home: int, seq: str, previous: str
) -> None:
    insert = (
        "INSERT INTO audit_entry (workspace_id, seq, at, actor, action, outcome, details_digest, previous_hash, hash) "
        f"VALUES ({home}, {seq}, '2026-01-01', 'UEVIL', 'x', 'done', 'd', {previous}, 'new')"
    )
    with pytest.raises(DBAPIError, match="continues from its last entry"), database.engine.begin() as connection:
        connection.execute(text(insert))
    with database.engine.begin() as connection:
        connection.execute(text(insert.replace(f"{home}, {seq}, ", f"{home}, 4, ").replace("'another'", _LAST_HASH)))


_LAST_HASH = "(SELECT hash FROM audit_entry WHERE seq = 3)"


def test_each_workspace_has_numbers_of_its_own(database: Database, home: int) -> None:
    with database.workspaces() as workspaces:
        other = workspaces.add("Other").id
    with database.open_unit(other) as uow:
        entry = uow.audit.append(at=AT, actor="U1", action="setup", outcome=Outcome.DONE, details={})
        assert (entry.seq, entry.previous_hash) == (1, "0" * 64)
    with database.open_unit(home, writes=False) as uow:
        head = uow.audit.head()
        assert head is not None
        assert (head.seq, head.actor) == (3, "U3")


def test_entries_are_found_by_number_action_and_person(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        uow.audit.append(
            at=AT + timedelta(hours=4), actor="U1", action="role grant", outcome=Outcome.REFUSED, details={}
        )
    with database.open_unit(home, writes=False) as uow:
        assert [entry.seq for entry, _ in uow.audit.newest(2)] == [4, 3]
        assert [entry.seq for entry, _ in uow.audit.newest(9, "client")] == [3, 2, 1]
        assert [entry.seq for entry, _ in uow.audit.newest(9, "client_")] == []
        found = uow.audit.find(2)
        assert found is not None
        assert found.actor == "U2"
        assert uow.audit.find(9) is None
        assert [entry.seq for entry, _ in uow.audit.done_by("U1", since=AT)] == [1]
        assert [entry.seq for entry, _ in uow.audit.done_by("U1", since=AT + timedelta(hours=1))] == [1]
        assert uow.audit.done_by("U1", since=AT + timedelta(hours=1, seconds=1)) == []


def test_the_hash_of_a_known_entry_stays_what_it_is() -> None:
    """Logs that were written by earlier releases have to verify for good."""
    entry = AuditEntry(
        seq=1, at=AT, actor="U1", action="client edit", subject="client:1", outcome=Outcome.DONE,
        details_digest="d" * 64, previous_hash="0" * 64, hash="",
    )  # fmt: skip
    assert entry_hash(entry) == "58ca43827429698f21902c2ae11b6925cc3853566206a3a70ace7ab21b89cefb"
    assert entry_hash(entry.model_copy(update={"id": 7, "hash": "any"})) == entry_hash(entry)


def test_a_new_workspace_has_no_last_entry(database: Database) -> None:
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("New").id
    with database.open_unit(workspace_id, writes=False) as uow:
        assert uow.audit.head() is None
        assert uow.audit.verify() == (0, None)


def test_an_export_has_all_that_the_hash_covers(database: Database, home: int) -> None:
    attack(database, ["DELETE FROM audit_detail WHERE seq = 2"])
    with database.open_unit(home, writes=False) as uow:
        first, second, third = uow.audit.exported()
    assert first["previous_hash"] == "0" * 64
    assert (second["previous_hash"], third["previous_hash"]) == (first["hash"], second["hash"])
    assert (first["at"], first["outcome"]) == ("2026-03-02T16:00:00.000000+00:00", "done")
    assert first["details"] == '{"number": 1}'
    assert "details" not in second
    assert "salt" not in second


def test_a_long_log_is_read_to_its_end(database: Database, home: int) -> None:
    """More entries than are read at once; the last of them is the one that was changed."""
    with database.open_unit(home) as uow:
        for number in range(4, 504):
            uow.audit.append(at=AT, actor="U1", action="x", outcome=Outcome.DONE, details={"number": number})
    assert verified(database, home) == (503, None)
    attack(database, ["UPDATE audit_entry SET actor = 'UEVIL' WHERE seq = 503"])
    assert verified(database, home) == (502, "entry 503: was changed after it was written")
    with database.open_unit(home, writes=False) as uow:
        assert sum(1 for _ in uow.audit.exported()) == 503


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, [3, 2, 1]),
        (2, None, [3, 2]),  # from its very instant
        (None, 2, [1]),  # up to it and not with it
        (1, 3, [2, 1]),
    ],
)
def test_a_search_has_its_first_instant_and_not_its_last(
    database: Database, home: int, since: int | None, until: int | None, found: list[int]
) -> None:
    hours = {"since": since, "until": until}
    wanted = {name: AT + timedelta(hours=hour) for name, hour in hours.items() if hour}
    with database.open_unit(home, writes=False) as uow:
        assert [entry.seq for entry, _, _ in uow.audit.search(10, **wanted)] == found
        assert [entry.seq for entry, _, _ in uow.audit.search(2, **wanted)] == found[:2]
        assert [entry.seq for entry, _ in uow.audit.done_by("U2", since=AT + timedelta(hours=2))] == [2]
        assert uow.audit.done_by("U2", since=AT + timedelta(hours=2, microseconds=1)) == []


def test_what_was_refused_or_failed_was_not_done(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        for outcome in (Outcome.REFUSED, Outcome.FAILED):
            uow.audit.append(at=AT, actor="U9", action="client edit", outcome=outcome, details={})
    with database.open_unit(home, writes=False) as uow:
        assert uow.audit.done_by("U9", since=AT) == []


def test_an_action_is_found_by_its_beginning_and_by_no_wildcard(database: Database, home: int) -> None:
    with database.open_unit(home, writes=False) as uow:
        for action, count in (("client", 3), ("client edit", 3), ("client_", 0), ("%edit", 0), ("c%t", 0)):
            assert len(uow.audit.newest(10, action)) == count, action
            assert len(uow.audit.search(10, action=action)) == count, action


def test_what_changed_since_an_entry_names_the_clients(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        for about in ((1, 2), (2, 3)):
            uow.audit.append(at=AT, actor="U1", action="x", outcome=Outcome.DONE, details={}, about=about)
        uow.audit.append(at=AT, actor="U1", action="x", outcome=Outcome.FAILED, details={}, about=(9,))
    with database.open_unit(home, writes=False) as uow:
        assert uow.audit.changed_since(3) == (6, frozenset({1, 2, 3}))
        assert uow.audit.changed_since(4) == (6, frozenset({2, 3}))
        assert uow.audit.changed_since(6) == (6, frozenset())
        assert uow.audit.changed_since(0) == (6, None), "some of it is about nobody knows whom"


def test_what_is_exported_about_a_client_is_about_no_other(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        for about in ((1, 2), (2,), (1,), ()):
            uow.audit.append(at=AT, actor="U1", action="x", outcome=Outcome.DONE, details={}, about=about)
    with database.open_unit(home, writes=False) as uow:
        assert [entry["seq"] for entry in uow.audit.exported_about(1)] == [4, 6]
        assert [entry["seq"] for entry in uow.audit.exported_about(9)] == []


def test_a_client_that_was_added_is_found_by_its_entry(database: Database, home: int) -> None:
    """Nothing was read about it before it was there: the entry is about it by its subject."""
    with database.open_unit(home) as uow:
        for subject in ("client:7", "agreement:7", "client:70", "client:7x"):
            uow.audit.append(at=AT, actor="U1", action="x", outcome=Outcome.DONE, details={}, subject=subject)
    with database.open_unit(home, writes=False) as uow:
        assert [(entry.subject, about) for entry, _, about in uow.audit.search(9, client_id=7)] == [("client:7", (7,))]
