"""Reminders of an incident's clocks: at once, at half time, before the end; at any hour; until somebody was told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commands.rules.incidents.clocks import Clock, ClockState, Duty, Tells
from commands.rules.incidents.moments import hours_before, reminder_moments
from tests.commands.conftest import MANAGER, Desk, set_up_calder

BEGAN = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
POLICY = '/engagement contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72'
RECORD = '/engagement incident record calder "Mailbox taken over" discovered:2026-03-01 at:14:30 residents:California'


def clock(by: datetime | None) -> Clock:
    duty = Duty("a:b", "A law", "somebody", Tells.OWNER, "in time")
    return Clock(duty, "A law: somebody", by, False, BEGAN, "its discovery", ClockState.OPEN, "UTC")


@pytest.mark.parametrize(
    ("hours", "recorded_after", "expected"),
    [
        (72, 0, [0, 36, 68, 72]),
        (72, 18, [18, 45, 68, 72]),
        (24, 0, [0, 12, 20, 24]),
        (72, 70, [70, 71, 72]),
        (72, 71, [71, 72]),
        (72, 72, [72]),
        (72, 73, [73]),
        (30 * 24, 0, [0, 360, 552, 648, 696, 720]),
        (None, 5, [5, 29, 77, 173]),
    ],
)
def test_moments(hours: int | None, recorded_after: int, expected: list[float]) -> None:
    by = BEGAN + timedelta(hours=hours) if hours is not None else None
    recorded = BEGAN + timedelta(hours=recorded_after)
    found = reminder_moments(clock(by), recorded)
    assert [(each - BEGAN) / timedelta(hours=1) for each in found] == expected
    before = [hours_before(clock(by), each, recorded) for each in found]
    assert before == sorted(set(before), reverse=True), "each is told from the others by its hours"
    assert all(each < 0 for each in before) is (hours is None)


def about(desk: Desk, words: str, *states: str) -> list[dict[str, Any]]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        rows = [each.model_dump(mode="json") for each in uow.reminders.of_client(1) if each.kind == "incident_clock"]
    return [each for each in rows if words in each["headline"] and (not states or each["state"] in states)]


@pytest.mark.parametrize("minutes", [1, 29, 31, 59, 60, 61, 90, 119, 150, 239, 241, 300])
def test_an_incident_is_recorded_however_little_time_is_left(desk_on_each: Desk, minutes: int) -> None:
    """Moments within one hour were the same reminder twice: the database refused them, and with them the incident."""
    desk = desk_on_each
    set_up_calder(desk)
    desk.type(POLICY)
    desk.now = datetime(2026, 3, 4, 20, 30, tzinfo=UTC) - timedelta(minutes=minutes)
    desk.type(RECORD)
    rows = about(desk, "Harbor Mutual")
    assert rows
    assert max(each["due_at"] for each in rows) <= "2026-03-04T20:30:00Z"


def test_reminders_are_planned_as_instants_when_it_is_recorded(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type(POLICY)
    desk.now = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)  # 02:30 at night in Chicago: twelve hours after
    desk.type(RECORD)
    rows = about(desk, "Harbor Mutual")
    assert [each["due_at"] for each in rows] == [
        "2026-03-02T08:30:00Z", "2026-03-03T14:30:00Z", "2026-03-04T16:30:00Z", "2026-03-04T20:30:00Z",
    ]  # fmt: skip
    assert {each["recipient"] for each in rows} == {MANAGER}
    assert [each["lead_days"] for each in rows] == [60, 30, 4, 0]
    at_once = about(desk, "")
    first = [each for each in at_once if each["due_at"] == "2026-03-02T08:30:00Z"]
    assert len(first) == 4
    assert len({each["bundle"] for each in first}) == 1
    assert any("by 4 March 2026, 14:30 CST" in each["headline"] for each in first)
    again = desk.type("/engagement reminder list calder").data["reminders"]
    assert any(each["kind"] == "incident_clock" for each in again)


def test_who_was_told_ends_them(calder: Desk) -> None:
    calder.type(POLICY)
    calder.type(RECORD)
    assert about(calder, "Harbor Mutual", "pending")
    calder.type('/engagement incident told calder "Mailbox" clock:"Contract with Harbor" to:hotline on:2026-03-02')
    assert about(calder, "Harbor Mutual", "pending") == []
    assert about(calder, "California", "pending")
    calder.type('/engagement incident resume calder "Mailbox" clock:"Contract with Harbor"')
    assert about(calder, "Harbor Mutual", "pending")
    calder.type('/engagement incident close calder "Mailbox" reason:"counsel: no breach"')
    assert about(calder, "", "pending") == []


def test_more_states_are_reminded_of_at_once(calder: Desk) -> None:
    calder.type(RECORD)
    calder.now += timedelta(hours=30)
    calder.type('/engagement incident edit calder "Mailbox" residents:"Texas 900"')
    texas = about(calder, "Texas breach notification law: Attorney General", "pending")
    assert min(each["due_at"] for each in texas) == calder.now.isoformat().replace("+00:00", "Z")


def test_the_owner_of_the_incident_is_told(calder: Desk) -> None:
    calder.type(f"{RECORD} owner:U0TECH")
    assert {each["recipient"] for each in about(calder, "", "pending")} == {"U0TECH"}


def test_the_week_and_the_list_say_it(calder: Desk) -> None:
    calder.type(RECORD)
    said = calder.type("/engagement week")
    items = [each for section in said.sections for each in section.items if "incident" in each.detail]
    assert any("California breach notification law: the owner of the data" in each.text for each in items)
    assert not any("overdue" in each.detail for each in items)
    assert any(choice.label == "Show" for choice in items[0].choices)
    number = next(
        each["id"] for each in calder.type("/engagement reminder list calder").data["reminders"]
        if "owner of the data" in each["headline"]
    )  # fmt: skip
    why = calder.type(f"/engagement reminder why {number}")
    assert any("no number of days is set" in field.value for field in why.fields)


def test_they_have_no_lead_times_in_days(calder: Desk) -> None:
    assert "by the hour" in calder.refused("/engagement reminder leads incident_clock 7,1").message
