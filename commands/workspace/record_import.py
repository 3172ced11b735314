"""Clients and agreements from a table, and back: each row is validated as if typed, all are saved or none."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pydantic import ValidationError

from commands.agreements.agreement import OPTIONS
from commands.arguments import Arguments
from commands.command import Command, Context, Upload
from commands.errors import CommandError, NeedsYes, UsageError
from commands.grammar.limits import refusal
from commands.grammar.words import command_line, quote
from commands.labels import label_of
from commands.matrix.export import FORMAT
from commands.parameters import TABLE_TYPES, Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Reply
from commands.rules.imports.file_dates import Order
from commands.rules.imports.tables import TableReading, TableRow, repeated_rows, said_of_rows, without_rows
from commands.rules.imports.titles import AGREEMENT_FIELDS, CLIENT_FIELDS, fields_of, ranked
from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.text.cell_lists import split_list
from commands.rules.text.phrases import join_names, named_rows, plain
from commands.spreadsheets.reading import read_workbook
from commands.spreadsheets.uploads import first_lines, keep_upload, problem_file, take_upload
from commands.workspace.import_answers import Questions, asked_text, given_options
from commands.workspace.import_memory import read_answered, remember
from commands.workspace.import_values import prepare
from commands.workspace.imported_agreements import ImportedAgreements
from commands.workspace.imported_clients import ImportedClients
from commands.workspace.record_export import export_agreements, export_clients
from commands.workspace.record_rows import Raw, row_command
from storage.records import Role

_SHOWN = 10
_AT_ONCE = 500
_MOST_SKIPPED = 20
_NO_CLIENT = "There is no client called"
_WHOLE_TEXT = (Kind.TEXT, Kind.LONG_TEXT)


def import_clients(ctx: Context, args: Arguments) -> Reply:
    return import_table(
        ctx, args, "client", CLIENT_FIELDS, ("name",), ImportedClients(args.retire, bool(args.separate))
    )


def import_agreements(ctx: Context, args: Arguments) -> Reply:
    return import_table(
        ctx, args, "agreement", AGREEMENT_FIELDS, ("client", "reference"), ImportedAgreements(args.retire)
    )


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
    options = given_options(args)
    trial = _try(ctx, args, upload, row_command(ctx, noun, verb), options, known, required, records)
    kept = {**options, "fresh": args.fresh, "skip": args.skip, "separate": getattr(records, "separate", False)}
    again = _Again(ctx, noun, upload, kept)
    if trial.problems or trial.asked.open:
        return _stopped(trial, again, may_go_on=not args.dry_run)
    if not trial.saves:
        return _preview(trial, again, may_go_on=not args.dry_run)
    _ask_before_saving(ctx, args, trial)
    remember(ctx, noun, options, trial.reading)
    return Reply(f"{upload.name}: {trial.summary}.", fields=trial.fields, cautions=trial.cautions, data=trial.data)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What came of doing what each row of a table says; only where it `saves` it stays done.

    `remembered`: which answers of an earlier file with the same columns were used.
    """

    name: str
    reading: TableReading
    records: "_Records"
    asked: Questions
    counts: Mapping[str, int]
    problems: Sequence[Mapping[str, Any]]
    remembered: Sequence[str]
    notices: Sequence[str]
    saves: bool

    @property
    def summary(self) -> str:
        return f"{self.counts['added']} added, {self.counts['changed']} changed, {self.counts['unchanged']} as before"

    @property
    def fields(self) -> tuple[Field, ...]:
        """What was read as what, in a few lines."""
        left = f", {len(self.reading.left_out)} left out" if self.reading.left_out else ""
        columns = ", ".join(f"{name} = {title}" for name, title in self.reading.columns.items())
        return (
            Field("Rows", f"{sum(self.counts.values())} read{left}"),
            Field("Titles in row", str(self.reading.header_row)),
            Field("Columns", columns),
        )

    @property
    def cautions(self) -> tuple[str, ...]:
        left_out = said_of_rows(self.reading.left_out)
        remarks = _by_message(self.records.remarks)
        return (*self.remembered, *self.notices, *self.reading.unread, *_first(left_out), *_first(remarks))

    @property
    def data(self) -> dict[str, Any]:
        return {
            "rows": len(self.reading.rows), **self.counts,
            "skipped": [{"row": row, "reason": why} for row, why in self.reading.left_out],
            "problems": self.problems, "unread": list(self.reading.unread), "columns": dict(self.reading.columns),
            "remarks": _by_message(self.records.remarks), "ending": [*self.records.ending], "saved": self.saves,
            "asked": [asked_text(each) for each in self.asked.found.values()],
        }  # fmt: skip


def _try(
    ctx: Context,
    args: Arguments,
    upload: Upload,
    of_row: Command,
    options: Mapping[str, Any],
    known: Mapping[str, str],
    required: tuple[str, ...],
    records: "_Records",
) -> _Trial:
    """Read the table and do what its rows say, for good where that was said. Raises CommandError without rows."""
    fields = _titles(of_row, known)
    ctx.tell_progress(f"Reading {upload.name}")
    workbook = read_workbook(upload.content, upload.name)
    said, reading, remembered = read_answered(ctx, of_row.noun, options, args, workbook, fields, required)
    asked = records.asked
    for title, name in reading.likely.items():
        answer = f"column:{quote(f'{name}={title}')} reads it as the {name}"
        asked.ask("column", title, 0, f'Nothing is taken from the column "{title}".', "", answer)
    found = prepare(ctx, of_row, reading, said, asked, is_clients=of_row.noun == "client")
    twice = repeated_rows(found.rows) if of_row.noun in ("client", "agreement") else {}
    reading = without_rows(replace(reading, rows=tuple(found.rows)), found.left_out | twice)
    if not reading.rows and not reading.left_out and not reading.problems:
        at = f"titles in row {reading.header_row}" if reading.header_row else "titles"
        raise CommandError(f"{upload.name} has {at}, and no rows below them. Nothing was saved.", data={"saved": False})
    records.remarks += found.remarks
    saves = bool(args.confirm) and not args.dry_run
    with nullcontext() if saves else ctx.uow.rehearsal():
        counts, problems = _apply(ctx, of_row, reading, records, found.problems, saves=saves)
    return _Trial(
        upload.name, reading, records, asked, counts, problems, remembered, [*workbook.remarks, *found.notices], saves
    )


def _stopped(trial: _Trial, again: "_Again", *, may_go_on: bool) -> Reply:
    """What is wrong or has to be said first, with buttons where one of them mends it; else raises CommandError."""
    lines = _by_message([(each["row"], _problem_words(each["column"], each["message"])) for each in trial.problems])
    lines = [*map(asked_text, trial.asked.open), *lines]
    files, data = problem_file(trial.name, trial.problems), trial.data | {"saved": False}
    choices = again.ways_out(trial.asked, trial.problems, trial.counts) if may_go_on and not trial.saves else ()
    if choices:  # what was raised would not be kept for the button
        headline = f"{trial.name} cannot be imported as it is. Nothing is saved."
        return Reply(headline, cautions=tuple(_first(lines)), choices=choices, files=files, data=data)
    lacks_clients = any(each["message"].startswith(_NO_CLIENT) for each in trial.problems)
    steps = ("/engagement client import",) if lacks_clients else ()
    message = first_lines(f"{trial.name}: nothing was saved.", lines)
    raise CommandError(message, next_steps=steps, files=files, data=data)


def _preview(trial: _Trial, again: "_Again", *, may_go_on: bool) -> Reply:
    ending = trial.records.ending
    would_end = (_would_end(ending),) if ending else ()
    return Reply(
        f"{trial.name} can be imported: {trial.summary}. Nothing is saved yet.",
        fields=trial.fields,
        cautions=(*_first([*map(asked_text, trial.asked.proposed)]), *would_end, *trial.cautions),
        choices=again.ways_to_save(bool(trial.asked.proposed), len(ending)) if may_go_on else (),
        data=trial.data,
    )


def _ask_before_saving(ctx: Context, args: Arguments, trial: _Trial) -> None:
    """Raises NeedsYes for what is only proposed and for what would end, unless somebody has said yes to it."""
    if ctx.is_confirmed:
        return
    if trial.asked.proposed and not args.accept:
        lines = [*map(asked_text, trial.asked.proposed)]
        message = first_lines(f"{trial.name}: nothing is saved yet. Is this right?", lines)
        raise NeedsYes(message, next_steps=("accept:yes takes all of it",), data=trial.data | {"saved": False})
    if trial.records.ending and args.retire is None:
        message = f"{trial.name}: nothing is saved yet. {_would_end(trial.records.ending)}"
        steps = ("retire:yes ends them", "retire:no leaves them as they are")
        raise NeedsYes(message, next_steps=steps, data=trial.data | {"saved": False})


def _titles(command: Command, known: Mapping[str, str]) -> dict[str, str]:
    """The titles of each field: those of exports, and what our own forms and texts call it ("In effect since")."""
    fields = fields_of([parameter.name for parameter in command.parameters], known) | _beside(known, command)
    taken = ranked(fields)
    own = {option: plain(field) for field, option in OPTIONS.items()} if command.noun == "agreement" else {}
    for parameter in command.parameters:
        ours = (label_of(command, parameter), own.get(parameter.name, ""))
        new = [each.replace(",", "") for each in ours if each and comparable(each) not in taken]
        fields[parameter.name] = ", ".join([fields[parameter.name], *new])
    return fields


def _beside(known: Mapping[str, str], command: Command) -> dict[str, str]:
    """Columns that say something of a record without being a fact of it: "Inactive", "Type"."""
    names = {parameter.name for parameter in command.parameters}
    return {name: titles for name, titles in known.items() if name not in names}


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


def _problem_words(column: str, message: str) -> str:
    """Which column, where the message does not say so itself."""
    return message if f'"{column}"' in message else f"{column} {message}".strip()


def _by_message(found: Iterable[tuple[int, str]]) -> list[str]:
    """What is said of several rows, said once with all their numbers."""
    rows: dict[str, list[str]] = {}
    for row, message in found:
        rows.setdefault(message, []).append(str(row))
    return [
        (f"{named_rows(numbers, _SHOWN)}: " if numbers != ["0"] else "") + message for message, numbers in rows.items()
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
        if saves or not isinstance(
            records, ImportedAgreements
        ):  # nothing reads them back where they are only looked at
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


class _Records(Protocol):
    """Takes row after row. What is new waits, to be added with others, until something needs to find it.

    `remarks`: what was not taken as the file says it, by row. `ending`: the records that it ends. `asked`: what
    somebody has to say about the file.
    """

    remarks: list[tuple[int, str]]
    ending: list[str]
    asked: Questions

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        """The clients that are known already, by id."""

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        """The rows in the order in which they can be taken."""

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        """What becomes of it: added, changed or unchanged. Raises CommandError."""

    def add_waiting(self, ctx: Context) -> None: ...


_ORDERS = {f"{each.split()[0]}_first": each.value for each in Order}
IMPORT = (
    Parameter("file", "one CSV or XLSX file", Kind.FILE, file_types=TABLE_TYPES),
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
