"""The records that papers are written from, read once: of one client, as of one day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from commands.command import Context
from commands.errors import NotFound
from commands.history.endings import standing
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.reckoning import reckoning_of
from commands.rules.agreements.in_force import Force
from commands.rules.dates.format import format_date
from commands.rules.matrix.row_basis import signed_on
from commands.rules.scope.precedence import Source, carriers, source_of
from storage.catalog.frameworks import Frameworks
from storage.catalog.regulations import Catalogue
from storage.records import (
    CONSOLE,
    AccessGrant,
    Adoption,
    Agreement,
    AgreementKind,
    Client,
    ClientContract,
    CopyOf,
    DeclinedRecommendation,
    Disclosure,
    InsuranceRequirement,
    KeyTopic,
    Obligation,
    Questionnaire,
    Responsibility,
    ScopeQuestion,
    Signature,
    TopicCoverage,
    Walkthrough,
)

_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>|\b([UW][A-Z0-9]{6,30})\b")
UNNAMED = "[the provider's name is not recorded]"
DRAFT = "draft, not signed"


@dataclass(frozen=True)  # without slots, which a cached property has no room in
class PaperFacts:
    """`papers` are all the client's agreements by id, `chosen` those that the paper is about, `day` is its as-of day.
    `beside`: the rows of its other papers, which may say what those of the chosen ones are about. `forces`: whether
    each of its papers applies on the day, with the amendments and decisions on record.

    What is versioned is what we know now, as far as it applied on the day.
    """

    client: Client
    provider: str | None
    day: date
    papers: Mapping[int, Agreement]
    chosen: tuple[Agreement, ...]
    rows: tuple[Responsibility, ...]
    topics: tuple[TopicCoverage, ...]
    adoptions: tuple[Adoption, ...]
    disclosures: tuple[Disclosure, ...]
    questionnaires: tuple[Questionnaire, ...]
    insurance: tuple[InsuranceRequirement, ...]
    access: tuple[AccessGrant, ...]
    walkthroughs: tuple[Walkthrough, ...]
    names: Mapping[str, str]
    regulations: Catalogue
    families: Frameworks
    signed_copies: frozenset[str] = frozenset()
    signatures: tuple[Signature, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    contracts: tuple[ClientContract, ...] = ()
    declined: tuple[DeclinedRecommendation, ...] = ()
    settled: tuple[ScopeQuestion, ...] = ()
    beside: tuple[Responsibility, ...] = ()
    forces: Mapping[int, Force] = field(default_factory=dict)

    def source(self, row: Responsibility) -> Source:
        """The row with its paper, and the paper that carries it, by what was signed on the day."""
        return source_of(row, self.papers, self._carrying)

    @cached_property
    def _carrying(self) -> frozenset[int]:
        return carriers(self.papers, self.forces, self.is_signed)

    @property
    def provider_name(self) -> str:
        return self.provider or UNNAMED

    @property
    def references(self) -> str:
        return ", ".join(each.reference for each in self.chosen) or "no agreement on record"

    @property
    def draft(self) -> str:
        """What stands across the paper until both signatures of every agreement it is about are recorded."""
        return "" if all(self.is_signed(each) for each in self.chosen) else DRAFT

    def is_signed(self, agreement: Agreement) -> bool:
        """Whether both signatures are recorded, by the day of the paper."""
        day = signed_on(agreement)
        return day is not None and day <= self.day

    def reference(self, agreement_id: int | None) -> str:
        found = self.papers.get(agreement_id or 0)
        return found.reference if found else ""

    def under(self, agreement: Agreement) -> tuple[Agreement, ...]:
        """The signed papers that belong to it, directly or by others, and have not ended on the day."""
        ids = {agreement.id}
        for _ in self.papers:
            ids |= {each.id for each in self.papers.values() if each.parent_id in ids}
        return tuple(
            each
            for each in self.papers.values()
            if each.id in ids - {agreement.id} and self.is_signed(each) and self.forces.get(each.id) is not Force.ENDED
        )

    def person(self, user: str | None, unknown: str = "nobody named") -> str:
        """Somebody by name, as far as it is known; a text about somebody as it is."""
        if not user:
            return unknown
        if user == CONSOLE:
            return "not named (recorded on the command line)"
        return _MENTION.sub(lambda found: self.names.get(found[1] or found[2], found[1] or found[2]), user)

    def on_by(self, day: date | datetime | None, user: str | None) -> str:
        """The day, and who, where that is somebody: what was typed on the command line names nobody."""
        return day_words(day) if not user or user == CONSOLE else f"{day_words(day)}, by {self.person(user)}"


def read_facts(
    ctx: Context, client: Client, agreement: Agreement | None, day: date, *, needs_agreement: bool = True
) -> PaperFacts:
    """Raises NotFound for a client without any agreement, where the paper needs one: there is nothing to print."""
    papers = {each.id: each for each in ctx.uow.agreements.of_client(client.id)}
    if not papers and needs_agreement:
        raise NotFound(
            f"{client.name} has no agreement on record, so there is nothing to put on paper.",
            next_steps=("/engagement help agreement add",),
        )
    reckoning = reckoning_of(ctx.uow, client)
    forces = {paper.id: reckoning.force(paper, day) for paper in papers.values()}
    standing_papers = tuple(paper for paper in papers.values() if forces[paper.id] is not Force.ENDED)
    chosen = (agreement,) if agreement else standing_papers
    if not chosen and needs_agreement:
        raise NotFound(
            f"No agreement of {client.name} stands on {format_date(day)}. Name one to print it all the same: "
            + ", ".join(each.reference for each in papers.values())
        )
    ids = {each.id for each in chosen}
    uow = ctx.uow
    rows = uow.responsibilities.current(client.id)
    return PaperFacts(
        client=client,
        provider=ctx.policy.company if ctx.policy else None,
        day=day,
        papers=papers,
        chosen=tuple(chosen),
        rows=tuple(row for row in rows if row.agreement_id in ids),
        beside=tuple(row for row in rows if row.agreement_id not in ids),
        forces=forces,
        topics=tuple(uow.topics.current(client.id)),
        adoptions=tuple(
            each
            for each in standing(uow.adoptions.current(client.id), day)
            if each.adopted_on <= day and each.agreement_id in (None, *ids)
        ),
        disclosures=tuple(
            each
            for each in uow.disclosures.current(client.id)
            if each.effective_from <= day and (each.effective_to is None or day <= each.effective_to)
        ),
        questionnaires=tuple(each for each in uow.questionnaires.current(client.id) if each.asked_on <= day),
        insurance=tuple(each for each in standing(uow.insurance.current(client.id), day) if each.asked_on <= day),
        access=tuple(
            each
            for each in uow.access.current(client.id)
            if each.granted_on <= day and (each.revoked_on is None or day < each.revoked_on)
        ),
        walkthroughs=tuple(
            each for each in uow.walkthroughs.of_client(client.id) if each.agreement_id in ids and each.held_on <= day
        ),
        names={each.user: each.name for each in uow.people.list() if each.name},
        regulations=known_regulations(uow),
        families=known_frameworks(uow),
        signed_copies=frozenset(
            each.subject
            for each in uow.attachments.of_client(client.id)
            if each.kind is CopyOf.DECLINATION and each.subject and ctx.day_of(each.added_at, client) <= day
        ),
        signatures=tuple(
            each for each in uow.signatures.current(client.id) if each.agreement_id in ids and each.signed_on <= day
        ),
        obligations=tuple(
            each
            for each in standing(uow.obligations.current(client.id), day)
            if each.since <= day
            and each.agreement_id in (None, *ids)
            and (each.waived_on is None or day < each.waived_on)
        ),
        contracts=tuple(
            each
            for each in standing(uow.contracts.current(client.id), day)
            if each.told_on <= day
            and (each.starts_on is None or each.starts_on <= day)
            and (each.ends_on is None or day <= each.ends_on)
        ),
        declined=tuple(
            each
            for each in uow.recommendations.current(client.id)
            if each.declined_on <= day and (each.accepted_on is None or day < each.accepted_on)
        ),
        settled=tuple(
            each
            for each in uow.questions.settled_without_row(client.id)
            if each.settled_at is not None and ctx.day_of(each.settled_at, client) <= day
        ),
    )


KIND_WORDS = {
    AgreementKind.MSA: "master services agreement",
    AgreementKind.SOW: "statement of work",
    AgreementKind.BAA: "business associate agreement",
    AgreementKind.DPA: "data processing agreement",
    AgreementKind.NDA: "non-disclosure agreement",
}
TOPIC_WORDS = {
    KeyTopic.CUSTOMER_OBLIGATIONS: "Your obligations",
    KeyTopic.MSP_OBLIGATIONS: "Our obligations",
    KeyTopic.DISCLAIMER_OF_WARRANTIES: "Disclaimer of warranties",
    KeyTopic.LIMITATION_OF_LIABILITY: "Limitation of liability",
    KeyTopic.ASSUMPTION_OF_RISK: "Assumption of risk",
    KeyTopic.STANDARD_OF_CARE: "Standard of care",
    KeyTopic.REGULATORY_RESPONSIBILITY: "Responsibility for regulations",
    KeyTopic.ACCESS_SCOPE: "Scope of our access",
}


def day_words(day: date | datetime | None, missing: str = "not recorded") -> str:
    return format_date(day) if day else missing
