"""A backup put back: the records are those of then, and what was said since is not said again."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import maintenance
from bot.jobs.jobs import Jobs
from bot.jobs.sender import Sender, Timing
from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.policy import Policy
from commands.reminders.planner import planner_for
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.records import ReminderState
from tests.bot.fake_messenger import FakeMessenger
from tests.conftest import NOW

DAY = timedelta(days=1)


class Bot:
    """What sends reminders on one database, and a clock that the test moves. `slack` outlives the database."""

    def __init__(self, url: str, slack: FakeMessenger, clock: Callable[[], datetime]) -> None:
        self.database = Database(url)
        policy = Policy(ZoneInfo("America/Chicago"), managers_channel="C0MANAGERS")
        dispatcher = Dispatcher(REGISTRY, self.database.open_unit, clock, policy)
        settings = Settings(_env_file=None, ENGAGEMENT_DATABASE_URL=url)
        self.runtime = Runtime(settings, self.database, dispatcher, clock)
        with self.database.workspaces() as workspaces:
            known = workspaces.list()
            self.workspace_id = (known[0] if known else workspaces.add("Test")).id
        sender = Sender(
            self.database.open_unit, self.workspace_id, planner_for(policy), slack, clock,
            lambda uow: clock(), lambda: 0.0, timing=Timing(pause=0, budget=10_000), owner="test",
        )  # fmt: skip
        self.jobs = Jobs(dispatcher, sender)

    def type(self, text: str) -> None:
        self.runtime.dispatcher.run(Request(self.workspace_id, CONSOLE, text))

    def run(self) -> None:
        self.jobs.plan()
        self.jobs.sweep()


@pytest.fixture
def moment() -> list[datetime]:
    return [NOW]


@pytest.fixture
def slack(moment: list[datetime]) -> FakeMessenger:
    return FakeMessenger(lambda: moment[0])


def set_up(bot: Bot) -> None:
    bot.type('client add "Calder Ridge" owner:U0ANN backup:U0BOB zone:America/Chicago')
    for number, ends in enumerate(("2026-06-30", "2026-07-31"), start=1):
        terms = f"effective:2025-07-01 end:{ends} signed:2025-07-01 renewal:auto renewal-term:12m notice:60d"
        bot.type(f"agreement add calder SOW-{number} kind:sow {terms}")


def weeks_later(bot: Bot, moment: list[datetime], days: int) -> None:
    for _ in range(days):
        moment[0] += DAY
        bot.run()


@pytest.mark.parametrize("doubts", [True, False], ids=["looked for first", "without looking: the test would notice"])
def test_what_was_sent_after_the_backup_is_not_sent_again(
    sqlite_url: str,
    slack: FakeMessenger,
    moment: list[datetime],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    doubts: bool,
) -> None:
    clock = lambda: moment[0]  # noqa: E731
    bot = Bot(sqlite_url, slack, clock)
    set_up(bot)
    bot.run()
    at_backup = len(slack.posts)
    bot.database.backup(tmp_path / "backup.db")
    weeks_later(bot, moment, 60)
    sent = len(slack.posts)
    assert sent > at_backup + 3
    bot.database.close()

    place = Database(sqlite_url)
    place.restore(tmp_path / "backup.db", tmp_path / "kept.db")
    place.close()
    assert (tmp_path / "kept.db").exists()
    bot = Bot(sqlite_url, slack, clock)
    monkeypatch.setattr(Database, "shared_now", lambda self, uow: moment[0] - timedelta(seconds=1))
    doubted = maintenance._doubt(bot.runtime, bot.workspace_id, "test") if doubts else 0
    for _ in range(5):
        bot.run()
    said_again = len(slack.posts) - sent
    assert (said_again == 0) == doubts
    if doubts:
        assert doubted > 3
        with bot.database.open_unit(bot.workspace_id, writes=False) as uow:
            waiting = [r for c in uow.clients.list() for r in uow.reminders.of_client(c.id) if r.due_at <= moment[0]]
            assert not [row for row in waiting if row.state in (ReminderState.PENDING, ReminderState.SENDING)]
            assert uow.audit.verify()[1] is None
        weeks_later(bot, moment, 60)
        assert len(slack.posts) > sent, "what falls due later is still said"
    bot.database.close()


def test_only_a_whole_backup_of_ours_is_put_back(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    other = tmp_path / "other.db"
    with pytest.raises(ValueError, match="no file"):
        database.restore(other, tmp_path / "kept.db")
    other.write_bytes(b"not a database at all" * 100)
    with pytest.raises(ValueError, match="not a backup"):
        database.restore(other, tmp_path / "kept.db")
    other.unlink()
    with sqlite3.connect(other) as empty:
        empty.execute("CREATE TABLE alembic_version (version_num TEXT)")
        empty.execute("INSERT INTO alembic_version VALUES ('9999')")
    with pytest.raises(ValueError, match="another release"):
        database.restore(other, tmp_path / "kept.db")
    assert not (tmp_path / "kept.db").exists()
    database.ping()
    database.close()


def test_postgresql_is_restored_with_its_own_tools(database: Database, tmp_path: Path) -> None:
    if database.is_sqlite:
        return
    with pytest.raises(ValueError, match="pg_restore"):
        database.restore(tmp_path / "x", tmp_path / "y")


def test_an_older_backup_is_migrated(tmp_path: Path) -> None:
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    old.upgrade("0005")
    old.close()
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    database.restore(tmp_path / "old.db", tmp_path / "kept.db")
    assert database.current() == database.newest()
    database.close()


def test_the_instant_of_the_backup_is_known_on_both_engines(database: Database) -> None:
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("Test").id
    with database.open_unit(workspace_id) as uow:
        assert uow.restored.last_known() is None
        uow.heartbeats.beat("sweep", NOW, "test")
    with database.open_unit(workspace_id) as uow:
        assert uow.restored.last_known() == NOW
        assert uow.restored.recheck(NOW, NOW, NOW) == 0


def test_a_folder_that_cannot_be_written_is_named(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    database.backup(tmp_path / "backup.db")
    with pytest.raises(DatabaseUnavailable, match="cannot"):
        database.restore(tmp_path / "backup.db", tmp_path / "no" / "such" / "folder.db")
    database.close()
