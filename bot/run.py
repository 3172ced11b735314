"""`engagement-bot run`: one process that serves Slack until it is told to end."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bot.config import ConfigError, Settings
from bot.slack.serve import serve_http
from bot.slack.socket import serve_socket
from bot.wiring import build

_log = logging.getLogger(__name__)


def run_bot(settings: Settings, address: tuple[str, int] | None) -> None:
    """Serve over HTTP at `address` (host, port), or over Socket Mode. Raises ConfigError naming what is missing."""
    _require(settings, over_http=address is not None)
    with alone(settings.database_url):
        runtime = build(settings)
        try:
            if address is not None:
                serve_http(runtime, *address)
            else:
                serve_socket(runtime)
        except OSError as error:
            raise ConfigError(f"--http: cannot listen there: {error.strerror or error}.") from error
        finally:
            runtime.close()


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
def alone(database_url: str) -> Iterator[None]:
    """One bot per SQLite database: a second one would send every reminder twice. Raises ConfigError."""
    path = make_url(database_url).database if database_url.startswith("sqlite") else None
    if not path or path == ":memory:":
        yield
        return
    with Path(f"{path}.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(
                f"Another bot already runs on {path}. Stop it first; for several at once use PostgreSQL."
            ) from None
        yield
