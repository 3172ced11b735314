"""A legal hold: nothing of the client may be erased, expire or be merged away until it is lifted."""

from datetime import date

from sqlmodel import Field

from storage.records.versioned import Versioned


class Hold(Versioned):
    """`ordered_by` is who asked for it, such as counsel. `ended_on`: the first day without it, with `lift_reason`."""

    reason: str = Field(min_length=1, max_length=2000)
    ordered_by: str = Field(min_length=1, max_length=200)
    placed_on: date
    ended_on: date | None = None
    lift_reason: str | None = Field(default=None, max_length=2000)
