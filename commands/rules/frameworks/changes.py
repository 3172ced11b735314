"""What a newer catalogue changes against an older one, control by control."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from storage.records.framework import FrameworkControl


@dataclass(frozen=True, slots=True)
class FrameworkChanges:
    """Control ids, sorted by the newer catalogue's order (`removed` by the older's).

    `retitled` and `reworded` are about controls that still stand in the newer one; `reworded` also stood in the older.
    A title that only changed its capitals is the same title; parameters and punctuation are not wording.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    newly_withdrawn: tuple[str, ...] = ()
    reinstated: tuple[str, ...] = ()
    retitled: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        return {each.name: len(getattr(self, each.name)) for each in fields(self)}

    def as_lists(self) -> dict[str, list[str]]:
        return {each.name: list(getattr(self, each.name)) for each in fields(self)}


def compare_controls(old: Sequence[FrameworkControl], new: Sequence[FrameworkControl]) -> FrameworkChanges:
    """Controls are the same when their ids are, whatever their padding and prefix."""
    before = {control.key: control for control in old}
    after = {control.key for control in new}
    both = [(before[control.key], control) for control in new if control.key in before]
    standing = [(was, now) for was, now in both if not now.is_withdrawn]
    return FrameworkChanges(
        added=tuple(control.id for control in new if control.key not in before),
        removed=tuple(control.id for control in old if control.key not in after),
        newly_withdrawn=tuple(now.id for was, now in both if now.is_withdrawn and not was.is_withdrawn),
        reinstated=tuple(now.id for was, now in standing if was.is_withdrawn),
        retitled=tuple(now.id for was, now in standing if _fold(was.title) != _fold(now.title)),
        reworded=tuple(now.id for was, now in standing if not was.is_withdrawn and was.digest != now.digest),
    )


def _fold(title: str) -> str:
    return " ".join(title.casefold().split())
