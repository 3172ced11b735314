"""One command line call: the runtime it works on, and failures as one clear message with an exit code."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from bot.config import ConfigError, load_settings
from bot.slack.connection import SlackUnreachable
from bot.slack.plain import complete_text
from bot.wiring import Clock, Runtime, build, utc_now
from commands.dispatch import CONSOLE, Request, Unavailable, error_reply
from commands.errors import CommandError, UsageError
from commands.reply import File, Reply
from storage.errors import DatabaseUnavailable

REFUSED, WRONG_USAGE, OUT_OF_REACH = 1, 2, 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """A runtime and the workspace that the command line works on."""

    runtime: Runtime
    workspace_id: int

    def request(self, text: str, user: str = CONSOLE, **details: object) -> Request:
        return Request(self.workspace_id, user, text, **details)  # type: ignore[arg-type]

    def run(self, request: Request) -> Reply:
        """Raises CommandError."""
        return self.runtime.dispatcher.run(request)


@contextmanager
def session(*, as_json: bool = False, clock: Clock = utc_now) -> Iterator[Session]:
    """A session on the configured database; ends the process with a message and a code when something fails."""
    with explained(as_json=as_json):
        runtime = build(load_settings(), clock)
        try:
            yield Session(runtime, runtime.console_workspace_id())
        finally:
            runtime.close()


@contextmanager
def explained(*, as_json: bool = False) -> Iterator[None]:
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


def print_reply(reply: Reply, *, as_json: bool) -> None:
    """The reply as text, or its data as one line of JSON."""
    if as_json:
        print_json(reply.data)
    else:
        typer.echo(complete_text(reply).rstrip("\n"))


def print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, default=str))


def save_file(file: File, target: Path | None) -> Path:
    """Write an export; by default under its own name in this folder. Raises CommandError when that is not possible."""
    path = target or Path(file.name)
    if path.is_dir():
        path /= file.name
    try:
        path.write_bytes(file.content)
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
    return path


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
