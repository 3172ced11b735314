"""Records with a history: finding the one that a person names, and replacing it by a changed version."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from commands.command import Context
from commands.errors import NotFound, UsageError
from storage.records import Versioned
from storage.records.client import client_key
from storage.repositories.versioned import VersionedRepository

Noun = TypeVar("Noun", bound=Versioned)


def find_named(known: Sequence[Noun], text: str, name_of: Callable[[Noun], str]) -> Noun | None:
    """The one of that name, or else the only one whose name starts so. Case and punctuation do not matter."""
    typed = client_key(text)
    exact = [each for each in known if client_key(name_of(each)) == typed]
    started = [each for each in known if client_key(name_of(each)).startswith(typed)] if typed else []
    found = exact or started
    return found[0] if len(found) == 1 else None


def find_by_name(known: Sequence[Noun], text: str, name_of: Callable[[Noun], str], what: str) -> Noun:
    """The same; raises NotFound naming what there is. `what` is such as "Calder Ridge has no promise"."""
    found = find_named(known, text, name_of)
    if found is None:
        there_is = [f'"{name_of(each)}"' for each in known][:8]
        hint = f" There is {', '.join(there_is)}." if there_is else ""
        raise NotFound(f'{what} "{text}".{hint}')
    return found


def replace_version(ctx: Context, repository: VersionedRepository[Noun], old: Noun, changes: dict[str, Any]) -> Noun:
    """Supersede `old` by a version with `changes`. Raises StaleRecord when somebody was faster."""
    repository.supersede(old, at=ctx.now, by=ctx.actor.user)
    return repository.record(old.changed(id=0, recorded_at=ctx.now, recorded_by=ctx.actor.user, **changes))


def recorded_since(current: Noun, history: Iterable[Noun], name: str) -> datetime:
    """When what the field says was recorded first. `history`: the versions of the same record."""
    at, value = current.recorded_at, getattr(current, name)
    for version in sorted(history, key=lambda each: each.id, reverse=True):
        if version.id >= current.id or version.superseded_at != at:
            continue
        if getattr(version, name) != value:
            break
        at = version.recorded_at
    return at


def refuse_before(day: date, earlier: date | None, what: str, name: str = "on") -> None:
    """Raises UsageError where `day`, given as `name`, is before the day on which `what`, such as "it was made"."""
    if earlier is not None and day < earlier:
        said = f"{day} is before {what}, {earlier}."
        raise UsageError(f"{name}: {said}", fields={name: said})


def end_version(ctx: Context, repository: VersionedRepository[Noun], old: Noun) -> None:
    """Take it back: it stays in the history only."""
    repository.supersede(old, at=ctx.now, by=ctx.actor.user)


def stamp(ctx: Context) -> dict[str, Any]:
    """When and by whom a new version is recorded."""
    return {"recorded_at": ctx.now, "recorded_by": ctx.actor.user}
