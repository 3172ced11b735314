"""The responsibility matrix: who does what, row by row. Rows are closed and added, never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from commands.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.client import CLIENT
from commands.context import Context
from commands.errors import NotFound, UsageError
from commands.lookup import item_written
from commands.registry import Command, Kind, Parameter
from commands.reply import Choice, Field, File, Reply, Table
from commands.rules.matrix_changes import export_rows
from commands.rules.matrix_layout.controls import control_ids
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.placeholders import BLANK
from commands.rules.wording import wording_caution
from commands.spreadsheets.writing import write_csv, write_xlsx
from commands.words import command_line
from storage.records import Agreement, Client, Party, Responsibility, Role


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


FORMAT = Parameter("format", "xlsx if left out", Kind.CHOICE, choices=FileFormat)
_OPTIONAL_AGREEMENT = Parameter("agreement", AGREEMENT.help, Kind.AGREEMENT, positional=True)
ITEM = Parameter("item", "what is to be done, as the matrix calls it", Kind.ITEM, positional=True, required=True)
PARTY_WORDS = {
    "us": "msp", "ours": "msp", "we": "msp", "provider": "msp", "them": "client", "theirs": "client",
    "customer": "client", "both": "shared", "joint": "shared", "vendor": "third_party", "3rd_party": "third_party",
    "none": "out_of_scope", "excluded": "out_of_scope", "not_included": "out_of_scope",
}  # fmt: skip
PARTY = Parameter("party", "whose it is", Kind.CHOICE, positional=True, choices=Party, words=PARTY_WORDS)
_DETAILS = (
    Parameter("category", "the section it belongs to"),
    Parameter("msp-part", "for shared: what we do", Kind.LONG_TEXT),
    Parameter("client-part", "for shared: what the client does", Kind.LONG_TEXT),
    Parameter("third-party", "for a third party: who it is"),
    Parameter("clause", "where the paper says so, such as SOW-A 2.2"),
    Parameter("notes", "what else the paper says", Kind.LONG_TEXT),
    Parameter("alias", "another name people use for it", many=True),
    Parameter("control", "a control of a framework that it serves, such as PR.AC-7", many=True),
)
_LISTS = {"alias": "aliases", "control": "control_refs"}
_DAY = timedelta(days=1)


def show(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement | None = args.agreement
    rows = ctx.uow.responsibilities.current(client.id, agreement.id if agreement else None)
    if args.find:
        rows = [row for row in rows if args.find.casefold() in f"{row.item} {row.category} {row.notes}".casefold()]
    papers = {each.id: each.reference for each in ctx.uow.agreements.of_client(client.id)}
    if not rows:
        return Reply(
            f"{client.name} has no such rows." if args.find else f"{client.name} has no responsibility matrix yet.",
            next_steps=(command_line("/engagement matrix import", client.name, agreement=BLANK),),
        )
    table = tuple(
        (row.item, row.party.value.replace("_", " "), papers[row.agreement_id], row.clause or "", _when(row))
        for row in rows
    )
    counts = ", ".join(f"{count} {party.value.replace('_', ' ')}" for party, count in _counts(rows).items() if count)
    return Reply(
        f"{client.name}: {len(rows)} rows ({counts}).",
        table=Table(("Item", "Whose", "Agreement", "Clause", "When"), table),
        choices=(
            Choice("Export", command_line("matrix export", client.name, agreement.reference if agreement else None)),
        ),
        data={"rows": [_as_data(row, papers) for row in rows]},
    )


def set_row(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = find_row(ctx, client, args.agreement, args.item)
    if old is None and args.party is None:
        raise UsageError("party is missing: whose it is.", fields={"party": "is missing: whose it is."})
    details = {parameter.attribute: getattr(args, parameter.attribute) for parameter in _DETAILS}
    changes = {name: value for name, value in details.items() if value and name not in _LISTS}
    changes |= dict.fromkeys(args.emptied(*details) - _LISTS.keys())
    if args.party is not None:
        changes["party"] = args.party
    controls = tuple(id for text in args.control for id in control_ids(text) or (text,))
    for name, field, given in (("alias", "aliases", args.alias), ("control", "control_refs", controls)):
        if given or args.emptied(name):
            known = getattr(old, field) if old and not args.is_whole else ()
            changes[field] = tuple(dict.fromkeys((*known, *given)))
    if old is not None:
        changes = {name: value for name, value in changes.items() if getattr(old, name) != value}
        if not changes:
            return _shown(client, args.agreement, old, old, f'"{old.item}" is as it was: nothing to change was given.')
    since = args.since or (None if args.correction or old is None else ctx.today_for(client))
    row = _replace(ctx, old, changes, since) if old else _new(ctx, client, args.agreement, args.item, changes, since)
    ctx.uow.clients.matrix_changed(client.id)
    return _shown(client, args.agreement, row, old)


def retire(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = find_row(ctx, client, args.agreement, args.item)
    if old is None:
        raise _no_row(ctx, client, args.agreement, args.item)
    last_day = args.on or ctx.today_for(client)
    end_row(ctx, old, last_day + _DAY)
    ctx.uow.clients.matrix_changed(client.id)
    return Reply(
        f'"{old.item}" is no longer in {args.agreement.reference} of {client.name} after {last_day}.',
        lines=("Answers as of earlier days still use it.",),
        fields=(Field("Reason", args.reason),) if args.reason else (),
    )


def export(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement | None = args.agreement
    today = ctx.today_for(client)
    known = ctx.uow.responsibilities.current(client.id, agreement.id if agreement else None)
    rows = [row for row in known if row.effective_to is None or row.effective_to >= today]
    if not rows:
        raise NotFound(f"{client.name} has no rows to export.")
    header, table = export_rows(rows)
    name = "-".join(filter(None, (client.name, agreement.reference if agreement else None, "matrix"))).replace(" ", "-")
    as_csv = args.format is FileFormat.CSV
    content = write_csv(header, table) if as_csv else write_xlsx(header, table)
    file = File(f"{name}.{'csv' if as_csv else 'xlsx'}", content, f"Responsibility matrix of {client.name}")
    return Reply(f"{len(rows)} rows of {client.name}.", files=(file,), data={"rows": len(rows), "file": file.name})


def find_row(ctx: Context, client: Client, agreement: Agreement, item: str) -> Responsibility | None:
    """The row of that name; where a name is used twice, the one that applies last."""
    rows = [
        row for row in ctx.uow.responsibilities.current(client.id, agreement.id) if item_key(row.item) == item_key(item)
    ]
    return max(rows, key=lambda row: (row.effective_to or date.max, row.id), default=None)


def replace_row(ctx: Context, old: Responsibility, changes: dict[str, Any], since: date | None) -> Responsibility:
    """Supersede `old` by a version with `changes` from `since` on; None means that it was always so."""
    return _replace(ctx, old, changes, since)


def end_row(ctx: Context, old: Responsibility, first_day_without: date) -> None:
    """It no longer applies from that day on. The days before keep it, unless it was only recorded that same day."""
    ctx.uow.responsibilities.supersede(old, at=ctx.now, by=ctx.actor.user)
    started = old.effective_from is None or old.effective_from < first_day_without
    if started and old.recorded_at.date() < first_day_without:
        until = min(filter(None, (old.effective_to, first_day_without - _DAY)))
        ctx.uow.responsibilities.record([_version(ctx, old, {"effective_to": until})])


def _replace(ctx: Context, old: Responsibility, changes: dict[str, Any], since: date | None) -> Responsibility:
    if since is None or "party" not in changes:
        ctx.uow.responsibilities.supersede(old, at=ctx.now, by=ctx.actor.user)
        [row] = ctx.uow.responsibilities.record([_version(ctx, old, changes)])
        return row
    end_row(ctx, old, since)
    before = old.effective_from is not None and since <= old.effective_from
    dates = {"effective_from": old.effective_from if before else since}
    if old.recorded_at.date() >= since and old.effective_from is None:
        dates = {}
    [row] = ctx.uow.responsibilities.record([_version(ctx, old, changes | dates)])
    return row


def _new(
    ctx: Context, client: Client, agreement: Agreement, item: str, changes: dict[str, Any], since: date | None
) -> Responsibility:
    known = ctx.uow.responsibilities.current(client.id, agreement.id)
    row = Responsibility(
        client_id=client.id,
        agreement_id=agreement.id,
        item=item,
        position=max((row.position for row in known), default=0) + 1,
        effective_from=since,
        recorded_at=ctx.now,
        recorded_by=ctx.actor.user,
        **changes,
    )
    return ctx.uow.responsibilities.record([row])[0]


def _version(ctx: Context, old: Responsibility, changes: dict[str, Any]) -> Responsibility:
    return old.changed(id=0, recorded_at=ctx.now, recorded_by=ctx.actor.user, **changes)


def _shown(
    client: Client, agreement: Agreement, row: Responsibility, old: Responsibility | None, headline: str | None = None
) -> Reply:
    cautions = []
    if agreement.is_signed:
        cautions.append(f"{agreement.reference} is signed: make sure that the client signed this change too.")
    if row.party is Party.SHARED and not (row.msp_part and row.client_part):
        cautions.append('Shared needs both parts: add msp-part:"..." and client-part:"...".')
    if row.party is Party.THIRD_PARTY and not row.third_party:
        cautions.append('Name the third party: third-party:"...".')
    cautions += filter(None, (wording_caution(text) for text in (row.item, row.msp_part, row.notes)))
    facts = (
        ("Whose", row.party.value.replace("_", " ")),
        ("Before", old.party.value.replace("_", " ") if old and old.party is not row.party else None),
        ("Our part", row.msp_part),
        ("The client's part", row.client_part),
        ("Third party", row.third_party),
        ("Clause", row.clause),
        ("Notes", row.notes),
        ("Applies from", row.effective_from),
        ("Also known as", ", ".join(row.aliases)),
        ("Controls", ", ".join(row.control_refs)),
    )
    return Reply(
        headline or f'"{row.item}" is {"changed" if old else "added"} in {agreement.reference} of {client.name}.',
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        data={"row": row.model_dump(mode="json")},
    )


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


def _when(row: Responsibility) -> str:
    if row.effective_from is None and row.effective_to is None:
        return ""
    return f"{row.effective_from or ''} to {row.effective_to or ''}".strip()


def _counts(rows: Sequence[Responsibility]) -> dict[Party, int]:
    return {party: sum(1 for row in rows if row.party is party) for party in Party}


def _as_data(row: Responsibility, papers: dict[int, str]) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude_none=True) | {"agreement": papers[row.agreement_id]}


COMMANDS = (
    Command(
        "matrix", "show", show, Role.VIEWER, "The responsibility matrix of a client", changes=False,
        parameters=(CLIENT, _OPTIONAL_AGREEMENT, Parameter("find", "only rows with this word")),
        example="/engagement matrix show calder find:backup",
    ),
    Command(
        "matrix", "set", set_row, Role.MANAGER, "Add or change one row of a matrix",
        parameters=(
            CLIENT, AGREEMENT, replace(ITEM, is_new=True), PARTY, *_DETAILS,
            Parameter(
                "since", "the first day it applies; for a change, today if left out", Kind.DATE, has_happened=False,
            ),
            Parameter("correction", "it was always so: the record was wrong", Kind.YES_NO),
        ),
        current=_current,
        example='/engagement matrix set calder SOW-A "Server OS patching" msp clause:"SOW-A 2.3"',
    ),
    Command(
        "matrix", "retire", retire, Role.MANAGER, "End a row of a matrix; earlier days keep it",
        confirm="End this row: questions about later days are no longer answered by it.",
        parameters=(
            CLIENT, AGREEMENT, ITEM,
            Parameter(
                "on", "the last day it applies; today if left out", Kind.DATE, has_happened=False, default="today",
            ),
            Parameter("reason", "why", Kind.LONG_TEXT),
        ),
        example='/engagement matrix retire calder SOW-A "Fax line support" on:2026-03-31',
    ),
    Command(
        "matrix", "export", export, Role.TECHNICIAN, "The matrix as a file that can be imported again",
        parameters=(CLIENT, _OPTIONAL_AGREEMENT, FORMAT),
        example="/engagement matrix export calder SOW-A format:csv", is_slow=True,
    ),
)  # fmt: skip
