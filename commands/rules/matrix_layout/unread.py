"""Every column that holds anything and is not read, with what it would be."""

from collections.abc import Iterator, Mapping, Sequence

from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.fields import FIELDS, header_names
from commands.rules.matrix_layout.recognition import is_numbering
from commands.rules.matrix_layout.row_state import is_status, state_columns
from commands.rules.matrix_layout.understanding import Understanding

_LABELS = {"party": "responsible", "control_id": "control id"}


def not_read(understanding: Understanding) -> Iterator[str]:
    """One sentence for each column whose heading is known; one for all others together."""
    states = state_columns(understanding.unused)
    read = {name: column.label for name, column in understanding.fields.items()}
    others: list[Column] = []
    for column in understanding.unused:
        if column in states:
            continue
        if is_status(column):
            yield (
                f'The column "{column.label}" was not read: it could say that a row is retired or only proposed, '
                "but none of its words does."
            )
        elif is_numbering(column):
            yield f'The column "{column.label}" was not read: it numbers the rows.'
        elif (field := would_be(column.header, read)) is None:
            others.append(column)
        elif field in read:
            yield f'The column "{column.label}" was not read: {_label(field)} is read from "{read[field]}".'
        else:
            yield (
                f'The column "{column.label}" was not read. It would be {_label(field)}: '
                f'column:{field}="{column.label}" reads it.'
            )
    if others:
        names = ", ".join(f'"{column.label}"' for column in others)
        is_one = len(others) == 1
        yield (
            f"Columns not imported, because {'it is' if is_one else 'they are'} none that is known: {names}. "
            f'To keep one as notes: column:notes="{others[0].label}".'
        )


def would_be(header: str, read: Mapping[str, str]) -> str | None:
    """The field that a heading means, one that is not read yet before others; None for an unknown heading."""
    fields: Sequence[str] = [
        field for field, names in FIELDS.items() if any(name in names for name in header_names(header))
    ]
    return next((field for field in fields if field not in read), next(iter(fields), None))


def named_hidden(header: str) -> str:
    """A hidden column, with the field that it would be."""
    field = would_be(header, {})
    return f'"{header}"' + (f" (it would be {_label(field)})" if field else "")


def _label(field: str) -> str:
    return _LABELS.get(field, field.replace("_", " "))
