"""What a table is taken to be: its layout, and which column holds what. Values only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.results import Layout
from commands.rules.matrix_layout.words import Mark, mark_of
from storage.records import Party


@dataclass(frozen=True, slots=True)
class PartyColumn:
    """A column of marks, letters or texts for one party; `party` is None while nobody said who that is."""

    column: Column
    party: Party | None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a table is taken to be. `fields` holds the columns that are read as text; `errors` wrong corrections.

    `doubts` must be confirmed, `aside` are columns of marks that are no party, and `cross` are marks of the parties
    beside a column that says who: they decide nothing, but they must not say otherwise.
    """

    layout: Layout | None
    fields: Mapping[str, Column]
    party_columns: tuple[PartyColumn, ...] = ()
    unused: tuple[Column, ...] = ()
    grid: tuple[Column, ...] = ()
    errors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    more_controls: tuple[Column, ...] = ()
    aside: tuple[Column, ...] = ()
    cross: tuple[PartyColumn, ...] = ()

    @property
    def item(self) -> Column | None:
        return self.fields.get("item") or self.fields.get("control_id")

    @property
    def party(self) -> Column | None:
        return self.fields.get("party")

    @property
    def mark_letter(self) -> str | None:
        """The one letter that stands for a mark where there are no marks ("P" everywhere), by `comparable`."""
        words: set[str] = set()
        for entry in self.party_columns:
            words |= entry.column.words
        letters = {word for word in words if mark_of(word) is not Mark.NO}
        return letters.pop() if len(letters) == 1 and re.fullmatch(r"[a-z]", min(letters)) else None

    @property
    def plans(self) -> bool:
        """Whether the columns of the grid are plans or tiers, whose cells say whether a service is included."""
        return any(column.inclusions >= 0.5 for column in self.grid)

    def judged(self) -> frozenset[int]:
        """The columns that say who: a row with nothing in them is a title, a note or a row nobody was named for."""
        columns = {entry.column.index for entry in self.party_columns}
        return frozenset(columns | ({self.party.index} if self.party else set()))
