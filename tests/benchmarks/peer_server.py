"""A yardstick behind the server that the bot runs in: `peer_server peer|floor PORT DATABASE_URL`."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from granian.constants import Interfaces
from granian.server.embed import Server
from slack_bolt import App, BoltRequest

from bot.process.http_server import _THREADS, _Endpoint
from bot.slack.http import Response
from tests.benchmarks.peer import floor_app, peer_app, peer_engine
from tests.benchmarks.world import SECRET

APPS = {"peer": peer_app, "floor": floor_app}


class BoltDoor:
    """Bolt reads the request and checks its signature, as an app without a door of its own does."""

    def __init__(self, app: App) -> None:
        self._app = app

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        if method == "GET":
            return Response(200, "ready")
        answer = self._app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return Response(answer.status, answer.body or "", {"content-type": "application/json"})


async def serve(door: BoltDoor, port: int) -> None:
    """With the bot's own threads and its reading of requests; until SIGTERM."""
    with ThreadPoolExecutor(_THREADS) as pool:
        server = Server(
            _Endpoint(door, pool), address="127.0.0.1", port=port, interface=Interfaces.RSGI, log_enabled=False
        )
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        serving = asyncio.create_task(server.serve())
        await stopping.wait()
        server.stop()  # type: ignore[no-untyped-call]
        await serving


if __name__ == "__main__":
    kind, port, url = sys.argv[1:]
    asyncio.run(serve(BoltDoor(APPS[kind](peer_engine(url), signing_secret=SECRET)), int(port)))
