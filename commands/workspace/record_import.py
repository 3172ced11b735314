"""Clients and agreements from a table, and back: each row is validated as if typed, all are saved or none."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pydantic import ValidationError

from commands.agreements.agreement import apply_edit, new_agreement
from commands.agreements.agreement import save as save_agreement
from commands.agreements.standing import STANDING_WORDS, standing_of
from commands.arguments import Arguments
from commands.clients.client import edits, new_client, save_client
from commands.command import Command, Context, Upload
from commands.errors import CommandError, Conflict, NeedsYes, UsageError
from commands.grammar import lookup
from commands.grammar.limits import refusal
from commands.grammar.parsing import convert
from commands.grammar.words import command_line
from commands.matrix.rows import FORMAT, FileFormat
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Emphasis, Field, File, Reply
from commands.rules.agreements.standing import AgreementStanding
from commands.rules.imports.file_dates import Order
from commands.rules.imports.tables import TableReading, TableRow, said_of_rows, without_rows
from commands.rules.imports.titles import AGREEMENT_FIELDS, CLIENT_FIELDS, fields_of, own_header
from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.questions.like_names import KnownNames, difference
from commands.rules.text.cell_lists import join_list, split_list
from commands.rules.text.phrases import join_names
from commands.spreadsheets.reading import read_workbook
from commands.spreadsheets.uploads import first_lines, keep_upload, take_upload
from commands.spreadsheets.writing import write_csv, write_xlsx
from commands.workspace.import_answers import Questions, asked_text, given_options
from commands.workspace.import_memory import read_answered, remember
from commands.workspace.import_values import prepare
from storage.records import Agreement, AgreementStatus, Client, ClientStatus, Record, Role
from storage.records.agreement import reference_key
from storage.records.client import client_key

_SHOWN = 10
_AT_ONCE = 500
_MOST_SKIPPED = 20
Raw = dict[str, str | tuple[str, ...]]
_WHOLE_TEXT = (Kind.TEXT, Kind.LONG_TEXT)
_ENDED = (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED)
_LAPSED = ("expired", "lapsed")
_STATUS_WORDS = {
    "active": "executed", "signed": "executed", "in_force": "executed", "current": "executed", "live": "executed",
    "sent": "out_for_signature", "pending": "out_for_signature", "pending_signature": "out_for_signature",
    "cancelled": "terminated", "canceled": "terminated", "ended": "terminated", "closed": "terminated",
    "replaced": "superseded",
}  # fmt: skip
_CLIENT_STATUS_WORDS = {
    "current": "active", "live": "active", "inactive": "offboarded", "former": "offboarded", "lost": "offboarded",
    "churned": "offboarded", "terminated": "offboarded",
}  # fmt: skip
# What a row can say beside what is typed to add a record.
_MORE = {
    "client": (
        Parameter("status", "whether we work for it", Kind.CHOICE, choices=ClientStatus, words=_CLIENT_STATUS_WORDS),
        Parameter("offboarded", "the last day we worked for it", Kind.DATE),
        Parameter("former", "a name it had before", many=True),
    ),
    "agreement": (
        Parameter("status", "where it stands", Kind.CHOICE, choices=AgreementStatus, words=_STATUS_WORDS),
        Parameter("terminated", "its last day, where it was ended", Kind.DATE),
        Parameter("reason", "why it was ended", Kind.LONG_TEXT),
    ),
}
_SAME_DAY = "signed"  # both signatures at once: an export has one column for each
NOT_EXPORTED: Mapping[type[Record], Mapping[str, str]] = {
    Client: {
        "id": "numbers a row of this database",
        "version": "counts the changes in this database",
        "matrix_version": "counts the changes in this database",
        "merged_into": "a merged client is found by the names of the one it became part of",
    },
    Agreement: {
        "id": "numbers a row of this database",
        "version": "counts the changes in this database",
    },
}
"""The fields of a record that its export leaves out, and why. A test sees to it that all others come back."""


def import_clients(ctx: Context, args: Arguments) -> Reply:
    return import_table(ctx, args, "client", CLIENT_FIELDS, ("name",), _Clients(args.retire, bool(args.separate)))


def import_agreements(ctx: Context, args: Arguments) -> Reply:
    return import_table(ctx, args, "agreement", AGREEMENT_FIELDS, ("client", "reference"), _Agreements(args.retire))


def export_clients(ctx: Context, args: Arguments) -> Reply:
    clients = ctx.uow.clients.list(offboarded=True)
    typed = [_client_as_typed(ctx, each) for each in clients]
    return _export(ctx, args, "client", CLIENT_FIELDS, typed)


def export_agreements(ctx: Context, args: Arguments) -> Reply:
    clients = {client.id: client for client in ctx.uow.clients.list(offboarded=True)}
    typed = [_agreement_as_typed(ctx, clients[each.client_id], each) for each in ctx.uow.agreements.list()]
    return _export(ctx, args, "agreement", AGREEMENT_FIELDS, typed)


def _client_as_typed(ctx: Context, each: Client) -> Raw:
    ended = {"offboarded": str(each.offboarded_on)} if each.offboarded_on else {}
    typed = _as_typed(ctx, "client", client=each)
    return {**typed, "status": each.status.value, "former": each.former_names, **ended}


def _agreement_as_typed(ctx: Context, client: Client, each: Agreement) -> Raw:
    ended = {"terminated": each.terminated_on, "reason": each.termination_reason}
    return {
        **_as_typed(ctx, "agreement", client=client, agreement=each),
        "reference": each.reference,
        "status": each.status.value,
        **{name: str(value) for name, value in ended.items() if value is not None},
    }


def _as_typed(ctx: Context, noun: str, **records: Record) -> Raw:
    """A record as somebody would type it."""
    edit = _command(ctx, noun, "edit")
    assert edit.current is not None, f"{noun} edit shows no record"
    return dict(edit.current(ctx, records) or {})


def import_table(
    ctx: Context,
    args: Arguments,
    noun: str,
    known: Mapping[str, str],
    required: tuple[str, ...],
    records: "_Records",
    *,
    verb: str = "add",
) -> Reply:
    """What a table says of `noun`, looked at first and saved when somebody says so: each row is what `verb` takes."""
    upload = take_upload(ctx, args.upload)
    if args.upload is not None and args.confirm is False:
        return Reply(f"{upload.name} is put away. Nothing was saved.", data={"saved": False})
    of_row = row_command(ctx, noun, verb)
    fields = fields_of([parameter.name for parameter in of_row.parameters], known) | _beside(known, of_row)
    options = given_options(args)
    ctx.tell_progress(f"Reading {upload.name}")
    workbook = read_workbook(upload.content, upload.name)
    said, reading, remembered = read_answered(ctx, noun, options, args, workbook, fields, required)
    asked = Questions()
    found = prepare(ctx, of_row, reading, said, asked, is_clients=noun == "client")
    reading = without_rows(replace(reading, rows=tuple(found.rows)), found.left_out)
    if not reading.rows and not reading.left_out and not reading.problems:
        at = f"titles in row {reading.header_row}" if reading.header_row else "titles"
        raise CommandError(f"{upload.name} has {at}, and no rows below them. Nothing was saved.", data={"saved": False})
    records.remarks += found.remarks
    is_final = bool(args.confirm) and not args.dry_run
    with nullcontext() if is_final else ctx.uow.rehearsal():
        counts, problems = _apply(ctx, of_row, reading, records, found.problems, saves=is_final)
    left_out = said_of_rows(reading.left_out)
    data = {
        "rows": len(reading.rows), **counts, "skipped": [{"row": row, "reason": why} for row, why in reading.left_out],
        "problems": problems, "unread": list(reading.unread), "columns": dict(reading.columns),
        "remarks": _by_message(records.remarks), "ending": [*records.ending], "saved": is_final,
        "asked": [asked_text(each) for each in asked.found.values()],
    }  # fmt: skip
    again = _Again(
        ctx,
        noun,
        upload,
        {**options, "fresh": args.fresh, "skip": args.skip, "separate": getattr(records, "separate", False)},
    )
    if problems or asked.open:
        lines = _by_message([(each["row"], f"{each['column']} {each['message']}".strip()) for each in problems])
        lines = [*map(asked_text, asked.open), *lines]
        choices = () if is_final or args.dry_run else again.ways_out(asked, problems, counts)
        if choices:  # what was raised would not be kept for the button
            headline = f"{upload.name} cannot be imported as it is. Nothing is saved."
            return Reply(headline, cautions=tuple(_first(lines)), choices=choices, data=data | {"saved": False})
        raise CommandError(first_lines(f"{upload.name}: nothing was saved.", lines), data=data | {"saved": False})
    if is_final and asked.proposed and not (args.accept or ctx.is_confirmed):
        lines = [*map(asked_text, asked.proposed)]
        message = first_lines(f"{upload.name}: nothing is saved yet. Is this right?", lines)
        raise NeedsYes(message, next_steps=("accept:yes takes all of it",), data=data | {"saved": False})
    if is_final and records.ending and args.retire is None and not ctx.is_confirmed:
        message = f"{upload.name}: nothing is saved yet. {_would_end(records.ending)}"
        steps = ("retire:yes ends them", "retire:no leaves them as they are")
        raise NeedsYes(message, next_steps=steps, data=data | {"saved": False})
    summary = f"{counts['added']} added, {counts['changed']} changed, {counts['unchanged']} as before"
    cautions = (*remembered, *found.notices, *reading.unread, *_first(left_out), *_first(_by_message(records.remarks)))
    facts = _facts(reading, counts)
    if is_final:
        remember(ctx, noun, options, reading)
        return Reply(f"{upload.name}: {summary}.", fields=facts, cautions=cautions, data=data)
    if records.ending:
        cautions = (_would_end(records.ending), *cautions)
    cautions = (*_first([*map(asked_text, asked.proposed)]), *cautions)
    return Reply(
        f"{upload.name} can be imported: {summary}. Nothing is saved yet.",
        fields=facts,
        cautions=cautions,
        choices=() if args.dry_run else again.ways_to_save(bool(asked.proposed), len(records.ending)),
        data=data,
    )


def _beside(known: Mapping[str, str], command: Command) -> dict[str, str]:
    """Columns that say something of a record without being a fact of it: "Inactive", "Type"."""
    names = {parameter.name for parameter in command.parameters}
    return {name: titles for name, titles in known.items() if name not in names}


def _facts(reading: TableReading, counts: Mapping[str, int]) -> tuple[Field, ...]:
    """What was read as what, in a few lines."""
    left = f", {len(reading.left_out)} left out" if reading.left_out else ""
    columns = ", ".join(f"{name} = {title}" for name, title in reading.columns.items())
    return (
        Field("Rows", f"{sum(counts.values())} read{left}"),
        Field("Titles in row", str(reading.header_row)),
        Field("Columns", columns),
    )


@dataclass(slots=True)
class _Again:
    """The same file once more, with what was said about it. It is kept once somebody may press a button."""

    ctx: Context
    noun: str
    upload: Upload
    options: Mapping[str, Any]
    number: int | None = None

    def _line(self, **more: Any) -> str:
        options = {name: value for name, value in {**self.options, **more}.items() if value}
        options = {name: "yes" if value is True else value for name, value in options.items()}
        self.number = self.number or keep_upload(self.ctx, self.upload)
        return command_line(f"{self.noun} import", upload=self.number, **options)

    def ways_to_save(self, is_asked: bool, ending: int) -> tuple[Choice, ...]:
        """What was not shown as ending when the file was looked at does not end when it is saved either."""
        save = self._line(confirm="yes", accept=is_asked)
        label = "Save as proposed" if is_asked else "Save"
        cancel = Choice("Cancel", save.replace("confirm:yes", "confirm:no"))
        keeping = Choice(label, f"{save} retire:no", Emphasis.PRIMARY)
        if not ending:
            return (keeping, cancel)
        return (
            Choice(f"Save and end {ending}", f"{save} retire:yes", Emphasis.DANGER, confirm=f"End {ending} of them?"),
            replace(keeping, label="Save, but end none"),
            cancel,
        )

    def ways_out(
        self, asked: Questions, problems: Sequence[Mapping[str, Any]], counts: Mapping[str, int]
    ) -> tuple[Choice, ...]:
        """For dates of either order, each of them; where only some rows are stopped, to leave these out."""
        if ("dates", "") in asked.found:
            orders = (Order.DAY_FIRST, Order.MONTH_FIRST)
            return tuple(Choice(f"{each.capitalize()}", self._line(dates=each.value)) for each in orders)
        stopped = sorted({each["row"] for each in problems if each["row"]})
        if asked.open or not stopped or not sum(counts.values()) or any(not each["row"] for each in problems):
            return ()
        skip = (*self.options["skip"], *map(str, stopped))
        if len(stopped) > _MOST_SKIPPED:
            return ()
        return (Choice(f"Leave out {len(stopped)}", self._line(skip=skip)),)


def _would_end(ending: Sequence[str]) -> str:
    return f"It would end {len(ending)}: {join_names(ending, _SHOWN)}."


def _by_message(found: Iterable[tuple[int, str]]) -> list[str]:
    """What is said of several rows, said once with all their numbers."""
    rows: dict[str, list[str]] = {}
    for row, message in found:
        rows.setdefault(message, []).append(str(row))
    return [
        (f"row {', '.join(numbers[:_SHOWN])}{' ...' if len(numbers) > _SHOWN else ''}: " if numbers != ["0"] else "")
        + message
        for message, numbers in rows.items()
    ]


def _first(lines: Sequence[str]) -> Sequence[str]:
    more = [f"... and {len(lines) - _SHOWN} more remarks"] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more]


def _apply(
    ctx: Context,
    command: Command,
    reading: TableReading,
    records: "_Records",
    stopped: Sequence[tuple[int, str, str]],
    *,
    saves: bool,
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Do what each row says; how many were added, changed or left, and what is wrong, by row."""
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    found = [*((each.row, each.column, each.message) for each in reading.problems), *stopped]
    problems = [{"row": row, "column": column, "message": message} for row, column, message in found]
    wrong = {row for row, _, _ in found}
    is_read = not any(row in (0, reading.header_row) for row in wrong)
    rows = [(row.number, _raw(command, row)) for row in reading.rows if row.number not in wrong] if is_read else []
    with ctx.uow.prefetch(records.clients_named(ctx, [raw for _, raw in rows])):
        for count, (number, raw) in enumerate(records.in_order(ctx, rows)):
            if count % _AT_ONCE == _AT_ONCE - 1:
                ctx.tell_progress(f"{count + 1:,} of {len(rows):,} rows compared with the records")
            try:
                counts[records.take(ctx, number, raw)] += 1
            except UsageError as error:
                fields = error.fields or {"": error.message}
                problems += [{"row": number, "column": name, "message": text} for name, text in fields.items()]
            except ValidationError as error:
                said = refusal(error, command, {name.replace("-", "_"): text for name, text in raw.items()})
                problems += [{"row": number, "column": name, "message": text} for name, text in said.fields.items()]
            except CommandError as error:
                problems.append({"row": number, "column": "", "message": error.message})
        if saves or not isinstance(records, _Agreements):  # nothing reads them back where they are only looked at
            records.add_waiting(ctx)
    return counts, problems


def _raw(command: Command, row: TableRow) -> Raw:
    raw: Raw = {}
    for parameter in command.parameters:
        text = row.values.get(parameter.name)
        if text is None:
            continue
        if parameter.many:
            raw[parameter.name] = split_list(text)
        else:
            raw[parameter.name] = text if parameter.kind in _WHOLE_TEXT else clean_line(text)
    return raw


def row_command(ctx: Context, noun: str, verb: str = "add") -> Command:
    """What a row says, as arguments: those of adding or editing a record, and what an export has beside them."""
    command = _command(ctx, noun, verb)
    told = tuple(each for each in command.parameters if each.kind is not Kind.FILE)
    return replace(command, parameters=(*told, *_MORE.get(noun, ())))


class _Records(Protocol):
    """Takes row after row. What is new waits, to be added with others, until something needs to find it.

    `remarks`: what was not taken as the file says it, by row. `ending`: the records that it ends.
    """

    remarks: list[tuple[int, str]]
    ending: list[str]

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        """The clients that are known already, by id."""

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        """The rows in the order in which they can be taken."""

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        """What becomes of it: added, changed or unchanged. Raises CommandError."""

    def add_waiting(self, ctx: Context) -> None: ...


@dataclass(slots=True)
class _Clients:
    retire: bool | None
    separate: bool
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    waiting: list[Client] = field(default_factory=list)
    channels: set[str] = field(default_factory=set)
    rows: dict[str | int, int] = field(default_factory=dict)
    like: KnownNames | None = None

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        return ()

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        return rows

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        name, aliases = str(raw.get("name", "")), tuple(raw.get("alias", ()))
        for each in (name, *aliases, *raw.get("former", ())):
            self._once(client_key(each), number, each)
        known = ctx.uow.clients.find_by_key(name)
        if known is not None:
            self._once(known.id, number, name)
            return self._edit(ctx, number, known, raw)
        args = convert(row_command(ctx, "client"), raw, ctx)
        self.remarks += [(number, each) for each in args.readings]
        if not self.channels.isdisjoint(args.channel):
            self.add_waiting(ctx)
        client = self._with_past(ctx, number, new_client(ctx, args), args)
        self._refuse_like_names(ctx, client)
        self.waiting.append(client)
        self.channels.update(client.channels)
        return "added"

    def _refuse_like_names(self, ctx: Context, client: Client) -> None:
        """Raises Conflict where only spelling, a legal form or a slip tells it from a client on record or above."""
        if self.like is None:
            self.like = KnownNames()
            for key, name in ctx.uow.clients.keys().items():
                self.like.add(key, f"{name} on record")
        for name in (client.name, *client.aliases):
            if not self.separate and (found := self.like.like(name)) is not None:
                other, is_same = found
                raise Conflict(
                    f'"{name}" is nearly the name of {other}: {difference(is_same)}. If it is the same client, write '
                    "its name as it is there; if it is another, import with separate:yes."
                )
        for name in (client.name, *client.aliases):
            self.like.add(name, f'"{client.name}" above')

    def _once(self, key: str | int, number: int, name: str) -> None:
        """Raises Conflict for a client that another row is about."""
        if self.rows.setdefault(key, number) != number:
            raise Conflict(
                f'"{name}" is in row {self.rows[key]} already. A client has one row, and a name belongs to one client.'
            )

    def _edit(self, ctx: Context, number: int, known: Client, raw: Raw) -> str:
        ours = {client_key(each) for each in (known.name, *known.aliases)}
        aliases = tuple(each for each in raw.get("alias", ()) if client_key(each) not in ours)
        raw = {**raw, "client": known.name, "alias": aliases}
        if client_key(str(raw["name"])) != client_key(known.name):
            del raw["name"]  # another name of the same client is no new name
        args = convert(row_command(ctx, "client", "edit"), raw, ctx)
        self.remarks += [(number, each) for each in args.readings]
        after = known.changed(**edits(args))
        after = self._with_past(ctx, number, after, args)
        if after == known:
            return "unchanged"
        self.add_waiting(ctx)
        save_client(ctx, known, after)
        return "changed"

    def _with_past(self, ctx: Context, number: int, client: Client, args: Arguments) -> Client:
        """With the former names and the status of its row. Raises Conflict for another client's name."""
        known = set(map(client_key, (client.name, *client.aliases, *client.former_names)))
        former = [name for name in args.former if client_key(name) not in known]
        for name in former:
            if (other := ctx.uow.clients.find_by_key(name)) is not None:
                raise Conflict(f'"{name}" is already the name or an alias of {other.name}.')
        client = client.changed(former_names=(*client.former_names, *former)) if former else client
        if args.offboarded and args.status is ClientStatus.ACTIVE:
            raise UsageError(
                'it has a last day in "offboarded", but its status is active.',
                fields={"offboarded": "is a last day, but the status is active. Leave one of them empty."},
            )
        status = ClientStatus.OFFBOARDED if args.offboarded else args.status or client.status
        if status is ClientStatus.ACTIVE:
            return client.changed(status=status, offboarded_on=None) if client.is_offboarded else client
        is_news = client.id != 0 and not client.is_offboarded
        if is_news and self.retire is False:
            self.remarks.append((number, f"status {status} is not taken: {client.name} stays {client.status}."))
            return client
        if is_news:
            self.ending.append(client.name)
        return client.changed(status=status, offboarded_on=args.offboarded or client.offboarded_on)

    def add_waiting(self, ctx: Context) -> None:
        ctx.uow.clients.add_all(self.waiting)
        self.waiting, self.channels = [], set()


@dataclass(slots=True)
class _Agreements:
    retire: bool | None
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    waiting: list[Agreement] = field(default_factory=list)
    names: set[tuple[int, str]] = field(default_factory=set)
    rows: dict[tuple[int, str], int] = field(default_factory=dict)

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        found = (
            ctx.uow.clients.find_by_key(name) for name in dict.fromkeys(str(raw.get("client", "")) for raw in rows)
        )
        return [client.id for client in found if client is not None]

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        """Each agreement after the one that it belongs to."""
        names = {_name(ctx, raw, "reference"): number for number, raw in rows}
        before = {number: names.get(_name(ctx, raw, "parent")) for number, raw in rows}

        def depth(number: int) -> int:
            above: list[int] = []
            at = before.get(number)
            while at is not None and at not in above:
                above.append(at)
                at = before.get(at)
            return len(above)

        return sorted(rows, key=lambda row: depth(row[0]))

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        client = lookup.client_called(ctx, str(raw.get("client", "")))
        reference = str(raw.get("reference", ""))
        key = (client.id, reference_key(reference))
        if self.rows.setdefault(key, number) != number:
            raise Conflict(
                f"{reference} of {client.name} is in row {self.rows[key]} already. Leave one row for each agreement."
            )
        papers = ctx.uow.agreements.of_client(client.id)
        known = next((each for each in papers if reference_key(each.reference) == reference_key(reference)), None)
        says = str(raw.get("status", ""))
        says_lapsed = comparable(says) in _LAPSED  # which follows from its dates
        raw = {**raw, "client": client.name, "agreement": reference, "status": "" if says_lapsed else says}
        after = self._stated(ctx, number, client, known, raw)
        if says_lapsed and (stands := standing_of(ctx, client, after).status) is not AgreementStanding.LAPSED:
            self.remarks.append((number, f'status "{says}" is not taken: by its dates it is {STANDING_WORDS[stands]}.'))
        if known is None:
            self.waiting.append(after)
            self.names.add((client.id, reference_key(after.reference)))
            return "added"
        if after == known:
            return "unchanged"
        self.add_waiting(ctx)
        save_agreement(ctx, after)
        return "changed"

    def _stated(self, ctx: Context, number: int, client: Client, known: Agreement | None, raw: Raw) -> Agreement:
        """The agreement as its row states it. Raises CommandError."""
        command = row_command(ctx, "agreement", "edit" if known else "add")
        args = convert(command, raw, ctx)
        self.remarks += [(number, each) for each in args.readings]
        self._find(ctx, client, args.parent or "")
        stated = apply_edit(ctx, args) if known else new_agreement(ctx, args)
        status: AgreementStatus | None = args.status
        if args.terminated and status not in (None, *_ENDED):
            raise UsageError(f'it has a last day in "terminated", but its status is {status}. Leave one of them empty.')
        if args.terminated or status in _ENDED:
            return self._ended(number, client, known, stated, args)
        if status not in (None, stated.status):
            follows = f"by its signatures it is {stated.status}"
            kept = f"it is on record as {stated.status}" if stated.status in _ENDED else follows
            self.remarks.append((number, f"status {status} is not taken: {kept}."))
        if args.reason:
            self.remarks.append((number, "the termination reason is not taken: nothing says that it was terminated."))
        return stated

    def _ended(
        self, number: int, client: Client, known: Agreement | None, stated: Agreement, args: Arguments
    ) -> Agreement:
        is_news = known is not None and known.status not in _ENDED
        if is_news and self.retire is False:
            self.remarks.append((number, f"its end is not taken: {stated.reference} stays {stated.status}."))
            return stated
        status = args.status or (AgreementStatus.TERMINATED if stated.status not in _ENDED else stated.status)
        day, reason = args.terminated or stated.terminated_on, args.reason or stated.termination_reason
        if day is None:
            self.remarks.append((number, f'{status}, but no last day is in "terminated": it counts as ended always.'))
        if is_news:
            self.ending.append(f"{stated.reference} of {client.name}")
        return stated.changed(status=status, terminated_on=day, termination_reason=reason)

    def _find(self, ctx: Context, client: Client, *references: str) -> None:
        """Add what waits, if one of the client's papers that are called so is among it."""
        if not self.names.isdisjoint((client.id, reference_key(each)) for each in references):
            self.add_waiting(ctx)

    def add_waiting(self, ctx: Context) -> None:
        ctx.uow.agreements.add_all(self.waiting, at=ctx.now)
        ctx.uow.clients.matrices_changed({each.client_id for each in self.waiting})
        self.waiting, self.names = [], set()


def _command(ctx: Context, noun: str, verb: str) -> Command:
    command = ctx.registry.find(noun, verb)
    assert command is not None, f"the registry has no {noun} {verb}"
    return command


def _name(ctx: Context, raw: Raw, field: str) -> tuple[int | str, str] | None:
    """Which agreement the row names in that field, as names are compared."""
    text = str(raw.get(field, ""))
    client = ctx.uow.clients.find_by_key(str(raw.get("client", "")))
    return (client.id if client else client_key(str(raw.get("client", ""))), reference_key(text)) if text else None


def _export(ctx: Context, args: Arguments, noun: str, known: Mapping[str, str], typed: Sequence[Raw]) -> Reply:
    names = [each.name for each in row_command(ctx, noun).parameters if each.name != _SAME_DAY]
    fields = fields_of(names, known)
    header = [own_header(fields[name]) for name in names]
    table = [[_cell(each.get(name, "")) for name in names] for each in typed]
    as_csv = args.format is FileFormat.CSV
    title = f"{noun.capitalize()}s"
    content = write_csv(header, table) if as_csv else write_xlsx(header, table, sheet_name=title)
    file = File(f"{noun}s.{'csv' if as_csv else 'xlsx'}", content, title)
    return Reply(f"{len(typed)} {noun}s.", files=(file,), data={"rows": len(typed), "file": file.name})


def _cell(value: str | int | tuple[str, ...]) -> str:
    return join_list(value) if isinstance(value, tuple) else str(value)


_ORDERS = {f"{each.split()[0]}_first": each.value for each in Order}
IMPORT = (
    Parameter("file", "one CSV or XLSX file", Kind.FILE),
    Parameter("sheet", "the sheet, by name or number"),
    Parameter("header-row", "the row with the column titles", Kind.INTEGER),
    Parameter("column", "which column is what: name=Organisation", many=True),
    Parameter("value", "what a word means: Managed Services=sow; nothing behind the = leaves it empty", many=True),
    Parameter("unit", "what a column of numbers counts: notice=days", many=True),
    Parameter("dates", "which number comes first in dates", Kind.CHOICE, choices=Order, words=_ORDERS),
    Parameter("skip", "a row to leave out", many=True),
    Parameter("accept", "take the proposed reading of what is asked about", Kind.YES_NO),
    Parameter("fresh", "forget what was said about this layout before", Kind.YES_NO),
    Parameter("retire", "yes ends what the file says has ended, no leaves it as it is", Kind.YES_NO),
    Parameter("upload", "a file sent before, by its number", Kind.INTEGER),
    Parameter("confirm", "save it", Kind.YES_NO),
    Parameter("dry-run", "only say what would happen", Kind.YES_NO),
)
_SEPARATE = Parameter("separate", "names that are nearly the same are different clients", Kind.YES_NO)
_EXPORT = (FORMAT,)
COMMANDS = (
    Command(
        "client", "import", import_clients, Role.MANAGER, "Read clients from a spreadsheet, after a preview",
        parameters=(*IMPORT, _SEPARATE), example="/engagement client import", is_slow=True,
    ),
    Command(
        "client", "export", export_clients, Role.MANAGER, "All clients as a file that can be imported again",
        parameters=_EXPORT, example="/engagement client export format:csv", is_slow=True,
    ),
    Command(
        "agreement", "import", import_agreements, Role.MANAGER, "Read agreements from a spreadsheet, after a preview",
        parameters=IMPORT, example="/engagement agreement import", is_slow=True,
    ),
    Command(
        "agreement", "export", export_agreements, Role.MANAGER, "All agreements as a file that can be imported again",
        parameters=_EXPORT, example="/engagement agreement export format:csv", is_slow=True,
    ),
)  # fmt: skip
