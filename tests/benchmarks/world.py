"""An MSP of any size to measure on: clients with 200 rows each, their channels, and questions that people ask."""

import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from slack_bolt import App
from sqlalchemy import Table, create_engine, text
from sqlmodel import SQLModel

from bot.console.local_slack import BOT_TOKEN, BOT_USER, TEAM, Channel, LocalSlack, Person
from bot.runtime.config import Settings
from bot.runtime.wiring import Clock, Runtime, build, utc_now
from bot.slack.app import build_app, web_client
from bot.slack.identity import Team
from bot.slack.workers import Workers
from commands.dispatching.request import CONSOLE, Request
from storage.database import Database
from storage.records import Party, Responsibility
from tests.benchmarks import peer
from tests.benchmarks.bench_matching import SETS, load, sized

ROWS_PER_CLIENT = 200
"""Fewer in a smoke run, see FEW_ROWS."""
FEW_ROWS = 30
TECHNICIAN, MANAGER = "U0TECH", "U0MANAGER"
SECRET = "a-secret-of-the-benchmark"
_PARTIES = tuple(Party)
_FIRST_NUMBER = 10_000
_made: set[tuple[str, str]] = set()
_migrated: list[bytes] = []
_COPIED = ("client", "client_key", "client_channel", "agreement", "agreement_version", "walkthrough", "responsibility")


def client_name(number: int) -> str:
    """The name of client 1, 2, 3..."""
    return f"Client {_FIRST_NUMBER + number}"


def channel_of(number: int) -> str:
    """The id of the channel that is linked to the client."""
    return f"C0{_FIRST_NUMBER + number}"


@cache
def questions() -> list[str]:
    """What people ask, covered and not, in an order that is the same every time."""
    asked = [question.text for data in SETS for question in load(data)[1] if question.text.strip()]
    random.Random(8).shuffle(asked)
    return asked


@cache
def names() -> list[str]:
    """The rows' own names, in an order that is the same every time."""
    found = [row.item for row in sized([row for data in SETS for row in load(data)[0]], ROWS_PER_CLIENT)]
    random.Random(9).shuffle(found)
    return found


def settings_for(url: str, slack_url: str = "") -> Settings:
    """Settings that read neither the environment's Slack nor a .env file."""
    given: dict[str, str] = {
        "ENGAGEMENT_DATABASE_URL": url,
        "ENGAGEMENT_ADMINS": MANAGER,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack_url or "http://127.0.0.1:9/api/",
    }
    return Settings(_env_file=None, **given)


def settle(
    url: str, clients: int, *, rows: int | None = None, lines: Sequence[str] = (), clock: Clock = utc_now
) -> None:
    """Fill the empty database at `url`: one client by the bot's own commands, the others as copies of it.

    `lines` are further commands about the first client. Its reminders are not copied.
    """
    _migrate(url)
    runtime = build(settings_for(url), clock)
    workspace_id = runtime.workspace_id(TEAM, "Northwind IT")
    _first_client(runtime, workspace_id, rows or ROWS_PER_CLIENT, lines)
    with runtime.database.engine.begin() as connection:
        for name in _COPIED if clients > 1 else ():
            _copy(connection, SQLModel.metadata.tables[name], clients)
        if not runtime.database.is_sqlite:
            for name in _COPIED:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
                )
        if not runtime.database.is_sqlite:  # as PostgreSQL does by itself, and SQLite does not
            connection.execute(text("ANALYZE"))
    runtime.close()


def _migrate(url: str) -> None:
    """SQLite's file is migrated once in a process, and copied from then on."""
    path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if path is not None and _migrated:
        path.write_bytes(_migrated[0])
        return
    database = Database(url)
    database.upgrade()
    database.close()
    if path is not None:
        _migrated.append(path.read_bytes())


def _first_client(runtime: Runtime, workspace_id: int, rows: int, lines: Sequence[str]) -> None:
    def do(line: str) -> None:
        runtime.dispatcher.run(Request(workspace_id, CONSOLE, line))

    do(f"role grant {TECHNICIAN} technician")
    do(f'client add "{client_name(1)}" owner:{MANAGER}')
    do(f'client link "{client_name(1)}" {channel_of(1)}')
    do(
        f'agreement add "{client_name(1)}" SOW-1 kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:60m '
        "renewal:manual notice:60d"
    )
    do(f'walkthrough record "{client_name(1)}" SOW-1 to:"Lee Marsh" on:2026-01-02')
    matrix = sized([row for data in SETS for row in load(data)[0]], rows)
    with runtime.dispatcher.open_unit(workspace_id) as uow:
        [client] = uow.clients.list()
        [agreement] = uow.agreements.of_client(client.id)
        uow.responsibilities.record(
            [
                Responsibility(
                    client_id=client.id, agreement_id=agreement.id, position=at, item=row.item, category=row.category,
                    party=_PARTIES[at % len(_PARTIES)], clause=f"SOW-1 {at}", notes=row.notes,
                    effective_from=date(2026, 1, 1), recorded_at=datetime(2026, 1, 2, tzinfo=UTC), recorded_by=MANAGER,
                )
                for at, row in enumerate(matrix)
            ]
        )  # fmt: skip
        uow.clients.matrix_changed(client.id)
    for line in lines:
        do(line)
    _encode(runtime, workspace_id)


def _encode(runtime: Runtime, workspace_id: int) -> None:
    """As the bot does by itself within a minute after an import: until then, questions are read by words alone."""
    matrices = runtime.dispatcher.matrices
    with runtime.dispatcher.open_unit(workspace_id) as uow:
        [client] = uow.clients.list()
        texts = matrices.new_texts(uow, client, runtime.clock().date())
        matrices.encode(texts)
        matrices.store(uow, texts)


def _copy(connection: Any, table: Table, clients: int) -> None:
    """Every row of the first client once more for each of the others, with ids that tell whose it is."""
    count, first = connection.execute(text(f"SELECT count(*), min(id) FROM {table.name}")).one()
    papers = connection.execute(text("SELECT count(*) FROM agreement_version WHERE client_id = 1")).scalar_one()
    number = f"CAST({_FIRST_NUMBER} + n.i AS VARCHAR)"
    changed = {
        "id": f"t.id + (n.i - 1) * {count}" if count > 1 else f"{first} + n.i - 1",
        "client_id": "t.client_id + n.i - 1",
        "agreement_id": f"t.agreement_id + (n.i - 1) * {papers}",
    }
    if table.name == "client":
        changed |= {"name": f"'Client ' || {number}", "channels": f"'[\"C0' || {number} || '\"]'"}
    if table.name == "client_key":
        changed["key"] = f"'client ' || {number}"
    if table.name == "client_channel":
        changed["channel"] = f"'C0' || {number}"
    if connection.dialect.name == "postgresql" and "channels" in changed:
        changed["channels"] = f"CAST({changed['channels']} AS JSON)"
    names = [column.name for column in table.columns]
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        text(
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {clients}) "
            f"INSERT INTO {table.name} ({quoted}) SELECT {values} FROM {table.name} t, n"
        )
    )


def slash_payload(number: int, trigger: int, question: str, *, named: bool) -> dict[str, str]:
    """What Slack sends for `/scope`, typed in the client's channel, or elsewhere with the client's name."""
    return {
        "team_id": TEAM,
        "team_domain": "northwind",
        "channel_id": "C0HELP" if named else channel_of(number),
        "channel_name": "somewhere",
        "user_id": TECHNICIAN,
        "user_name": "tech",
        "command": "/scope",
        "text": f"{client_name(number)} {question}" if named else question,
        "api_app_id": "A0LOCAL001",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/response",
        "trigger_id": f"{trigger}.{number}.bench",
    }


def payloads(
    clients: int, *, active: int = 200, first_trigger: int = 0, by_name: bool = False
) -> Iterator[dict[str, str]]:
    """Endless questions about `active` of the clients, half of them in the client's channel, half by its name; in
    people's own words, or (`by_name`) each by a row's own name.
    """
    chosen = random.Random(5).sample(range(1, clients + 1), min(active, clients))
    asked = names() if by_name else questions()
    turn = first_trigger
    while True:
        turn += 1
        yield slash_payload(chosen[turn % len(chosen)], turn, asked[turn % len(asked)], named=turn % 2 == 0)


@contextmanager
def local_slack(clients: int = 1) -> Iterator[LocalSlack]:
    """A Slack in which the benchmark's people work, with a channel for every client."""
    people = (Person(TECHNICIAN, "tech", "Terry Tech"), Person(MANAGER, "manager", "Mo Manager"))
    channels = [Channel("C0HELP", "helpdesk")]
    channels += [Channel(channel_of(number), f"client-{number}") for number in range(1, clients + 1)]
    with LocalSlack(people, channels) as slack:
        yield slack


@contextmanager
def bot_on(url: str, clients: int) -> Iterator[tuple[App, Runtime]]:
    """The app on the database at `url`, its Slack on this machine."""
    with local_slack(clients) as slack:
        runtime = build(settings_for(url, slack.base_url))
        workers = Workers()
        team = Team(TEAM, BOT_USER, "B0ENGAGE01", name="Northwind IT")
        try:
            yield build_app(runtime, web_client(runtime.settings), team, workers), runtime
        finally:
            workers.drain(10)
            runtime.close()


def sqlite_world(folder: Path, clients: int) -> str:
    """A filled SQLite database in `folder`; made once per size, then copied."""
    made = folder / f"world-{clients}.db"
    if not made.exists():
        settle(f"sqlite:///{made}", clients)
    copied = folder / f"copy-{clients}.db"
    for leftover in folder.glob(f"copy-{clients}.db*"):
        leftover.unlink()
    shutil.copy(made, copied)
    return f"sqlite:///{copied}"


def new_postgres(server_url: str, name: str) -> str:
    """An empty database of that name on the server."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server_url.replace("/postgres?", f"/{name}?")


def postgres_world(server_url: str, clients: int) -> str:
    """A filled PostgreSQL database of its own on the server; made once per size, then cloned."""
    made, copied = f"world_{clients}", f"copy_{clients}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if (server_url, made) not in _made:
            _made.add((server_url, made))
            connection.execute(text(f"DROP DATABASE IF EXISTS {made} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {made}"))
            settle(server_url.replace("/postgres?", f"/{made}?"), clients)
        connection.execute(text(f"DROP DATABASE IF EXISTS {copied} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {copied} TEMPLATE {made}"))
    engine.dispose()
    return server_url.replace("/postgres?", f"/{copied}?")


def sqlite_peer(folder: Path, clients: int) -> str:
    """A database for the yardsticks, with as many clients and rows; made once per size."""
    made = folder / f"peer-{clients}.db"
    url = f"sqlite:///{made}"
    if not made.exists():
        _settle_peer(url, clients)
    return url


def postgres_peer(server_url: str, clients: int) -> str:
    """A database for the yardsticks on the server, made anew."""
    url = new_postgres(server_url, f"peer_{clients}")
    _settle_peer(url, clients)
    return url


def _settle_peer(url: str, clients: int) -> None:
    rows = sized([row for data in SETS for row in load(data)[0]], ROWS_PER_CLIENT)
    matrix = (
        {"item": row.item, "category": row.category, "party": _PARTIES[at % len(_PARTIES)], "clause": f"SOW-1 {at}"}
        for at, row in enumerate(rows)
    )
    peer.fill(url, {client_name(at): channel_of(at) for at in range(1, clients + 1)}, TECHNICIAN, matrix)


def remove(url: str, folder: Path, clients: int) -> None:
    """A world of that size, which takes room: the one that was made, and the copy of it at `url`."""
    if url.startswith("sqlite"):
        for file in (*folder.glob(f"world-{clients}.db*"), *folder.glob(f"copy-{clients}.db*")):
            file.unlink()
        return
    server_url = url.replace(f"/copy_{clients}?", "/postgres?")
    _made.discard((server_url, f"world_{clients}"))
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in (f"copy_{clients}", f"world_{clients}"):
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    engine.dispose()
