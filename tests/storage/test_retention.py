"""Words that are old enough go, by kind of record; never a held client's, and never what is open."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.records import (
    Attachment,
    BillableWork,
    Client,
    ClientStatus,
    CopyOf,
    MediaType,
    QuestionStatus,
    ScopeQuestion,
    Verdict,
)
from storage.repositories.retention import KeptKind, counted_by_client
from storage.unit_of_work import UnitOfWork
from tests.conftest import NOW

OLD, NEW = NOW - timedelta(days=500), NOW - timedelta(days=300)
CUT = NOW - timedelta(days=400)


def question(client: Client, at: datetime, **changes: Any) -> ScopeQuestion:
    known: dict[str, Any] = {
        "client_id": client.id, "question": "who patches the server?", "asked_by": "U0SAM", "asked_at": at,
        "as_of": at.date(), "verdict": Verdict.UNDOCUMENTED, "shown": "Not documented.", "settlement": "for Lee",
    }  # fmt: skip
    return ScopeQuestion(**known | changes)


@pytest.fixture
def uow(database: Database) -> Any:
    with database.workspaces() as workspaces:
        home = workspaces.add("Test").id
    with database.open_unit(home) as uow:
        yield uow


def client(uow: UnitOfWork, name: str, **changes: Any) -> Client:
    return uow.clients.add(Client(name=name, **changes))


def test_closed_questions_that_are_old_lose_their_words_and_nothing_else(uow: UnitOfWork) -> None:
    mine = client(uow, "Calder")
    kept = uow.questions.record(question(mine, NEW))
    waiting = uow.questions.record(question(mine, OLD, status=QuestionStatus.OPEN))
    old = uow.questions.record(question(mine, OLD))
    due = uow.retention.due(KeptKind.QUESTIONS, CUT)
    assert due == {old.id: mine.id}
    uow.retention.erase(KeptKind.QUESTIONS, due)
    after = {each.id: each for each in uow.questions.history(mine.id, 10)}
    assert (after[old.id].question, after[old.id].shown, after[old.id].settlement) == ("erased", None, None)
    assert (after[old.id].verdict, after[old.id].asked_at) == (Verdict.UNDOCUMENTED, OLD)
    assert after[kept.id] == kept
    assert after[waiting.id] == waiting
    assert uow.retention.due(KeptKind.QUESTIONS, CUT) == {}


def test_nothing_of_a_held_client_is_due(uow: UnitOfWork) -> None:
    held, free = client(uow, "Held"), client(uow, "Free")
    for each in (held, free):
        uow.questions.record(question(each, OLD))
    assert counted_by_client(uow.retention.due(KeptKind.QUESTIONS, CUT, (held.id,))) == {free.id: 1}


def test_old_work_loses_its_words_and_keeps_its_minutes(uow: UnitOfWork) -> None:
    mine = client(uow, "Calder")
    asked = uow.questions.record(question(mine, NEW))
    work = uow.billable_works.record(
        BillableWork(
            client_id=mine.id, scope_question_id=asked.id, question="who?", asked_by="U0SAM",
            verdict=Verdict.OUT_OF_SCOPE, done_on=OLD.date(), minutes=30, notes="for Lee", recorded_at=OLD,
            recorded_by="U0SAM",
        )
    )  # fmt: skip
    due = uow.retention.due(KeptKind.BILLABLE, CUT)
    assert due == {work.id: mine.id}
    uow.retention.erase(KeptKind.BILLABLE, due)
    after = uow.billable_works.find(work.id)
    assert after is not None
    assert (after.question, after.notes, after.minutes) == ("erased", None, 30)


def test_what_is_of_that_very_instant_is_not_older(uow: UnitOfWork) -> None:
    mine = client(uow, "Calder")
    uow.questions.record(question(mine, CUT))
    assert uow.retention.due(KeptKind.QUESTIONS, CUT) == {}
    assert len(uow.retention.due(KeptKind.QUESTIONS, CUT + timedelta(microseconds=1))) == 1


@pytest.mark.parametrize(
    ("left_on", "is_due"), [(date(2020, 1, 1), True), (CUT.date(), False), (NOW.date(), False), (None, False)]
)
def test_signed_copies_go_some_time_after_the_client_left(uow: UnitOfWork, left_on: date | None, is_due: bool) -> None:
    gone = client(uow, "Gone", status=ClientStatus.OFFBOARDED, offboarded_on=left_on)
    here = client(uow, "Here")
    copies = [
        uow.attachments.keep(
            Attachment(
                client_id=each.id, kind=CopyOf.AGREEMENT, name="signed.pdf", media=MediaType.PDF, file_hash="0" * 64,
                size=3, added_at=OLD, added_by="U0DANA",
            ),
            b"abc",
        )
        for each in (gone, here)
    ]  # fmt: skip
    due = uow.retention.due(KeptKind.COPIES, CUT)
    assert due == ({copies[0].id: gone.id} if is_due else {})
    uow.retention.erase(KeptKind.COPIES, due)
    assert uow.attachments.content_of(copies[0]) == (b"" if is_due else b"abc")
    assert uow.attachments.content_of(copies[1]) == b"abc"
