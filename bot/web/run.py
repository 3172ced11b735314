"""`engagement-bot demo --web`: the demo's company behind a page, until it is interrupted."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.console.demo_world import demo_world
from bot.web.bundle import built_page
from bot.web.page_requests import PageRequests
from bot.web.server import PageServer


@contextmanager
def page_served(now: datetime | None, port: int = 0) -> Iterator[PageServer]:
    """The page, while it is served. Raises BundleBroken; OSError for a port in use."""
    page = built_page()
    with demo_world(now) as world:
        requests = PageRequests(world)
        with PageServer(requests, page, port) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield server
            finally:
                requests.is_closing.set()
                server.shutdown()
                thread.join()


def run_page(now: datetime | None, port: int, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises BundleBroken, OSError."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say("One moment: two invented clients are being recorded.")
    try:
        with page_served(now, port) as server:
            say(f"Open {server.address}")
            say("It works on this machine only, with two invented clients. What you do is gone when you press Ctrl-C.")
            threading.Event().wait()
    except KeyboardInterrupt:
        say("Gone.")
