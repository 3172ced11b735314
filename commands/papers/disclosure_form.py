"""The questionnaire on regulations by industry, for the client to tick, to attest and to sign. It infers nothing."""

from collections.abc import Iterator
from dataclasses import replace

from commands.disclosures.in_force import why_not
from commands.papers.blocks import about, blank_signatures, closing, empty_paper, paragraphs
from commands.papers.content import Column, PaperContent, Section
from commands.papers.facts import PaperFacts, day_words
from commands.rules.text.phrases import plain
from storage.records import PaperKind

_BOXES = "[  ] applies\n[  ] does not apply\n[  ] not known"
_ASKED = (
    Column("regulation", "Regulation or requirement", 3), Column("protects", "It protects", 4),
    Column("concerns", "It usually concerns", 4), Column("before", "You said before", 3), Column("answer", "Answer", 4),
)  # fmt: skip
_MORE = (Column("label", "What", 4), Column("value", "Answer", 4))
_LINE = "_" * 40


def disclosure_form(facts: PaperFacts, texts: dict[str, str]) -> PaperContent:
    """A form for the client to say which laws, contracts and insurers set requirements, and who answers for them."""
    more = (
        ("Another law, contract or insurer that sets requirements for your IT", _LINE),
        ("Who at your side answers for meeting them", _LINE),
        ("The officer who attests this, with title", _LINE),
    )
    return replace(
        empty_paper(facts, PaperKind.DISCLOSURE, "Disclosure of regulations and requirements"),
        sections=(
            about(facts, texts, ("Your industry", facts.client.industry or "not recorded")),
            Section(
                "asked", "Which of these concern you?", paragraphs(texts, "asked"), _ASKED, tuple(_asked(facts)),
                "No regulation is known for the industry.",
            ),
            Section("more", "What else we must know", paragraphs(texts, "more"), _MORE, more, is_list=True),
            Section("attest", "Attestation", paragraphs(texts, "attest")),
            closing(texts),
        ),
        signatures=blank_signatures(f"For the client, {facts.client.name}: the attesting officer"),
    )  # fmt: skip


def _asked(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    client = facts.client
    known = {each.regulation: each for each in facts.disclosures}
    likely = facts.regulations.likely(client.industry, client.country, client.subdivision)
    told = [each for key in known if key not in {one.key for one in likely} and (each := facts.regulations.find(key))]
    for each in (*likely, *told):
        answer = known.get(each.key)
        before = f"{plain(answer.answer)}, {day_words(answer.asked_on)}" if answer else "not asked yet"
        state = why_not(each, facts.day)
        yield each.title + (f"\nIt {state}." if state else ""), each.protects, each.applies_to, before, _BOXES
