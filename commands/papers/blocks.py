"""Parts that several papers share: what it is, which agreements, signature blocks, the closing words."""

from collections.abc import Iterator, Sequence

from commands.papers.content import Column, PaperContent, Section, Signature
from commands.papers.facts import KIND_WORDS, PaperFacts, day_words
from commands.rules.agreements.signature import MANNER_WORDS
from commands.rules.text.phrases import plain
from storage.records import Agreement, PaperKind, Side

PAIR = (Column("label", "What", 2), Column("value", "Recorded", 5))
AGREEMENTS = (
    Column("reference", "Agreement", 3), Column("kind", "Kind", 3), Column("effective", "In effect from", 3),
    Column("ours", "We signed", 3), Column("yours", "You signed", 3),
)  # fmt: skip


def empty_paper(facts: PaperFacts, kind: PaperKind, title: str) -> PaperContent:
    """A paper between both sides as of the day, in which nothing is said yet."""
    return PaperContent(
        kind, title, facts.client.name, facts.provider_name, facts.references, facts.day, draft="", sections=()
    )


def paragraphs(texts: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, texts.get(name, "").split("\n\n")))


def about(facts: PaperFacts, texts: dict[str, str], *more: tuple[str, str]) -> Section:
    """Who the paper is between and as of which day, with `more` rows."""
    rows = (
        ("You, the client", facts.client.name),
        ("We, the provider", facts.provider_name),
        ("As of", day_words(facts.day)),
        *more,
    )
    return Section("about", "What this paper is", paragraphs(texts, "about"), PAIR, rows, is_list=True)


def rests_on(facts: PaperFacts, texts: dict[str, str], more: Sequence[Agreement] = ()) -> Section:
    """`more`: papers beside the chosen ones."""
    return Section(
        "rests_on", "The agreements it rests on", paragraphs(texts, "rests_on"), AGREEMENTS,
        tuple(_agreements(facts, (*facts.chosen, *more))),
    )  # fmt: skip


def _agreements(facts: PaperFacts, papers: Sequence[Agreement]) -> Iterator[tuple[str, ...]]:
    for each in papers:
        title = f"\n{each.title}" if each.title else ""
        yield (
            each.reference + title, KIND_WORDS.get(each.kind, plain(each.kind)), day_words(each.effective_on),
            _signed(facts, each, Side.MSP), _signed(facts, each, Side.CLIENT),
        )  # fmt: skip


def _signed(facts: PaperFacts, agreement: Agreement, side: Side) -> str:
    """The day, and who signed in what manner, as far as that is recorded."""
    day = agreement.client_signed_on if side is Side.CLIENT else agreement.msp_signed_on
    found = [each for each in facts.signatures if each.agreement_id == agreement.id and each.side is side]
    if not found:
        return day_words(day, "not signed")
    one = found[-1]
    how = MANNER_WORDS[one.manner] if one.manner else ""
    who = ", ".join(filter(None, (one.signer, one.title)))
    return "\n".join(filter(None, (day_words(one.signed_on), who, how)))


def closing(texts: dict[str, str]) -> Section:
    return Section("nature", "What this paper is not", paragraphs(texts, "nature"))


def signatures(facts: PaperFacts) -> tuple[Signature, ...]:
    """Both sides: what is recorded as signed, and lines to sign on."""
    one = facts.chosen[0] if len(facts.chosen) == 1 else None
    signed = one if one is not None and facts.is_signed(one) else None
    ours = f"recorded: {one.reference} signed on {day_words(one.msp_signed_on)}" if signed and one else ""
    yours = f"recorded: {one.reference} signed on {day_words(one.client_signed_on)}" if signed and one else ""
    return (
        _block(f"For the provider, {facts.provider_name}", "", ours),
        _block(f"For the client, {facts.client.name}", (one.client_signer or "") if one else "", yours),
    )


def blank_signatures(*sides: str) -> tuple[Signature, ...]:
    """Blocks to sign this very paper on."""
    return tuple(_block(side, "", "") for side in sides)


def _block(side: str, signer: str, recorded: str) -> Signature:
    lines = (("Signature", ""), ("Name and title", signer), ("Date", ""), ("In our records", recorded))
    return Signature(side, tuple((label, value) for label, value in lines if label != "In our records" or value))
