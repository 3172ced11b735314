"""Findings that are prepared for counsel: who may see them, and how they are told apart."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from commands.command import Context
from commands.policy import Policy
from commands.rules.checks import RULES, Finding

PREPARED = "Prepared for counsel"


def unknown_marks(marks: Iterable[str]) -> tuple[str, ...]:
    """Those marks that name no rule of the check, and so would hide nothing."""
    rules = {mark: mark.partition("|")[0] for mark in marks}
    return tuple(mark for mark, rule in rules.items() if not any(fnmatchcase(known.key, rule) for known in RULES))


def is_for_counsel(policy: Policy | None, finding_id: str) -> bool:
    """Whether the workspace marked it: `finding_id` is `rule|subject`, and a mark is a rule or has * in it."""
    rule = finding_id.partition("|")[0]
    marks = policy.counsel_findings if policy is not None else ()
    return any(fnmatchcase(rule, mark) or fnmatchcase(finding_id.casefold(), mark.casefold()) for mark in marks)


def sees_all(ctx: Context) -> bool:
    """Whether the actor may see what is prepared for counsel."""
    return ctx.policy is None or ctx.actor.role.may_act_as(ctx.policy.counsel_role)


def seen(ctx: Context, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that the actor may see. Of the others nothing is said, not even how many there are."""
    if sees_all(ctx):
        return tuple(findings)
    return tuple(each for each in findings if not is_for_counsel(ctx.policy, each.id))


def seen_ids(ctx: Context, ids: Iterable[str]) -> tuple[str, ...]:
    """The same by their ids."""
    if sees_all(ctx):
        return tuple(ids)
    return tuple(each for each in ids if not is_for_counsel(ctx.policy, each))
