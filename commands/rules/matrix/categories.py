"""A matrix by category and party, as it is drawn."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.records import Party, Responsibility

UNNAMED = "No category"


@dataclass(frozen=True, slots=True)
class Category:
    """How many rows of a category each party has; parties without any are left out."""

    name: str
    counts: Mapping[Party, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def by_category(rows: Iterable[Responsibility]) -> tuple[Category, ...]:
    """The categories with most rows first; rows without one come last, under one name."""
    counted: dict[str, Counter[Party]] = {}
    names: dict[str, str] = {}
    for row in rows:
        name = (row.category or "").strip() or UNNAMED
        key = name.casefold()
        names.setdefault(key, name)
        counted.setdefault(key, Counter())[row.party] += 1
    found = [
        Category(names[key], {party: parties[party] for party in Party if parties[party]})
        for key, parties in counted.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.name == UNNAMED, -each.total, each.name.casefold())))
