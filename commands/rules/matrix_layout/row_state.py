"""A column beside the parties that says whether a row still applies, or is not agreed yet."""

from collections.abc import Sequence
from enum import StrEnum

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.words import Mark, mark_of


class RowState(StrEnum):
    """What such a column says about a row."""

    APPLIES = "applies"
    PROPOSED = "is not agreed yet"
    ENDED = "no longer applies"


_STATES = {
    RowState.APPLIES: """
        active, in force, current, live, agreed, signed, approved, effective, valid, in effect, ok, final, open""",
    RowState.PROPOSED: """
        proposed, draft, pending, not agreed, not agreed yet, to be agreed, under discussion, under negotiation,
        in negotiation, pending signature, awaiting signature, awaiting approval, pending approval, tbd, to be decided,
        not signed, unsigned""",
    RowState.ENDED: """
        retired, ended, terminated, cancelled, canceled, removed, deleted, obsolete, deprecated, discontinued, expired,
        decommissioned, superseded, replaced, inactive, withdrawn, void, former, old, no longer, no longer applies,
        no longer in force, no longer provided, not active, dropped, stopped, closed, archived, historic, historical""",
}
_WORDS = {comparable(word): state for state, words in _STATES.items() for word in words.split(",")}
_STATUS = frozenset(
    ("status", "state", "row status", "item status", "line status", "current status", "lifecycle", "record status",
     "lifecycle status", "row state", "agreement status", "service status", "scope status")
)  # fmt: skip
_ACTIVE = frozenset(("active", "is active", "current", "still applies", "still active", "in force", "live", "valid"))
_AGREED = frozenset(("agreed", "signed", "approved"))
_RETIRED = frozenset(
    ("retired", "ended", "obsolete", "inactive", "deprecated", "discontinued", "cancelled", "canceled")
)


def state_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Those of `columns` that tell the state of a row by their heading and at least one of their words."""
    return tuple(
        column
        for column in columns
        if column.name in _ACTIVE | _RETIRED | _AGREED or (is_status(column) and column.words & _WORDS.keys())
    )


def is_status(column: Column) -> bool:
    """Whether it is headed as a column that could tell the state of a row."""
    return column.name in _STATUS


def row_state(column: Column, text: str) -> RowState | None:
    """What the text in such a column says; None where it says nothing that is known."""
    word = comparable(text)
    if not word:
        return None
    if (state := _WORDS.get(word)) is not None:
        return state
    mark = mark_of(text)
    if column.name in _ACTIVE and mark in (Mark.YES, Mark.NO):
        return RowState.APPLIES if mark is Mark.YES else RowState.ENDED
    if column.name in _RETIRED and mark in (Mark.YES, Mark.NO):
        return RowState.ENDED if mark is Mark.YES else RowState.APPLIES
    if column.name in _AGREED and mark in (Mark.YES, Mark.NO):
        return RowState.APPLIES if mark is Mark.YES else RowState.PROPOSED
    return next((state for state in RowState if any(word.startswith(f"{each} ") for each in _OF[state])), None)


_OF = {state: [word for word, said in _WORDS.items() if said is state] for state in RowState}
