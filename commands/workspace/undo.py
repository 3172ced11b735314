"""Taking back a mistake: one's own last command, or a draft. The audit log keeps the mistake and its correction."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotAllowed, NotFound
from commands.grammar.words import command_line
from commands.holds import refuse_held
from commands.reply import Field, Reply
from commands.rules.text.phrases import counted, plain
from commands.rules.text.placeholders import BLANK
from storage.records import AuditEntry, Client, Role, RoleAssignment

_WITHIN = timedelta(hours=1)
_MOST_ROWS = 3
_ONLY_ASKS = ("check", "scope ask", "scope rate", "setup")
_INSTEAD = {
    "client merge": command_line("/engagement client unmerge", BLANK),
}
_VERSIONED = {
    "access_grant": "access",
    "adoption": "adoptions",
    "declined_recommendation": "recommendations",
    "disclosure": "disclosures",
    "insurance_requirement": "insurance",
    "promise": "promises",
    "questionnaire": "questionnaires",
    "client_contract": "contracts",
    "clock_mark": "clock_marks",
    "counsel_mark": "counsel_marks",
    "obligation": "obligations",
    "own_framework": "own_frameworks",
    "own_regulation": "own_regulations",
    "signature": "signatures",
    "topic_coverage": "topics",
}
"""Where what is recorded as versions is kept, by the table that a change names."""

Change = Mapping[str, Any]


def undo(ctx: Context, args: Arguments) -> Reply:
    """All of it or nothing. Raises NotFound without such a command; Conflict where it cannot be taken back."""
    entry, details = _last(ctx)
    if details.get("told"):
        raise Conflict(
            f"{_title(entry)} cannot be taken back: messages about it were sent. Correct it instead.",
            next_steps=_instead(entry),
        )
    changes: Sequence[Change] = details.get("changes") or ()
    if not changes:
        raise Conflict(f"{_title(entry)} changed no record, so there is nothing to take back.")
    for change in reversed(changes):
        table = str(change["subject"]).partition(":")[0]
        reverse = _reverses().get(table)
        if table == "responsibility":
            raise Conflict(
                f"{_title(entry)} cannot be taken back: questions may have been answered by that row, and its history "
                "stays. Correct it instead.",
                next_steps=_rows_instead(ctx, entry, changes),
            )
        if reverse is None:
            raise Conflict(
                f"{_title(entry)} cannot be taken back: answers may rest on it, and its history stays. Correct it "
                "instead.",
                next_steps=_instead(entry) if table != "decision" else _decision_instead(ctx, change),
            )
        reverse(ctx, entry, change)
    typed = str(details.get("typed") or entry.action)
    return Reply(
        f"{_title(entry)} is taken back.",
        fields=(Field("It was", typed[:500]),),
        lines=("The audit log keeps the command and that it was taken back.",),
        data={"undone": entry.seq, "action": entry.action},
    )


def _last(ctx: Context) -> tuple[AuditEntry, dict[str, Any]]:
    """The actor's last command that changed a record, within the hour, and what is known of it."""
    for entry, text in ctx.uow.audit.done_by(ctx.actor.user, since=ctx.now - _WITHIN):
        if entry.action in _ONLY_ASKS:
            continue
        if entry.action == "undo":
            raise Conflict("Your last command was taken back already. Only the last one can be, and only once.")
        command = next((each for each in ctx.registry if each.name == entry.action), None)
        if command is None or not ctx.actor.role.may_act_as(command.role):
            raise NotAllowed(f"{_title(entry)} is not yours to take back any more: your role has changed.")
        if text is None:
            raise Conflict(f"{_title(entry)} cannot be taken back: what it changed was erased.")
        return entry, json.loads(text)
    raise NotFound(
        "You changed nothing in the last hour. An earlier record is corrected by the command that made it.",
        next_steps=("/engagement audit show",),
    )


def _reverses() -> Mapping[str, Callable[[Context, AuditEntry, Change], None]]:
    return {
        **dict.fromkeys(_VERSIONED, _undo_version),
        "agreement": _agreement,
        "client": _client,
        "role_assignment": _role,
        "walkthrough": _walkthrough,
    }


def _undo_version(ctx: Context, entry: AuditEntry, change: Change) -> None:
    """A version that was recorded is superseded; one that was superseded is recorded once more."""
    table, _, id = str(change["subject"]).partition(":")
    repository = getattr(ctx.uow, _VERSIONED[table])
    found = repository.find(int(id))
    if found is None:
        raise _changed_conflict(entry)
    if change["before"] is None:
        if found.superseded_at is not None:
            raise _changed_conflict(entry)
        repository.supersede(found, at=ctx.now, by=ctx.actor.user)
        return
    restored = found.changed(
        id=0, recorded_at=ctx.now, recorded_by=found.recorded_by, superseded_at=None, superseded_by=None
    )
    repository.record(restored)


def _agreement(ctx: Context, entry: AuditEntry, change: Change) -> None:
    agreement = ctx.uow.agreements.find(_id(change))
    if agreement is None or agreement.version != (change["after"] or {}).get("version", 0):
        raise _changed_conflict(entry)
    if change["before"] is None:
        _refuse_what_rests(ctx, agreement.id, agreement.reference)
        _refuse_on_hold(ctx, agreement.client_id)
        ctx.uow.agreements.remove(agreement)
    else:
        earlier = ctx.uow.agreements.version(agreement.id, agreement.version - 1)
        if earlier is None:
            raise _changed_conflict(entry)
        ctx.uow.agreements.save(earlier.changed(version=agreement.version), at=ctx.now)
    ctx.uow.clients.matrix_changed(agreement.client_id)


def _refuse_on_hold(ctx: Context, client_id: int) -> None:
    client = ctx.uow.clients.find(client_id)
    refuse_held(ctx.uow, (client,) if client is not None else (), "lose a record")


def _refuse_what_rests(ctx: Context, agreement_id: int, reference: str) -> None:
    """Raises Conflict with what rests on the agreement."""
    resting = ctx.uow.agreements.resting_on(agreement_id)
    if resting:
        what = ", ".join(f"{count} of {plain(table)}" for table, count in resting.items())
        raise Conflict(
            f"{reference} cannot be removed: records rest on it ({what}).",
            next_steps=("/engagement help agreement terminate",),
        )


def _client(ctx: Context, entry: AuditEntry, change: Change) -> None:
    client = ctx.uow.clients.find(_id(change))
    before, after = change["before"], change["after"] or {}
    if client is not None and before is None:
        _refuse_what_was_recorded(ctx, entry, client)
    if client is None or client.version != after.get("version", 0):
        raise _changed_conflict(entry)
    if before is None:
        ctx.uow.clients.take_back(client, on=ctx.today_for(client))
        return
    names = {*before, *after} - {"version", "matrix_version", "id"}
    fields = type(client).model_fields
    ctx.uow.clients.save(client.changed(**{name: before.get(name, fields[name].default) for name in names}))


def _refuse_what_was_recorded(ctx: Context, entry: AuditEntry, client: Client) -> None:
    """Raises Conflict with what was recorded for a client since it was added."""
    _refuse_on_hold(ctx, client.id)
    recorded = ctx.uow.clients.recorded_for(client.id)
    if recorded:
        what = ", ".join(counted(count, plain(table)) for table, count in recorded.items())
        raise Conflict(
            f"{_title(entry)} cannot be taken back: recorded for {client.name} since: {what}. Nothing was changed now.",
            next_steps=(command_line("/engagement client offboard", client.name),),
        )


def _role(ctx: Context, entry: AuditEntry, change: Change) -> None:
    """A role that was granted is revoked; one that was taken away is granted again."""
    whole: Mapping[str, Any] = change["after"] or change["before"] or {}
    user = whole["user"]
    held = ctx.uow.roles.find(user)
    if change["before"] is None:
        if held is None or held.role.value != whole["role"]:
            raise _changed_conflict(entry)
        ctx.uow.roles.revoke(user)
        return
    if held is not None:
        raise _changed_conflict(entry)
    restored = RoleAssignment(user=user, role=Role(whole["role"]), granted_by=ctx.actor.user, granted_at=ctx.now)
    ctx.uow.roles.grant(restored)


def _walkthrough(ctx: Context, entry: AuditEntry, change: Change) -> None:
    walkthrough = ctx.uow.walkthroughs.find(_id(change))
    agreement = ctx.uow.agreements.find(walkthrough.agreement_id) if walkthrough else None
    if walkthrough is None or agreement is None:
        raise _changed_conflict(entry)
    _refuse_on_hold(ctx, agreement.client_id)
    ctx.uow.walkthroughs.remove(walkthrough)
    ctx.uow.clients.matrix_changed(agreement.client_id)


def _id(change: Change) -> int:
    return int(str(change["subject"]).partition(":")[2])


def _title(entry: AuditEntry) -> str:
    return f'"{entry.action}" (audit entry {entry.seq})'


def _instead(entry: AuditEntry) -> tuple[str, ...]:
    return (_INSTEAD.get(entry.action, f"/engagement help {entry.action}"),)


def _decision_instead(ctx: Context, change: Change) -> tuple[str, ...]:
    whole: Mapping[str, Any] = change["after"] or change["before"] or {}
    paper = ctx.uow.agreements.find(int(whole.get("agreement_id") or 0))
    client = ctx.uow.clients.find(paper.client_id) if paper is not None else None
    names = (client.name, paper.reference) if client is not None and paper is not None else (BLANK, BLANK)
    return (command_line("/engagement renewal retract", *names, reason=BLANK),)


def _rows_instead(ctx: Context, entry: AuditEntry, changes: Sequence[Change]) -> tuple[str, ...]:
    """What to type about each row that the command added, ended or said otherwise; at most three of them."""
    ids = [_id(change) for change in changes if str(change["subject"]).startswith("responsibility:")]
    touched = [row for row in map(ctx.uow.responsibilities.find, ids) if row is not None]
    items = list(dict.fromkeys((row.client_id, row.agreement_id, row.item) for row in touched))
    steps = [step for item in items[:_MOST_ROWS] if (step := _row_instead(ctx, entry, *item)) is not None]
    return (*steps, *(("/engagement help matrix",) if len(items) > _MOST_ROWS or not steps else ()))


def _row_instead(ctx: Context, entry: AuditEntry, client_id: int, agreement_id: int, item: str) -> str | None:
    client, paper = ctx.uow.clients.find(client_id), ctx.uow.agreements.find(agreement_id)
    if client is None or paper is None:
        return None
    versions = [each for each in ctx.uow.responsibilities.history(client.id, paper.id) if each.item == item]
    held = [each for each in versions if each.superseded_at is None]
    before = [each for each in versions if each.recorded_at < entry.at]
    names = (client.name, paper.reference, item)
    if held and all(each.effective_to is not None for each in held):
        return command_line("/engagement matrix restore", *names)
    if before:
        said = before[-1]
        return command_line("/engagement matrix set", *names, said.party.value, clause=said.clause, correction="yes")
    return command_line("/engagement matrix retire", *names, on=BLANK, reason=BLANK)


def _changed_conflict(entry: AuditEntry) -> Conflict:
    return Conflict(
        f"{_title(entry)} cannot be taken back: the record was changed since. Nothing was changed now.",
        next_steps=("/engagement audit show",),
    )


def remove(ctx: Context, args: Arguments) -> Reply:
    """A draft that nobody signed and nothing rests on. Raises Conflict for any other."""
    agreement = args.agreement
    if agreement.msp_signed_on or agreement.client_signed_on or agreement.terminated_on:
        raise Conflict(
            f"{agreement.reference} is no draft any more: it was signed or ended. End it instead; its history stays.",
            next_steps=(
                command_line(
                    "/engagement agreement terminate", args.client.name, agreement.reference, on=BLANK, reason=BLANK
                ),
            ),
        )
    _refuse_what_rests(ctx, agreement.id, agreement.reference)
    refuse_held(ctx.uow, (args.client,), "lose a draft")
    ctx.uow.agreements.remove(agreement)
    ctx.uow.clients.matrix_changed(args.client.id)
    return Reply(
        f"{agreement.reference} of {args.client.name} is removed.",
        lines=("It was a draft and nothing rested on it. The audit log keeps what it said.",),
        data={"removed": agreement.reference},
    )


COMMANDS = (
    Command(
        "undo", "", undo, Role.TECHNICIAN, "Take back your own last command, within the hour",
        example="/engagement undo",
    ),
    Command(
        "agreement", "remove", remove, Role.MANAGER, "Remove a draft that nobody signed and nothing rests on",
        confirm="Remove this draft: only the audit log keeps what it said.",
        parameters=(CLIENT, AGREEMENT), example="/engagement agreement remove calder ADD-1",
    ),
)  # fmt: skip
