"""Socket Mode: no public address needed. Runs until SIGTERM or SIGINT; then what is under way is finished.

An envelope that is not acknowledged is delivered again, to this process or the next one, so nothing is lost by ending.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.process.calendar_server import calendar_server
from bot.process.connection import DRAIN_SECONDS, connect
from bot.process.metrics_server import metrics_server
from bot.process.rotation import app_token, bot_token, try_app_token, watched_tokens
from bot.process.whole_messages import Client
from bot.runtime import log
from bot.runtime.config import ConfigError, Settings
from bot.runtime.errors import SlackUnreachable
from bot.runtime.wiring import Runtime
from bot.slack.surfaces import SLACK_FAILURES, reason

_CHECK_SECONDS = 10.0
_LONGEST_OUTAGE = 300.0
_log = logging.getLogger(__name__)


class Handler(SocketModeHandler):
    """Counts the requests under way, and takes no more once it is told to finish."""

    def __init__(self, app: App, app_token: str, web_client: WebClient) -> None:
        self.app, self.app_token = app, app_token
        self.client = Client(
            app_token, logging.getLogger("bot.slack.socket_mode"), web_client, proxy=app.client.proxy, ping_interval=10
        )
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]
        self._idle = threading.Condition()
        self._under_way = 0
        self._is_finishing = False

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        with self._idle:
            if self._is_finishing:
                return
            self._under_way += 1
        try:
            with log.request():
                super().handle(client, req)
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()

    def change_token(self, app_token: str) -> None:
        """For the connections from now on; the one that is open stays."""
        self.app_token = self.client.app_token = app_token

    def finish(self, seconds: float) -> None:
        """Wait for the requests under way, then close the connection."""
        with self._idle:
            self._is_finishing = True
            self._idle.wait_for(lambda: self._under_way == 0, timeout=seconds)
        self.client.close()


def serve_socket(runtime: Runtime) -> None:
    """Serve until SIGTERM or SIGINT, then drain.

    Raises ConfigError. Raises SlackUnreachable when the connection cannot be made, or stays lost for five minutes:
    the SDK does not recover from every outage, and whoever started the process can start it again.
    """
    if not runtime.settings.slack_app_token:
        raise ConfigError("SLACK_APP_TOKEN is not set: Socket Mode needs the app-level token (it starts with xapp-).")
    connection = connect(runtime)
    tokenless = WebClient(base_url=connection.client.base_url, timeout=connection.client.timeout)
    handler = Handler(connection.app, runtime.settings.slack_app_token, tokenless)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    health = connection.health(lambda: None if handler.client.is_connected() else "Slack is not connected")
    with (
        metrics_server(runtime.settings.metrics_address, 1, health, lambda: connection.metrics(1)),
        calendar_server(runtime.settings.calendar_address, connection.calendars()),
        watched_tokens(runtime.settings, bot_token(connection), app_token(runtime.settings, handler.change_token)),
    ):
        try:
            _connect(handler)
            _log.info("connected to %s over Socket Mode", connection.team.name or connection.team.id)
            connection.start()
            _watch(handler, stopping, lambda: _why_lost(runtime.settings, handler.app_token))
        finally:
            connection.ending.set()
            handler.finish(DRAIN_SECONDS)
            connection.drain()


def _connect(handler: Handler) -> None:
    try:
        handler.client.connect()
    except SLACK_FAILURES as error:
        raise SlackUnreachable(
            f"Slack does not open a Socket Mode connection ({reason(error)}). Check SLACK_APP_TOKEN and that Socket "
            "Mode is on in the app's settings."
        ) from error
    if not handler.client.is_connected():
        raise SlackUnreachable("The WebSocket that Slack named cannot be reached. Check the network and the proxy.")


def _watch(handler: Handler, stopping: threading.Event, why_lost: Callable[[], str]) -> None:
    """Return when asked to stop. Raises SlackUnreachable after a long outage; the SDK reconnects from shorter ones."""
    last_connected = time.monotonic()
    while not stopping.wait(_CHECK_SECONDS):
        if handler.client.is_connected():
            last_connected = time.monotonic()
        elif time.monotonic() - last_connected > _LONGEST_OUTAGE:
            raise SlackUnreachable(
                f"The connection to Slack was lost and did not come back within five minutes: {why_lost()}"
            )


def _why_lost(settings: Settings, app_token: str) -> str:
    """What Slack says now to the token that connections are made with."""
    try:
        try_app_token(settings, app_token)
    except SlackApiError as error:
        return f"Slack refuses SLACK_APP_TOKEN ({reason(error)}). Make a new one on the app's Basic Information page."
    except SLACK_FAILURES as error:
        return f"{reason(error)}. Check the network and the proxy."
    return "Slack takes the token, so the network or a proxy may hold up WebSockets."
