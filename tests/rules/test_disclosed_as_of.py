"""What a client had disclosed as of a day, by what was on record at an instant."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commands.rules.history.disclosures import as_of
from storage.records import Disclosure

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
ONE = timedelta(days=1)


def said(id: int, answer: str = "applies", at: datetime = NOW, regulation: str = "hipaa", **more: Any) -> Disclosure:
    return Disclosure(
        id=id, client_id=1, regulation=regulation, answer=answer, asked_on=DAY, asked_by="U0", recorded_at=at,
        recorded_by="U0", **{"effective_from": DAY, **more},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "is_found"),
    [(DAY - ONE, False), (DAY, True), (DAY + 9 * ONE, True), (DAY + 10 * ONE, True), (DAY + 11 * ONE, False)],
)
def test_an_answer_applies_from_its_first_day_to_its_last(day: date, is_found: bool) -> None:
    answer = said(1, effective_to=DAY + 10 * ONE)
    assert as_of([answer], day, NOW) == ([answer] if is_found else [])


@pytest.mark.parametrize(
    ("known_at", "found"), [(NOW - MOMENT, []), (NOW, [1]), (NOW + ONE - MOMENT, [1]), (NOW + ONE, [2])]
)
def test_of_several_the_one_recorded_last_counts(known_at: datetime, found: list[int]) -> None:
    first = said(1, superseded_at=NOW + ONE)
    second = said(2, "does_not_apply", NOW + ONE)
    for order in ([first, second], [second, first]):
        assert [each.id for each in as_of(order, DAY, known_at)] == found


@pytest.mark.parametrize(("known_at", "found"), [(NOW, [1]), (NOW + ONE - MOMENT, [1]), (NOW + ONE, [])])
def test_what_was_taken_back_counts_until_then(known_at: datetime, found: list[int]) -> None:
    taken_back = said(1, superseded_at=NOW + ONE)
    assert [each.id for each in as_of([taken_back], DAY, known_at)] == found


def test_they_come_by_regulation() -> None:
    answers = [said(1, regulation="pci_dss"), said(2, regulation="gdpr")]
    assert [each.regulation for each in as_of(answers, DAY, NOW)] == ["gdpr", "pci_dss"]
