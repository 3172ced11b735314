"""The bot as a process of its own, with the odd commands: `serve_process MODE DATABASE API PORT`."""

import faulthandler
import sys

from bot.console.local_slack import APP_TOKEN, BOT_TOKEN
from bot.process.http_server import serve_http
from bot.process.socket_mode import serve_socket
from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime, utc_now
from commands.dispatching.dispatcher import Dispatcher
from storage.database import Database
from tests.bot.odd_commands import REGISTRY

SECRET = "a-secret-of-the-test"


def main(mode: str, database_url: str, api: str, port: str) -> None:
    given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    settings = Settings(_env_file=None, SLACK_API_URL=api, **given)
    database = Database(database_url)
    dispatcher = Dispatcher(REGISTRY, database.open_unit, utc_now, settings.policy)
    runtime = Runtime(settings, database, dispatcher, utc_now)
    if mode == "http":
        serve_http(runtime, "127.0.0.1", int(port))
    else:
        serve_socket(runtime)


if __name__ == "__main__":
    faulthandler.enable()
    main(*sys.argv[1:])
