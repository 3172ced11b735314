"""Everything of a workspace from one database into another, compared row by row when it is there."""

from collections.abc import Mapping
from itertools import zip_longest

from commands.errors import CommandError
from storage.repositories.archive import archive_tables
from storage.unit_of_work import UnitOfWork


def copy_all(source: UnitOfWork, target: UnitOfWork) -> Mapping[str, int]:
    """Put every row of the source's workspace into the target's, which is empty; how many of each table.

    Raises CommandError where the target does not hold then exactly what the source does, or its audit log does not hold
    together. Nothing of it may be kept then.
    """
    try:
        copied = {table.name: target.archive.put(table, source.archive.rows(table)) for table in archive_tables()}
    except ValueError as error:
        raise CommandError(f"A row cannot be carried over: {error}. Nothing was moved.") from error
    target.archive.finish()
    compare(source, target)
    _, broken = target.audit.verify()
    if broken is not None:
        raise CommandError(f"The audit log does not hold after the move: {broken}. Nothing was moved.")
    return copied


def compare(source: UnitOfWork, target: UnitOfWork) -> None:
    """Raises CommandError naming the first row that is not the same on both sides."""
    for table in archive_tables():
        for ours, theirs in zip_longest(source.archive.rows(table), target.archive.rows(table)):
            if ours != theirs:
                row = (ours or theirs or {}).get("id")
                raise CommandError(
                    f"Row {row} of {table.name} did not arrive as it was. Use nothing of the other database.",
                    next_steps=("Make a new, empty database, and move there.",),
                )
