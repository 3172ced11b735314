"""The addendum: what changes in an agreement, from what to what, from when. It changes nothing until it is signed."""

from collections.abc import Iterator
from dataclasses import replace

from commands.papers.blocks import about, blank_signatures, closing, empty_paper, paragraphs, rests_on
from commands.papers.content import Column, PaperContent, Section
from commands.papers.facts import PaperFacts, day_words
from commands.papers.statement import (
    NO_CLAUSE,
    about_items,
    counting_rows,
    disagreements,
    in_words,
    standing_rows,
    whose,
)
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.questions.asked_item import asked_item
from storage.records import PaperKind, Party, Responsibility, ScopeQuestion

_CHANGES = (
    Column("item", "What", 4), Column("was", "It was", 3), Column("becomes", "It becomes", 4),
    Column("since", "From", 3), Column("clause", "Clause", 2),
)  # fmt: skip
_SETTLED = (
    Column("item", "What", 4), Column("becomes", "It becomes", 4), Column("since", "From", 3),
    Column("by", "Decided", 3),
)  # fmt: skip
_TO_FILL_IN = "_" * 16


def addendum(facts: PaperFacts, texts: dict[str, str]) -> PaperContent:
    """The rows that are proposed, as an addendum for both sides to sign; no draft once its carrier is signed."""
    proposed = proposed_rows(facts)
    carriers = {row.carried_by_id for row in proposed}
    carrier = facts.papers.get(next(iter(carriers)) or 0) if len(carriers) == 1 else None
    signed = carrier is not None and facts.is_signed(carrier)
    return replace(
        empty_paper(facts, PaperKind.ADDENDUM, f"Addendum {carrier.reference}" if carrier else "Addendum"),
        draft="" if signed else "draft, not signed",
        draft_words="nothing in it is agreed until both sides have signed it.",
        sections=(
            about(facts, texts),
            rests_on(facts, texts),
            Section("changes", "What changes", paragraphs(texts, "changes"), _CHANGES, tuple(_changes(facts, proposed)),
                    "Nothing is proposed."),
            Section("settled", "Settled, not written as a row yet", paragraphs(texts, "settled"), _SETTLED,
                    tuple(_settled(facts))),
            Section("force", "When it applies", paragraphs(texts, "force")),
            closing(texts),
        ),
        signatures=blank_signatures(f"For the provider, {facts.provider_name}", f"For the client, {facts.client.name}"),
    )  # fmt: skip


def proposed_rows(facts: PaperFacts) -> list[Responsibility]:
    """The rows of the agreements that are proposed and that no signed paper carries."""
    return [row for row in facts.rows if facts.source(row).is_proposed]


def settled_questions(facts: PaperFacts) -> list[ScopeQuestion]:
    """What was decided and stands in no row that has not ended, each question once."""
    written = {item_key(row.item) for row in standing_rows(facts)}
    found: dict[str, ScopeQuestion] = {}
    for each in facts.settled:
        found[item_key(wanted_item(each))] = each
    return [each for key, each in found.items() if key not in written]


def wanted_item(question: ScopeQuestion) -> str:
    """What a row about it would be called; the question where it does not say."""
    return asked_item(question.question) or question.question


def _settled(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for each in settled_questions(facts):
        party = Party(each.settled_verdict.value) if each.settled_verdict else Party.OUT_OF_SCOPE
        said = [whose(party).capitalize()]
        if party is Party.SHARED:
            said += [f"We: {_TO_FILL_IN}", f"You: {_TO_FILL_IN}"]
        elif party is Party.THIRD_PARTY:
            said.append(f"Who: {_TO_FILL_IN}")
        item = wanted_item(each)
        asked = "" if item == each.question else f"\nAsked: {each.question}"
        said.append(each.settlement or "")
        yield item + asked, "\n".join(filter(None, said)), _TO_FILL_IN, facts.on_by(each.settled_at, each.settled_by)


def _changes(facts: PaperFacts, proposed: list[Responsibility]) -> Iterator[tuple[str, ...]]:
    found = about_items(facts)
    counting = counting_rows(facts, found)
    doubts = disagreements(found)
    disputed = {(row.agreement_id, item_key(row.item)): row for row in standing_rows(facts) if row.id in doubts}
    agreed = disputed | {(row.agreement_id, item_key(row.item)): row for row in counting}
    amended = {
        item_key(row.item): row for row in counting if row.agreement_id not in {each.id for each in facts.chosen}
    }
    for row in proposed:
        before = agreed.get((row.agreement_id, item_key(row.item))) or amended.get(item_key(row.item))
        is_ahead = row.effective_from is not None and row.effective_from > facts.day
        since = day_words(row.effective_from) if is_ahead else "the day of the last signature"
        of = f"\n{facts.reference(row.agreement_id)}" if len(facts.chosen) > 1 else ""
        doubt = doubts.get(before.id) if before else None
        was = "not in it" if before is None else f"{in_words(before)}\n({doubt})" if doubt else in_words(before)
        yield row.item + of, was, in_words(row), since, row.clause or NO_CLAUSE
