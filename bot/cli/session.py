"""One command line call: the runtime it works on, and failures as one clear message with an exit code."""

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath

import typer

from bot.runtime.config import ConfigError, load_settings
from bot.runtime.errors import SlackUnreachable
from bot.runtime.wiring import Clock, Runtime, build, utc_now
from bot.slack.plain import complete_text
from commands.command import Upload
from commands.dispatching.dispatcher import Unavailable, error_reply
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError, UsageError
from commands.grammar.known_people import with_people
from commands.reply import File, Reply
from storage.errors import DatabaseUnavailable, StaleRecord

_EVERY = 1.0
_LARGEST = 500_000_000
REFUSED, WRONG_USAGE, OUT_OF_REACH = 1, 2, 3
_MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]{2,30})(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#(?P<channel>[CG][A-Z0-9]{2,30})(?:\|[^>]*)?>")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """A runtime and the workspace that the command line works on."""

    runtime: Runtime
    workspace_id: int

    def request(self, text: str, user: str = CONSOLE, **details: object) -> Request:
        return Request(self.workspace_id, user, text, **details)  # type: ignore[arg-type]

    def names(self, users: Collection[str]) -> dict[str, str]:
        """The names of those of `users` whom Slack has told, by user id."""
        with self.runtime.dispatcher.open_unit(self.workspace_id, writes=False) as uow:
            return {user: person.name for user, person in uow.people.of(users).items() if person.name}

    def with_people(self, text: str) -> str:
        """`text` with people who are called by name or mail address as Slack sends them. Raises UsageError."""
        if "@" not in text:
            return text
        with self.runtime.dispatcher.open_unit(self.workspace_id, writes=False) as uow:
            return with_people(text, uow.people.list())

    def run(self, request: Request) -> Reply:
        """Raises CommandError."""
        return self.runtime.dispatcher.run(request)

    def store_vectors(self) -> None:
        """What was encoded for an answer is there for the next call: a second of it. Where it cannot be, no matter."""
        matrices = self.runtime.dispatcher.matrices
        if texts := matrices.encoded_texts():
            with (
                suppress(DatabaseUnavailable, StaleRecord),
                self.runtime.database.open_unit(self.workspace_id) as uow,
            ):
                matrices.store(uow, texts)


_OPENED: ContextVar[Session | None] = ContextVar("opened", default=None)


@contextmanager
def session(*, as_json: bool = False, clock: Clock = utc_now) -> Iterator[Session]:
    """A session on the configured database; ends the process with a message and a code when something fails."""
    with exit_with_message(as_json=as_json):
        runtime = build(load_settings(), clock)
        opened = Session(runtime, runtime.console_workspace_id())
        token = _OPENED.set(opened)
        try:
            yield opened
            opened.store_vectors()
        except CommandError as error:
            if not as_json:
                error.message = readable(error.message)
                error.next_steps = tuple(map(readable, error.next_steps))
            raise
        finally:
            _OPENED.reset(token)
            runtime.close()


@contextmanager
def exit_with_message(*, as_json: bool = False) -> Iterator[None]:
    """Failures as one message on standard error (JSON: on standard output as well) and an exit code."""
    try:
        yield
    except ConfigError as error:
        _end(f"Wrong settings:\n{error}", WRONG_USAGE)
    except (DatabaseUnavailable, Unavailable) as error:
        _end(f"The database cannot be used: {_cause(error)}\nNothing was changed.", OUT_OF_REACH)
    except SlackUnreachable as error:
        _end(str(error), OUT_OF_REACH)
    except CommandError as error:
        if as_json:
            print_json(error_reply(error).data)
        steps = "".join(f"\n  {step}" for step in error.next_steps)
        _end(error.message + steps, REFUSED)
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(REFUSED) from None


def print_reply(reply: Reply, *, as_json: bool, say: Callable[[str], str] = str) -> None:
    """The reply as text, as `say` puts it, or its data as one line of JSON."""
    if as_json:
        print_json(reply.data)
    else:
        typer.echo(say(readable(complete_text(reply))).rstrip("\n"))


def readable(text: str) -> str:
    """`text` with people by name, as far as Slack has told their names, else by their plain id; channels by their id.

    A command keeps its ids: it has to be typed as it stands.
    """
    users = frozenset(found["user"] for found in _MENTION.finditer(text))
    opened = _OPENED.get()
    names = opened.names(users) if opened is not None and users else {}
    lines = (_with_names(line, names) for line in text.split("\n"))
    return "\n".join(lines)


def _with_names(line: str, names: Mapping[str, str]) -> str:
    before, command, after = line.partition("/engagement ")
    shown = _MENTION.sub(lambda found: f"@{names[found['user']]}" if found["user"] in names else found["user"], before)
    return _CHANNEL.sub(lambda found: found["channel"], shown) + command + after


def print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, default=str))


def save_file(file: File, target: Path | None) -> Path:
    """Write `file` to `target`, or under its own name in that folder or this one. Raises CommandError."""
    is_named = target is not None and not target.is_dir()
    path = target if target is not None and is_named else (target or Path()) / _own_name(file.name)
    try:
        with path.open("wb" if is_named else "xb") as written:
            written.write(file.content)
    except FileExistsError as error:
        raise CommandError(
            f"{path} exists already. It was not overwritten, and the file was not written.",
            next_steps=("Choose another name with -o NAME, or another folder with -o FOLDER.",),
        ) from error
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
    return path


def _own_name(name: str) -> str:
    """`name` without any folder or drive, and not hidden: whoever sent a file must not choose where it is written."""
    last = "".join(filter(str.isprintable, PureWindowsPath(name).name))  # knows both kinds of slashes
    return last.lstrip(". ") or "file"


def upload_of(file: Path) -> Upload:
    """Raises UsageError for what cannot be read, or is larger than any file that is kept."""
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"{file} has more than {_LARGEST // 1_000_000} MB.")
        return Upload(file.name, file.read_bytes())
    except OSError as error:
        raise UsageError(f"Cannot read {file}: {error.strerror}.") from error


def progress() -> Callable[[str], None]:
    """Says on standard error how far long work got: after a second, and then once a second."""
    last = time.monotonic()

    def tell(said: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            typer.echo(f"{said}...", err=True)

    return tell


def instant(text: str) -> datetime:
    """The instant that --now names. Raises UsageError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f'--now "{text}" is not an instant. Write for example 2026-03-02T15:00Z.') from None
    if found.tzinfo is None:
        raise UsageError(f'--now "{text}" has no time zone. Add Z or +01:00.')
    return found


def _cause(error: Exception) -> str:
    return str(error.__cause__ or error) if isinstance(error, Unavailable) else str(error)


def _end(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code) from None
