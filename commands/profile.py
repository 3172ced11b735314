"""What Slack says about a user now, for commands that must not know Slack."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.records import Absence


@dataclass(frozen=True, slots=True)
class Profile:
    """The name, and why the user cannot answer for anything here (None: they can)."""

    name: str | None
    absence: Absence | None


LookUp = Callable[[str], Profile | None]
"""Asks about a user id. None where Slack does not answer."""
