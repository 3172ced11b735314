"""Changes to the rows of a responsibility matrix: they are closed and added, never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import NotFound, UsageError
from commands.grammar.lookup import item_written
from commands.grammar.words import command_line
from commands.matrix.asking_back import ask_about_other_client, refuse_planned
from commands.matrix.row_reply import late_words, row_reply
from commands.matrix.writer import MatrixRows, RowChange, RowKey, row_key, stated_basis
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Field, Reply
from commands.row_standings import standings_of
from commands.rules.matrix.row_versions import STATEMENT, last_version, parts_left_over
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.controls import control_ids
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.scope.precedence import Source
from commands.rules.scope.replaced import Standing
from commands.rules.text.placeholders import BLANK
from storage.records import Agreement, Client, Party, Responsibility, Role, RowBasis

ITEM = Parameter("item", "what is to be done, as the matrix calls it", Kind.ITEM, positional=True, required=True)
PARTY_WORDS = {
    "us": "msp", "ours": "msp", "we": "msp", "provider": "msp", "them": "client", "theirs": "client",
    "customer": "client", "both": "shared", "joint": "shared", "vendor": "third_party", "3rd_party": "third_party",
    "none": "out_of_scope", "excluded": "out_of_scope", "not_included": "out_of_scope",
}  # fmt: skip
PARTY = Parameter("party", "whose it is", Kind.CHOICE, positional=True, choices=Party, words=PARTY_WORDS)
_DETAILS = (
    Parameter("category", "the section it belongs to; without a party it moves the row there"),
    Parameter("msp-part", "for shared: what we do", Kind.LONG_TEXT),
    Parameter("client-part", "for shared: what the client does", Kind.LONG_TEXT),
    Parameter("third-party", "for a third party: who it is"),
    Parameter("clause", "where the paper says so, such as SOW-A 2.2"),
    Parameter("notes", "what else the paper says", Kind.LONG_TEXT),
    Parameter("alias", "another name people use for it", many=True),
    Parameter("control", "a control of a framework that it serves, such as PR.AC-7", many=True),
)
_WHICH = Parameter("category", "which one, where the paper uses the name in several categories")
_LISTS = {"alias": "aliases", "control": "control_refs"}


def set_row(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement = args.agreement
    rows = MatrixRows(ctx, client, agreement)
    change = _change(ctx, rows, args)
    agreed, proposal = (rows.find(change, proposed=proposed) for proposed in (False, True))
    old = agreed or proposal
    if old is None and args.party is None:
        raise UsageError("party is missing: whose it is.", fields={"party": "is missing: whose it is."})
    if old is not None and not _says_anything(change, (agreed, proposal)):
        if change.since is not None and change.since != old.effective_from:
            raise _since_alone(client, agreement, old, change.since)
        return row_reply(ctx, client, agreement, old, old, f'"{old.item}" is as it was: nothing to change was given.')
    clause = change.changes.get("clause") or (old.clause if old else None)
    if change.basis is RowBasis.AS_SIGNED and agreement.is_signed and not clause:
        missing = "is missing: which clause of the signed paper says so."
        raise UsageError(f"clause {missing}", fields={"clause": missing})
    touched = rows.touched(change)
    if old is None:
        ask_about_other_client(ctx, client, str(change.changes["item"]))
    refuse_planned(ctx, client, agreement, change, touched)
    day = change.since or ctx.today_for(client)
    before = _counting(standings_of(ctx.uow, client, day), agreement, change.key)
    rows.write(change)
    row = rows.save()[-1]
    beside = rows.beside(change.key) if old is None else ()
    now = standings_of(ctx.uow, client, max(ctx.today_for(client), row.effective_from or date.min))
    return row_reply(
        ctx, client, agreement, row, touched, after=rows.after(row), beside=beside, before=before,
        replaced=now[row.id].replaced,
    )  # fmt: skip


def _counting(found: Mapping[int, Standing], agreement: Agreement, key: RowKey) -> Source | None:
    """What counts for a row: of the paper itself, or of another one that speaks of the same item."""
    counting = [each.source for each in found.values() if each.counts and item_key(each.row.item) == key[0]]
    here = [each for each in counting if row_key(each.row) == key]
    elsewhere = [each for each in counting if each.agreement.id != agreement.id]
    return next(iter((*(each for each in here if each.agreement.id == agreement.id), *here, *elsewhere)), None)


def _change(ctx: Context, rows: MatrixRows, args: Arguments) -> RowChange:
    """What was typed, against what is on record."""
    details = {parameter.attribute: getattr(args, parameter.attribute) for parameter in _DETAILS}
    changes = {name: value for name, value in details.items() if value and name not in _LISTS}
    changes |= dict.fromkeys(args.emptied(*(details.keys() - _LISTS.keys())))
    if args.party is not None:
        changes["party"] = args.party
    key = _set_key(ctx, rows, args)
    base = RowChange(key, {}, args.since, bool(args.correction))
    old = rows.find(base, proposed=False) or rows.find(base, proposed=True)
    controls = tuple(id for text in args.control for id in control_ids(text) or (text,))
    for name, field, given in (("alias", "aliases", args.alias), ("control", "control_refs", controls)):
        if given or args.emptied(name):
            known = getattr(old, field) if old and not args.is_whole and name not in args.wiped else ()
            changes[field] = tuple(dict.fromkeys((*known, *given)))
    if args.carried_by is not None:
        changes["carried_by_id"] = args.carried_by.id
    basis = stated_basis(args.as_signed, True if args.carried_by is not None else args.proposed)
    quotes_clause = bool(args.clause) and not (args.is_whole and old is not None and old.clause == args.clause)
    attests = quotes_clause or base.is_correction or basis is RowBasis.AS_SIGNED
    is_statement = basis is not None or any(name in changes for name in STATEMENT)
    compared_with = (rows.find(base, proposed=True) if is_statement and not attests else None) or old
    if compared_with is not None:
        left_over = parts_left_over(compared_with, args.party or compared_with.party)
        changes = dict.fromkeys(name for name in left_over if args.is_whole or not changes.get(name)) | {
            name: value for name, value in changes.items() if getattr(compared_with, name) != value
        }
    else:
        changes["item"] = args.item
    return replace(base, changes=changes, basis=basis, quotes_clause=quotes_clause)


def _set_key(ctx: Context, rows: MatrixRows, args: Arguments) -> RowKey:
    """A row that is said to be somebody's in a category of its own is another row than those in other categories. One
    moves there by the category alone, by a correction or by its form; one without a category takes it.
    """
    keys, wanted = rows.keys(args.item), (item_key(args.item), comparable(args.category or ""))
    if not args.category or not keys or wanted in keys:
        return _key(rows, args)
    if args.is_whole and (shown := find_row(ctx, args.client, args.agreement, args.item)) is not None:
        return row_key(shown)
    moves = args.party is None or args.correction or not any(category for _, category in keys)
    return _key(rows, args) if moves else wanted


def _key(rows: MatrixRows, args: Arguments) -> RowKey:
    """Raises UsageError where the paper uses the name in several categories and none of them is given."""
    keys = rows.keys(args.item)
    if not keys:
        return item_key(args.item), comparable(args.category or "")
    named = [key for key in keys if args.category and key[1] == comparable(args.category)]
    if len(keys) > 1 and not named:
        there_are = ", ".join(f'"{key[1]}"' if key[1] else "none" for key in keys)
        raise UsageError(
            f'"{args.item}" is in several categories: {there_are}. Say which: category:"..."',
            fields={"category": f"is needed: {there_are}."},
        )
    return named[0] if named else keys[0]


def _says_anything(change: RowChange, known: Sequence[Responsibility | None]) -> bool:
    """Whether it changes, attests, proposes or corrects something."""
    versions = [row for row in known if row is not None]
    wanted = change.basis or (RowBasis.AS_SIGNED if change.quotes_clause else None)
    new_basis = wanted is RowBasis.AS_SIGNED and not any(row.basis is wanted for row in versions)
    moves = change.is_correction and change.since is not None
    return bool(change.changes) or new_basis or moves


def _since_alone(client: Client, agreement: Agreement, old: Responsibility, since: date) -> UsageError:
    again = command_line("/engagement matrix set", client.name, agreement.reference, old.item, since=since)
    known = f"from {old.effective_from}" if old.effective_from else f"from the first day of {agreement.reference}"
    return UsageError(
        f'"{old.item}" is recorded {known} and says the same. If its first day is wrong, say that it is a correction.',
        fields={"since": f"is {old.effective_from or 'not set'} on record: a correction can move it."},
        next_steps=(f"{again} correction:yes",),
    )


def retire(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement = args.agreement
    rows = MatrixRows(ctx, client, agreement)
    agreed, proposal = _tracks(ctx, rows, args, is_proposed=bool(args.proposed))
    if not agreed or args.proposed:
        rows.withdraw(proposal)
        rows.save()
        return Reply(
            f'The proposed row "{proposal[-1].item}" is withdrawn from {agreement.reference} of {client.name}.',
            fields=(Field("Reason", args.reason),) if args.reason else (),
        )
    last_day = args.on or ctx.today_for(client)
    before = last_version(agreed)
    old = rows.retire(agreed, last_day)
    rows.save()
    was = before.effective_to if before else None
    cautions = [f"Before, it was recorded as ending on {was}: both are kept."] if was else []
    if agreement.is_signed:
        cautions.append(f"{agreement.reference} is signed: it binds until both sides agree to the change.")
    return Reply(
        f'"{old.item}" is no longer in {agreement.reference} of {client.name} after {last_day}'
        f"{late_words(last_day, ctx.today_for(client))}.",
        lines=("Answers as of earlier days still use it.",),
        fields=(Field("Reason", args.reason),) if args.reason else (),
        cautions=tuple(cautions),
        next_steps=(command_line("/engagement matrix restore", client.name, agreement.reference, old.item),),
    )


def restore(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement = args.agreement
    rows = MatrixRows(ctx, client, agreement)
    agreed, _ = _tracks(ctx, rows, args)
    if not agreed:
        raise _no_row(ctx, client, agreement, args.item)
    ended = last_version(agreed)
    rows.restore(agreed)
    [row] = rows.save()
    return Reply(
        f'"{row.item}" applies in {agreement.reference} of {client.name} without an end again.',
        fields=(Field("Ended before", str(ended.effective_to if ended else "")),),
        lines=("The earlier record of its end is kept.",),
        data={"row": row.model_dump(mode="json")},
    )


def _tracks(
    ctx: Context, rows: MatrixRows, args: Arguments, *, is_proposed: bool = False
) -> tuple[list[Responsibility], list[Responsibility]]:
    """What is agreed and what is proposed of the row. Raises NotFound for an unknown one."""
    key = _key(rows, args)
    agreed, proposal = rows.track(key), rows.track(key, proposed=True)
    if not proposal and (is_proposed or not agreed):
        raise _no_row(ctx, args.client, args.agreement, args.item)
    return agreed, proposal


def find_row(ctx: Context, client: Client, agreement: Agreement, item: str) -> Responsibility | None:
    """The row of that name: the agreed one before a proposed one, and of several versions the one that applies last."""
    rows = [
        row for row in ctx.uow.responsibilities.current(client.id, agreement.id) if item_key(row.item) == item_key(item)
    ]
    by_days = lambda row: (row.basis is not RowBasis.PROPOSED, row.effective_to or date.max, row.id)  # noqa: E731
    return max(rows, key=by_days, default=None)


def _current(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, str | tuple[str, ...]] | None:
    """The row as somebody would type it; None for one that is not in the matrix yet."""
    client, agreement, item = (values.get(name) for name in ("client", "agreement", "item"))
    row = find_row(ctx, client, agreement, item) if client and agreement and item else None
    if row is None or client is None or agreement is None:
        return None
    texts = {
        parameter.name: getattr(row, parameter.attribute) for parameter in _DETAILS if parameter.name not in _LISTS
    }
    texts |= {
        "client": client.name,
        "agreement": agreement.reference,
        "item": item_written(row),
        "party": row.party.value,
    }
    return {name: text for name, text in texts.items() if text} | {"alias": row.aliases, "control": row.control_refs}


def _no_row(ctx: Context, client: Client, agreement: Agreement, item: str) -> NotFound:
    near = [
        row.item
        for row in ctx.uow.responsibilities.current(client.id, agreement.id)
        if set(item_key(item).split()) & set(item_key(row.item).split())
    ]
    return NotFound(
        f'{agreement.reference} of {client.name} has no row "{item}".',
        next_steps=tuple(
            command_line("/engagement matrix retire", client.name, agreement.reference, each, on=BLANK)
            for each in near[:3]
        ),
    )


COMMANDS = (
    Command(
        "matrix", "set", set_row, Role.MANAGER, "Add or change one row of a matrix",
        form=FormLayout(first=("party", "clause", "msp-part", "client-part", "third-party", "notes")),
        parameters=(
            CLIENT, AGREEMENT, replace(ITEM, is_new=True), PARTY, *_DETAILS,
            Parameter(
                "since", "the first day it applies; for a change, today if left out", Kind.DATE, has_happened=False,
            ),
            Parameter("correction", "it was always so: the record was wrong", Kind.YES_NO),
            Parameter("as-signed", "the signed paper says so, by its clause; a clause given says it, too", Kind.YES_NO),
            Parameter("proposed", "it is new: agreed once both sides sign a paper that carries it", Kind.YES_NO),
            Parameter("carried-by", "the addendum that carries a proposed row", Kind.AGREEMENT),
        ),
        current=_current,
        example='/engagement matrix set calder SOW-A "Server OS patching" msp clause:"SOW-A 2.3"',
    ),
    Command(
        "matrix", "retire", retire, Role.MANAGER, "End a row of a matrix or correct its end; earlier days keep it",
        confirm="End this row: questions about later days are no longer answered by it.",
        parameters=(
            CLIENT, AGREEMENT, ITEM,
            Parameter(
                "on", "the last day it applies; today if left out", Kind.DATE, has_happened=False, default="today",
            ),
            Parameter("reason", "why", Kind.LONG_TEXT),
            _WHICH,
            Parameter("proposed", "withdraw what is proposed, keep what is agreed", Kind.YES_NO),
        ),
        example='/engagement matrix retire calder SOW-A "Fax line support" on:2026-03-31',
    ),
    Command(
        "matrix", "restore", restore, Role.MANAGER, "Take back the end of a row",
        parameters=(CLIENT, AGREEMENT, ITEM, _WHICH),
        example='/engagement matrix restore calder SOW-A "Fax line support"',
    ),
)  # fmt: skip
