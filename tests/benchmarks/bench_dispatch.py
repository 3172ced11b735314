"""A scope question through Bolt's dispatch in this process, against bare Bolt apps that return a constant."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.console.local_slack import BOT_USER, TEAM
from tests.benchmarks import world
from tests.benchmarks.figures import Section, in_turns

CLIENTS = 100
MEMORY = Path("/dev/shm")
BARE, DEFAULT, DISK, NO_DISK, POSTGRES = (
    "bare Bolt, process_before_response",
    "bare Bolt, default settings",
    "scope question, SQLite on disk",
    "scope question, SQLite in memory",
    "scope question, PostgreSQL",
)


def bare_app(*, process_before_response: bool, signing_secret: str = "") -> App:
    """Answers /scope with a constant. With a secret it checks signatures, as an app behind HTTP must."""
    app = App(
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT_USER, bot_token="xoxb-x"),
        signing_secret=signing_secret or "unused",
        request_verification_enabled=bool(signing_secret),
        process_before_response=process_before_response,
    )

    @app.command("/scope")
    def answer(ack: Ack) -> None:
        ack("This is ours: do it.")

    return app


def asking(app: App, payloads: Iterator[dict[str, str]]) -> Callable[[], Any]:
    """One question after the other; each must be answered."""

    def ask() -> Any:
        response = app.dispatch(BoltRequest(body=next(payloads), mode="socket_mode"))
        assert response.status == 200
        assert response.body
        assert "cannot be reached" not in response.body, response.body  # a refusal is quick, and no answer
        return response.body

    return ask


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    section = Section("A scope question in process (minimum / median / p99)")
    clients, count = (5, 20) if quick else (CLIENTS, 2000)
    with contextlib.ExitStack() as stack:
        acts = {
            BARE: asking(bare_app(process_before_response=True), world.payloads(clients)),
            DEFAULT: asking(bare_app(process_before_response=False), world.payloads(clients)),
        }
        for name, url in _databases(stack, folder, postgres_url, clients).items():
            app, _ = stack.enter_context(world.bot_on(url, clients))
            acts[name] = asking(app, world.payloads(clients))
            for _ in range(2 if quick else 4 * clients):
                acts[name]()
        found = in_turns(acts, count)
    for name, times in found.items():
        section.add(name, times)
    bare, disk = found[BARE].median, found[DISK].median
    section.want("times bare Bolt with process_before_response", disk / bare, 3)
    section.want("the same without a disk", found.get(NO_DISK, found[DISK]).median / bare, 3)
    section.want("times faster than bare Bolt in default settings", found[DEFAULT].median / disk, 5, at_least=True)
    return section


def _databases(stack: contextlib.ExitStack, folder: Path, postgres_url: str | None, clients: int) -> dict[str, str]:
    found = {DISK: world.sqlite_world(folder, clients)}
    if MEMORY.is_dir():
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="engagement-bench-", dir=MEMORY))
        found[NO_DISK] = world.sqlite_world(Path(place), clients)
    if postgres_url is not None:
        found[POSTGRES] = world.postgres_world(postgres_url, clients)
    return found
