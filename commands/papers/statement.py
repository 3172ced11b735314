"""The responsibility statement: who does what, by which clause, and what it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commands.papers.blocks import about, closing, empty_paper, paragraphs, rests_on, signatures
from commands.papers.content import Column, PaperContent, Section
from commands.papers.facts import TOPIC_WORDS, PaperFacts, day_words
from commands.rules.agreements.topic_state import topic_state
from commands.rules.conduct.obligations import ObligationState, state_of, urgency, why_unmet
from commands.rules.scope.precedence import Source
from commands.rules.scope.replaced import Replacement, disagreement, replacements
from commands.rules.scope.row_status import AGREED, OVER, row_status
from commands.rules.scope.topics import group_topics
from commands.rules.text.phrases import names_paper, plain
from storage.records import (
    Agreement,
    DisclosureAnswer,
    KeyTopic,
    Obligation,
    PaperKind,
    Party,
    Responsibility,
    TopicCoverage,
    TopicState,
)

NO_CLAUSE = "no clause recorded"
FIVE = tuple(KeyTopic)[:5]
_CATEGORY, _ITEM, _CLAUSE = Column("category", "Category", 3), Column("item", "What", 6), Column("clause", "Clause", 3)
_INITIALS = "________"
SINGLE = (_CATEGORY, _ITEM, _CLAUSE)
SHARED = (
    Column("category", "Category", 2), Column("item", "What", 3), Column("ours", "We do", 4),
    Column("yours", "You do", 4), Column("clause", "Clause", 2),
)  # fmt: skip
THIRD = (_CATEGORY, Column("item", "What", 5), Column("who", "Who does it", 4), _CLAUSE)
LATER = (Column("item", "What", 4), Column("party", "Whose", 4), Column("state", "State", 4), _CLAUSE)
TOPICS = (
    Column("topic", "Topic", 4), Column("clause", "Clause", 4), Column("state", "In the agreement", 3),
    Column("initials", "Client's initials", 3),
)  # fmt: skip
CARE = (Column("framework", "Framework", 5), Column("edition", "Version", 2), Column("clause", "Clause", 3),
        Column("since", "Since", 3))  # fmt: skip
REGULATIONS = (Column("regulation", "Regulation", 5), Column("answer", "You said", 3), Column("asked", "Asked", 3),
               Column("attested", "Attested by", 4))  # fmt: skip
INSURANCE = (Column("control", "Requirement", 5), Column("demanded", "Demanded by", 3),
             Column("implemented", "Done by", 2), Column("attested", "Attested by", 3))  # fmt: skip
DECLINED = (Column("what", "What", 5), Column("on", "Declined on", 3), Column("by", "Declined by", 3), _CLAUSE)
ACCESS = (Column("system", "System", 3), Column("level", "Access", 2), Column("limit", "Limit", 5),
          Column("basis", "Basis", 3))  # fmt: skip


def statement(facts: PaperFacts, texts: dict[str, str]) -> PaperContent:
    """`texts` are the passages of the template by the names of their sections."""
    found = about_items(facts)
    now = counting_rows(facts, found)
    counting = {row.id for row in now}
    apart = _apart(found)
    later = [row for row in standing_rows(facts) if row.id not in counting]
    by_party = {party: [row for row in now if row.party is party] for party in Party}

    def section(name: str, title: str, columns: tuple[Column, ...], rows: Iterator[tuple[str, ...]],
                missing: str) -> Section:  # fmt: skip
        return Section(name, title, paragraphs(texts, name), columns, tuple(rows), missing)

    sections = (
        about(facts, texts),
        rests_on(facts, texts, amending(facts, found)),
        section("ours", "What we do", SINGLE, _single(facts, by_party[Party.MSP], "msp_part"), "No row is recorded."),
        section("yours", "What you do", SINGLE, _single(facts, by_party[Party.CLIENT], "client_part"),
                "No row is recorded."),
        section("both", "What we both do", SHARED, _shared(facts, by_party[Party.SHARED]), "No row is recorded."),
        section("third", "What a third party does", THIRD, _third(facts, by_party[Party.THIRD_PARTY]),
                "No row is recorded."),
        section("out", "What is out of scope", SINGLE, _single(facts, by_party[Party.OUT_OF_SCOPE], None),
                "No row is recorded."),
        Section("later", "Proposed, not yet in force, replaced, or not clear", (), LATER,
                tuple(_later(facts, later, apart))),
        section("topics", "Key topics, to be initialled", TOPICS, _topics(facts), ""),
        section("care", "Standard of care", CARE, _care(facts), "No framework is recorded as the standard of care."),
        section("regulations", "Regulations that you disclosed", REGULATIONS, _regulations(facts),
                _never_asked(facts)),
        section("insurance", "Insurance and contractual requirements", INSURANCE, _insurance(facts),
                "No requirement of an insurer or a contract is recorded."),
        section("access", "Our access and its limits", ACCESS, _access(facts), "No access is recorded."),
        Section("declined", "What we recommended and you declined", (), DECLINED, tuple(_declined(facts))),
        Section("hold", "What you must do for this to hold", paragraphs(texts, "hold"), is_list=True,
                columns=(Column("label", "What"), Column("value", "By")), rows=tuple(_hold(facts)),
                missing="Nothing beyond what this statement lists as yours is recorded."),
        closing(texts),
    )  # fmt: skip
    return replace(
        empty_paper(facts, PaperKind.STATEMENT, "Responsibility statement"),
        draft=facts.draft,
        sections=sections,
        signatures=signatures(facts),
    )


def standing_rows(facts: PaperFacts) -> list[Responsibility]:
    """The rows that have not ended by the day of the paper, agreed or not."""
    return [row for row in facts.rows if row_status(facts.source(row), facts.day, facts.forces) not in OVER]


@dataclass(frozen=True, slots=True)
class AboutItem:
    """The standing rows about one item, each with why it is pending ("" where it is not); `clear` are those that are
    not, `replaced` says by what some of them are replaced, and `disagreement` how they contradict each other.
    """

    pending: tuple[tuple[Source, str], ...]
    clear: tuple[Source, ...]
    replaced: Mapping[int, Replacement]
    disagreement: str


def about_items(facts: PaperFacts) -> list[AboutItem]:
    """The standing rows by what they are about; with those of other signed paper, unless the paper is a draft."""
    rows = [*standing_rows(facts), *([] if facts.draft else _signed_beside(facts))]
    found = []
    for topic in group_topics(map(facts.source, rows)):
        pending = tuple((each, _why_pending(facts, each)) for each in topic.sources)
        clear = tuple(each for each, why in pending if not why)
        replaced = replacements(clear, facts.papers, facts.forces)
        found.append(AboutItem(pending, clear, replaced, disagreement(clear, facts.forces)))
    return found


def counting_rows(facts: PaperFacts, found: Sequence[AboutItem]) -> list[Responsibility]:
    """The standing rows that say who does what on the day, or once the draft that the paper is about is signed."""
    apart = _apart(found)
    return [*(row for row in standing_rows(facts) if not apart[row.id]), *_amended(facts, found)]


def _amended(facts: PaperFacts, found: Sequence[AboutItem]) -> list[Responsibility]:
    """The rows of amendments beside the chosen papers, that replaced rows of those."""
    mine, rows = {row.id for row in facts.rows}, dict[int, Responsibility]()
    for about_it in found:
        for id, each in about_it.replaced.items():
            if id in mine and each.is_amendment and each.by.row.id not in mine:
                rows[each.by.row.id] = each.by.row
    return list(rows.values())


def _apart(found: Sequence[AboutItem]) -> dict[int, str]:
    """Why each of the standing rows does not count on the day, by its id; empty where it does."""
    reasons: dict[int, str] = {}
    for about_it in found:
        for each, pending in about_it.pending:
            by = about_it.replaced.get(each.row.id)
            reasons[each.row.id] = pending or (by.in_words if by is not None else about_it.disagreement)
    return reasons


def disagreements(found: Sequence[AboutItem]) -> dict[int, str]:
    """How the papers contradict each other about a row, by its id: of those about which they do."""
    return {each.row.id: one.disagreement for one in found if one.disagreement for each in one.clear}


def _signed_beside(facts: PaperFacts) -> list[Responsibility]:
    """The rows of the client's other papers that are agreed and in force on the day."""
    return [
        row
        for row in facts.beside
        if facts.is_signed(facts.papers[row.agreement_id])
        and row_status(facts.source(row), facts.day, facts.forces) in AGREED
    ]


def amending(facts: PaperFacts, found: Sequence[AboutItem]) -> list[Agreement]:
    """The signed papers beside the chosen ones that carry rows of those, or say what those are about."""
    ids = {each.id for each in facts.chosen}
    papers: dict[int, Agreement] = {}
    for about_it in found:
        if any(each.agreement.id in ids for each in about_it.clear):
            named = (
                *(each.by.paper for each in about_it.replaced.values()),
                *(each.carrier for each in about_it.clear),
            )
            papers |= {each.id: each for each in named if each is not None and each.id not in ids}
    return list(papers.values())


def _why_pending(facts: PaperFacts, source: Source) -> str:
    paper = source.agreement
    if source.is_proposed and facts.is_signed(paper):
        return "proposed, not agreed"
    if not facts.is_signed(paper) and any(facts.is_signed(each) for each in facts.chosen):
        return f"{paper.reference} is not signed by both sides"
    starts = source.first_day
    first = min((each.effective_on or facts.day for each in facts.chosen), default=facts.day)
    return f"applies from {day_words(starts)}" if starts and starts > max(facts.day, first) else ""


def clause(facts: PaperFacts, row: Responsibility) -> str:
    """The clause; with its paper where the paper is about several, unless the clause names one itself."""
    if not row.clause:
        return f"{facts.reference(row.agreement_id)}: {NO_CLAUSE}" if len(facts.chosen) > 1 else NO_CLAUSE
    carrier = facts.source(row).carrier
    is_named = any(names_paper(row.clause, each.reference) for each in facts.papers.values())
    is_of_the_only_one = len(facts.chosen) <= 1 and all(row.agreement_id == each.id for each in facts.chosen)
    if is_named or (carrier is None and is_of_the_only_one):
        return row.clause
    return f"{carrier.reference if carrier else facts.reference(row.agreement_id)} {row.clause}"


def _what(row: Responsibility, *more: str | None) -> str:
    return "\n".join(filter(None, (row.item, *more, row.notes)))


def _single(facts: PaperFacts, rows: list[Responsibility], part: str | None) -> Iterator[tuple[str, ...]]:
    for row in _by_category(rows):
        yield row.category or "", _what(row, getattr(row, part) if part else None), clause(facts, row)


def _shared(facts: PaperFacts, rows: list[Responsibility]) -> Iterator[tuple[str, ...]]:
    for row in _by_category(rows):
        ours, yours = row.msp_part or "our part is not recorded", row.client_part or "your part is not recorded"
        yield row.category or "", _what(row), ours, yours, clause(facts, row)


def _third(facts: PaperFacts, rows: list[Responsibility]) -> Iterator[tuple[str, ...]]:
    for row in _by_category(rows):
        yield row.category or "", _what(row), row.third_party or "not recorded who", clause(facts, row)


def _by_category(rows: list[Responsibility]) -> list[Responsibility]:
    """By category, in the order in which the paper brings them first."""
    order = {category: place for place, category in reversed(list(enumerate(row.category for row in rows)))}
    return sorted(rows, key=lambda row: (order[row.category], row.position, row.id))


def _later(facts: PaperFacts, rows: list[Responsibility], apart: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    for row in _by_category(rows):
        yield row.item, in_words(row), apart[row.id], clause(facts, row)


def in_words(row: Responsibility) -> str:
    """Whose it is, with the parts of each side or who the third party is, and its notes."""
    said = [whose(row.party).capitalize()]
    if row.party is Party.SHARED:
        said += [f"We: {row.msp_part or 'not recorded'}", f"You: {row.client_part or 'not recorded'}"]
    elif row.party is Party.THIRD_PARTY:
        said.append(row.third_party or "not recorded who")
    else:
        said.append({Party.MSP: row.msp_part, Party.CLIENT: row.client_part}.get(row.party) or "")
    return "\n".join(filter(None, (*said, row.notes)))


def whose(party: Party) -> str:
    return {Party.MSP: "ours", Party.CLIENT: "yours", Party.SHARED: "both", Party.THIRD_PARTY: "a third party",
            Party.OUT_OF_SCOPE: "out of scope"}[party]  # fmt: skip


def looked_at(facts: PaperFacts, topic: KeyTopic) -> TopicCoverage | None:
    """What is recorded about the topic, of the agreements or of those they belong to.

    The nearest one in which it is present; where it is in none, the nearest in which somebody looked for it.
    """
    known = list(_looked_at(facts, topic))
    return next((each for each in known if each.state is TopicState.PRESENT), known[0] if known else None)


def _looked_at(facts: PaperFacts, topic: KeyTopic) -> Iterator[TopicCoverage]:
    for paper in facts.chosen:
        at: int | None = paper.id
        seen: set[int] = set()
        while at is not None and at not in seen:
            seen.add(at)
            found = next((each for each in facts.topics if each.agreement_id == at and each.topic is topic), None)
            if found is not None:
                yield found
            parent = facts.papers.get(at)
            at = parent.parent_id if parent else None


def _topics(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for topic in KeyTopic:
        found = looked_at(facts, topic)
        if found is None and topic not in FIVE:
            continue
        state = topic_state(found)
        where = (found.clause if found else None) or NO_CLAUSE
        if found and found.state is TopicState.MISSING:
            where = f"{facts.reference(found.agreement_id)} says nothing about it"
        initials = f"recorded: {day_words(found.initialled_on)}" if found and found.initialled_on else _INITIALS
        yield TOPIC_WORDS[topic], where, state, initials


def _care(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for each in facts.adoptions:
        yield facts.families.title_of(each.family), each.edition, each.clause or NO_CLAUSE, day_words(each.adopted_on)


def _regulations(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    said = {
        DisclosureAnswer.APPLIES: "applies", DisclosureAnswer.DOES_NOT_APPLY: "does not apply",
        DisclosureAnswer.UNKNOWN: "you do not know", DisclosureAnswer.DECLINED: "you declined to say",
    }  # fmt: skip
    order = list(DisclosureAnswer)
    for each in sorted(facts.disclosures, key=lambda each: (order.index(each.answer), each.regulation)):
        scope = f"\n{each.scope}" if each.scope else ""
        asked = facts.on_by(each.asked_on, each.asked_by)
        yield (
            facts.regulations.title_of(each.regulation) + scope, said[each.answer], asked,
            each.attested_by or "nobody named",
        )  # fmt: skip


def _never_asked(facts: PaperFacts) -> str:
    if facts.questionnaires:
        return f"No regulation is recorded. You were asked on {day_words(facts.questionnaires[-1].asked_on)}."
    return "No regulation is recorded, and nobody is recorded as having asked."


def _insurance(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for each in facts.insurance:
        by = ", ".join(filter(None, (each.insurer, each.policy))) or "nobody named"
        done = whose(each.implemented_by) if each.implemented_by else "nobody named"
        yield each.control, by, done, each.attested_by or "nobody named"
    for contract in facts.contracts:
        of = ", ".join(filter(None, (contract.counterparty, contract.reference)))
        told = f"{contract.told_by or 'nobody named'}, {day_words(contract.told_on)}"
        for demand in contract.demands:
            yield demand, of, "nobody named", told
        if contract.notice_hours is not None:
            yield f"To hear of an incident within {contract.notice_hours} hours", of, "yours", told


def _access(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for each in facts.access:
        data = f"\nHolds: {each.data}" if each.data else ""
        yield each.system + data, plain(each.level), each.limit or "no limit recorded", each.basis or NO_CLAUSE


def _declined(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    for each in facts.declined:
        yield each.what, day_words(each.declined_on), each.declined_by or "nobody named", each.risk_clause or NO_CLAUSE


def _due(facts: PaperFacts, duty: Obligation) -> str:
    if state_of(duty, facts.day) is ObligationState.UNMET:
        return f"\nit {why_unmet(duty)}, and is not recorded as done"
    return f"\nnext by {day_words(duty.next_due_on)}" if duty.next_due_on else ""


def _hold(facts: PaperFacts) -> Iterator[tuple[str, ...]]:
    duties = looked_at(facts, KeyTopic.CUSTOMER_OBLIGATIONS)
    yield "Your obligations", (duties.clause if duties else None) or NO_CLAUSE
    for duty in sorted(facts.obligations, key=lambda each: urgency(each, facts.day)):
        rests = f"\n{duty.item} rests on it." if duty.item else ""
        often = f"\nevery {duty.cadence.in_words}" if duty.cadence else ""
        due = _due(facts, duty)
        yield duty.what, (duty.clause or NO_CLAUSE) + often + due + rests
    for each in facts.disclosures:
        if each.client_accepts_responsibility:
            title = facts.regulations.title_of(each.regulation)
            yield f"You answer for whether our services satisfy {title}", each.responsibility_clause or NO_CLAUSE
    open_answers = [each for each in facts.disclosures if each.answer in (DisclosureAnswer.UNKNOWN,)]
    if open_answers:
        titles = ", ".join(facts.regulations.title_of(each.regulation) for each in open_answers)
        yield "Tell us whether these apply to you", titles
