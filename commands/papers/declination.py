"""The declination: what was recommended and declined, the risk in plain words, and who then carries it."""

from collections.abc import Iterator
from dataclasses import replace

from commands.papers.blocks import PAIR, about, blank_signatures, closing, empty_paper, paragraphs
from commands.papers.content import PaperContent, Section
from commands.papers.facts import PaperFacts, day_words
from commands.papers.statement import NO_CLAUSE, looked_at
from storage.records import DeclinedRecommendation, KeyTopic, PaperKind


def declination(
    facts: PaperFacts, texts: dict[str, str], declined: DeclinedRecommendation | None, risk: str | None
) -> PaperContent:
    """`declined` is None for the template alone."""
    return replace(
        empty_paper(facts, PaperKind.DECLINATION, "Declined recommendation"),
        draft="not signed" if not _is_attached(facts, declined) else "",
        draft_words="no signed copy of this paper is recorded.",
        sections=(
            about(facts, texts),
            Section(
                "declined", "What was recommended and declined", paragraphs(texts, "declined"), PAIR,
                tuple(_facts(declined)) if declined else (), is_list=True,
            ),
            Section(
                "risk", "The risk that stays with you", paragraphs(texts, "risk"), PAIR,
                tuple(_risk(facts, declined, risk)) if declined else (), is_list=True,
            ),
            Section("back", "If you change your mind", paragraphs(texts, "back")),
            closing(texts),
        ),
        signatures=blank_signatures(f"For the client, {facts.client.name}", f"For the provider, {facts.provider_name}"),
    )  # fmt: skip


def _is_attached(facts: PaperFacts, declined: DeclinedRecommendation | None) -> bool:
    return declined is not None and f"recommendation:{declined.what}" in facts.signed_copies


def _facts(declined: DeclinedRecommendation) -> Iterator[tuple[str, str]]:
    yield "Recommended", declined.what
    offered = day_words(declined.offered_on)
    is_known = declined.offered_on < declined.declined_on
    yield "Recommended on", offered if is_known else f"{offered} at the latest: no earlier day is recorded"
    yield "Declined on", day_words(declined.declined_on)
    yield "Declined by", declined.declined_by or "nobody named"
    yield "The reason given", declined.reason or "not recorded"
    yield "It concerns", declined.item or "no row of the matrix is named"


def _risk(facts: PaperFacts, declined: DeclinedRecommendation, risk: str | None) -> Iterator[tuple[str, str]]:
    found = looked_at(facts, KeyTopic.ASSUMPTION_OF_RISK)
    yield (
        "The risk in plain words",
        risk or "not described. Write it here before it is signed:" + f"\n\u00a0\n{'_' * 60}" * 2,
    )
    yield "Assumption of risk, by", declined.risk_clause or (found.clause if found else None) or NO_CLAUSE
    yield "We offer it again on", day_words(declined.reoffer_on, "no day recorded")
