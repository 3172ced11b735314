"""Clients and agreements from a table, and back: each row is validated as if typed, all are saved or none."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import ValidationError

from commands import lookup
from commands.agreement import edited, new_agreement
from commands.agreement import saved as save_agreement
from commands.arguments import Arguments, convert
from commands.client import edits, new_client
from commands.client import saved as save_client
from commands.context import Context
from commands.errors import CommandError, Conflict, UsageError
from commands.limits import refusal
from commands.registry import Command, Kind, Parameter
from commands.reply import Choice, Emphasis, File, Reply
from commands.responsibility import FORMAT, FileFormat
from commands.rules.table_import import AGREEMENT_FIELDS, CLIENT_FIELDS, TableReading, TableRow, read_table
from commands.spreadsheets.reading import read_workbook
from commands.spreadsheets.writing import write_csv, write_xlsx
from commands.uploads import keep_upload, take_upload
from commands.words import command_line
from storage.records import Agreement, Client, Role
from storage.records.agreement import reference_key
from storage.records.client import client_key, resemblance

Raw = dict[str, str | tuple[str, ...]]
_SHOWN = 15
_RENAMED = {"link": "url", "rank": "precedence"}
_LISTS = ("alias", "channel")


def import_clients(ctx: Context, args: Arguments) -> Reply:
    return _import(ctx, args, "client", CLIENT_FIELDS, ("name",), _Clients())


def import_agreements(ctx: Context, args: Arguments) -> Reply:
    return _import(ctx, args, "agreement", AGREEMENT_FIELDS, ("client", "reference"), _Agreements())


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
    records: "_Records",
) -> Reply:
    upload = take_upload(ctx, args.upload)
    reading = read_table(read_workbook(upload.content, upload.name), fields, required)
    is_final = bool(args.confirm) and not args.dry_run
    with nullcontext() if is_final else ctx.uow.rehearsal():
        counts, problems = _apply(ctx, reading, records, noun)
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
    ctx: Context, reading: TableReading, records: "_Records", noun: str
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Do what each row says; how many were added, changed or left, and what is wrong, by row."""
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    problems = [{"row": each.row, "column": each.column, "message": each.message} for each in reading.problems]
    rows = [(row, _raw(row)) for row in _parents_first(reading.rows)] if not problems else []
    with ctx.uow.together(records.clients_named(ctx, [raw for _, raw in rows])):
        for row, raw in rows:
            try:
                counts[records.take(ctx, raw)] += 1
            except UsageError as error:
                fields = error.fields or {"": error.message}
                problems += [{"row": row.number, "column": name, "message": text} for name, text in fields.items()]
            except ValidationError as error:
                said = refusal(error, _command(ctx, noun, "add"), {n.replace("-", "_"): t for n, t in raw.items()})
                problems += [{"row": row.number, "column": n, "message": t} for n, t in said.fields.items()]
            except CommandError as error:
                problems.append({"row": row.number, "column": "", "message": error.message})
        records.add_waiting(ctx)
    return counts, problems


def _raw(row: TableRow) -> Raw:
    raw: Raw = {}
    for name, text in row.values.items():
        if name in _LISTS:
            raw[name] = tuple(part.strip() for part in re.split(r"[;,]", text) if part.strip())
        elif name != "status":
            raw[_RENAMED.get(name, name)] = text
    return raw


class _Records(Protocol):
    """Takes row after row. What is new waits, to be added with others, until something needs to find it."""

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        """The clients that are known already, by id."""

    def take(self, ctx: Context, raw: Raw) -> str:
        """What becomes of it: added, changed or unchanged. Raises CommandError."""

    def add_waiting(self, ctx: Context) -> None: ...


@dataclass(slots=True)
class _Clients:
    waiting: list[Client] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    like: dict[str, str] = field(default_factory=dict)

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        return ()

    def take(self, ctx: Context, raw: Raw) -> str:
        name, aliases = str(raw.get("name", "")), tuple(raw.get("alias", ()))
        if not self.keys.isdisjoint(map(client_key, (name, *aliases))):
            self.add_waiting(ctx)
        known = ctx.uow.clients.find_by_key(name)
        if known is not None:
            if client_key(name) != client_key(known.name):  # by an alias or a former name: that renames nobody
                raw = {**raw, "name": known.name}
            return self._edit(ctx, {**raw, "client": known.name, "alias": _unknown(ctx, aliases)})
        args = convert(_command(ctx, "client", "add"), raw, ctx)
        names = map(client_key, (args.name, *args.alias))
        if not self.channels.isdisjoint(args.channel) or not self.keys.isdisjoint(names):
            self.add_waiting(ctx)
        client = new_client(ctx, args)
        self._refuse_like_names(ctx, client)
        self.waiting.append(client)
        self.keys.update(map(client_key, (client.name, *client.aliases)))
        self.channels.update(client.channels)
        return "added"

    def _refuse_like_names(self, ctx: Context, client: Client) -> None:
        """Raises Conflict where only spelling or a legal form tells it from a client on record or above in the file."""
        if not self.like:
            self.like = {resemblance(key): f"{name} on record" for key, name in ctx.uow.clients.keys().items()}
        for name in (client.name, *client.aliases):
            if (other := self.like.get(resemblance(name))) is not None:
                raise Conflict(
                    f'"{name}" is nearly the name of {other}: only spelling, accents or a legal form differ. If it is '
                    f"the same client, write its name as it is there; if not, record it first: /engagement client add"
                )
        self.like |= {resemblance(name): f'"{name}" above' for name in (client.name, *client.aliases)}

    def _edit(self, ctx: Context, raw: Raw) -> str:
        args = convert(_command(ctx, "client", "edit"), raw, ctx)
        client: Client = args.client
        after = client.changed(**edits(args))
        if after == client:
            return "unchanged"
        self.add_waiting(ctx)
        save_client(ctx, client, after)
        return "changed"

    def add_waiting(self, ctx: Context) -> None:
        ctx.uow.clients.add_all(self.waiting)
        self.waiting, self.keys, self.channels = [], set(), set()


def _unknown(ctx: Context, aliases: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in aliases if ctx.uow.clients.find_by_key(name) is None)


@dataclass(slots=True)
class _Agreements:
    waiting: list[Agreement] = field(default_factory=list)
    names: set[tuple[int, str]] = field(default_factory=set)

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        found = (
            ctx.uow.clients.find_by_key(name) for name in dict.fromkeys(str(raw.get("client", "")) for raw in rows)
        )
        return [client.id for client in found if client is not None]

    def take(self, ctx: Context, raw: Raw) -> str:
        client = lookup.client_called(ctx, str(raw.get("client", "")))
        raw = {**raw, "client": client.name}
        reference = str(raw.get("reference", ""))
        self._find(ctx, client, reference)
        papers = ctx.uow.agreements.of_client(client.id)
        if any(reference_key(each.reference) == reference_key(reference) for each in papers):
            return self._edit(ctx, {**raw, "agreement": reference})
        args = convert(_command(ctx, "agreement", "add"), raw, ctx)
        self._find(ctx, client, args.reference, args.parent or "")
        agreement = new_agreement(ctx, args)
        self.waiting.append(agreement)
        self.names.add((client.id, reference_key(agreement.reference)))
        return "added"

    def _find(self, ctx: Context, client: Client, *references: str) -> None:
        """Add what waits, if one of the client's papers that are called so is among it."""
        if not self.names.isdisjoint((client.id, reference_key(each)) for each in references):
            self.add_waiting(ctx)

    def _edit(self, ctx: Context, raw: Raw) -> str:
        args = convert(_command(ctx, "agreement", "edit"), raw, ctx)
        self._find(ctx, args.client, args.parent or "")
        after = edited(ctx, args)
        if after == args.agreement:
            return "unchanged"
        self.add_waiting(ctx)
        save_agreement(ctx, after)
        return "changed"

    def add_waiting(self, ctx: Context) -> None:
        ctx.uow.agreements.add_all(self.waiting, at=ctx.now)
        ctx.uow.clients.matrices_changed({each.client_id for each in self.waiting})
        self.waiting, self.names = [], set()


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
