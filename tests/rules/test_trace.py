"""Whom and what a newer edition of a framework concerns."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.rules.frameworks.trace import Trace, is_older, trace
from storage.records import Adoption, Agreement, Client, Party, Promise, PromiseSource, Responsibility

TODAY = date(2026, 3, 2)
STAMP: dict[str, Any] = {"recorded_at": datetime(2026, 3, 2, tzinfo=UTC), "recorded_by": "U1"}
CLIENT = Client(id=1, name="Calder Ridge")


def row(id: int, *refs: str, **more: Any) -> Responsibility:
    return Responsibility(
        id=id, client_id=1, agreement_id=1, item=f"Row {id}", party=Party.MSP, control_refs=refs, **STAMP, **more
    )


def traced(rows: list[Responsibility] | None = None, changed: tuple[str, ...] = (), **adoption: Any) -> Trace | None:
    usual = {"family": "nist-800-53", "edition": "4", "adopted_on": date(2025, 1, 1)}
    adopted = Adoption(client_id=1, **usual | adoption, **STAMP)
    papers = [Agreement(id=id, client_id=1, reference=f"SOW-{id}") for id in (1, 2, 3)]
    promises = [
        Promise(client_id=1, what=ref, source=PromiseSource.SLA, made_on=TODAY, control_refs=(ref,), **STAMP)
        for ref in ("AC-2", "CIS 4.1")
    ]
    return trace(
        CLIENT, "nist-800-53", "5", [adopted], papers, rows or [], promises,
        cites=lambda key: key.startswith("ac-"), changed=changed, on=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("adoption", "concerns"),
    [
        ({}, True),
        ({"edition": "5"}, False),  # the newest is not older than itself
        ({"family": "cis"}, False),
        ({"adopted_on": TODAY}, True),
        ({"adopted_on": date(2026, 3, 3)}, False),
        ({"ended_on": TODAY}, False),  # the first day on which it no longer is
        ({"ended_on": date(2026, 3, 3)}, True),
    ],
)
def test_it_concerns_whoever_is_measured_by_an_older_one(adoption: dict[str, Any], concerns: bool) -> None:
    assert (traced(**adoption) is not None) is concerns


@pytest.mark.parametrize(
    ("refs", "is_cited", "is_changed"),
    [
        (("AC-02",), True, True),
        (("AC-2(1)",), True, True),  # a part of what changed
        (("AC-2(a)",), True, True),
        (("AC-20",), True, False),
        (("AC-3",), True, False),
        (("CIS 4.1",), False, False),
        (("CIS 4.1", "AC-2"), True, True),
        ((), False, False),
    ],
)
def test_rows_that_cite_what_changed_are_told_apart(refs: tuple[str, ...], is_cited: bool, is_changed: bool) -> None:
    found = traced([row(1, *refs)], changed=("ac-2",))
    assert found is not None
    assert (bool(found.rows), bool(found.changed_rows)) == (is_cited, is_changed)
    assert [each.what for each in found.promises] == ["AC-2"]


@pytest.mark.parametrize(
    ("ends", "is_traced"), [(None, True), (TODAY, True), (date(2026, 3, 1), False), (date(2026, 3, 3), True)]
)
def test_rows_are_traced_to_their_last_day(ends: date | None, is_traced: bool) -> None:
    found = traced([row(1, "AC-2", effective_to=ends)])
    assert found is not None
    assert bool(found.rows) is is_traced


def test_papers_are_those_that_adopted_it_or_have_rows_about_it() -> None:
    found = traced([row(1, "AC-2"), row(2, "CIS 4.1").changed(agreement_id=2)], agreement_id=3)
    assert found is not None
    assert [paper.reference for paper in found.agreements] == ["SOW-1", "SOW-3"]


@pytest.mark.parametrize(
    ("older", "newer"), [("4", "5"), ("7.1", "8"), ("8", "8.1"), ("2013", "2022"), ("9", "10"), ("1.9", "1.10")]
)
def test_editions_are_in_the_order_of_their_numbers(older: str, newer: str) -> None:
    assert is_older(older, newer)
    assert not is_older(newer, older)
    assert not is_older(newer, newer)
