"""What a matrix leaves open is what its answers call undocumented or lapsed, whatever papers, days and wordings."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commands.matrix_cache import Matrices
from commands.meanings import knowledge
from commands.rules.agreements.in_force import Force, force
from commands.rules.matching.match import Candidate, Match, Outcome
from commands.rules.scope.answer import ClientMatrix
from commands.rules.scope.coverage import Coverage, coverage, fits_better
from storage.catalog.gray_zones import gray_zones
from storage.records import Agreement, AgreementStatus, LearnedPhrase, Party, Responsibility, TermKind, Verdict
from storage.records.client import client_key
from tests.benchmarks.bench_matching import SETS, load

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
STAMP: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "U1"}
KNOWN = knowledge()
ITEMS = [row for data in SETS for row in load(data)[0]]
ASKED = [question.text for data in SETS for question in load(data)[1] if question.text.strip()]
OPEN = (Verdict.UNDOCUMENTED, Verdict.LAPSED)


def client_of(
    chance: random.Random, client_id: int
) -> tuple[list[Agreement], list[Responsibility], list[LearnedPhrase]]:
    """A client with one to three papers, some over or to come, and up to 60 rows, some with a zone's very name."""
    papers = [
        Agreement(
            id=client_id * 10 + at, client_id=client_id, reference=f"SOW-{at}",
            status=chance.choice([AgreementStatus.EXECUTED] * 3 + [AgreementStatus.DRAFT, AgreementStatus.SUPERSEDED]),
            term_kind=TermKind.EVERGREEN, effective_on=DAY + timedelta(days=chance.choice((-400, -400, -30, 30))),
        )
        for at in range(chance.randrange(1, 4))
    ]  # fmt: skip
    titles = [zone.title for zone in gray_zones()]
    rows = []
    for at in range(chance.randrange(60)):
        like = chance.choice(ITEMS)
        item = chance.choice(titles) if chance.random() < 0.05 else like.item
        rows.append(
            Responsibility(
                id=client_id * 1000 + at, client_id=client_id, agreement_id=chance.choice(papers).id, item=item,
                category=like.category if chance.random() < 0.7 else None, party=chance.choice(list(Party)),
                notes=like.notes, aliases=tuple(chance.sample(titles, 1)) if chance.random() < 0.05 else (),
                effective_to=DAY + timedelta(days=chance.randrange(-20, 20)) if chance.random() < 0.4 else None,
                position=at, **STAMP,
            )
        )  # fmt: skip
    phrases = [
        LearnedPhrase(client_id=client_id, item=row.item, phrase=chance.choice(titles), learned_at=NOW, learned_by="U1")
        for row in rows
        if chance.random() < 0.03
    ]
    return papers, rows, phrases


def answered(
    papers: list[Agreement], rows: list[Responsibility], phrases: list[LearnedPhrase], day: date, asked: dict[str, str]
) -> set[str]:
    """The long way: each is asked, and what has its very name is left out."""
    matrix = ClientMatrix(papers, rows, (), day, KNOWN, phrases)
    applying = {
        paper.id for paper in papers if force(paper, day) in (Force.IN_FORCE, Force.UNKNOWN, Force.NOT_EXECUTED)
    }
    named = {client_key(row.item) for row in rows if row.agreement_id in applying and row.in_force_on(day)}
    return {
        title
        for title, question in asked.items()
        if matrix.answer(question).verdict in OPEN and client_key(title) not in named
    }


def found_match(score: float) -> Match:
    return Match(Outcome.SURE, (Candidate(1, "Backup", score, ()),), score, ())


@pytest.mark.parametrize(
    ("other", "here", "is_better"),
    [(0.9, 0.89, True), (0.95, 0.5, True), (0.89, 0.5, False), (0.95, 0.9, False), (None, 0.5, False)],
)
def test_paper_that_does_not_apply_is_named_only_where_it_fits_outright(
    other: float | None, here: float, is_better: bool
) -> None:
    assert fits_better(found_match(other) if other is not None else None, found_match(here)) is is_better


def test_all_that_a_row_says_is_searched() -> None:
    """Of an item in two papers, what both of them say."""
    said = {"msp_part": "patching", "client_part": "approval", "third_party": "Acme", "notes": "on Saturdays"}
    paper = Agreement(id=1, client_id=1, reference="SOW", status=AgreementStatus.EXECUTED, effective_on=DAY)
    rows = [
        Responsibility(
            id=at, client_id=1, agreement_id=1, item="Servers", party=Party.SHARED, aliases=(f"alias {at}",),
            **{name: f"{text} {at}" for name, text in said.items()}, **STAMP,
        )
        for at in (1, 2)
    ]  # fmt: skip
    phrase = LearnedPhrase(client_id=1, item="SERVERS", phrase="the boxes", learned_at=NOW, learned_by="U1")
    [row] = coverage([paper], rows, [phrase], DAY).applying
    assert {name: getattr(row, name) for name in said} == {name: f"{text} 1 {text} 2" for name, text in said.items()}
    assert row.aliases == ("alias 1", "alias 2", "the boxes")


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (DAY, None, Verdict.MSP),  # from its very first day
        (None, DAY, Verdict.MSP),  # to its very last
        (DAY + timedelta(days=1), None, Verdict.UNDOCUMENTED),
        (None, DAY - timedelta(days=1), Verdict.LAPSED),
    ],
)
def test_a_row_answers_on_its_own_days(starts: date | None, ends: date | None, expected: Verdict) -> None:
    paper = Agreement(
        id=1, client_id=1, reference="SOW", status=AgreementStatus.EXECUTED, term_kind=TermKind.EVERGREEN,
        effective_on=DAY - timedelta(days=400),
    )  # fmt: skip
    row = Responsibility(
        id=1, client_id=1, agreement_id=1, item="Zorblax care", party=Party.MSP, effective_from=starts,
        effective_to=ends, **STAMP,
    )  # fmt: skip
    assert ClientMatrix([paper], [row], (), DAY, KNOWN).answer("Zorblax care").verdict is expected


@pytest.mark.parametrize(
    ("starts", "expected"), [(DAY, Verdict.LAPSED), (DAY + timedelta(days=1), Verdict.UNDOCUMENTED)]
)
def test_what_begins_today_on_paper_that_is_over_is_not_yet_to_come(starts: date, expected: Verdict) -> None:
    paper = Agreement(
        id=1, client_id=1, reference="SOW", status=AgreementStatus.TERMINATED, term_kind=TermKind.EVERGREEN,
        effective_on=DAY - timedelta(days=400), terminated_on=DAY - timedelta(days=1),
    )  # fmt: skip
    row = Responsibility(
        id=1, client_id=1, agreement_id=1, item="Zorblax care", party=Party.MSP, effective_from=starts, **STAMP
    )
    assert ClientMatrix([paper], [row], (), DAY, KNOWN).answer("Zorblax care").verdict is expected


def test_of_several_papers_that_ended_the_last_one_is_named() -> None:
    """What begins today is not yet to come; what begins tomorrow is told beside the one that ended."""
    papers = [
        Agreement(
            id=at, client_id=1, reference=f"SOW-{year}", status=AgreementStatus.TERMINATED,
            term_kind=TermKind.EVERGREEN, effective_on=date(year, 1, 1), terminated_on=date(year, 12, 31),
        )
        for at, year in ((1, 2024), (2, 2025), (3, 2023))
    ]  # fmt: skip
    rows = [
        Responsibility(id=at, client_id=1, agreement_id=at, item="Zorblax care", party=Party.MSP, **STAMP)
        for at in (1, 2, 3)
    ]
    answer = ClientMatrix(papers, rows, (), DAY, KNOWN).answer("Zorblax care")
    assert answer.source is not None
    assert (answer.verdict, answer.source.agreement.reference) == (Verdict.LAPSED, "SOW-2025")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_unanswered_questions_are_listed_as_open(seed: int) -> None:
    chance = random.Random(seed)
    papers, rows, phrases = client_of(chance, seed + 1)
    asked = {zone.title: zone.question for zone in gray_zones()} | {text: text for text in chance.sample(ASKED, 25)}
    for day in (DAY, DAY + timedelta(days=10), DAY - timedelta(days=50)):
        covered = coverage(papers, rows, phrases, day)
        found = covered.open_questions(asked, KNOWN)
        assert found == answered(papers, rows, phrases, day, asked)


@pytest.mark.slow
def test_what_is_kept_is_told_of_nobody_else() -> None:
    """Of one keeper, for clients and days in any order, each twice."""
    chance, keeper = random.Random(5), Matrices()
    zones = {zone.title: zone.question for zone in gray_zones()}
    clients = [client_of(chance, number) for number in range(1, 16)]
    for papers, rows, phrases in (*clients, *clients[::-1]):
        for day in (DAY, DAY + timedelta(days=10)):
            found = keeper.open_areas(papers, rows, phrases, day)
            assert found == answered(papers, rows, phrases, day, zones)


def test_the_same_items_are_looked_at_once_whoever_has_them_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Matrices()
    looked: list[Coverage] = []
    whole = Coverage.open_questions

    def look(self: Coverage, *given: Any) -> frozenset[str]:
        looked.append(self)
        return whole(self, *given)

    monkeypatch.setattr(Coverage, "open_questions", look)
    papers, rows, _ = client_of(random.Random(2), 1)
    lasting = [row.changed(effective_to=None) for row in rows]
    keeper.open_areas(papers, lasting, (), DAY)
    keeper.open_areas(papers, lasting, (), DAY + timedelta(days=1))
    others = {paper.id: paper.changed(id=paper.id + 500, client_id=9) for paper in papers}
    same = [row.changed(id=row.id + 9000, client_id=9, agreement_id=others[row.agreement_id].id) for row in lasting]
    keeper.open_areas(others.values(), same, (), DAY)
    assert len(looked) == 1
    keeper.open_areas(papers, lasting[1:], (), DAY)
    keeper.open_areas(papers, [lasting[0].changed(notes="Acme Backup only"), *lasting[1:]], (), DAY)
    keeper.open_areas(papers, [lasting[0].changed(item="Zebra feeding"), *lasting[1:]], (), DAY)
    assert len(looked) == 4
