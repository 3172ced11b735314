"""What goes wrong in words a person can act on. The message of every CommandError is shown to the user as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.reply import Choice, File


class CommandError(Exception):
    """Base: `message` says what was wrong, further lines of it in detail; `next_steps` are lines to type instead;
    `data` is for `--json`; `choices` are buttons with what may have been meant; `files` say what
    the message has no room for.
    """

    def __init__(
        self,
        message: str,
        *,
        next_steps: tuple[str, ...] = (),
        choices: tuple[Choice, ...] = (),
        data: Mapping[str, Any] | None = None,
        files: tuple[File, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.next_steps = next_steps
        self.choices = choices
        self.data = data or {}
        self.files = files


class UsageError(CommandError):
    """The input cannot be understood or is not allowed. `fields` maps a parameter's name to what is wrong with it."""

    def __init__(
        self,
        message: str,
        *,
        fields: dict[str, str] | None = None,
        next_steps: tuple[str, ...] = (),
        choices: tuple[Choice, ...] = (),
        files: tuple[File, ...] = (),
    ) -> None:
        super().__init__(message, next_steps=next_steps, choices=choices, files=files)
        self.fields = fields or {}


class NotFound(CommandError):
    """What was named is not recorded. Near misses go into `next_steps`; they are never assumed."""


class UnclearClient(NotFound):
    """It is not clear which client is meant.

    `candidates` are the names of those that may be, the likeliest first; `typed` is what was read as a name.
    """

    def __init__(
        self, message: str, typed: str, candidates: Sequence[str] = (), *, next_steps: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, next_steps=next_steps, data={"candidates": list(dict.fromkeys(candidates))})
        self.typed = typed
        self.candidates = tuple(dict.fromkeys(candidates))


class NotAllowed(CommandError):
    """The person's role, or the person, is not entitled to this."""


class NeedsYes(CommandError):
    """It was understood, and would do what cannot simply be undone: somebody has to say yes first."""


class Conflict(CommandError):
    """It exists already, or somebody changed it meanwhile."""


class Changed(Conflict):
    """Somebody changed the record after the form was opened. `current` is what it says now, as it would be typed."""

    def __init__(self, current: Mapping[str, str | tuple[str, ...]]) -> None:
        super().__init__("Somebody else changed this while the form was open. Nothing was saved yet.")
        self.current = current
