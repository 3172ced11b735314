"""Which agreed rows other paper replaced: by which, since when, and whether it amends them or takes precedence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.rules.agreements.in_force import Force
from commands.rules.scope.replaced import standings
from commands.rules.scope.row_status import RowStatus
from storage.records import Agreement, AgreementKind, AgreementStatus, Party, Responsibility, RowBasis, TermKind

DAY = date(2026, 3, 2)
SOW = Agreement(
    id=1, client_id=1, reference="SOW-A", kind=AgreementKind.SOW, status=AgreementStatus.EXECUTED,
    term_kind=TermKind.EVERGREEN, effective_on=date(2026, 1, 1), msp_signed_on=date(2026, 1, 1),
    client_signed_on=date(2026, 1, 1),
)  # fmt: skip
FEBRUARY = {"effective_on": date(2026, 2, 1), "msp_signed_on": date(2026, 1, 20), "client_signed_on": date(2026, 1, 20)}
ADD = SOW.changed(id=2, reference="ADD-1", kind=AgreementKind.ADDENDUM, parent_id=1, **FEBRUARY)
AMD = ADD.changed(id=3, reference="AMD-2", kind=AgreementKind.AMENDMENT, parent_id=2, effective_on=date(2026, 2, 15))
MSA = SOW.changed(id=4, reference="MSA", kind=AgreementKind.MSA)
SOW_B = SOW.changed(id=5, reference="SOW-B")
PAPERS = {each.id: each for each in (SOW, ADD, AMD, MSA, SOW_B)}


def row(id: int, paper: int, party: Party, **changes: Any) -> Responsibility:
    return Responsibility(
        id=id, client_id=1, agreement_id=paper, item="Backup", party=party,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC), recorded_by="U0", **changes,
    )  # fmt: skip


OURS = row(1, 1, Party.MSP)
CARRIED: dict[str, Any] = {"basis": RowBasis.PROPOSED, "carried_by_id": 2}

CASES: tuple[tuple[str, list[Responsibility], dict[int, str]], ...] = (
    ("one row", [OURS], {}),
    ("the addendum carries a change", [OURS, row(2, 1, Party.CLIENT, **CARRIED)],
     {1: "replaced by ADD-1 since 2026-02-01"}),
    ("it carries other words of the same party", [OURS, row(2, 1, Party.MSP, notes="Nightly", **CARRIED)],
     {1: "replaced by ADD-1 since 2026-02-01"}),
    ("the change begins after the addendum",
     [OURS, row(2, 1, Party.CLIENT, effective_from=date(2026, 2, 20), **CARRIED)],
     {1: "replaced by ADD-1 since 2026-02-20"}),
    ("nothing carries the change", [OURS, row(2, 1, Party.CLIENT, basis=RowBasis.PROPOSED)], {}),
    ("the change is to come", [OURS, row(2, 1, Party.CLIENT, effective_from=date(2026, 4, 1), **CARRIED)], {}),
    ("a row of the addendum itself", [OURS, row(2, 2, Party.CLIENT)], {1: "replaced by ADD-1 since 2026-02-01"}),
    ("and of an amendment to that", [OURS, row(2, 2, Party.CLIENT), row(3, 3, Party.SHARED)],
     {1: "replaced by AMD-2 since 2026-02-15", 2: "replaced by AMD-2 since 2026-02-15"}),
    ("paper that takes precedence", [OURS, row(2, 4, Party.CLIENT)], {2: "overruled by SOW-A since 2026-01-01"}),
    ("paper that says the same", [OURS, row(2, 4, Party.MSP)], {}),
    ("two papers of one rank", [OURS, row(2, 5, Party.CLIENT)], {}),
    ("another item", [OURS, row(2, 2, Party.CLIENT).changed(item="Fax")], {}),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "said"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_what_replaced_a_row(rows: list[Responsibility], said: dict[int, str]) -> None:
    found = standings(rows, PAPERS, DAY)
    assert list(found) == [each.id for each in rows]
    assert {id: each.in_words for id, each in found.items() if each.replaced} == said
    assert not any(found[id].counts for id in said)


def test_the_day_before_it_the_row_counts() -> None:
    rows = [OURS, row(2, 1, Party.CLIENT, **CARRIED)]
    days = (date(2026, 1, 31), date(2026, 2, 1))
    assert [[each.counts for each in standings(rows, PAPERS, day).values()] for day in days] == [
        [True, False],
        [False, True],
    ]


def test_what_was_decided_about_the_papers_counts() -> None:
    found = standings([OURS], PAPERS, DAY, lambda paper, day: Force.ENDED)
    assert found[1].status is RowStatus.AGREEMENT_ENDED


def test_what_is_perhaps_in_force_replaces_nothing() -> None:
    rows = [OURS, row(2, 2, Party.CLIENT)]
    found = standings(rows, PAPERS, DAY, lambda paper, day: Force.UNKNOWN if paper.id == 2 else Force.IN_FORCE)
    assert found[2].status is RowStatus.UNCLEAR
    said = "the papers disagree and it is not clear which applies: SOW-A says ours; ADD-1 says the client's"
    assert [(each.counts, each.in_words) for each in found.values()] == [(False, said), (False, said)]


def test_papers_that_disagree_count_for_neither() -> None:
    found = standings([OURS, row(2, 5, Party.CLIENT), row(3, 5, Party.MSP).changed(item="Fax")], PAPERS, DAY)
    said = "the papers disagree and none takes precedence: SOW-A says ours; SOW-B says the client's"
    assert {id: (each.counts, each.in_words) for id, each in found.items()} == {
        1: (False, said),
        2: (False, said),
        3: (True, "in force"),
    }


def test_a_change_that_unclear_paper_carries_replaces_nothing_for_sure() -> None:
    rows = [OURS, row(2, 1, Party.CLIENT, **CARRIED)]
    found = standings(rows, PAPERS, DAY, lambda paper, day: Force.UNKNOWN if paper.id == 2 else Force.IN_FORCE)
    assert [each.counts for each in found.values()] == [False, False]
    assert found[2].status is RowStatus.UNCLEAR


def test_unclear_paper_that_says_the_same_leaves_the_other_row_counting() -> None:
    rows = [OURS, row(2, 2, Party.MSP)]
    found = standings(rows, PAPERS, DAY, lambda paper, day: Force.UNKNOWN if paper.id == 2 else Force.IN_FORCE)
    assert [(each.counts, each.disagreement) for each in found.values()] == [(True, ""), (False, "")]
