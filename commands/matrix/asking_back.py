"""What a row or a file is asked back for: it names another client, or says something else of what is only planned."""

import re
from collections.abc import Iterable, Iterator

from commands.command import Context
from commands.errors import NeedsYes, UsageError
from commands.grammar.client_in_question import other_client_inside
from commands.grammar.words import command_line
from commands.matrix.writer import RowChange
from commands.rules.matrix.row_versions import says_otherwise
from commands.rules.matrix_layout import MatrixReading, MatrixRow, Problem, Workbook
from commands.rules.text.phrases import plain
from storage.records import Agreement, Client, Responsibility, RowBasis
from storage.records.client import client_key

_TYPED_TEXTS = ("category", "msp_part", "client_part", "third_party", "notes")
# A name may be written together or apart, but begins with the same letters; looking for names in any text takes longer.
_LETTERS = 3
_NO_LETTERS = re.compile(r"[\W_]+")
_TYPED_LISTS = {"alias": "aliases", "control": "control_refs"}


def ask_about_other_client(ctx: Context, client: Client, item: str) -> None:
    """Raises NeedsYes, until confirmed, for a new row that has another client's name in it."""
    if ctx.is_confirmed or (whom := other_client_inside(ctx, client, item)) is None:
        return
    raise NeedsYes(f'"{item}" names {whom}, and is to be a row of {client.name}. Nothing is saved yet. Is it meant so?')


def other_clients_in_file(
    ctx: Context,
    client: Client,
    workbook: Workbook,
    reading: MatrixReading,
    rows: Iterable[MatrixRow],
    *,
    accepts: bool,
) -> tuple[Problem, ...]:
    """Where a file names another client: in its name, its sheets' names, above the titles, or in one of the new `rows`.
    It is asked about, unless whoever imports it `accepts` what is asked.
    """
    if set(ctx.uow.clients.keys().values()) <= {client.name}:
        return ()
    begun = {word[:_LETTERS] for word in ctx.uow.clients.first_words()}
    known: dict[str, str | None] = {}

    def whom(text: str) -> str | None:
        if text not in known:
            may_name = not begun.isdisjoint(word[:_LETTERS] for word in client_key(text).split())
            known[text] = other_client_inside(ctx, client, text) if may_name else None
        return known[text]

    found = [
        Problem(0, "", f"{where} names {name}: is it the matrix of {client.name}?", not accepts, acceptable=True)
        for where, text in _above_the_rows(workbook, reading)
        if (name := whom(text)) is not None
    ]
    for row in rows:
        said = (row.item, row.category, row.msp_part, row.client_part, row.notes)
        name = next(filter(None, map(whom, filter(None, said))), None)
        if name is not None:
            message = f'"{row.item}" names {name}: is it a row of {client.name}?'
            found.append(Problem(row.source_row, "item", message, not accepts, None, row.source_sheet, acceptable=True))
    return tuple(found)


def _above_the_rows(workbook: Workbook, reading: MatrixReading) -> Iterator[tuple[str, str]]:
    """What says of a file as a whole whose it is, each with where it stands."""
    yield f'The file name "{workbook.name}"', _NO_LETTERS.sub(" ", workbook.name.rpartition(".")[0])
    read = {reading.sheet, *(row.source_sheet for row in reading.rows)}
    first = min(reading.header_rows, default=0)
    for sheet in workbook.sheets:
        if sheet.name not in read:
            continue
        if sheet.name != workbook.name:
            yield f'The sheet "{sheet.name}"', sheet.name
        for line in sheet.rows:
            if line.number < first:
                yield from (
                    (f'"{cell}", above the titles,', cell) for cell in dict.fromkeys(line.cells) if cell.strip()
                )


def refuse_planned(
    ctx: Context, client: Client, agreement: Agreement, change: RowChange, old: Responsibility | None
) -> None:
    """Raises UsageError where something else is said, without a day, of what applies only later: nobody may have meant
    that.
    """
    today = ctx.today_for(client)
    begins = old.effective_from if old is not None else None
    if old is None or begins is None or begins <= today or change.since is not None or change.is_correction:
        return
    if not says_otherwise(old, change.changes):
        return
    known = f"{'proposed' if old.basis is RowBasis.PROPOSED else 'recorded'} as {plain(old.party)}"
    names = (client.name, agreement.reference, old.item, change.changes.get("party", old.party).value)
    attests = change.basis is RowBasis.AS_SIGNED
    clause = change.changes.get("clause") or old.clause if change.quotes_clause else None
    proposes = change.basis is RowBasis.PROPOSED
    raise UsageError(
        f'"{old.item}" is {known} from {begins} on, and not before. Say from which day on the change applies: '
        f"since:{begins} changes what is planned, an earlier day leaves that as it is. Nothing was saved.",
        fields={"since": f"is needed: {begins} for what is planned, or an earlier day."},
        next_steps=tuple(
            command_line(
                "/engagement matrix set",
                *names,
                clause=clause,
                since=day,
                **{name: str(value) for name in _TYPED_TEXTS if (value := change.changes.get(name))},
                **{name: _new_ones(change, old, field) for name, field in _TYPED_LISTS.items()},
                carried_by=_carrier_name(ctx, change),
                as_signed="yes" if attests else None,
                proposed="yes" if proposes else None,
            )
            for day in (begins, today)
        ),
    )


def _new_ones(change: RowChange, old: Responsibility, field: str) -> list[str]:
    """The aliases or controls that the change adds."""
    known = getattr(old, field)
    return [each for each in change.changes.get(field, ()) if each not in known]


def _carrier_name(ctx: Context, change: RowChange) -> str | None:
    carrier = ctx.uow.agreements.find(change.changes.get("carried_by_id") or 0)
    return carrier.reference if carrier is not None else None
