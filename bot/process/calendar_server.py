"""The door for calendars: what one person may see, under a secret address, on a host and port of its own.

Apart from Slack's door and the metrics': this one is read by other companies' calendars and knows nothing but feeds.
An address that was revoked, never was, or belongs to somebody who left answers 404, and nothing tells these apart.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from bot.process.side_server import SideServer
from bot.runtime import log
from bot.slack.identity import People
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import Request
from commands.errors import NotAllowed
from commands.workspace.calendar_feed import ENDING, PATH, content, hash_of

_LONGEST_TOKEN = 100
_log = logging.getLogger(__name__)
Found = Callable[[str], bytes | None]
"""The calendar behind a token; None where there is none."""


def feeds_of(dispatcher: Dispatcher, workspace_id: int, people: People) -> Found:
    """What finds the calendar behind a token, as its owner may see it now: None for an unknown or revoked token, and
    for an owner whom Slack does not confirm as a colleague.
    """

    def found(token: str) -> bytes | None:
        with dispatcher.open_unit(workspace_id, writes=False) as uow:
            feed = uow.calendar_feeds.with_hash(hash_of(token))
            if feed is None:
                return None
            try:
                people.admit(feed.user)
            except NotAllowed:  # a guest by now, or gone
                return None
            return content(dispatcher.context(uow, Request(workspace_id, feed.user, "calendar")))

    return found


@contextmanager
def calendar_server(place: tuple[str, int] | None, found: Found) -> Iterator[int | None]:
    """Open inside at `place` (host, port); the port. None: not at all. Raises OSError for a port in use."""
    if place is None:
        yield None
        return
    server = SideServer(place, _handler(found))
    thread = threading.Thread(target=server.serve_forever, name="calendars", kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


def _handler(found: Found) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            with log.request():
                self._answer()

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *given: object) -> None:
            """Nothing: the path is a secret."""

        def _answer(self) -> None:
            token = _token(self.path.partition("?")[0])
            try:
                calendar = found(token) if token else None
            except Exception:
                _log.exception("a calendar could not be written")
                self._send(500, b"Something went wrong on our side.", "text/plain; charset=utf-8")
                return
            if calendar is None:
                self._send(404, b"Nothing is here.", "text/plain; charset=utf-8")
            else:
                self._send(200, calendar, "text/calendar; charset=utf-8")

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "private, no-store")
            self.send_header("x-robots-tag", "noindex")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return Handler


def _token(path: str) -> str | None:
    if not path.startswith(PATH) or not path.endswith(ENDING) or len(path) > _LONGEST_TOKEN:
        return None
    return path[len(PATH) : -len(ENDING)]
