"""Which of several papers controls an item: what is signed, then the order of precedence, then the later amendment."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commands.rules.agreements.reckoning import Reckoning
from commands.rules.scope.last_day import last_day_of
from commands.rules.scope.precedence import USUAL_RANK, Source, controlling, rank
from storage.records import Agreement, AgreementKind, AgreementStatus, Party, Responsibility, RowBasis

EARLY, LATE = date(2026, 1, 1), date(2026, 6, 1)
MSA, SOW, AMENDMENT, ADDENDUM = (
    AgreementKind.MSA,
    AgreementKind.SOW,
    AgreementKind.AMENDMENT,
    AgreementKind.ADDENDUM,
)
BAA, TERMS = AgreementKind.BAA, AgreementKind.TERMS_OF_SERVICE
ATTACHMENT, LETTER = AgreementKind.SERVICE_ATTACHMENT, AgreementKind.ENGAGEMENT_LETTER
INTERNAL, THEIRS = Party.MSP, Party.CLIENT


def source(
    party: Party,
    kind: AgreementKind,
    effective_on: date | None = EARLY,
    *,
    own_rank: int | None = None,
    is_signed: bool = True,
    is_proposed: bool = False,
    is_carried: bool = False,
) -> Source:
    """A row about backups in a paper of `kind`."""
    signed_on = EARLY if is_signed else None
    paper = Agreement(
        client_id=1, reference=kind.value, kind=kind, msp_signed_on=signed_on, client_signed_on=signed_on,
        effective_on=effective_on, precedence_rank=own_rank,
    )  # fmt: skip
    row = Responsibility(
        client_id=1, agreement_id=1, item="Backup", party=party, recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_by="U1", basis=RowBasis.PROPOSED if is_proposed else None,
    )  # fmt: skip
    return Source(row, paper, paper if is_carried else None)


@pytest.mark.parametrize(
    ("wins", "loses"),
    [
        pytest.param(source(INTERNAL, SOW), source(THEIRS, MSA), id="the narrower paper"),
        pytest.param(source(INTERNAL, AMENDMENT), source(THEIRS, ADDENDUM), id="an amendment before an addendum"),
        pytest.param(source(INTERNAL, BAA), source(THEIRS, SOW), id="what data protection asks for before the work"),
        pytest.param(source(INTERNAL, ADDENDUM), source(THEIRS, BAA), id="an addendum before that"),
        pytest.param(source(INTERNAL, ATTACHMENT), source(THEIRS, LETTER), id="a service before the engagement"),
        pytest.param(source(INTERNAL, LETTER), source(THEIRS, MSA), id="the engagement before the master agreement"),
        pytest.param(source(INTERNAL, MSA), source(THEIRS, TERMS), id="what was signed for them before general terms"),
        pytest.param(source(INTERNAL, MSA, own_rank=1), source(THEIRS, AMENDMENT), id="a rank of its own"),
        pytest.param(source(INTERNAL, MSA, own_rank=0), source(THEIRS, SOW, own_rank=1), id="rank 0 is a rank"),
        pytest.param(source(INTERNAL, AMENDMENT, LATE), source(THEIRS, AMENDMENT, EARLY), id="the later amendment"),
        pytest.param(source(INTERNAL, ADDENDUM, LATE), source(THEIRS, ADDENDUM, EARLY), id="the later addendum"),
        pytest.param(
            source(INTERNAL, AMENDMENT, EARLY), source(THEIRS, AMENDMENT, None), id="a known date before none"
        ),
        pytest.param(
            source(INTERNAL, AMENDMENT, LATE, own_rank=5),
            source(THEIRS, AMENDMENT, EARLY, own_rank=5),
            id="equal own rank",
        ),
        pytest.param(source(INTERNAL, MSA), source(THEIRS, AMENDMENT, is_signed=False), id="signed before unsigned"),
        pytest.param(source(INTERNAL, MSA), source(THEIRS, SOW, is_proposed=True), id="agreed before proposed"),
        pytest.param(
            source(INTERNAL, SOW, is_proposed=True, is_carried=True), source(THEIRS, MSA), id="proposed, and carried"
        ),
    ],
)
def test_the_controlling_paper_overrules_the_other(wins: Source, loses: Source) -> None:
    for sources in ([wins, loses], [loses, wins]):
        ruling = controlling(sources)
        assert ruling.controlling is wins
        assert ruling.overruled == (loses,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            source(INTERNAL, SOW, LATE), source(THEIRS, SOW, EARLY), id="a later statement of work is not above"
        ),
        pytest.param(source(INTERNAL, AMENDMENT, LATE), source(THEIRS, AMENDMENT, LATE), id="amendments of one day"),
        pytest.param(source(INTERNAL, SOW), source(THEIRS, AgreementKind.ORDER), id="two kinds of one rank"),
    ],
)
def test_neither_of_two_equal_papers_controls(one: Source, other: Source) -> None:
    for sources in ([one, other], [other, one]):
        ruling = controlling(sources)
        assert ruling.controlling is None
        assert set(map(id, ruling.overruled)) == {id(one), id(other)}


def test_equal_papers_that_agree_control_and_overrule_only_those_that_differ() -> None:
    first, second, other = source(INTERNAL, SOW), source(INTERNAL, SOW), source(THEIRS, MSA)
    ruling = controlling([other, first, second])
    assert ruling.controlling is first
    assert ruling.overruled == (other,)
    assert controlling([first]).overruled == ()


def test_every_kind_has_a_rank_and_an_own_rank_replaces_it() -> None:
    assert set(USUAL_RANK) == set(AgreementKind)
    assert rank(source(INTERNAL, MSA).agreement) == USUAL_RANK[MSA]
    assert rank(source(INTERNAL, MSA, own_rank=0).agreement) == 0


def test_a_row_that_an_addendum_carries_is_the_addendums_word() -> None:
    before = source(THEIRS, SOW)
    proposed = source(INTERNAL, SOW, is_proposed=True, is_carried=True)
    carried = replace(proposed, carrier=source(INTERNAL, ADDENDUM).agreement)
    assert controlling([before, carried]).controlling is carried
    assert controlling([carried, source(THEIRS, AMENDMENT)]).overruled == (carried,)


NEXT, LAST = date(2026, 8, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("row", "agreement", "carrier", "first", "last"),
    [
        pytest.param({}, {"effective_on": None}, None, None, None, id="nothing on record"),
        pytest.param({"effective_to": LAST}, {}, None, EARLY, LAST, id="the row's own end"),
        pytest.param({"effective_from": LATE}, {"terminated_on": LAST}, None, LATE, LAST, id="the later, the earlier"),
        pytest.param({"effective_to": LAST}, {"terminated_on": NEXT}, None, EARLY, NEXT, id="the paper ends before"),
        pytest.param({}, {}, {"effective_on": LATE, "terminated_on": NEXT}, LATE, NEXT, id="the carrier's"),
        pytest.param({}, {"terminated_on": LATE}, {"terminated_on": NEXT}, EARLY, LATE, id="paper ends before carrier"),
        pytest.param(
            {}, {}, {"effective_on": None, "msp_signed_on": LATE}, LATE, None, id="when the carrier is signed"
        ),
    ],
)
def test_a_row_applies_from_the_last_beginning_to_the_first_end_of_all_it_rests_on(
    row: dict[str, date],
    agreement: dict[str, date | None],
    carrier: dict[str, date | None] | None,
    first: date | None,
    last: date | None,
) -> None:
    given = source(INTERNAL, MSA, is_proposed=carrier is not None)
    found = Source(
        given.row.changed(**row),
        given.agreement.changed(**agreement | {"status": AgreementStatus.EXECUTED}),
        given.agreement.changed(**carrier | {"id": 99, "status": AgreementStatus.EXECUTED})
        if carrier is not None
        else None,
    )
    papers = {each.id: each for each in found.papers}
    assert found.first_day == first
    assert last_day_of(found, (), papers, Reckoning(papers.values()), LATE) == last
