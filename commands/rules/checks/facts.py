"""What the engagement check looks at: everything on record about one client, as of one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from commands.rules.agreements.explanation import Explanation
from commands.rules.agreements.in_force import Force
from commands.rules.agreements.paper_need import PaperNeed
from commands.rules.agreements.standing import IN_FORCE, OVER, AgreementStanding, Standing
from storage.records.access import AccessGrant
from storage.records.agreement import Agreement, AgreementKind
from storage.records.client import Client
from storage.records.disclosure import Disclosure, DisclosureAnswer
from storage.records.framework import Adoption
from storage.records.insurance import InsuranceRequirement
from storage.records.obligation import ClientContract, Obligation
from storage.records.promise import Promise
from storage.records.question import ScopeQuestion
from storage.records.questionnaire import Questionnaire
from storage.records.recommendation import DeclinedRecommendation
from storage.records.responsibility import Responsibility
from storage.records.topic import TopicCoverage

SERVICE_KINDS = (
    AgreementKind.MSA,
    AgreementKind.SOW,
    AgreementKind.ORDER,
    AgreementKind.SERVICE_ATTACHMENT,
    AgreementKind.ENGAGEMENT_LETTER,
    AgreementKind.TERMS_OF_SERVICE,
)
WORK_KINDS = (AgreementKind.SOW, AgreementKind.ORDER, AgreementKind.SERVICE_ATTACHMENT)


@dataclass(frozen=True, slots=True)
class Paper:
    """One agreement. `rows` are those that apply today by their own dates; `is_settled`: what happens at the end of the
    current term is decided, in a way that takes effect. `notice_problem`: why a notice that was given does not count.
    `terms_changed`: how its linked terms changed since they were last looked at.
    """

    agreement: Agreement
    standing: Standing
    explained_on: date | None = None
    topics: tuple[TopicCoverage, ...] = ()
    rows: tuple[Responsibility, ...] = ()
    is_settled: bool = False
    notice_problem: str | None = None
    explanation: Explanation = field(default_factory=Explanation)
    terms_changed: str | None = None

    @property
    def reference(self) -> str:
        return self.agreement.reference

    @property
    def is_in_force(self) -> bool:
        """Executed, effective and not over."""
        return self.standing.status in IN_FORCE

    @property
    def is_over(self) -> bool:
        return self.standing.status in OVER

    @property
    def may_apply(self) -> bool:
        """Executed, and nothing says that it is over: in force, to come, or not to be told from what is recorded."""
        unclear = (AgreementStanding.UPCOMING, AgreementStanding.UNKNOWN)
        return self.agreement.is_signed and (self.is_in_force or self.standing.status in unclear)


@dataclass(frozen=True, slots=True)
class RegulationNote:
    """A regulation as the check needs it. `limits_access`: it protects data that we may come across in our work.

    `not_in_force`: why it binds nobody today, as it follows its name; None where it does.
    """

    key: str
    title: str
    needs: tuple[PaperNeed, ...] = ()
    limits_access: bool = False
    is_insurance: bool = False
    not_in_force: str | None = None
    in_force_from: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A standard of care: what was adopted, and the newest edition. `reference` names the agreement, if it is one."""

    adoption: Adoption
    title: str
    newest: str
    is_behind: bool
    reference: str | None = None
    rows: int = 0


@dataclass(frozen=True, slots=True)
class GrayArea:
    """An area that nobody wrote down. `assumed` says who is usually assumed to take care of it."""

    title: str
    assumed: str


@dataclass(frozen=True, slots=True)
class Placed:
    """The row in force that a text is surely about, and the reference of its paper."""

    row: Responsibility
    reference: str


@dataclass(frozen=True, slots=True)
class OpenClocks:
    """An incident that is not closed: how many of its clocks are open, how many have passed, and the next in words."""

    what: str
    number: int
    discovered_on: date
    count: int
    passed: int
    following: str | None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`client` is None for what concerns every client: promises made to everybody.

    `forces`: whether each of the papers applies today, by id; `carrying`: the ids of those that carry proposed rows.

    `disclosures` are the current answers, `regulations` what is known of each of them and of the `likely` ones, by key.
    `gray_areas` are those that the client's matrix does not answer. `readers` may see a restricted client. `people` are
    the Slack users who are named here; `absent`: why some of them cannot answer for anything any more.
    `general_promises` were made to everybody. `placed`: the row that a text is about; `declined`: the declined advice
    that an insurer's demand is about; both by the text, and only where it is sure. `reads_like`: the known promise that
    a promise or a summary reads like in which no pattern is found, by the text.
    """

    client: Client | None
    today: date
    papers: tuple[Paper, ...] = ()
    forces: Mapping[int, Force] = field(default_factory=dict)
    carrying: frozenset[int] = frozenset()
    disclosures: tuple[Disclosure, ...] = ()
    regulations: Mapping[str, RegulationNote] = field(default_factory=dict)
    likely: tuple[str, ...] = ()
    questionnaires: tuple[Questionnaire, ...] = ()
    requirements: tuple[InsuranceRequirement, ...] = ()
    grants: tuple[AccessGrant, ...] = ()
    promises: tuple[Promise, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    contracts: tuple[ClientContract, ...] = ()
    clocks: tuple[OpenClocks, ...] = ()
    recommendations: tuple[DeclinedRecommendation, ...] = ()
    measures: tuple[Measure, ...] = ()
    questions: tuple[ScopeQuestion, ...] = ()
    gray_areas: tuple[GrayArea, ...] = ()
    readers: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    general_promises: tuple[Promise, ...] = ()
    placed: Mapping[str, Placed] = field(default_factory=dict)
    declined: Mapping[str, DeclinedRecommendation] = field(default_factory=dict)
    reads_like: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """What a command about the client starts with; nothing for what concerns everybody."""
        return (self.client.name,) if self.client else ()

    @property
    def whose(self) -> str:
        return self.client.name if self.client else "everybody"

    def day_of(self, moment: datetime) -> date:
        """The calendar day of `moment` at the client; in UTC where its zone is not recorded."""
        return moment.astimezone((self.client.zone if self.client else None) or UTC).date()

    def title(self, regulation: str) -> str:
        note = self.regulations.get(regulation)
        return note.title if note else regulation

    def applying(self) -> tuple[Disclosure, ...]:
        """The regulations that the client said apply."""
        return tuple(each for each in self.disclosures if each.answer is DisclosureAnswer.APPLIES)
