"""The yardsticks: a peer that does the same work the ordinary way, and the floor, one durable insert behind Bolt.

The peer is what a good engineer would write in an afternoon: a table each for people, clients, agreements, rows and
questions. A question reads its asker, its client and the client's rows, scores them, is recorded, and committed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from rapidfuzz import fuzz, process
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Engine, MetaData, event
from sqlmodel import Field, Session, SQLModel, create_engine, select

from bot.console.local_slack import BOT_TOKEN, BOT_USER, TEAM

_LEAST_SCORE = 45
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON")


class PeerTable(SQLModel):
    """Its tables are not those of the bot."""

    metadata = MetaData()


class Person(PeerTable, table=True):
    id: str = Field(primary_key=True)
    role: str


class Client(PeerTable, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    channel: str = Field(index=True)


class Agreement(PeerTable, table=True):
    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="client.id", index=True)
    reference: str


class Row(PeerTable, table=True):
    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", index=True)
    item: str
    category: str
    party: str
    clause: str


class Question(PeerTable, table=True):
    id: int | None = Field(default=None, primary_key=True)
    client_id: int
    asker: str
    text: str
    row_id: int | None
    verdict: str
    asked_at: datetime


class Kept(PeerTable, table=True):
    """What the floor keeps of a request."""

    id: int | None = Field(default=None, primary_key=True)
    text: str


def peer_engine(url: str) -> Engine:
    """A database that keeps what it commits."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def fill(url: str, clients: Mapping[str, str], asker: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Make the tables: `clients` are their channels by name; each has all `rows` (item, category, party, clause)."""
    engine, matrix = peer_engine(url), list(rows)
    PeerTable.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Person(id=asker, role="technician"))
        for name, channel in clients.items():
            client = Client(name=name, channel=channel)
            session.add(client)
            session.flush()
            agreement = Agreement(client_id=client.id or 0, reference="SOW-1")
            session.add(agreement)
            session.flush()
            session.add_all([Row(agreement_id=agreement.id or 0, **row) for row in matrix])
        session.commit()
    engine.dispose()


def peer_app(engine: Engine, *, signing_secret: str = "") -> App:
    """Answers `/scope` from the database that `fill` filled."""
    app = _app(signing_secret)

    @app.command("/scope")
    def answer(ack: Ack, command: dict[str, str]) -> None:
        with Session(engine) as session:
            if session.get(Person, command["user_id"]) is None:
                ack("You have no role.")
                return
            client, asked = _client_and_question(session, command)
            if client is None:
                ack("Which client?")
                return
            ack(**_answered(session, client, command["user_id"], asked))

    return app


def floor_app(engine: Engine, *, signing_secret: str = "") -> App:
    """Keeps each `/scope` as one committed row, and answers a constant."""
    app = _app(signing_secret)
    PeerTable.metadata.create_all(engine)

    @app.command("/scope")
    def answer(ack: Ack, command: dict[str, str]) -> None:
        with Session(engine) as session:
            session.add(Kept(text=command["text"]))
            session.commit()
        ack("This is ours: do it.")

    return app


def _app(signing_secret: str) -> App:
    """With a secret it checks signatures, as an app behind HTTP must."""
    return App(
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT_USER, bot_token=BOT_TOKEN),
        signing_secret=signing_secret or "unused",
        request_verification_enabled=bool(signing_secret),
        process_before_response=True,
    )


def _client_and_question(session: Session, command: Mapping[str, str]) -> tuple[Client | None, str]:
    """The client of the channel; elsewhere the two words that a question begins with are its name."""
    text = command["text"]
    client = session.exec(select(Client).where(Client.channel == command["channel_id"])).first()
    if client is not None:
        return client, text
    first, second, *rest = [*text.split(maxsplit=2), "", ""]
    return session.exec(select(Client).where(Client.name == f"{first} {second}")).first(), rest[0]


def _answered(session: Session, client: Client, asker: str, asked: str) -> dict[str, Any]:
    found = session.exec(select(Row, Agreement).join(Agreement).where(Agreement.client_id == client.id)).all()
    texts = {at: f"{row.item} {row.category}" for at, (row, _) in enumerate(found)}
    best = process.extractOne(asked, texts, scorer=fuzz.token_set_ratio, score_cutoff=_LEAST_SCORE)
    row, agreement = found[best[2]] if best else (None, None)
    question = Question(
        client_id=client.id or 0, asker=asker, text=asked, row_id=row.id if row else None,
        verdict=row.party if row else "undocumented", asked_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(question)
    session.commit()
    where = f"{row.item}, {agreement.reference} {row.clause}" if row and agreement else "no row"
    said = f"*{client.name}*: {question.verdict} ({where})"
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": each}, "action_id": each, "value": str(question.id)}
        for each in ("Share", "Why", "Wrong")
    ]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": said[:150]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": said}},
        {"type": "actions", "elements": buttons},
    ]
    return {"text": said, "blocks": blocks}
