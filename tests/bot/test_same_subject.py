"""Two things of one client that read alike and are due on one day are two reminders, and planned once."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.records import AccessGrant, AccessLevel, Promise, ReminderState
from tests.bot.test_sender import Office
from tests.conftest import NOW

DUE = date(2026, 3, 9)


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.jobs().round()
    office.slack.posts.clear()
    return office


def record(office: Office, owner: str, client_id: int | None) -> None:
    """As two people leave it who record the same at the same moment."""
    with office.database.open_unit(office.workspace_id) as uow:
        stamp: dict[str, Any] = {"client_id": client_id, "recorded_at": NOW, "recorded_by": "console"}
        uow.promises.record(
            Promise(what="Test a restore", made_on=NOW.date(), next_due_on=DUE, owner=owner, source="sla", **stamp)
        )


@pytest.mark.parametrize("client_id", [1, None])
def test_both_owners_of_the_same_promise_are_told(office: Office, client_id: int | None) -> None:
    for owner in ("U0ANN", "U0BOB"):
        record(office, owner, client_id)
    office.jobs().plan()
    assert office.jobs().plan() == 0
    for _ in range(3):
        office.now += timedelta(hours=1)
        office.jobs().round()
    told = [post.channel for post in office.slack.posts if "Test a restore" in post.payload["text"]]
    assert sorted(told) == ["D0ANN", "D0BOB"]


def test_two_grants_of_one_system_are_two_reviews(office: Office) -> None:
    with office.database.open_unit(office.workspace_id) as uow:
        for level in (AccessLevel.VIEW, AccessLevel.ADMIN):
            grant = AccessGrant(
                client_id=1, system="Backup portal", level=level, granted_on=NOW.date(), review_on=DUE,
                recorded_at=NOW, recorded_by="console",
            )  # fmt: skip
            uow.access.record(grant)
    office.jobs().plan()
    office.jobs().plan()
    planned = [row for row in office.rows() if row.kind == "access_review" and row.state is ReminderState.PENDING]
    assert len({row.subject for row in planned}) == 2
    assert len({row.dedupe_key for row in planned}) == len(planned)
