"""Marking a finding of a client as prepared for counsel, beside what the settings mark for everybody."""

from commands.arguments import Arguments
from commands.checks.counsel import PREPARED, sees_all
from commands.checks.facts import facts_of
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotAllowed, NotFound
from commands.grammar.words import command_line
from commands.history.versions import end_version, find_named, stamp
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.checks import RULES, Finding, check
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from storage.records import Client, CounselMark, Role
from storage.records.client import client_key

_SHOWN = 5
_FINDING = Parameter(
    "finding", "how the gap begins in the check, or the key of its rule", Kind.LONG_TEXT, positional=True, required=True
)


def mark(ctx: Context, args: Arguments) -> Reply:
    """From now on nobody below the role that the settings name sees it, nor that there is one."""
    client: Client = args.client
    _refuse_unseen(ctx)
    key, said = _found(ctx, client, args.finding)
    if any(each.finding == key for each in ctx.uow.counsel_marks.current(client.id)):
        raise Conflict(
            f"It is marked already: {said}", next_steps=(command_line("/engagement check marks", client.name),)
        )
    kept = ctx.uow.counsel_marks.record(CounselMark(client_id=client.id, finding=key, said_by=args.by, **stamp(ctx)))
    return Reply(
        f"{client.name}: the finding is marked as {PREPARED.lower()}.",
        fields=(Field("Asked for by", kept.said_by), Field("Seen by", f"{_role(ctx)} and higher")),
        lines=(
            said,
            "No paper, pack or digest has findings of the check. Whether it is privileged is for counsel to say.",
        ),
        next_steps=(command_line("/engagement check unmark", client.name, key),),
        data={"mark": kept.model_dump(mode="json")},
    )


def unmark(ctx: Context, args: Arguments) -> Reply:
    """It stays on record that it was marked."""
    client: Client = args.client
    _refuse_unseen(ctx)
    known = ctx.uow.counsel_marks.current(client.id)
    try:
        key = _found(ctx, client, args.finding)[0]
    except NotFound:  # what was marked may be mended meanwhile
        key = args.finding
    found = next((each for each in known if each.finding == key), None) or find_named(
        known, key, lambda one: one.finding
    )
    if found is None:
        raise NotFound(
            f'{client.name} has no finding "{args.finding}" that is marked.',
            next_steps=(command_line("/engagement check marks", client.name),),
        )
    for each in known:  # of merged clients both may have marked it
        if each.finding == found.finding:
            end_version(ctx, ctx.uow.counsel_marks, each)
    return Reply(f"{client.name}: it is no longer marked. That it was stays in the history.")


def list_marks(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    _refuse_unseen(ctx)
    known = ctx.uow.counsel_marks.current(client.id)
    reasons = {each.id: each.reason for each in check(facts_of(ctx, client))}
    titles = {each.key: each.title for each in RULES}
    rows = tuple(
        (
            reasons.get(each.finding) or titles.get(each.finding) or "not found any more", each.finding, each.said_by,
            str(ctx.day_of(each.recorded_at, client)),
        )
        for each in known
    )  # fmt: skip
    marks = ctx.policy.counsel_findings if ctx.policy is not None else ()
    return Reply(
        f"{client.name}: {counted(len(known), 'mark')} of findings for counsel.",
        lines=(f"For every client, by the settings: {', '.join(marks)}.",) if marks else (),
        table=Table(("Gap", "Finding", "Asked for by", "Marked on"), rows) if rows else None,
        groups=(Group("", tuple(_entry(client, *row) for row in rows)),) if rows else (),
        next_steps=() if rows else (command_line("/engagement check mark", client.name, BLANK, by=BLANK),),
        data={"marks": [each.model_dump(mode="json") for each in known], "settings": list(marks)},
    )


def _entry(client: Client, gap: str, key: str, by: str, day: str) -> Item:
    back = Choice("Take a mark back", command_line("check unmark", client.name, key), opens_form=True)
    return Item(gap, f"Asked for by {by}; marked on {day}.", (back,))


def _found(ctx: Context, client: Client, text: str) -> tuple[str, str]:
    """What is kept of it, and its words: one finding, or a rule and so all that it finds. Raises NotFound."""
    rule = next((each for each in RULES if each.key == text.strip()), None)
    if rule is not None:
        return rule.key, f"whatever fails: {rule.title}"
    findings = check(facts_of(ctx, client))
    exact = [each for each in findings if text in (each.id, each.reason)]
    typed = client_key(text)
    started = [each for each in findings if typed and client_key(each.reason).startswith(typed)]
    found: list[Finding] = exact or started
    if len(found) == 1:
        return found[0].id, found[0].reason
    shown = "; ".join(each.reason for each in (found or findings)[:_SHOWN])
    several = "More than one finding begins so" if found else f'No finding begins with "{text}"'
    raise NotFound(
        f"{several}. There is: {shown or 'none'}.", next_steps=(command_line("/engagement check", client.name),)
    )


def _role(ctx: Context) -> str:
    return ctx.policy.counsel_role.value if ctx.policy is not None else Role.MANAGER.value


def _refuse_unseen(ctx: Context) -> None:
    """Raises NotAllowed for whoever would not see what is marked."""
    if not sees_all(ctx):
        raise NotAllowed(f"What is prepared for counsel is for the role {_role(ctx)}.")


COMMANDS = (
    Command(
        "check", "mark", mark, Role.MANAGER, "Mark a finding as prepared for counsel: others no longer see it",
        parameters=(CLIENT, _FINDING, Parameter("by", "who asked for it, such as counsel, by name", required=True)),
        example='/engagement check mark calder "The insurer demands" by:"Ines Vogel, counsel"',
    ),
    Command(
        "check", "unmark", unmark, Role.MANAGER, "Take the mark of a finding back", parameters=(CLIENT, _FINDING),
        example='/engagement check unmark calder "The insurer demands"',
    ),
    Command(
        "check", "marks", list_marks, Role.MANAGER, "Findings of a client that are prepared for counsel", changes=False,
        parameters=(CLIENT,), example="/engagement check marks calder",
    ),
)  # fmt: skip
