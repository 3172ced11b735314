"""The clocks of an incident: cases with the source of each time, by hours, days, business days and thresholds."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.dates.business_days import WEEKENDS_ONLY, business_calendar
from commands.rules.dates.clock_times import read_time
from commands.rules.incidents.clocks import (
    Clock,
    ClockState,
    Duty,
    IncidentFacts,
    Start,
    Tells,
    Unit,
    clocks_of,
    discovered_at,
    is_reached,
)
from commands.rules.incidents.places import Place, kept_places, read_places
from storage.records import ClockMark, Incident, MarkState

STAMP: Any = {"recorded_at": datetime(2026, 3, 2, 15, tzinfo=UTC), "recorded_by": "U0"}
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
_FIRST, _LAST = datetime(2024, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001 (given a zone by the test)
STATES = {"texas": "US-TX", "california": "US-CA", "georgia": "US-GA", "delaware": "US-DE", "new york": "US-NY",
          "illinois": "US-IL", "puerto rico": "US-PR"}  # fmt: skip


def incident(**changes: Any) -> Incident:
    known: Any = {
        "id": 4, "client_id": 1, "what": "Mailbox", "discovered_on": date(2026, 3, 1), "zone": "America/Chicago",
    }  # fmt: skip
    return Incident(**known | STAMP | changes)


def duty(**changes: Any) -> Duty:
    known: Any = {"key": "a:b:c", "source": "A law", "whom": "somebody", "tells": Tells.OWNER, "span": "in time"}
    return Duty(**known | changes)


def clocks(
    *duties: Duty, marks: tuple[ClockMark, ...] = (), now: datetime = NOW, country: str | None = None, **changes: Any
) -> tuple[Clock, ...]:
    calendar = business_calendar(country) if country else WEEKENDS_ONLY
    return clocks_of(IncidentFacts(incident(**changes), duties, marks, calendar, now))


def mark(**changes: Any) -> ClockMark:
    known: Any = {"client_id": 1, "incident_id": 4, "clock": "a:b:c", "title": "x", "state": MarkState.TOLD}
    return ClockMark(**known | STAMP | changes)


@pytest.mark.parametrize(
    ("changes", "facts", "by"),
    [
        # GDPR Art. 33(1): 72 hours of becoming aware. 14:30 in Chicago is 20:30 UTC.
        ({"within": 72, "unit": Unit.HOURS}, {"discovered_time": time(14, 30)}, "2026-03-04T20:30:00+00:00"),
        # Without a time of day: from 00:00 in Chicago, 06:00 UTC.
        ({"within": 72, "unit": Unit.HOURS}, {}, "2026-03-04T06:00:00+00:00"),
        # Hours are hours where the clocks change: 8 March 2026 has 23 of them in Chicago.
        (
            {"within": 72, "unit": Unit.HOURS}, {"discovered_on": date(2026, 3, 6), "discovered_time": time(12)},
            "2026-03-09T18:00:00+00:00",
        ),
        # 45 CFR 164.404(b): 60 days of the discovery; the whole day, in the client's zone (CDT by then).
        ({"within": 60, "unit": Unit.DAYS}, {"discovered_time": time(14, 30)}, "2026-05-01T04:59:59+00:00"),
        # Tex. Bus. & Com. Code § 521.053(b): 60 days of determining that it was one.
        (
            {"within": 60, "unit": Unit.DAYS, "start": Start.DETERMINATION}, {"determined_on": date(2026, 3, 10)},
            "2026-05-10T04:59:59+00:00",
        ),
        ({"within": 60, "unit": Unit.DAYS, "start": Start.DETERMINATION}, {}, "2026-05-01T04:59:59+00:00"),
        # Form 8-K item 1.05: four business days after the determination. 4 July 2026 is kept on Friday the 3rd.
        (
            {"within": 4, "unit": Unit.BUSINESS_DAYS, "start": Start.DETERMINATION},
            {"determined_on": date(2026, 6, 30)}, "2026-07-08T04:59:59+00:00",
        ),
        # 45 CFR 164.408(c): 60 days after the end of the calendar year.
        ({"within": 60, "unit": Unit.DAYS, "start": Start.YEAR_END}, {}, "2027-03-02T05:59:59+00:00"),
        # Cal. Civ. Code § 1798.82(f): 15 days of telling the people, which is not recorded.
        ({"within": 15, "unit": Unit.DAYS, "start": Start.NOTICE_TO_PEOPLE}, {}, None),
        # Without unreasonable delay: never a number.
        ({"span": "without unreasonable delay"}, {}, None),
        (
            {"within": 60, "unit": Unit.DAYS, "start": Start.POLICY_END, "anchor": date(2026, 1, 31)}, {},
            "2026-04-02T04:59:59+00:00",
        ),
    ],
)  # fmt: skip
def test_ends(changes: dict[str, Any], facts: dict[str, Any], by: str | None) -> None:
    [clock] = clocks(duty(**changes), country="US", **facts)
    assert (clock.by.isoformat() if clock.by else None) == by


def test_what_counts_from_telling_the_people_counts_once_they_are_told() -> None:
    people = duty(key="ca:owner:people", within=30, unit=Unit.DAYS, tells_people=True, whom="the people")
    general = duty(key="ca:owner:authority", within=15, unit=Unit.DAYS, start=Start.NOTICE_TO_PEOPLE)
    elsewhere = duty(key="tx:owner:authority", within=15, unit=Unit.DAYS, start=Start.NOTICE_TO_PEOPLE)
    told = mark(clock="ca:owner:people", told_on=date(2026, 3, 5))
    found = {each.duty.key: each for each in clocks(people, general, elsewhere, marks=(told,))}
    assert found["ca:owner:authority"].by == datetime(2026, 3, 21, 4, 59, 59, tzinfo=UTC)
    assert found["tx:owner:authority"].by is None
    assert found["tx:owner:authority"].unknown == ("It counts from telling the people, which is not recorded yet.",)


@pytest.mark.parametrize(
    ("condition", "at_least", "at_most", "reached"),
    [
        ("500 or more individuals", 500, 500, True),
        ("500 or more individuals", 499, 499, False),
        ("500 or more individuals", 0, 499, False),
        ("500 or more individuals", 0, None, None),
        ("500 or more individuals", 600, None, True),
        ("more than 500 residents", 500, 500, False),
        ("more than 500 residents", 501, 501, True),
        ("more than 1,000 residents", 1000, 1000, False),
        ("more than 1,000 residents", 1001, None, True),
        ("fewer than 500 individuals", 499, 499, True),
        ("fewer than 500 individuals", 500, 500, False),
        ("fewer than 500 individuals", 0, None, None),
        ("more than 500 residents of one state", 501, None, True),
        ("a risk to people is not unlikely", 5000, 5000, None),
        ("the incident is material", 5000, 5000, None),
        (None, 5000, 5000, None),
    ],
)
def test_thresholds(condition: str | None, at_least: int, at_most: int | None, reached: bool | None) -> None:
    assert is_reached(condition, at_least, at_most) is reached
    [clock] = clocks(duty(condition=condition, at_least=at_least, at_most=at_most))
    assert clock.state is (ClockState.BELOW if reached is False else ClockState.OPEN)


@pytest.mark.parametrize(
    ("marked", "hours", "state"),
    [
        (None, 71, ClockState.OPEN),
        (None, 72, ClockState.OPEN),  # its very last instant
        (None, 73, ClockState.OVERDUE),
        ({"told_on": date(2026, 3, 4), "told_time": time(14, 30)}, 200, ClockState.TOLD),
        ({"told_on": date(2026, 3, 4), "told_time": time(14, 31)}, 200, ClockState.TOLD_LATE),
        ({"told_on": date(2026, 3, 4)}, 200, ClockState.TOLD),
        ({"told_on": date(2026, 3, 5)}, 200, ClockState.TOLD_LATE),
        ({"state": MarkState.NOT_APPLICABLE, "reason": "no"}, 200, ClockState.NOT_APPLICABLE),
        ({"told_on": date(2026, 3, 4), "incident_id": 5}, 73, ClockState.OVERDUE),
    ],
)
def test_states(marked: dict[str, Any] | None, hours: int, state: ClockState) -> None:
    marks = (mark(**marked),) if marked is not None else ()
    now = datetime(2026, 3, 1, 20, 30, tzinfo=UTC) + timedelta(hours=hours)
    [clock] = clocks(duty(within=72, unit=Unit.HOURS), marks=marks, now=now, discovered_time=time(14, 30))
    assert clock.state is state


def test_the_earliest_end_comes_first_and_every_name_is_its_own() -> None:
    found = clocks(
        duty(key="a:1", span="at once"),
        duty(key="a:2", span="within 60 days", within=60, unit=Unit.DAYS),
        duty(key="a:3", span="within 24 hours", within=24, unit=Unit.HOURS),
        duty(key="a:4", span="at once", citation="s. 2"),
    )
    assert [each.duty.key for each in found] == ["a:3", "a:2", "a:1", "a:4"]
    assert len({each.name for each in found}) == 4


@given(
    st.integers(1, 2000), st.datetimes(_FIRST, _LAST),
    st.sampled_from(["America/Chicago", "Europe/Berlin", "Pacific/Auckland", "America/St_Johns", "UTC"]),
)  # fmt: skip
def test_hours_are_elapsed_hours_and_days_end_no_earlier(hours: int, at: datetime, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    given_facts: Any = {"discovered_on": at.date(), "discovered_time": at.time(), "zone": zone}
    [clock] = clocks(duty(within=hours, unit=Unit.HOURS), **given_facts)
    assert clock.by is not None
    assert clock.by - discovered_at(incident(**given_facts)) == timedelta(hours=hours)
    [whole] = clocks(duty(within=hours, unit=Unit.DAYS), **given_facts)
    assert whole.by is not None
    assert whole.by > discovered_at(incident(**given_facts)) + timedelta(days=hours, hours=-2)


@pytest.mark.parametrize(
    ("texts", "country", "places"),
    [
        (("TX 1,200, CA",), "US", [Place("US-TX", 1200), Place("US-CA")]),
        (("Texas: 1200; Germany 3",), "US", [Place("US-TX", 1200), Place("DE", 3)]),
        (("New York",), None, [Place("US-NY")]),
        (("DE",), "US", [Place("US-DE")]),
        (("DE",), "DE", [Place("DE")]),
        (("TX 1, US-CA 2, CA",), "US", [Place("US-TX", 1), Place("US-CA")]),
        (("TX 1, US-CA 2, Canada 3",), "GB", [Place("US-TX", 1), Place("US-CA", 2), Place("CA", 3)]),
        (("NY 1, Puerto Rico 2, PR 3",), "GB", [Place("US-NY", 1), Place("US-PR", 3)]),
        (("TX 1200, CA, Germany", "Canada"), "US", [Place("US-TX", 1200), Place("US-CA"), Place("DE"), Place("CA")]),
        (("TX 1, GE 2",), "GB", [Place("US-TX", 1), Place("GE", 2)]),
        (("FR 3, DE 4",), "GB", [Place("FR", 3), Place("DE", 4)]),
        (("CA",), "GB", [Place("CA")]),
        (("GA", "Georgia"), None, [Place("US-GA")]),
        (("CA-QC 5", "Quebec 7"), "CA", [Place("CA-QC", 7)]),
        (("US-TX 40 residents",), "US", [Place("US-TX", 40)]),
        ((), None, []),
    ],
)
def test_places(texts: tuple[str, ...], country: str | None, places: list[Place]) -> None:
    found = read_places(texts, STATES, country)
    assert list(found) == places
    assert kept_places(each.entry for each in found) == found


@pytest.mark.parametrize(
    ("text", "country", "asked"),
    [
        ("NY 100, DE 2000, FR 300", "GB", '"DE" may be a state or a country: write US-DE or Germany.'),
        ("NY 1, IL 2", "DE", '"IL" may be a state or a country: write US-IL or Israel.'),
        ("TX 1, CA 2", "GB", '"CA" may be a state or a country: write US-CA or Canada.'),
        ("TX, CA", "CA", '"CA" may be a state or a country: write US-CA or Canada.'),
        ("US-TX, CA", "CA", '"CA" may be a state or a country: write US-CA or Canada.'),
        ("TX 1, Georgia 2", "GB", '"Georgia" may be a state or a country: write US-GA or GE.'),
        ("TX 1, FR 3, DE 4", "US", '"DE" may be a state or a country: write US-DE or Germany.'),
        ("FR 3, DE 4", "US", '"DE" may be a state or a country: write US-DE or Germany.'),
        ("CA-QC 3, DE 4", None, '"DE" may be a state or a country: write US-DE or Germany.'),
    ],
)
def test_a_state_is_not_guessed_beside_countries_nor_a_country_beside_states(
    text: str, country: str | None, asked: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(asked)):
        read_places((text,), STATES, country)


@pytest.mark.parametrize("text", ["Atlantis", "US-ZZ", "1200", "TX 9999999999", "XX-1"])
def test_what_is_no_place_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"no state or country|too large"):
        read_places((text,), STATES, "US")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("14:30", time(14, 30)), ("2:30 pm", time(14, 30)), ("2pm", time(14)), ("12 am", time(0)), ("0905", time(9, 5))],
)
def test_times_of_day(text: str, wanted: time) -> None:
    assert read_time(text) == wanted


@pytest.mark.parametrize("text", ["", "14", "25:00", "13 pm", "noon", "14:60", "0 am"])
def test_what_is_no_time_of_day_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of day"):
        read_time(text)
