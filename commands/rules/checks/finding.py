"""What a rule of the engagement check is, and what it finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from commands.rules.checks.facts import Facts


class Severity(StrEnum):
    """Worst first. CRITICAL: nothing protects us; HIGH: it will be held against us; MEDIUM: a gap; LOW: tidy up."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Mend:
    """The command that mends a finding: its name, what is typed after it, and its options by parameter name.

    It names what is on record and what is missing. Whatever it would record (a date, a person, a party, an answer, a
    wording) is a BLANK: pasted as it stands it is refused.
    """

    command: str
    values: tuple[object, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says: `subject` tells it apart from others of the rule, `reason` is one sentence.

    `concerns` is the Slack user who answers for it, None leaves it to the client's owner. `severity` replaces the
    rule's.
    """

    subject: str
    reason: str
    mend: Mend
    evidence: str | None = None
    concerns: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`key` is stored with the results of a check: never change one that was published."""

    key: str
    severity: Severity
    find: Callable[[Facts], Iterable[Found]]

    @property
    def title(self) -> str:
        """What it looks for, in one line."""
        return (self.find.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one check; `id` is the same in the next check if it is found again."""

    rule: str
    severity: Severity
    subject: str
    reason: str
    mend: Mend
    evidence: str | None
    concerns: str | None

    @property
    def id(self) -> str:
        return f"{self.rule}|{self.subject}"


def rule(key: str, severity: Severity) -> Callable[[Callable[[Facts], Iterable[Found]]], Rule]:
    """Makes a rule of a function from facts to what it finds; its docstring says what it looks for."""

    def make(find: Callable[[Facts], Iterable[Found]]) -> Rule:
        return Rule(key, severity, find)

    return make
