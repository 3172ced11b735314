"""Clients and agreements from a table, and back: each row is validated as if typed, all are saved or none."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from commands import lookup
from commands.arguments import Arguments, convert
from commands.context import Context
from commands.errors import CommandError, UsageError
from commands.registry import Command, Kind, Parameter
from commands.reply import Choice, Emphasis, File, Reply
from commands.responsibility import FORMAT, FileFormat
from commands.rules.table_import import AGREEMENT_FIELDS, CLIENT_FIELDS, TableReading, TableRow, read_table
from commands.spreadsheets.reading import read_workbook
from commands.spreadsheets.writing import write_csv, write_xlsx
from commands.uploads import keep_upload, take_upload
from commands.words import command_line
from storage.records import Agreement, Role

Raw = dict[str, str | tuple[str, ...]]
_SHOWN = 15
_RENAMED = {"link": "url", "rank": "precedence"}
_LISTS = ("alias", "channel")


def import_clients(ctx: Context, args: Arguments) -> Reply:
    return _import(ctx, args, "client", CLIENT_FIELDS, ("name",), _client_command)


def import_agreements(ctx: Context, args: Arguments) -> Reply:
    return _import(ctx, args, "agreement", AGREEMENT_FIELDS, ("client", "reference"), _agreement_command)


def export_clients(ctx: Context, args: Arguments) -> Reply:
    clients = ctx.uow.clients.list(offboarded=True)
    header = ("name", "aliases", "channels", "owner", "backup", "time zone", "country", "industry", "status")
    rows = [
        (
            each.name, "; ".join(each.aliases), "; ".join(each.channels), each.owner, each.backup_owner, each.time_zone,
            each.country, each.industry, each.status,
        )
        for each in clients
    ]  # fmt: skip
    return _exported(args, "clients", header, rows)


def export_agreements(ctx: Context, args: Arguments) -> Reply:
    names = {client.id: client.name for client in ctx.uow.clients.list(offboarded=True)}
    agreements = ctx.uow.agreements.list()
    references = {each.id: each.reference for each in agreements}
    header = (
        "client", "reference", "kind", "title", "parent", "effective", "msp signed", "client signed", "initial term",
        "end", "renewal", "renewal term", "notice", "notice method", "link", "last reviewed", "rank",
    )  # fmt: skip
    rows = [(names[each.client_id], *_agreement_cells(each, references)) for each in agreements]
    return _exported(args, "agreements", header, rows)


def _agreement_cells(each: Agreement, references: Mapping[int, str]) -> tuple[Any, ...]:
    parent = references[each.parent_id] if each.parent_id else None
    return (
        each.reference, each.kind, each.title, parent, each.effective_on, each.msp_signed_on, each.client_signed_on,
        each.initial_term, each.initial_end_on, each.renewal, each.renewal_term, each.notice, each.notice_method,
        each.document_url, each.last_reviewed_on, each.precedence_rank,
    )  # fmt: skip


def _import(
    ctx: Context,
    args: Arguments,
    noun: str,
    fields: Mapping[str, str],
    required: tuple[str, ...],
    choose: Callable[[Context, Raw], tuple[Command, Raw, bool]],
) -> Reply:
    upload = take_upload(ctx, args.upload)
    reading = read_table(read_workbook(upload.content, upload.name), fields, required)
    is_final = bool(args.confirm) and not args.dry_run
    with nullcontext() if is_final else ctx.uow.rehearsal():
        counts, problems = _apply(ctx, reading, choose)
    data = {"rows": len(reading.rows), **counts, "skipped": [], "problems": problems, "saved": is_final}
    if problems:
        shown = "; ".join(
            f"row {each['row']}: {each['column']} {each['message']}".strip() for each in problems[:_SHOWN]
        )
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise CommandError(f"{upload.name}: nothing was saved. {shown}{more}", data=data | {"saved": False})
    summary = f"{counts['added']} added, {counts['changed']} changed, {counts['unchanged']} as before"
    ignored = (f"Columns that were not read: {', '.join(reading.ignored)}.",) if reading.ignored else ()
    if is_final:
        return Reply(f"{upload.name}: {summary}.", cautions=ignored, data=data)
    save = command_line(f"{noun} import", upload=keep_upload(ctx, upload), confirm="yes")
    return Reply(
        f"{upload.name} can be imported: {summary}. Nothing is saved yet.",
        cautions=ignored,
        choices=() if args.dry_run else (Choice("Save", save, Emphasis.PRIMARY),),
        data=data,
    )


def _apply(
    ctx: Context, reading: TableReading, choose: Callable[[Context, Raw], tuple[Command, Raw, bool]]
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Run the command of each row; how many were added, changed or left, and what is wrong, by row."""
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    problems = [{"row": each.row, "column": each.column, "message": each.message} for each in reading.problems]
    for row in _parents_first(reading.rows) if not problems else ():
        noted = len(ctx.uow.changes)
        try:
            command, raw, is_known = choose(ctx, _raw(row))
            command.handler(ctx, convert(command, raw, ctx))
        except UsageError as error:
            fields = error.fields or {"": error.message}
            problems += [{"row": row.number, "column": name, "message": text} for name, text in fields.items()]
        except CommandError as error:
            problems.append({"row": row.number, "column": "", "message": error.message})
        else:
            outcome = ("changed" if len(ctx.uow.changes) > noted else "unchanged") if is_known else "added"
            counts[outcome] += 1
    return counts, problems


def _raw(row: TableRow) -> Raw:
    raw: Raw = {}
    for name, text in row.values.items():
        if name in _LISTS:
            raw[name] = tuple(part.strip() for part in re.split(r"[;,]", text) if part.strip())
        elif name != "status":
            raw[_RENAMED.get(name, name)] = text
    return raw


def _client_command(ctx: Context, raw: Raw) -> tuple[Command, Raw, bool]:
    known = ctx.uow.clients.find_by_key(str(raw.get("name", "")))
    if known is None:
        return _command(ctx, "client", "add"), raw, False
    new = tuple(name for name in raw.get("alias", ()) if ctx.uow.clients.find_by_key(name) is None)
    return _command(ctx, "client", "edit"), {**raw, "client": known.name, "alias": new}, True


def _agreement_command(ctx: Context, raw: Raw) -> tuple[Command, Raw, bool]:
    client = lookup.client_named(ctx, str(raw.get("client", "")))
    reference = str(raw.get("reference", ""))
    known = [
        each for each in ctx.uow.agreements.of_client(client.id) if each.reference.casefold() == reference.casefold()
    ]
    if not known:
        return _command(ctx, "agreement", "add"), raw, False
    return _command(ctx, "agreement", "edit"), {**raw, "agreement": reference}, True


def _command(ctx: Context, noun: str, verb: str) -> Command:
    command = ctx.registry.find(noun, verb)
    assert command is not None, f"the registry has no {noun} {verb}"
    return command


def _parents_first(rows: Sequence[TableRow]) -> list[TableRow]:
    """Agreements without a parent before those that name one."""
    return sorted(rows, key=lambda row: "parent" in row.values)


def _exported(args: Arguments, name: str, header: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> Reply:
    table = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    as_csv = args.format is FileFormat.CSV
    content = write_csv(header, table) if as_csv else write_xlsx(header, table, sheet_name=name.capitalize())
    file = File(f"{name}.{'csv' if as_csv else 'xlsx'}", content, name.capitalize())
    return Reply(f"{len(rows)} {name}.", files=(file,), data={"rows": len(rows), "file": file.name})


_IMPORT = (
    Parameter("file", "one CSV or XLSX file", Kind.FILE),
    Parameter("upload", "a file sent before, by its number", Kind.INTEGER),
    Parameter("confirm", "save it", Kind.YES_NO),
    Parameter("dry-run", "only say what would happen", Kind.YES_NO),
)
_EXPORT = (FORMAT,)
COMMANDS = (
    Command(
        "client", "import", import_clients, Role.MANAGER, "Read clients from a spreadsheet, after a preview",
        parameters=_IMPORT, example="/engagement client import", is_slow=True,
    ),
    Command(
        "client", "export", export_clients, Role.MANAGER, "All clients as a file that can be imported again",
        parameters=_EXPORT, example="/engagement client export format:csv", is_slow=True,
    ),
    Command(
        "agreement", "import", import_agreements, Role.MANAGER, "Read agreements from a spreadsheet, after a preview",
        parameters=_IMPORT, example="/engagement agreement import", is_slow=True,
    ),
    Command(
        "agreement", "export", export_agreements, Role.MANAGER, "All agreements as a file that can be imported again",
        parameters=_EXPORT, example="/engagement agreement export format:csv", is_slow=True,
    ),
)  # fmt: skip
