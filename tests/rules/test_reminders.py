"""Planning: late entries collapse, moved dates are armed again, snoozes and escalations, and nothing twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.reminders.delivery_time import Office
from commands.rules.reminders.facts import Due
from commands.rules.reminders.plan import Plan, reconcile
from commands.rules.reminders.targets import days_of, latest_snooze, targets, wait_before_escalation
from storage.records import Reminder, ReminderKind, ReminderState

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # a Monday, 09:00 in Chicago
DEADLINE = date(2026, 6, 30)
DUE = Due(
    ReminderKind.NOTICE_DEADLINE, "agreement:12", DEADLINE, "Calder Ridge, SOW-A: last day to give notice.", 3,
    ("U0OWNER", "U0BACKUP", "C0MANAGERS"), 12, 0,
)  # fmt: skip
REVIEW = replace(DUE, kind=ReminderKind.AGREEMENT_REVIEW)


def office_of(recipient: str) -> Office:
    return Office(ZoneInfo("America/Chicago"))


def planned(due: Due = DUE, rows: tuple[Reminder, ...] = (), now: datetime = NOW) -> list[tuple[int, str]]:
    return [(each.lead_days, str(each.local_date)) for each in targets(due, rows, office_of, now)]


def carried_out(plan: Plan, rows: list[Reminder]) -> list[Reminder]:
    """The rows as a database would hold them afterwards."""
    changed = {row.id: row.model_copy(update=changes) for row, changes in plan.change}
    after = [changed.get(row.id, row) for row in rows]
    return after + [row.model_copy(update={"id": len(rows) + place + 1}) for place, row in enumerate(plan.add)]


def plan_for(dues: list[Due], rows: list[Reminder], now: datetime = NOW) -> list[Reminder]:
    after = carried_out(reconcile(dues, rows, office_of, now), rows)
    assert not reconcile(dues, after, office_of, now), "planning again changes nothing"
    return after


def pick(rows: list[Reminder], **wanted: Any) -> Reminder:
    [found] = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
    return found


def changed(rows: list[Reminder], row: Reminder, **changes: Any) -> list[Reminder]:
    return [each.model_copy(update=changes) if each.id == row.id else each for each in rows]


def sent(rows: list[Reminder], row: Reminder, at: datetime = NOW, **more: Any) -> list[Reminder]:
    told = {"state": ReminderState.SENT, "sent_at": at, "message_key": row.dedupe_key, "message_ts": "1.0"}
    return changed(rows, row, **told | more)


def test_all_leads_of_a_deadline_on_business_days() -> None:
    assert planned() == [
        (90, "2026-04-01"), (60, "2026-05-01"), (30, "2026-05-29"), (14, "2026-06-16"), (7, "2026-06-23"),
        (1, "2026-06-29"),
    ]  # fmt: skip


def test_entered_late_there_is_one_message_now_and_the_rest_as_planned() -> None:
    late = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)  # the evening before, in Chicago
    found = targets(DUE, (), office_of, late)
    assert [each.lead_days for each in found] == [30, 14, 7, 1]
    assert found[0].due_at == datetime(2026, 6, 10, 14, 0, tzinfo=UTC)


def test_entered_on_the_last_evening_it_goes_out_at_once() -> None:
    evening = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    [only] = targets(DUE, (), office_of, evening)
    assert (only.lead_days, only.due_at) == (1, evening)


@pytest.mark.parametrize("now", ["2026-06-22T23:00:00+00:00", "2026-06-23T13:00:00+00:00"])
def test_a_late_entry_merges_with_the_next_reminder(now: str) -> None:
    at = datetime.fromisoformat(now)
    assert planned(now=at) == [(7, "2026-06-23"), (1, "2026-06-29")]
    two = [target.row() for target in targets(DUE, (), office_of, datetime(2026, 6, 17, 2, 0, tzinfo=UTC))]
    assert two[0].lead_days == 14
    waiting = [
        row.model_copy(update={"id": number, "local_date": date(2026, 6, 23)}) for number, row in enumerate(two, 1)
    ]
    kept = [row for row in carried_out(reconcile([DUE], waiting, office_of, at), waiting) if row.state == "pending"]
    assert [row.lead_days for row in kept] == [7, 1]


def test_at_a_weekend_only_a_deadline_is_worth_disturbing_anybody() -> None:
    saturday = datetime(2026, 3, 7, 18, 0, tzinfo=UTC)
    today = replace(DUE, deadline=date(2026, 3, 7))
    assert [each.due_at for each in targets(today, (), office_of, saturday)] == [saturday]
    [review, *_] = targets(replace(today, kind=ReminderKind.AGREEMENT_REVIEW), (), office_of, saturday)
    assert review.local_date == date(2026, 3, 9)


def test_where_notice_travels_the_last_reminder_comes_before_the_day_to_send_it() -> None:
    assert days_of(replace(DUE, act_by=date(2026, 6, 20))) == (90, 60, 30, 14, 11)


def test_what_is_overdue_comes_again_at_its_interval() -> None:
    found = planned(replace(REVIEW, deadline=date(2025, 12, 1)))
    assert found == [(-90, "2026-03-02"), (-120, "2026-03-31")]


def test_a_bot_that_was_down_for_months_says_one_thing() -> None:
    rows = plan_for([DUE], [])
    later = datetime(2026, 6, 17, 15, 0, tzinfo=UTC)
    rows = plan_for([DUE], rows, later)
    due_now = [row for row in rows if row.state is ReminderState.PENDING and row.due_at <= later]
    assert [row.lead_days for row in due_now] == [14]


def test_a_moved_date_is_armed_again_and_the_old_one_no_longer_applies() -> None:
    rows = plan_for([DUE], [])
    first = pick(rows, lead_days=90)
    rows = sent(rows, first)
    moved = replace(DUE, deadline=date(2026, 9, 30))
    rows = plan_for([moved], rows)
    old = [row for row in rows if row.deadline == DEADLINE]
    assert {row.state for row in old} == {ReminderState.CANCELLED}
    assert pick(rows, id=first.id).is_stale
    assert sum(1 for row in rows if row.deadline == date(2026, 9, 30) and row.state is ReminderState.PENDING) == 6
    rows = plan_for([DUE], rows)
    again = [row for row in rows if row.deadline == DEADLINE and row.state is ReminderState.PENDING]
    assert sorted(row.lead_days for row in again) == [1, 7, 14, 30, 60, 90]
    assert pick(again, lead_days=90).generation == 1


def test_another_owner_gets_what_is_still_to_come_and_what_was_not_answered() -> None:
    now = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
    rows = plan_for([DUE], [], now)
    rows = sent(rows, pick(rows, lead_days=60), now)
    other = replace(DUE, ladder=("U0OTHER", "U0BACKUP"))
    rows = plan_for([other], rows, now)
    waiting = {row.lead_days: row.recipient for row in rows if row.state is ReminderState.PENDING}
    assert waiting == {60: "U0OTHER", 30: "U0OTHER", 14: "U0OTHER", 7: "U0OTHER", 1: "U0OTHER"}


def test_another_owner_gets_what_the_former_one_only_saw() -> None:
    now = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
    rows = plan_for([DUE], [], now)
    rows = sent(rows, pick(rows, lead_days=60), now)
    rows = changed(rows, pick(rows, lead_days=60), acked_by=DUE.ladder[0], acked_at=now)
    rows = plan_for([replace(DUE, ladder=("U0OTHER", "U0BACKUP"))], rows, now)
    assert 60 in {row.lead_days for row in rows if row.recipient == "U0OTHER"}


@pytest.mark.parametrize("state", [ReminderState.REPLACED, ReminderState.CANCELLED, ReminderState.SENDING])
def test_what_was_only_seen_is_no_answer_whatever_becomes_of_it(state: ReminderState) -> None:
    now = datetime(2026, 6, 16, 16, 0, tzinfo=UTC)
    rows = plan_for([DUE], [], now)
    told = sent(rows, pick(rows, lead_days=14), now)
    seen = changed(told, pick(told, lead_days=14), state=state, acked_at=now, acked_by="U0OWNER")
    new = replace(DUE, ladder=("U0NEW", *DUE.ladder[1:]))
    assert any(each.is_past or each.local_date <= now.date() for each in targets(new, seen, office_of, now))


def test_what_is_being_sent_is_not_taken_away_but_marked() -> None:
    rows = plan_for([DUE], [])
    rows = changed(rows, pick(rows, lead_days=90), state=ReminderState.SENDING, attempt=1)
    rows = plan_for([], rows)
    assert pick(rows, lead_days=90).withdrawn_at == NOW
    rows = plan_for([DUE], rows)
    assert pick(rows, lead_days=90).withdrawn_at is None


def test_a_snooze_is_silent_until_its_day_and_then_speaks_once() -> None:
    now = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
    rows = plan_for([DUE], [], now)
    told = pick(rows, lead_days=60)
    rows = sent(rows, told, now)
    rows = changed(rows, told, state=ReminderState.SNOOZED, snoozed_until=date(2026, 6, 18), acked_at=now)
    rows = plan_for([DUE], rows, now)
    waiting = [row for row in rows if row.state is ReminderState.PENDING]
    assert sorted((row.lead_days, row.generation) for row in waiting) == [(1, 0), (7, 0), (12, 1)]
    assert pick(waiting, generation=1).local_date == date(2026, 6, 18)


@pytest.mark.parametrize(
    ("kind", "deadline", "expected"),
    [
        (ReminderKind.NOTICE_DEADLINE, date(2026, 3, 20), date(2026, 3, 20)),
        (ReminderKind.NOTICE_DEADLINE, date(2026, 3, 2), date(2026, 3, 2)),
        (ReminderKind.AGREEMENT_REVIEW, date(2026, 1, 1), date(2026, 4, 1)),
    ],
)
def test_the_last_day_of_a_snooze(kind: ReminderKind, deadline: date, expected: date) -> None:
    assert latest_snooze(kind, deadline, date(2026, 3, 2)) == expected


def test_without_an_answer_the_backup_is_told_and_then_the_managers() -> None:
    rows = plan_for([DUE], [], NOW)
    rows = sent(rows, pick(rows, lead_days=90), NOW)
    rows = plan_for([DUE], rows, NOW + timedelta(days=4))
    assert not [row for row in rows if row.step]
    second = NOW + timedelta(days=5)
    rows = plan_for([DUE], rows, second)
    backup = pick(rows, step=1)
    assert (backup.recipient, backup.lead_days) == ("U0BACKUP", 90)
    assert pick(rows, lead_days=90, step=0).state is ReminderState.ESCALATED
    rows = sent(rows, backup, second)
    rows = plan_for([DUE], rows, second + timedelta(days=5))
    assert pick(rows, step=2).recipient == "C0MANAGERS"
    answered = changed(rows, pick(rows, lead_days=90, step=0), state=ReminderState.ACKED, acked_at=second)
    answered = plan_for([DUE], answered, second + timedelta(days=6))
    assert pick(answered, step=2).state is ReminderState.CANCELLED


def test_what_cannot_be_delivered_goes_to_the_next_at_once_and_is_tried_again_at_the_end() -> None:
    rows = plan_for([DUE], [])
    rows = changed(rows, pick(rows, lead_days=90), state=ReminderState.FAILED, problem="gone")
    rows = plan_for([DUE], rows)
    rows = changed(rows, pick(rows, step=1), state=ReminderState.FAILED)
    rows = plan_for([DUE], rows)
    rows = changed(rows, pick(rows, step=2), state=ReminderState.FAILED)
    rows = carried_out(reconcile([DUE], rows, office_of, NOW), rows)
    last = pick(rows, step=2)
    assert (last.state, last.retry_at) == (ReminderState.PENDING, NOW + timedelta(hours=6))


def test_the_ladder_shortens_as_the_deadline_nears() -> None:
    row = plan_for([DUE], [])[0]
    waits = [
        wait_before_escalation(row.changed(sent_at=datetime(2026, 6, 30, 15, tzinfo=UTC) - timedelta(days=days)))
        for days in (90, 30, 14, 7, 1)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == timedelta(hours=4)


@pytest.mark.parametrize(
    ("days_left", "wait"),
    [
        (90, timedelta(days=5)), (31, timedelta(days=5)), (30, timedelta(days=3)), (15, timedelta(days=3)),
        (14, timedelta(days=2)), (8, timedelta(days=2)), (7, timedelta(days=1)), (3, timedelta(days=1)),
        (2, timedelta(hours=4)), (0, timedelta(hours=4)), (-1, timedelta(hours=4)),
    ],
)  # fmt: skip
def test_an_answer_is_waited_for_as_long_as_the_days_that_are_left_allow(days_left: int, wait: timedelta) -> None:
    row = plan_for([DUE], [])[0]
    noon = datetime(2026, 6, 30, 17, tzinfo=UTC)
    assert wait_before_escalation(row.changed(sent_at=noon - timedelta(days=days_left))) == wait
    assert wait_before_escalation(row.changed(local_date=DEADLINE - timedelta(days=days_left))) == wait
    assert wait_before_escalation(row.changed(kind=ReminderKind.AGREEMENT_REVIEW)) == timedelta(days=7)


def test_the_days_left_are_those_of_the_recipients_calendar() -> None:
    row = plan_for([DUE], [])[0].changed(zone="America/Chicago")
    evening = datetime(2026, 5, 31, 2, tzinfo=UTC)  # still the 30th of May in Chicago: 31 days are left
    assert wait_before_escalation(row.changed(sent_at=evening)) == timedelta(days=5)


def test_the_next_one_is_told_when_the_wait_is_over_and_not_before() -> None:
    rows = plan_for([DUE], [])
    rows = sent(rows, pick(rows, lead_days=90), at=NOW)
    over = NOW + timedelta(days=5)

    def steps(now: datetime) -> set[int]:
        return {row.step for row in carried_out(reconcile([DUE], rows, office_of, now), rows)}

    assert steps(over - timedelta(microseconds=1)) == {0}
    assert steps(over) == {0, 1}


def test_the_same_thing_found_twice_is_planned_once() -> None:
    assert len(plan_for([DUE, replace(DUE, headline="again")], [])) == 6


def test_nobody_to_tell_is_a_problem_that_is_shown_until_there_is_somebody() -> None:
    rows = plan_for([replace(DUE, ladder=())], [])
    assert {row.recipient for row in rows} == {""}
    assert all("Nobody answers for it" in (row.problem or "") for row in rows)
    rows = plan_for([DUE], rows)
    assert {row.recipient for row in rows if row.state is ReminderState.PENDING} == {"U0OWNER"}


def test_a_deadline_that_passed_unsent_is_still_said_and_a_sent_one_stays_as_it_is() -> None:
    rows = plan_for([DUE], [])
    after = datetime(2026, 7, 2, 15, 0, tzinfo=UTC)
    over = replace(DUE, is_over=True)
    unsent = plan_for([over], rows, after)
    assert [row.lead_days for row in unsent if row.state is ReminderState.PENDING] == [1]
    rows = sent(rows, pick(rows, lead_days=1), after)
    assert pick(plan_for([], rows, after), lead_days=1).state is ReminderState.SENT


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-06-30T15:00", ReminderState.CANCELLED),  # on the day itself it was dealt with
        ("2026-07-01T02:00", ReminderState.CANCELLED),  # which is still that day in Chicago
        ("2026-07-01T15:00", ReminderState.SENT),  # a day that is past just stays
    ],
)
def test_what_is_no_longer_due_is_taken_back_until_its_day_is_over(now: str, state: ReminderState) -> None:
    rows = plan_for([DUE], [])
    rows = sent(rows, pick(rows, lead_days=1), datetime(2026, 6, 29, 14, tzinfo=UTC))
    after = plan_for([], rows, datetime.fromisoformat(f"{now}+00:00"))
    assert pick(after, lead_days=1).state is state


@given(
    deadline=st.dates(date(2026, 3, 2), date(2027, 12, 31)),
    leads=st.sets(st.integers(0, 200), min_size=1, max_size=6),
    zone=st.sampled_from(["America/Chicago", "Pacific/Auckland", "Asia/Kolkata", "America/Santiago"]),
    hours=st.integers(0, 24 * 700),
)
def test_never_early_never_after_the_deadline_and_never_two_at_once(
    deadline: date, leads: set[int], zone: str, hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    office = Office(ZoneInfo(zone))
    due = replace(DUE, deadline=deadline, leads=tuple(leads))
    found = targets(due, (), lambda _: office, now)
    instants = [each.due_at for each in found]
    assert instants == sorted(set(instants))
    assert len({each.key for each in found}) == len(found)
    assert sum(1 for each in found if each.is_past) <= 1
    for each in found:
        assert each.due_at.astimezone(office.zone).date() == each.local_date
        if not each.is_past:
            assert each.local_date <= deadline - timedelta(days=each.lead_days)
        elif now.astimezone(office.zone).date() <= deadline:
            assert each.local_date <= deadline
