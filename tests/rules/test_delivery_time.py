"""When a message goes out: in every zone of the world, on the day that was meant, earlier rather than later."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.dates.business_days import business_calendar
from commands.rules.reminders.delivery_time import DeliveryHours, Office, instant

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
LEADS = (90, 60, 30, 14, 7, 1)
FIRST, LAST = date(2024, 1, 1), date(2040, 12, 31)


def _days_worth_a_look(zone: ZoneInfo) -> list[date]:
    """One a week, and those around every change of the clocks."""
    found: set[date] = set()
    before = None
    for ordinal in range(FIRST.toordinal(), LAST.toordinal() + 1):
        day = date.fromordinal(ordinal)
        offset = datetime.combine(day, time(12), zone).utcoffset()
        if offset != before:
            found |= {max(day - timedelta(days=1), FIRST), day, min(day + timedelta(days=1), LAST)}
        elif ordinal % 7 == 0:
            found.add(day)
        before = offset
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("first_letter", sorted({zone[0] for zone in ZONES}))
def test_every_zone_from_2024_to_2040_nine_o_clock_is_on_the_day_that_was_meant(first_letter: str) -> None:
    for zone in (ZoneInfo(name) for name in ZONES if name.startswith(first_letter)):
        previous = datetime(2023, 12, 30, tzinfo=UTC)
        for day in _days_worth_a_look(zone):
            due = instant(day, time(9), zone)
            local = due.astimezone(zone)
            assert (local.date(), local.time()) == (day, time(9)), (zone, day)
            assert due > previous, (zone, day)
            previous = due


@given(
    zone=st.sampled_from(ZONES),
    deadline=st.dates(FIRST + timedelta(days=100), LAST),
    hours=st.sampled_from(["09:00-17:00", "00:00-23:59", "02:15-03:30", "10:30-18:00"]),
    country=st.sampled_from([None, "US", "GB", "JP", "IL"]),
)
def test_leads_strictly_increase_and_working_them_out_again_changes_nothing(
    zone: str, deadline: date, hours: str, country: str | None
) -> None:
    office = Office(ZoneInfo(zone), business_calendar(country), DeliveryHours.parse(hours))
    days = [office.day_for(deadline - timedelta(days=lead)) for lead in LEADS]
    assert days == sorted(days)
    assert all(day <= deadline - timedelta(days=lead) for day, lead in zip(days, LEADS, strict=True))
    assert [office.day_for(day) for day in days] == days
    instants = [office.usual_instant(day) for day in sorted(set(days))]
    assert instants == sorted(set(instants))
    for day, due in zip(sorted(set(days)), instants, strict=True):
        assert due.astimezone(office.zone).date() == day
        assert office.usual_instant(due.astimezone(office.zone).date()) == due


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14T07:30Z"),  # skipped: 03:30 by the wall clock
        ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07T05:30Z"),  # twice: the first
        ("Africa/Cairo", date(2027, 4, 30), time(0, 0), "2027-04-29T22:00Z"),  # midnight is skipped
        ("Asia/Kolkata", date(2027, 1, 4), time(9), "2027-01-04T03:30Z"),
    ],
)
def test_hours_that_are_skipped_or_come_twice(zone: str, day: date, at: time, expected: str) -> None:
    assert instant(day, at, ZoneInfo(zone)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02T15:00Z", "2026-03-02T15:00Z"),  # Monday 09:00 in Chicago: open
        ("2026-03-02T14:59Z", "2026-03-02T15:00Z"),  # a minute before
        ("2026-03-02T23:00Z", "2026-03-03T15:00Z"),  # 17:00: closed, tomorrow
        ("2026-03-06T23:30Z", "2026-03-09T14:00Z"),  # Friday evening: Monday, after the clocks went forward
    ],
)
def test_the_soonest_instant_within_the_hours(now: str, expected: str) -> None:
    office = Office(ZoneInfo("America/Chicago"))
    assert office.soonest(datetime.fromisoformat(now)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["9-17", "17:00-09:00", "09:00-09:00", "25:00-26:00", "", "09:00"])
def test_hours_that_cannot_be(text: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        DeliveryHours.parse(text)


def test_the_usual_time_is_nine_or_the_opening() -> None:
    assert DeliveryHours.parse("08:00-18:00").usual == time(9)
    assert DeliveryHours.parse("10:00-18:00").usual == time(10)
    assert DeliveryHours.parse("06:00-08:00").usual == time(6)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-02T15:00:00", "2026-03-02T15:00"),  # that very instant, 09:00 in Chicago on a Monday
        ("2026-03-02T15:00:01", "2026-03-03T15:00"),
        ("2026-03-06T15:00:01", "2026-03-09T14:00"),  # after the weekend, and the change of the clocks
    ],
)
def test_the_next_nine_o_clock_of_a_business_day(moment: str, expected: str) -> None:
    found = Office(ZoneInfo("America/Chicago")).next_at(datetime.fromisoformat(f"{moment}+00:00"), time(9))
    assert found == datetime.fromisoformat(f"{expected}+00:00")
