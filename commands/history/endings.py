"""Ending what is recorded with a history, correcting the day of an ending, and taking the ending back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from commands.command import Context
from commands.errors import Conflict
from commands.history import versions
from commands.rules.dates.format import format_date
from commands.rules.history.spans import SPANS, ending_of, has_ended
from storage.records import Versioned
from storage.records.client import client_key
from storage.repositories.versioned import VersionedRepository

Noun = TypeVar("Noun", bound=Versioned)


def standing(known: Sequence[Noun], on: date) -> list[Noun]:
    """Those that hold on that day: without an ending, or ended later."""
    return [each for each in known if not has_ended(each, on)]


def find_by_name(known: Sequence[Noun], text: str, name_of: Callable[[Noun], str], what: str) -> Noun:
    """One to end or to take up again. Of one name, what has no ending goes before what has; then the newest.

    Raises NotFound naming what there is; `what` is such as "Calder Ridge has no promise".
    """
    in_order = sorted(known, key=lambda each: (ending_of(each) is None, each.id))
    by_name = {client_key(name_of(each)): each for each in in_order}
    exact = by_name.get(client_key(text))
    open_ones = [each for each in by_name.values() if ending_of(each) is None]
    return (
        exact
        or versions.find_named(open_ones, text, name_of)
        or versions.find_by_name(list(by_name.values()), text, name_of, what)
    )


def end(
    ctx: Context,
    repository: VersionedRepository[Noun],
    record: Noun,
    on: date,
    *,
    is_stated: bool,
    take_back: str,
    changes: Mapping[str, Any] | None = None,
) -> tuple[Noun, str]:
    """The ended version, and what to say of an ending that it replaces. The earlier versions are kept.

    A day that is not stated leaves a recorded ending where it is. Raises UsageError for a day before the beginning;
    Conflict where nothing would change.
    """
    span = SPANS[type(record)]
    before = ending_of(record)
    day = before if before is not None and not is_stated else on
    versions.refuse_before(day, getattr(record, span.began), span.beginning)
    wanted = {span.ended: day, **(changes or {})}
    if all(getattr(record, name) == value for name, value in wanted.items()):
        raise Conflict(f"That is recorded already, as of {before}.", next_steps=(take_back,))
    after = versions.replace_version(ctx, repository, record, wanted)
    return after, f" Before, {before} was on record." if before not in (None, day) else ""


def take_back(
    ctx: Context,
    repository: VersionedRepository[Noun],
    record: Noun,
    what: str,
    changes: Mapping[str, Any] | None = None,
) -> tuple[Noun, str]:
    """The version without its ending, and what to say of it. Raises Conflict where no ending is recorded."""
    ending = ending_of(record)
    if ending is None:
        raise Conflict(f"{what} has no ending that could be taken back.")
    after = versions.replace_version(ctx, repository, record, {SPANS[type(record)].ended: None, **(changes or {})})
    return after, f"The ending as of {ending} is taken back; the record of it is kept."


def in_words(record: Versioned, today: date, reason: str | None = None) -> str:
    """When it ends or ended, and why; nothing where no ending is recorded."""
    ending = ending_of(record)
    if ending is None:
        return ""
    verb = "ended" if ending <= today else "ends"
    return f"{verb} {format_date(ending, is_short=True)}{f': {reason}' if reason else ''}"
