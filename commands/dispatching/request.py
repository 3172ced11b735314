"""A request before it is handled: who, what, where; and a form before it is filled in."""

from dataclasses import dataclass, field

from commands.arguments import Raw
from commands.command import Command, Progress, Upload
from commands.dispatching.delivery import Delivery
from commands.grammar.meaning import Meaning
from commands.visibility import Audience
from commands.wishes.wish import Wish
from storage.records import CONSOLE

__all__ = ["CONSOLE", "Prefilled", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody typed (`text`, without the slash command), pressed (its command) or filled in (`form`).

    `slash` is the slash command used; None for a message. `form` holds a form's fields by parameter name and goes with
    a `text` that names only the command. `user` is a Slack user id, or CONSOLE. `seen` is the fingerprint of the record
    that a form showed whole: what is saved then replaces exactly that. `is_confirmed`: somebody was told what the
    command does, and said yes. `is_command`: the text is a command for certain, as a button carries it. `meaning` is
    what was found for it once; `wish`: words that are no command stand for it, so that it must change nothing.
    `progress` is told how far long work got.
    """

    workspace_id: int
    user: str
    text: str
    slash: str | None = None
    channel: str | None = None
    thread: str | None = None
    form: Raw | None = None
    uploads: tuple[Upload, ...] = ()
    audience: Audience = Audience.INTERNAL
    deliveries: tuple[Delivery, ...] = ()
    seen: str | None = None
    is_confirmed: bool = False
    is_command: bool = False
    meaning: Meaning | None = None
    wish: Wish | None = None
    progress: Progress | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A form's content before anybody fills it in: what was typed, else what is on record, else what is usual.

    `seen` is the fingerprint of what is on record; None for a command that does not edit a record. `named`: what was
    typed, also as a blank to be filled in.
    """

    command: Command
    raw: Raw
    seen: str | None
    named: tuple[str, ...] = ()
