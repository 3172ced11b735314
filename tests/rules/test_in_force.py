"""Whether an agreement is in force on a day, and how often it rolled over."""

from typing import Any

import pytest

from commands.rules.agreements.in_force import Force, force, is_in_force, roll_overs
from storage.records.agreement import AgreementStatus
from tests.rules.terms import MANUAL, day, yearly
from tests.rules.test_renewals import EVERGREEN


@pytest.mark.parametrize(
    ("terms", "today", "expected"),
    [
        ({}, "2026-03-31", Force.NOT_YET),
        ({}, "2026-04-01", Force.IN_FORCE),
        ({}, "2050-01-01", Force.IN_FORCE),
        ({"initial_term": None}, "2026-06-01", Force.IN_FORCE),
        ({"max_renewals": 1}, "2028-03-31", Force.IN_FORCE),
        ({"max_renewals": 1}, "2028-04-01", Force.ENDED),
        ({"max_renewals": 0}, "2027-04-01", Force.ENDED),
        ({"max_renewals": 2, "renewal_term": None}, "2027-04-01", Force.UNKNOWN),
        ({"renewal": MANUAL}, "2027-03-31", Force.IN_FORCE),
        ({"renewal": MANUAL}, "2027-04-01", Force.ENDED),
        ({"renewal": None}, "2027-03-31", Force.IN_FORCE),
        ({"renewal": None}, "2027-04-01", Force.UNKNOWN),
        ({"effective_on": None}, "2027-04-01", Force.UNKNOWN),
        ({"effective_on": None, "initial_end_on": "2027-03-31"}, "2027-03-31", Force.UNKNOWN),
        ({"effective_on": None, "initial_end_on": "2027-03-31"}, "2027-04-01", Force.IN_FORCE),
        ({"initial_end_on": "2025-01-01"}, "2027-04-01", Force.UNKNOWN),
        ({"status": AgreementStatus.DRAFT}, "2026-06-01", Force.NOT_EXECUTED),
        ({"status": AgreementStatus.OUT_FOR_SIGNATURE}, "2026-06-01", Force.NOT_EXECUTED),
        ({"status": AgreementStatus.SUPERSEDED}, "2026-06-01", Force.ENDED),
        ({"status": AgreementStatus.SUPERSEDED, "terminated_on": "2026-06-01"}, "2026-06-01", Force.IN_FORCE),
        ({"terminated_on": "2026-06-01"}, "2026-06-02", Force.ENDED),
        ({"terminated_on": "2026-03-01"}, "2026-02-01", Force.ENDED),
        ({"term_kind": EVERGREEN}, "2099-01-01", Force.IN_FORCE),
    ],
)
def test_force(terms: dict[str, Any], today: str, expected: Force) -> None:
    assert force(yearly(**terms), day(today)) is expected
    assert is_in_force(yearly(**terms), day(today)) is (expected is Force.IN_FORCE)


def test_roll_overs() -> None:
    rolls = roll_overs(yearly(), day("2027-04-01"), day("2029-04-01"))
    assert [(roll.renewal, roll.term_start, roll.term_end) for roll in rolls] == [
        (2, day("2028-04-01"), day("2029-03-31")),
        (3, day("2029-04-01"), day("2030-03-31")),
    ]
    assert roll_overs(yearly(), day("2027-03-31"), day("2027-04-01"))[0].renewal == 1
    assert roll_overs(yearly(), day("2020-01-01"), day("2027-03-31")) == ()


@pytest.mark.parametrize(
    ("terms", "count"),
    [
        ({}, 4),
        ({"max_renewals": 2}, 2),
        ({"terminated_on": "2028-12-31"}, 2),
        ({"renewal": MANUAL}, 0),
        ({"renewal": None}, 0),
        ({"renewal_term": None}, 0),
        ({"status": AgreementStatus.DRAFT}, 0),
        ({"status": AgreementStatus.SUPERSEDED}, 0),
        ({"status": AgreementStatus.SUPERSEDED, "terminated_on": "2027-12-31"}, 1),
        ({"term_kind": EVERGREEN}, 0),
    ],
)
def test_roll_overs_stop_where_the_agreement_does(terms: dict[str, Any], count: int) -> None:
    assert len(roll_overs(yearly(**terms), day("2026-04-01"), day("2030-12-31"))) == count
