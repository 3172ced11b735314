"""The sheet for the conversation in which an agreement is explained: topic by topic, with room for what was asked."""

from collections.abc import Iterator
from dataclasses import replace

from commands.grammar.words import command_line
from commands.papers.blocks import PAIR, about, blank_signatures, closing, empty_paper, paragraphs, rests_on
from commands.papers.content import Column, PaperContent, Section
from commands.papers.facts import TOPIC_WORDS, PaperFacts, day_words
from commands.papers.statement import (
    FIVE,
    NO_CLAUSE,
    about_items,
    clause,
    counting_rows,
    disagreements,
    looked_at,
    standing_rows,
)
from commands.rules.text.phrases import plain
from storage.records import KeyTopic, PaperKind, Party

_LINE = "_" * 50
_ROOM = "\u00a0\n" * 4 + "\u00a0"
_TO_EXPLAIN = {
    KeyTopic.CUSTOMER_OBLIGATIONS: "What they must do themselves, and what we cannot do if they do not.",
    KeyTopic.MSP_OBLIGATIONS: "What we do, how often, in which hours, and where that ends.",
    KeyTopic.DISCLAIMER_OF_WARRANTIES: "What we do not promise: no work of ours keeps every incident away.",
    KeyTopic.LIMITATION_OF_LIABILITY: "The most that we pay, for what, and what we do not pay for.",
    KeyTopic.ASSUMPTION_OF_RISK: "Which risks stay with them, above all where they decline what we recommend.",
    KeyTopic.STANDARD_OF_CARE: "The framework and version by which our work is measured.",
    KeyTopic.REGULATORY_RESPONSIBILITY: "That they know their regulations, tell us, and answer for meeting them.",
    KeyTopic.ACCESS_SCOPE: "What we may touch, what we may not, and which regulated data is there.",
}
_TOPICS = (
    Column("topic", "Topic and clause", 3), Column("explain", "Explain", 4),
    Column("said", "What was asked and answered", 5), Column("initials", "Initials", 2),
)  # fmt: skip
_APART = (Column("item", "What", 6), Column("whose", "Whose", 3), Column("clause", "Clause", 3))
_EARLIER = (Column("on", "On", 2), Column("to", "To", 4), Column("by", "By", 3), Column("topics", "Topics", 4))


def walkthrough_sheet(facts: PaperFacts, texts: dict[str, str]) -> PaperContent:
    """What to go through with the client in a meeting, with lines to fill in by hand."""
    one = facts.chosen[0] if facts.chosen else None
    back = command_line(
        "/engagement walkthrough record",
        facts.client.name,
        one.reference if one else "",
        to="...",
        topic="...",
    )
    who = (
        ("Explained by", _LINE),
        ("Explained to, with title", _LINE),
        ("Also there", _LINE),
        ("Day and place", _LINE),
    )
    return replace(
        empty_paper(facts, PaperKind.WALKTHROUGH, "Walkthrough sheet"),
        sections=(
            about(facts, texts),
            rests_on(facts, texts),
            Section("who", "Who was there", paragraphs(texts, "who"), PAIR, who, is_list=True),
            Section("topics", "Topic by topic", paragraphs(texts, "topics"), _TOPICS, tuple(_topics(facts))),
            Section(
                "apart", "What people take for ours and is not", paragraphs(texts, "apart"), _APART,
                tuple(_apart(facts)), "No row is recorded as yours, a third party's or out of scope.",
            ),
            Section(
                "earlier", "Explained before", (), _EARLIER, tuple(_earlier(facts)),
                "No walkthrough of it is recorded yet.",
            ),
            Section(
                "back", "To record it", paragraphs(texts, "back"), PAIR, (("Type", back),) if one else (), is_list=True
            ),
            closing(texts),
        ),
        signatures=blank_signatures("Who explained it", "To whom it was explained"),
    )  # fmt: skip


def _topics(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for topic in KeyTopic:
        found = looked_at(facts, topic)
        if found is None and topic not in FIVE:
            continue
        where = (found.clause if found else None) or NO_CLAUSE
        yield f"{TOPIC_WORDS[topic]}\n{where}", _TO_EXPLAIN[topic], _ROOM, "____"


def _apart(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    whose = {Party.CLIENT: "yours", Party.THIRD_PARTY: "a third party's", Party.OUT_OF_SCOPE: "out of scope"}
    found = about_items(facts)
    for row in counting_rows(facts, found):
        if row.party in whose:
            yield row.item, row.third_party or whose[row.party], clause(facts, row)
    doubts = disagreements(found)
    for row in standing_rows(facts):
        if row.id in doubts:
            yield row.item, doubts[row.id], clause(facts, row)


def _earlier(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for each in facts.walkthroughs:
        topics = ", ".join(plain(topic) for topic in each.topics) or "not noted"
        yield day_words(each.held_on), each.explained_to, facts.person(each.explained_by), topics
