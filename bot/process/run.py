"""`engagement-bot run`: one process, or several at one port, that serve Slack until they are told to end."""

import fcntl
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.process.http_server import free_address, serve_http
from bot.process.rotation import WrongToken, refuse_other_bot
from bot.process.socket_mode import serve_socket
from bot.process.supervisor import Supervisor, Worker
from bot.runtime.config import ConfigError, Settings, with_tokens_of_file
from bot.runtime.wiring import build
from bot.slack.app import web_client
from bot.slack.identity import Team
from bot.slack.surfaces import SLACK_FAILURES, reason
from storage.database import sqlite_file

_log = logging.getLogger(__name__)


def run_bot(settings: Settings, address: tuple[str, int] | None, worker: Worker | None = None) -> None:
    """Serve over HTTP at `address` (host, port), or over Socket Mode. Raises ConfigError naming what is missing."""
    _require(settings, over_http=address is not None)
    with alone(settings.database_url):
        runtime = build(settings)
        try:
            if address is not None:
                serve_http(runtime, *address, worker)
            else:
                serve_socket(runtime)
        except OSError as error:
            raise ConfigError(
                f"--http, ENGAGEMENT_METRICS or ENGAGEMENT_CALENDAR: cannot listen there: {error.strerror or error}."
            ) from error
        finally:
            runtime.close()


def run_workers(
    settings: Settings, address: tuple[str, int] | None, workers: int, explained: Callable[[Callable[[], None]], int]
) -> int:
    """Serve over HTTP with several processes; the exit code. Raises ConfigError for what cannot be, at once.

    `explained` does what it is given and makes an exit code of it.
    """
    if address is None:
        raise ConfigError("--workers: needs --http. For several over Socket Mode, start several.")
    if settings.database_url.startswith("sqlite"):
        raise ConfigError(
            "--workers: SQLite is for one process. For several set ENGAGEMENT_DATABASE_URL=postgresql://..."
        )
    _require(settings, over_http=True)
    build(settings).close()
    with _reserve_port(*address):
        return Supervisor(workers, lambda worker: explained(lambda: run_bot(newest(settings), address, worker))).run()


def newest(settings: Settings) -> Settings:
    """With the tokens as they are now, for a worker that starts again; as they were, if those cannot be used: the other
    workers refuse them, too, and go on with those from before.
    """
    try:
        found = with_tokens_of_file(settings)
        if found.slack_bot_token != settings.slack_bot_token:
            _try_out(found, settings)
    except (ConfigError, WrongToken) as error:
        _log.error("%s The tokens from before are used.", error)
        return settings
    return found


def _try_out(found: Settings, former: Settings) -> None:
    """Raises WrongToken where the new bot token is refused, or is for another bot than the former, if that counts."""
    try:
        team = Team.of(web_client(found))
    except SLACK_FAILURES as error:
        raise WrongToken(f"The new SLACK_BOT_TOKEN cannot be used: Slack says {reason(error)}.") from None
    with suppress(*SLACK_FAILURES):
        refuse_other_bot(team, Team.of(web_client(former)))


def _require(settings: Settings, *, over_http: bool) -> None:
    needed = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    if over_http:
        needed["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    else:
        needed["SLACK_APP_TOKEN"] = settings.slack_app_token
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise ConfigError(f"{' and '.join(missing)}: not set. See the README, Connect to Slack.")


@contextmanager
def _reserve_port(host: str, port: int) -> Iterator[None]:
    """Keep the port for the workers, who share it (SO_REUSEPORT), and from everybody else. Raises ConfigError."""
    try:
        place = free_address(host, port)
        with socket.socket(socket.AF_INET6 if ":" in place else socket.AF_INET) as kept:
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            kept.bind((place, port))
            yield
    except OSError as error:
        raise ConfigError(f"--http: cannot listen there: {error.strerror or error}.") from error


@contextmanager
def alone(database_url: str) -> Iterator[None]:
    """One bot per SQLite database: a second one would send every reminder twice. Raises ConfigError."""
    path = sqlite_file(database_url)
    if not path:
        yield
        return
    try:
        opened = Path(f"{path}.lock").open("w", encoding="ascii")  # noqa: SIM115
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be opened: {error.strerror}. Does its folder exist, and may this user write there?"
        ) from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(
                f"Another bot already runs on {path}. Stop it first; for several at once use PostgreSQL."
            ) from None
        yield
