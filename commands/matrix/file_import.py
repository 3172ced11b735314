"""Reading a spreadsheet into a client's matrix: what would change is shown first, then all is saved, or nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context, Upload
from commands.errors import CommandError, NeedsYes, UsageError
from commands.grammar.words import command_line
from commands.matrix.asking_back import other_clients_in_file
from commands.matrix.corrections import read_corrected, remember
from commands.matrix.import_basis import basis_of, file_basis, row_basis
from commands.matrix.import_reply import (
    all_problems,
    done_reply,
    dry_run,
    ending_words,
    import_data,
    preview,
    single_lines,
    why_not,
)
from commands.matrix.writer import MatrixRows, RowChange, RowKey, row_key
from commands.parameters import TABLE_TYPES, FormLayout, Kind, Parameter
from commands.reply import Reply
from commands.rules.dates.plausible_dates import implausible
from commands.rules.dates.written_dates import read_date
from commands.rules.imports.matrix_changes import Change, MatrixChanges, compare
from commands.rules.matrix.row_versions import STATEMENT, says_otherwise, version_for
from commands.rules.matrix_layout import MatrixReading, MatrixRow, Problem
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.text.phrases import counted
from commands.spreadsheets.reading import read_workbook
from commands.spreadsheets.uploads import first_lines, take_upload
from storage.records import Responsibility, Role, RowBasis
from storage.records.agreement import reference_key

_YEARS_AHEAD = 30

RETIRE_STEPS = ("retire:yes ends them", "retire:no keeps them: rows are only added and changed")


def import_matrix(ctx: Context, args: Arguments) -> Reply:
    upload = take_upload(ctx, args.upload)
    if args.upload is not None and args.confirm is False:
        return Reply(f"{upload.name} is put away. Nothing was saved.", data={"saved": False})
    ctx.tell_progress(f"Reading {upload.name}")
    workbook = read_workbook(upload.content, upload.name)
    reading, remembered = read_corrected(ctx, args, workbook)
    if remembered is not None:
        reading = replace(reading, notices=(remembered, *reading.notices))
    if reading.refused:
        raise CommandError(f"{upload.name}: {reading.refused}", data=import_data(reading, None, saved=False))
    ctx.tell_progress(f"{len(reading.rows):,} rows read, to be compared with the records")
    reading = _of_agreement(ctx, args, upload, reading)
    changes = compare(_comparable(ctx, args, reading), reading.rows, given=reading.given)
    new = (*changes.added, *(each.new for each in changes.changed))
    others = other_clients_in_file(ctx, args.client, workbook, reading, new, accepts=bool(args.accept))
    reading = replace(reading, problems=(*reading.problems, *others))
    if args.retire is False:
        changes = changes.without_retiring()
    if args.confirm is False or (args.confirm is None and not args.dry_run):
        return preview(ctx, args, upload, reading, changes)
    if args.dry_run:
        return dry_run(args, upload, reading, changes)
    if not reading.may_be_saved:
        files = all_problems(upload.name, reading)
        raise CommandError(why_not(upload, reading), files=files, data=import_data(reading, changes, saved=False))
    if changes.retired and args.retire is None and not ctx.is_confirmed:
        raise NeedsYes(
            f"{upload.name}: nothing is saved yet. {ending_words(args, changes)}",
            next_steps=RETIRE_STEPS,
            data=import_data(reading, changes, saved=False),
        )
    ctx.tell_progress(f"Saving {len(changes.added) + len(changes.changed):,} rows")
    _save(ctx, args, reading, changes)
    remember(ctx, args, reading)
    return done_reply(args, upload, reading, changes)


def _of_agreement(ctx: Context, args: Arguments, upload: Upload, reading: MatrixReading) -> MatrixReading:
    """The rows of the agreement, their days in ISO, and which of them would be proposed. Raises UsageError."""
    mine, reference = reference_key(args.agreement.reference), args.agreement.reference
    rows = [row for row in reading.rows if not row.agreement or reference_key(row.agreement) == mine]
    others = Counter(row.agreement for row in reading.rows if row.agreement and reference_key(row.agreement) != mine)
    counts = ", ".join(f"{counted(count, 'row')} of {name}" for name, count in others.items())
    if others and not rows:
        raise UsageError(
            f"No row of the file is of {reference}: it has {counts}.",
            next_steps=tuple(
                command_line("/engagement matrix import", args.client.name, name) for name in others if name
            ),
        )
    today, country = ctx.today_for(args.client), args.client.country
    known: list[MatrixRow] = []
    wrong: list[Problem] = []
    for row in rows:
        is_proposed = basis_of(args, row) is RowBasis.PROPOSED
        try:
            since, until = (day.isoformat() if day else None for day in _dates(row, today, country))
        except ValueError as error:
            wrong.append(_wrong(row, "effective_from", str(error)))
            since = until = None
        known.append(replace(row, effective_from=since, effective_to=until, is_proposed=is_proposed))
    carriers = _carriers(ctx, args, known)
    unknown = [row for row in known if row.carried_by and row.carried_by not in carriers]
    wrong += (_wrong(row, "carried_by", _no_carrier(args, row)) for row in unknown)
    if not args.agreement.is_signed:
        wrong += _proposals(reference, known)
    if wrong:
        raise _refusal(
            args,
            upload,
            reading,
            sorted(wrong, key=lambda each: (each.sheet, each.row)),
            unknown[0].carried_by if unknown else None,
        )
    notices = (f"Left out: {counts}. Import the file for each agreement.",) if others else ()
    problems = tuple(each for each in reading.problems if not others or _is_about(each, rows))
    return replace(reading, rows=tuple(known), notices=(*reading.notices, *notices), problems=problems)


def _is_about(problem: Problem, rows: Sequence[MatrixRow]) -> bool:
    """Whether it concerns the file, a row that could not be read, or one of `rows`."""
    return not problem.row or problem.blocks or any(row.source_row == problem.row for row in rows)


def _wrong(row: MatrixRow, column: str, message: str) -> Problem:
    return Problem(row.source_row, column, message, True, sheet=row.source_sheet)


def _refusal(
    args: Arguments, upload: Upload, reading: MatrixReading, wrong: Sequence[Problem], carrier: str | None
) -> UsageError:
    """All that keeps the rows from being compared; `carrier` is an agreement that is not there."""
    lines = single_lines(reading, wrong)
    message = lines[0] if len(lines) == 1 else first_lines(f"{upload.name}: nothing was saved.", lines)
    add = (command_line("/engagement agreement add", args.client.name, carrier),) if carrier else ()
    return UsageError(message, next_steps=add, files=all_problems(upload.name, reading, wrong))


def _proposals(reference: str, rows: Sequence[MatrixRow]) -> Iterator[Problem]:
    """Under paper that is not signed nothing is proposed beside what is agreed."""
    places = Counter((_place(row), row.basis is RowBasis.PROPOSED) for row in rows)
    for row in rows:
        if row.basis is RowBasis.PROPOSED and places[_place(row), False]:
            message = (
                f'"{row.item}" is proposed beside a row that is agreed, but {reference} is not signed by both sides '
                "here. Record its signatures first, then import the file."
            )
            yield _wrong(row, "basis", message)


def _no_carrier(args: Arguments, row: MatrixRow) -> str:
    return f'carried by "{row.carried_by}", but {args.client.name} has no such agreement.'


def _carriers(ctx: Context, args: Arguments, rows: Sequence[MatrixRow]) -> dict[str, int]:
    """The ids of the agreements that carry rows, by what the file calls them."""
    if not any(row.carried_by for row in rows):
        return {}
    known = {reference_key(paper.reference): paper.id for paper in ctx.uow.agreements.of_client(args.client.id)}
    named = {row.carried_by: reference_key(row.carried_by) for row in rows if row.carried_by}
    return {name: known[key] for name, key in named.items() if key in known}


def _place(row: MatrixRow) -> RowKey:
    return item_key(row.item), comparable(row.category or "")


def _dates(row: MatrixRow, today: date, country: str | None) -> tuple[date | None, date | None]:
    """Raises ValueError."""
    found = [_day(text, today, country) if text else None for text in (row.effective_from, row.effective_to)]
    if found[0] and found[1] and found[1] < found[0]:
        raise ValueError(f"it ends on {found[1]}, before it begins on {found[0]}.")
    return found[0], found[1]


def _day(text: str, today: date, country: str | None) -> date:
    """Raises ValueError, also for a day that is too far off."""
    day = read_date(text, today, country)
    if (wrong := implausible(day, today, has_happened=False, years_ahead=_YEARS_AHEAD)) is not None:
        raise ValueError(wrong)
    return day


def _comparable(ctx: Context, args: Arguments, reading: MatrixReading) -> list[Responsibility]:
    """The rows that the file speaks about: those that still apply, or will; ended ones only where it says when.

    Of a row that changes on a later day, the version that applies first, or all where the file has several. What is
    proposed is compared with rows that will be proposed, or where nothing is agreed; a file that does not have it does
    not withdraw it.
    """
    current = ctx.uow.responsibilities.current(args.client.id, args.agreement.id)
    today = ctx.today_for(args.client)
    incoming: dict[str, set[bool]] = defaultdict(set)
    places: Counter[tuple[RowKey, bool]] = Counter()
    for row in reading.rows:
        incoming[item_key(row.item)].add(row.is_proposed)
        places[_place(row), row.is_proposed] += 1
    several = {place for place, count in places.items() if count > 1}
    tracks: dict[tuple[RowKey, bool], list[Responsibility]] = defaultdict(list)
    for each in current:
        tracks[row_key(each), each.basis is RowBasis.PROPOSED].append(each)
    found: list[Responsibility] = []
    for key in dict.fromkeys(key for key, _ in tracks):
        agreed, proposal = (
            tracks.get((key, proposed), [])
            if (key, proposed) in several
            else [row for row in (version_for(tracks.get((key, proposed), ()), today),) if row]
            for proposed in (False, True)
        )
        wanted = incoming.get(key[0], set())
        proposal = proposal if wanted else []
        if wanted == {True, False}:
            found += [*agreed, *proposal]
        else:
            found += (proposal or agreed) if wanted == {True} else (agreed or proposal)
    covered = {row_key(row) for row in found}
    dated = {_place(row) for row in reading.rows if row.effective_to} - covered
    items = {item for item, _ in dated} - {item for item, _ in covered}
    found += [row for row in current if row_key(row) in dated or item_key(row.item) in items]
    return sorted(found, key=lambda row: (row.position, row.id))


def _save(ctx: Context, args: Arguments, reading: MatrixReading, changes: MatrixChanges) -> None:
    carriers = _carriers(ctx, args, reading.rows)
    attested = _to_attest(args, reading, changes)
    recarried = _to_carry(reading, changes, carriers)
    if changes.nothing and not attested and not recarried:
        return
    rows = MatrixRows(ctx, args.client, args.agreement)
    for change in changes.changed:
        rows.write(_as_change(args, change))
    for row in attested:
        rows.write(RowChange(row_key(row), {}, row.effective_from, basis=RowBasis.AS_SIGNED, quotes_clause=True))
    for row, carrier in recarried:
        rows.write(RowChange(row_key(row), {"carried_by_id": carrier}, row.effective_from, basis=RowBasis.PROPOSED))
    for row in changes.retired:
        rows.end_before(row_key(row), args.since or ctx.today_for(args.client))
    for new in sorted(changes.added, key=lambda row: (row.is_proposed, row.effective_from or "")):
        rows.write(_as_new(args, new, carriers))
    rows.save()


def _to_attest(args: Arguments, reading: MatrixReading, changes: MatrixChanges) -> list[Responsibility]:
    """Rows that the file repeats as they are, and with that attests: proposed ones, or all where that was stated."""
    stated = file_basis(args)
    if not args.agreement.is_signed or stated is RowBasis.PROPOSED:
        return []
    if stated is RowBasis.AS_SIGNED:
        return [row for row in changes.unchanged if row.basis is not RowBasis.AS_SIGNED]
    attested = {_place(row) for row in reading.rows if basis_of(args, row) is RowBasis.AS_SIGNED}
    repeated = {_place(row) for row in reading.rows if row.is_proposed}
    return [
        row
        for row in changes.unchanged
        if row.basis is RowBasis.PROPOSED and row_key(row) in attested and row_key(row) not in repeated
    ]


def _to_carry(
    reading: MatrixReading, changes: MatrixChanges, carriers: Mapping[str, int]
) -> list[tuple[Responsibility, int]]:
    """Proposed rows that are as before, but for the agreement that carries them."""
    wanted = {_place(row): carriers[row.carried_by] for row in reading.rows if row.is_proposed and row.carried_by}
    return [
        (row, wanted[row_key(row)])
        for row in changes.unchanged
        if row.basis is RowBasis.PROPOSED and wanted.get(row_key(row), row.carried_by_id) != row.carried_by_id
    ]


def _as_change(args: Arguments, change: Change) -> RowChange:
    """From the day that the file gives, or that was said for all of it; other days for the same are a correction."""
    fields = {name: getattr(change.new, name) for name in change.fields}
    fields |= {name: _iso(fields[name]) for name in ("effective_from", "effective_to") if name in fields}
    otherwise = says_otherwise(change.old, fields)
    since = fields.get("effective_from") or (args.since if otherwise else None)
    is_correction = not otherwise and bool({"effective_from", "effective_to"} & fields.keys())
    quotes = bool(change.new.clause) and any(name in fields for name in STATEMENT)
    basis = row_basis(args, change.new) if quotes or otherwise else None
    return RowChange(row_key(change.old), fields, since, is_correction, basis, quotes)


def _iso(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _as_new(args: Arguments, row: MatrixRow, carriers: Mapping[str, int]) -> RowChange:
    names = ("item", "category", "party", "msp_part", "client_part", "third_party", "clause", "notes", "control_refs",
             "aliases")  # fmt: skip
    fields = {name: getattr(row, name) for name in names} | {
        "position": row.source_row,
        "effective_to": _iso(row.effective_to),
        "carried_by_id": carriers.get(row.carried_by or ""),
    }
    return RowChange(
        _place(row), fields, _iso(row.effective_from), basis=row_basis(args, row), quotes_clause=bool(row.clause)
    )


COMMANDS = (
    Command(
        "matrix", "import", import_matrix, Role.MANAGER, "Read a spreadsheet into a matrix, after a preview",
        form=FormLayout(first=("file", "party", "since", "dry-run", "confirm")),
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("file", "one CSV or XLSX file", Kind.FILE, file_types=TABLE_TYPES),
            Parameter("sheet", "the sheet, by name or number; * for all that look alike"),
            Parameter("header-row", "the row with the column titles", Kind.INTEGER),
            Parameter("column", "which column is what: item=B", many=True),
            Parameter("party", "what a word means: 3P=third_party", many=True),
            Parameter("hidden", "read hidden sheets and columns too", Kind.YES_NO),
            Parameter("expand", "turn a grid of resources and duties into rows", Kind.YES_NO),
            Parameter("accept", "take the proposed reading of rows that are asked about", Kind.YES_NO),
            Parameter("fresh", "forget what was said about this layout before", Kind.YES_NO),
            Parameter("skip", "a row to leave out", many=True),
            Parameter("since", "the first day the changes apply; today if left out", Kind.DATE, has_happened=False),
            Parameter("as-signed", "the signed paper says so; rows with a clause say it by themselves", Kind.YES_NO),
            Parameter("proposed", "it is new: agreed once both sides sign a paper that carries it", Kind.YES_NO),
            Parameter("retire", "yes ends the rows that the file does not have, no keeps them", Kind.YES_NO),
            Parameter("upload", "a file sent before, by its number", Kind.INTEGER),
            Parameter("confirm", "save it", Kind.YES_NO),
            Parameter("dry-run", "only say what would happen", Kind.YES_NO),
        ),
        example="/engagement matrix import calder SOW-A", is_slow=True,
    ),
)  # fmt: skip
