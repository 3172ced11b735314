"""Findings that are prepared for counsel: who may see them, and how they are told apart."""

from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase

from commands.command import Context
from commands.rules.checks import RULES, Finding
from storage.records import Client

PREPARED = "Prepared for counsel"


def unknown_marks(marks: Iterable[str]) -> tuple[str, ...]:
    """Those marks that name no rule of the check, and so would hide nothing."""
    rules = {mark: mark.partition("|")[0] for mark in marks}
    return tuple(mark for mark, rule in rules.items() if not any(fnmatchcase(known.key, rule) for known in RULES))


def for_counsel(ctx: Context, client: Client | None, ids: Iterable[str]) -> frozenset[str]:
    """Those that are marked, by the settings or at the client: an id is `rule|subject`.

    A mark is one, or the key of a rule; a mark of the settings may have * in it.
    """
    marks = ctx.policy.counsel_findings if ctx.policy is not None else ()
    kept = {each.finding for each in ctx.uow.counsel_marks.current(client.id)} if client is not None else set()
    return frozenset(each for each in ids if _is_marked(each, marks, kept))


def _is_marked(finding_id: str, marks: Iterable[str], kept: Collection[str]) -> bool:
    rule = finding_id.partition("|")[0]
    if rule in kept or finding_id in kept:
        return True
    return any(fnmatchcase(rule, mark) or fnmatchcase(finding_id.casefold(), mark.casefold()) for mark in marks)


def sees_all(ctx: Context) -> bool:
    """Whether the actor may see what is prepared for counsel."""
    return ctx.policy is None or ctx.actor.role.may_act_as(ctx.policy.counsel_role)


def has_findings(action: str) -> bool:
    """Whether an entry of the audit log, made by that command, keeps findings in its details."""
    return action.split(" ", maxsplit=1)[0] == "check"


def seen(ctx: Context, findings: Sequence[Finding], client: Client | None = None) -> tuple[Finding, ...]:
    """Those that the actor may see. Of the others nothing is said, not even how many there are."""
    kept = set(seen_ids(ctx, [each.id for each in findings], client))
    return tuple(each for each in findings if each.id in kept)


def seen_ids(ctx: Context, ids: Sequence[str], client: Client | None) -> tuple[str, ...]:
    """The same by their ids."""
    if sees_all(ctx):
        return tuple(ids)
    marked = for_counsel(ctx, client, ids)
    return tuple(each for each in ids if each not in marked)
