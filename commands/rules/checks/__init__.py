"""The engagement check: small rules over the facts of one client, each of which says what is missing and what mends it.

Adding a rule takes a function with @rule in one of the files here, its name in that file's RULES, and its cases in
the table of tests/rules/test_checks.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commands.rules.checks import agreements, conduct, contradictions, matrix, regulations, topics
from commands.rules.checks.facts import Facts
from commands.rules.checks.finding import Finding, Found, Mend, Rule, Severity

__all__ = [
    "GENERAL_RULES",
    "RULES",
    "Changes",
    "Facts",
    "Finding",
    "Mend",
    "Rule",
    "Severity",
    "changes_since",
    "check",
]

RULES: tuple[Rule, ...] = (
    *agreements.RULES,
    *regulations.RULES,
    *matrix.RULES,
    *topics.RULES,
    *conduct.RULES,
    *contradictions.RULES,
)
# For what concerns every client.
GENERAL_RULES: tuple[Rule, ...] = conduct.PROMISE_RULES


@dataclass(frozen=True, slots=True)
class Changes:
    """Against the check before. `gone` are ids: what they were about may not be there any more."""

    new: tuple[Finding, ...]
    gone: tuple[str, ...]


def check(facts: Facts, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Everything the rules find, worst first, then in the order of the rules."""
    found = [_finding(rule, each) for rule in rules for each in rule.find(facts)]
    return tuple(sorted(found, key=lambda each: each.severity.rank))


def changes_since(before: Sequence[str], now: Sequence[Finding]) -> Changes:
    """What is new and what is gone, by the ids of an earlier check's findings."""
    known, current = set(before), {each.id for each in now}
    return Changes(tuple(each for each in now if each.id not in known), tuple(id for id in before if id not in current))


def _finding(rule: Rule, found: Found) -> Finding:
    return Finding(
        rule=rule.key,
        severity=found.severity or rule.severity,
        subject=found.subject,
        reason=found.reason,
        mend=found.mend,
        evidence=found.evidence or None,
        concerns=found.concerns,
    )
