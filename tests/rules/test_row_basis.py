"""Whether a row counts, why, and how its paper and clause are named."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commands.rules.agreements.in_force import force
from commands.rules.matrix.row_basis import attestation, is_attested, signed_on, with_clause
from commands.rules.scope.precedence import carriers, source_of
from commands.rules.scope.row_status import RowStatus, row_status
from storage.records import Agreement, AgreementStatus, Party, Responsibility, RowBasis, TermKind

DAY = date(2026, 3, 2)
ONE = timedelta(days=1)
PAPER = Agreement(
    id=1, client_id=1, reference="SOW-A", status=AgreementStatus.EXECUTED, term_kind=TermKind.EVERGREEN,
    effective_on=date(2026, 1, 1), msp_signed_on=date(2026, 1, 1), client_signed_on=date(2026, 1, 5),
)  # fmt: skip
UNSIGNED = PAPER.changed(id=2, reference="AMD-1", client_signed_on=None)
ATTESTED = "Dana attests that clause 2.1 says so"
PROPOSED = {"basis": RowBasis.PROPOSED}


def row(**changes: Any) -> Responsibility:
    return Responsibility(
        id=1, client_id=1, agreement_id=1, item="Backup", party=Party.MSP, clause="2.1",
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC), recorded_by="U0", **changes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "clause", "said"),
    [
        ("SOW-A", "3.1", "SOW-A 3.1"),
        ("SOW-A", "SOW-A 6.7", "SOW-A 6.7"),
        ("SOW-A", "Schedule 2", "SOW-A Schedule 2"),
        ("S", "Schedule 2", "S Schedule 2"),
        ("SOW-A", None, "SOW-A"),
        ("SOW-A", "", "SOW-A"),
    ],
)
def test_a_clause_names_its_paper_once(reference: str, clause: str | None, said: str) -> None:
    assert with_clause(reference, clause) == said


@pytest.mark.parametrize(
    ("changes", "of_paper", "status"),
    [
        ({}, {}, RowStatus.IN_FORCE),
        ({"effective_to": DAY}, {}, RowStatus.IN_FORCE),  # to its very last day
        ({"effective_to": DAY - ONE}, {}, RowStatus.ENDED),
        ({"effective_from": DAY}, {}, RowStatus.IN_FORCE),
        ({"effective_from": DAY + ONE}, {}, RowStatus.TO_COME),
        ({}, {"effective_on": DAY + ONE}, RowStatus.TO_COME),
        ({}, {"terminated_on": DAY}, RowStatus.IN_FORCE),
        ({}, {"terminated_on": DAY - ONE}, RowStatus.AGREEMENT_ENDED),
        ({}, {"client_signed_on": None}, RowStatus.NOT_SIGNED),
        ({}, {"effective_on": None}, RowStatus.UNCLEAR),
        (PROPOSED, {}, RowStatus.PROPOSED),
        ({**PROPOSED, "carried_by_id": 2}, {}, RowStatus.PROPOSED),  # by paper that is not signed
        ({**PROPOSED, "carried_by_id": 3}, {}, RowStatus.IN_FORCE),
        ({**PROPOSED, "carried_by_id": 4}, {}, RowStatus.TO_COME),  # agreed, from its first day on
        ({**PROPOSED, "carried_by_id": 9}, {}, RowStatus.PROPOSED),
    ],
)
def test_what_a_row_counts_for_on_a_day(changes: dict[str, Any], of_paper: dict[str, Any], status: RowStatus) -> None:
    later = PAPER.changed(id=4, reference="AMD-3", effective_on=DAY + ONE)
    known = (PAPER.changed(**of_paper), UNSIGNED, PAPER.changed(id=3, reference="AMD-2"), later)
    papers = {each.id: each for each in known}
    forces = {each.id: force(each, DAY) for each in known}
    source = source_of(row(**changes), papers, carriers(papers, forces))
    assert row_status(source, DAY, forces) is status


@pytest.mark.parametrize(
    ("entered_on", "basis", "is_carried"),
    [
        (date(2026, 1, 5), None, True),  # the day of the last signature
        (date(2026, 1, 6), None, False),
        (date(2026, 1, 6), RowBasis.AS_SIGNED, True),
        (date(2026, 1, 6), RowBasis.PROPOSED, True),
    ],
)
def test_what_the_signatures_carry(entered_on: date, basis: RowBasis | None, is_carried: bool) -> None:
    assert is_attested(row(basis=basis), PAPER, entered_on) is is_carried
    assert is_attested(row(basis=basis), UNSIGNED, entered_on), "nothing is signed that it could be later than"


def test_paper_is_signed_on_the_day_of_the_last_signature() -> None:
    assert (signed_on(PAPER), signed_on(UNSIGNED)) == (date(2026, 1, 5), None)


@pytest.mark.parametrize(
    ("basis", "entered_on", "said"),
    [
        (RowBasis.AS_SIGNED, date(2026, 1, 5), ATTESTED),
        (RowBasis.AS_SIGNED, date(2026, 1, 6), f"entered 1 day after SOW-A was signed; {ATTESTED}"),
        (RowBasis.AS_SIGNED, date(2026, 1, 7), f"entered 2 days after SOW-A was signed; {ATTESTED}"),
        (None, date(2026, 1, 5), None),
        (None, date(2026, 1, 6),
         "entered 1 day after SOW-A was signed; who attests that the signed paper says so is not recorded"),
        (RowBasis.PROPOSED, date(2026, 1, 6), None),
    ],
)  # fmt: skip
def test_who_attests_it_and_how_late_it_was_entered(basis: RowBasis | None, entered_on: date, said: str | None) -> None:
    assert attestation(row(basis=basis), PAPER, entered_on, "Dana") == said
