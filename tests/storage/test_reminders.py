"""Who sends what is the database's word: claims, leases, and what an attempt that lost its claim may still do."""

import threading
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.records import (
    Agreement,
    Client,
    QuestionStatus,
    Reminder,
    ReminderKind,
    ReminderState,
    ScopeQuestion,
    Verdict,
)

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MOST = 38
LEASE = timedelta(seconds=90)


class Desk:
    """One workspace with a client; `number` makes reminders that differ."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.workspaces() as workspaces:
            self.workspace_id = workspaces.add("Test").id
        with self.unit() as uow:
            self.client_id = uow.clients.add(Client(name="Calder Ridge")).id

    def unit(self) -> Any:
        return self.database.open_unit(self.workspace_id)

    def plan(self, number: int, **more: Any) -> Reminder:
        usual = {
            "kind": ReminderKind.NOTICE_DEADLINE, "subject": f"agreement:{number}", "client_id": self.client_id,
            "deadline": date(2026, 4, 1), "lead_days": 30, "recipient": "U0OWNER", "headline": f"No. {number}",
            "local_date": date(2026, 3, 2), "local_time": time(9), "zone": "UTC", "due_at": NOW,
            "dedupe_key": f"{number:064d}", "bundle": f"own:{number}",
        }  # fmt: skip
        reminder: Reminder
        with self.unit() as uow:
            [reminder] = uow.reminders.add([Reminder.model_validate(usual | more)])
        return reminder

    def claim(self, owner: str = "me", now: datetime = NOW, shared: datetime = NOW) -> list[Reminder]:
        with self.unit() as uow:
            found: list[Reminder] = uow.reminders.claim(owner, now, shared, LEASE, MOST)
        return found

    def read(self, reminder: Reminder) -> Reminder:
        with self.unit() as uow:
            found: Reminder = uow.reminders.find(reminder.id)
        return found


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_only_what_is_due_is_claimed_once_and_by_due_instant(desk: Desk) -> None:
    later = desk.plan(1, due_at=NOW + timedelta(seconds=1))
    second, first = desk.plan(2), desk.plan(3, due_at=NOW - timedelta(hours=1))
    nobody = desk.plan(4, recipient="")
    assert [[each.id for each in desk.claim()] for _ in range(3)] == [[first.id], [second.id], []]
    assert [each.id for each in desk.claim(now=later.due_at)] == [later.id]
    assert desk.read(nobody).state is ReminderState.PENDING


def test_a_digest_is_claimed_whole_and_keeps_its_key(desk: Desk) -> None:
    rows = [desk.plan(number, bundle="day:U0OWNER:2026-03-02") for number in (1, 2, 3)]
    claimed = desk.claim()
    assert [each.id for each in claimed] == [each.id for each in rows]
    assert {each.message_key for each in claimed} == {rows[0].dedupe_key}
    late = desk.plan(4, bundle="day:U0OWNER:2026-03-02")
    assert [each.id for each in desk.claim()] == [late.id]
    again = desk.claim("heir", shared=NOW + LEASE + timedelta(seconds=1))
    assert [each.id for each in again] == [each.id for each in rows]
    assert {(each.attempt, each.message_key) for each in again} == {(2, rows[0].dedupe_key)}


def test_a_day_of_many_is_claimed_in_messages_that_slack_takes(desk: Desk) -> None:
    rows = [desk.plan(number, bundle="day:U0OWNER:2026-03-02") for number in range(1, 2 * MOST + 2)]
    parts = [desk.claim() for _ in range(3)]
    assert [len(part) for part in parts] == [MOST, MOST, 1]
    assert [each.id for part in parts for each in part] == [each.id for each in rows]
    assert len({each.message_key for part in parts for each in part}) == 3
    again = desk.claim("heir", shared=NOW + LEASE + timedelta(seconds=1))
    assert [each.id for each in again] == [each.id for each in parts[0]]


def test_a_lease_holds_until_it_ends(desk: Desk) -> None:
    desk.plan(1)
    [mine] = desk.claim("first")
    assert not desk.claim("second", shared=NOW + LEASE)
    [theirs] = desk.claim("second", shared=NOW + LEASE + timedelta(microseconds=1))
    assert (theirs.attempt, theirs.first_attempt_at) == (2, NOW)
    with desk.unit() as uow:
        assert not uow.reminders.complete([mine], "D1", "1.0", NOW), "whoever slept through the lease changes nothing"
        assert not uow.reminders.give_back([mine], NOW)
        assert not uow.reminders.fail([mine], "gone")
        assert uow.reminders.complete([theirs], "D1", "2.0", NOW)
    assert (desk.read(mine).state, desk.read(mine).message_ts) == (ReminderState.SENT, "2.0")


def test_an_earlier_attempt_of_the_same_sender_changes_nothing(desk: Desk) -> None:
    desk.plan(1)
    [first] = desk.claim("me")
    [again] = desk.claim("me", shared=NOW + LEASE + timedelta(microseconds=1))
    assert (first.attempt, again.attempt) == (1, 2)
    with desk.unit() as uow:
        assert not uow.reminders.hold([first], NOW)
        assert not uow.reminders.complete([first], "D1", "1.0", NOW)
        assert not uow.reminders.give_back([first], NOW)
        assert not uow.reminders.fail([first], "gone")
    assert desk.read(first).state is ReminderState.SENDING
    with desk.unit() as uow:
        assert uow.reminders.give_back([again], NOW)
    assert desk.read(first).attempt == 1, "only the attempt that is given back does not count"


def test_what_one_sender_did_not_claim_alone_is_not_its_own(desk: Desk) -> None:
    rows = [desk.plan(number, bundle="day:U0OWNER") for number in (1, 2)]
    claimed = desk.claim("me")
    with desk.unit() as uow:
        uow.reminders.answer(rows[0], ReminderState.ACKED, acked_by="U0OWNER", acked_at=NOW)
    with desk.unit() as uow:
        assert not uow.reminders.complete(claimed, "D1", "1.0", NOW)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_tried", [False, True])
def test_a_sender_passes_over_the_whole_message_that_another_is_claiming(desk: Desk, is_tried: bool) -> None:
    """Also over the rows of it that the other has not locked yet; and it does not wait for the other."""
    for number in (1, 2):
        desk.plan(number, bundle="day:U0OWNER", due_at=NOW - timedelta(hours=1))
    if is_tried:
        desk.claim("gone")
    free = desk.plan(3)
    if is_tried:
        desk.claim("gone")
    shared = NOW + 2 * LEASE if is_tried else NOW
    found: list[list[Reminder]] = []
    second = threading.Thread(target=lambda: found.append(desk.claim("second", shared=shared)), daemon=True)
    with desk.unit() as uow:
        rows = uow.connection.execute(
            text("SELECT id FROM reminder WHERE id <> :free ORDER BY id LIMIT 1 FOR UPDATE"), {"free": free.id}
        )
        assert len(rows.all()) == 1
        second.start()
        second.join(5)
        assert not second.is_alive(), "waits for the other sender"
    second.join()
    assert [[each.id for each in claimed] for claimed in found] == [[free.id]]


def test_given_back_is_due_again_and_the_attempt_does_not_count(desk: Desk) -> None:
    reminder = desk.plan(1)
    claimed = desk.claim()
    with desk.unit() as uow:
        uow.reminders.give_back(claimed, NOW + timedelta(seconds=30), "too often")
    back = desk.read(reminder)
    assert (back.state, back.attempt, back.problem) == (ReminderState.PENDING, 0, "too often")
    assert not desk.claim()
    [again] = desk.claim(now=NOW + timedelta(seconds=30))
    assert (again.attempt, again.retry_at) == (1, None)


def test_a_later_one_of_the_cycle_takes_the_place_of_the_earlier(desk: Desk) -> None:
    early = desk.plan(1)
    with desk.unit() as uow:
        uow.reminders.complete(uow.reminders.claim("me", NOW, NOW, LEASE, MOST), "D1", "1.0", NOW)
    late = desk.plan(2, subject="agreement:1", lead_days=14, due_at=NOW + timedelta(days=16))
    with desk.unit() as uow:
        uow.reminders.complete(uow.reminders.claim("me", late.due_at, NOW, LEASE, MOST), "D1", "2.0", late.due_at)
    assert desk.read(early).state is ReminderState.REPLACED
    assert desk.read(early).is_stale
    assert desk.read(late).state is ReminderState.SENT


@pytest.mark.parametrize("in_one_go", [False, True])
def test_what_is_in_another_state_than_was_seen_is_not_changed(desk: Desk, in_one_go: bool) -> None:
    seen = desk.plan(1)
    desk.claim()
    wanted = {"state": ReminderState.CANCELLED}
    with desk.unit() as uow:
        changed = uow.reminders.change_all([(seen, wanted)]) if in_one_go else uow.reminders.change(seen, wanted)
    assert not changed
    assert desk.read(seen).state is ReminderState.SENDING


def test_what_changed_since_a_message_was_shown_stays_stale(desk: Desk) -> None:
    shown = desk.plan(1)
    with desk.unit() as uow:
        uow.reminders.change(shown, {"state": ReminderState.SENT, "is_stale": True})
    seen = desk.read(shown)
    with desk.unit() as uow:
        uow.reminders.answer(seen, ReminderState.ACKED, acked_by="U0OWNER", acked_at=NOW)
        uow.reminders.shown([seen])
    assert desk.read(shown).is_stale
    with desk.unit() as uow:
        uow.reminders.shown([uow.reminders.find(shown.id)])
    assert not desk.read(shown).is_stale


def test_an_answer_is_one_to_its_own_deadline(desk: Desk) -> None:
    said, other = desk.plan(1), desk.plan(2, subject="agreement:1", deadline=date(2027, 4, 1))
    for each in (said, other):
        with desk.unit() as uow:
            uow.reminders.change(each, {"state": ReminderState.SENT})
    with desk.unit() as uow:
        assert uow.reminders.answer(said, ReminderState.ACKED, acked_by="U0OWNER", acked_at=NOW) == 1
    assert (desk.read(said).state, desk.read(other).state) == (ReminderState.ACKED, ReminderState.SENT)


def test_more_than_fit_into_one_statement_are_all_kept_and_all_changed(desk: Desk) -> None:
    usual = desk.plan(0)
    many = [
        usual.model_copy(update={"id": 0, "dedupe_key": f"{number:064d}", "subject": f"agreement:{number}"})
        for number in range(1, 512)
    ]
    with desk.unit() as uow:
        added = uow.reminders.add(many)
        assert len({each.id for each in added}) == 511
        assert len(uow.reminders.of_client(desk.client_id)) == 512
        assert uow.reminders.change_all([(each, {"state": ReminderState.CANCELLED}) for each in added]) == 511


def test_lists_of_reminders_come_by_due_instant_with_those_that_belong_there(desk: Desk) -> None:
    late, early = desk.plan(1, due_at=NOW), desk.plan(2, due_at=NOW - timedelta(hours=1))
    edge, beyond = desk.plan(3, due_at=NOW + timedelta(days=1)), desk.plan(4, due_at=NOW + timedelta(days=1, seconds=1))
    failed = desk.plan(5, due_at=NOW - timedelta(hours=2), problem="gone", state=ReminderState.FAILED)
    unsaid = desk.plan(6, due_at=NOW + timedelta(days=3), problem="gone", recipient="")
    nobody = desk.plan(7, due_at=NOW - timedelta(hours=3), problem="nobody", recipient="")
    with desk.unit() as uow:
        coming = [each.id for each in uow.reminders.coming(NOW + timedelta(days=1))]
        assert coming == [nobody.id, failed.id, early.id, late.id, edge.id]
        assert beyond.id not in coming
        assert [each.id for each in uow.reminders.waiting(NOW)] == [early.id, late.id]
        assert [each.id for each in uow.reminders.with_problems(NOW)] == [nobody.id, failed.id]
        assert unsaid.id in [each.id for each in uow.reminders.with_problems(NOW + timedelta(days=3))]
        assert uow.reminders.overdue(NOW) == 2


def test_reminders_of_another_workspace_are_not_claimed(desk: Desk) -> None:
    theirs = Desk(desk.database)
    mine, their = desk.plan(1), theirs.plan(1, due_at=NOW - timedelta(hours=1))
    assert [each.id for each in desk.claim()] == [mine.id]
    assert desk.claim() == []
    assert desk.claim(shared=NOW + 2 * LEASE)[0].id == mine.id
    assert [each.id for each in theirs.claim()] == [their.id]


def test_what_was_sent_about_an_agreement_outlives_it(desk: Desk) -> None:
    with desk.unit() as uow:
        paper = uow.agreements.add(Agreement(client_id=desk.client_id, reference="SOW-A"), at=NOW)
    unsent, said = desk.plan(1, agreement_id=paper.id), desk.plan(2, agreement_id=paper.id, message_key="k" * 64)
    with desk.unit() as uow:
        uow.agreements.remove(paper)
        assert [each["subject"] for each in uow.changes] == [f"agreement:{paper.id}"]
    with desk.unit() as uow:
        assert uow.reminders.find(unsent.id) is None
        found = uow.reminders.find(said.id)
        assert found is not None
        assert found.agreement_id is None


def test_only_reminders_that_were_sent_count_as_records_of_a_client(desk: Desk) -> None:
    desk.plan(1)
    with desk.unit() as uow:
        assert uow.clients.recorded_for(desk.client_id) == {}
    desk.claim()
    with desk.unit() as uow:
        assert uow.clients.recorded_for(desk.client_id) == {"reminder": 1}


_WAITS = {"kind": ReminderKind.SCOPE_QUESTION, "lead_days": 3, "due_at": NOW + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("question", "reminder", "waits"),
    [
        ({}, {}, True),
        ({"status": QuestionStatus.SETTLED}, {}, False),
        ({"told_from": NOW}, {}, False),  # it is told by itself already
        ({}, {"due_at": NOW}, False),  # this very instant is not later
        ({}, {"due_at": NOW + timedelta(microseconds=1)}, True),
        ({}, {"state": ReminderState.SENT}, False),
        ({}, {"recipient": "U0OTHER"}, False),
        ({}, {"lead_days": 0}, False),
        ({}, {"kind": ReminderKind.PROMISE_DUE}, False),
    ],
)
def test_which_questions_wait_for_somebody(
    desk: Desk, question: dict[str, Any], reminder: dict[str, Any], waits: bool
) -> None:
    asked = {
        "client_id": desk.client_id, "question": "who patches?", "asked_by": "U0SAM", "asked_at": NOW,
        "as_of": NOW.date(), "verdict": Verdict.UNDOCUMENTED, "status": QuestionStatus.OPEN, **question,
    }  # fmt: skip
    theirs = Desk(desk.database)
    with desk.unit() as uow:
        kept = uow.questions.record(ScopeQuestion.model_validate(asked))
    desk.plan(1, subject=f"scope_question:{kept.id}", **_WAITS | reminder)
    with desk.unit() as uow:
        assert uow.questions.waiting_for("U0OWNER", 3, NOW) == ([kept.id] if waits else [])
    theirs.plan(1, subject=f"scope_question:{kept.id}", **_WAITS)
    with theirs.unit() as uow:
        assert uow.questions.waiting_for("U0OWNER", 3, NOW) == [], "those of another workspace"
    with desk.unit() as uow:
        assert uow.questions.waiting_for("U0OWNER", 3, NOW) == ([kept.id] if waits else [])


def test_an_answer_while_it_is_being_sent_holds_and_its_message_is_known_afterwards(desk: Desk) -> None:
    reminder = desk.plan(1)
    claimed = desk.claim()
    with desk.unit() as uow:
        assert uow.reminders.answer(reminder, ReminderState.ACKED, acked_by="U0OWNER", acked_at=NOW) == 1
    with desk.unit() as uow:
        assert not uow.reminders.complete(claimed, "D1", "1.0", NOW)
    after = desk.read(reminder)
    assert (after.state, after.message_ts, after.is_stale) == (ReminderState.ACKED, "1.0", True)
    assert not desk.claim("heir", shared=NOW + 2 * LEASE)


def test_what_stopped_to_apply_while_it_was_sent_is_shown_as_such(desk: Desk) -> None:
    reminder = desk.plan(1)
    desk.claim()
    with desk.unit() as uow:
        uow.reminders.change(uow.reminders.find(reminder.id), {"withdrawn_at": NOW})
        uow.reminders.complete([uow.reminders.find(reminder.id)], "D1", "1.0", NOW)
    assert (desk.read(reminder).state, desk.read(reminder).is_stale) == (ReminderState.CANCELLED, True)


def test_many_senders_at_once_claim_each_message_once(desk: Desk) -> None:
    for number in range(24):
        desk.plan(number, bundle=f"day:{number // 3}")
    claimed: list[list[int]] = []

    def sender(name: str) -> None:
        is_left = True
        while is_left:
            with suppress(DatabaseUnavailable):  # a slow machine: who waited too long looks again, as the bot does
                found = desk.claim(name)
                claimed.extend([[each.id for each in found]] if found else [])
                is_left = bool(found)

    threads = [threading.Thread(target=sender, args=(f"sender {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(ids) for ids in claimed) == [3] * 8
    assert len({id for ids in claimed for id in ids}) == 24


def test_the_age_of_the_oldest_is_that_of_what_waits(desk: Desk) -> None:
    with desk.unit() as uow:
        assert uow.reminders.oldest_due(NOW) is None
    desk.plan(1, due_at=NOW - timedelta(minutes=5))
    desk.plan(2, due_at=NOW - timedelta(days=5), retry_at=NOW + timedelta(hours=1))
    with desk.unit() as uow:
        assert uow.reminders.oldest_due(NOW) == NOW - timedelta(minutes=5)
        assert uow.reminders.overdue(NOW) == 2
        assert desk.database.shared_now(uow).tzinfo is not None


def test_zones_and_heartbeats_are_kept_once(desk: Desk) -> None:
    later = NOW + timedelta(minutes=5)
    for zone, at in (("Europe/London", NOW), ("Asia/Tokyo", later)):
        with desk.unit() as uow:
            uow.person_zones.learn("U0OWNER", zone, at)
            uow.heartbeats.beat("sweep", at, zone)
    with desk.unit() as uow:
        assert [(each.zone, each.learned_at) for each in uow.person_zones.list()] == [("Asia/Tokyo", later)]
        assert [(each.process, each.beat_at) for each in uow.heartbeats.list()] == [("Asia/Tokyo", later)]
        assert uow.changes == []
