"""What all tests share: a database of each engine, freshly migrated, and a fixed clock."""

import gc
import itertools
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine, create_engine, event, text

import storage.database
from storage.catalog.sentences import Encoder
from storage.database import Database
from tests.postgres_server import NotInstalled, running_postgres

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_numbers = itertools.count(1)
settings.register_profile("untimed", deadline=None)  # how long an example takes says nothing on a machine that is busy
settings.load_profile("untimed")
_connected: dict[str, Engine] = {}
_administrators: dict[str, Engine] = {}


def _engine_that_knows(url: URL, **given: Any) -> Engine:
    """What an earlier engine of this process compiled is not compiled again: it was a third of many a test's time."""
    engine = create_engine(url, **given)
    if engine.name == "sqlite":
        event.listen(engine, "connect", _reverse_what_has_no_order)
    if (known := _connected.get(engine.name)) is not None:
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
    else:
        event.listen(engine, "connect", lambda *_: _connected.setdefault(engine.name, engine), once=True)
    return engine


def _reverse_what_has_no_order(connection: Any, _: object) -> None:
    """SQLite happens to give rows in the order they were added, PostgreSQL does not: no test may pass by that."""
    connection.execute("PRAGMA reverse_unordered_selects=ON")


_prepare_sqlite = storage.database._prepare_sqlite


def _prepare_without_waiting(connection: Any, record: object) -> None:
    """As the bot does, but a test's file need not outlive a power cut: no commit waits for the disk."""
    _prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


storage.database.create_engine = _engine_that_knows  # type: ignore[assignment, attr-defined]
storage.database._prepare_sqlite = _prepare_without_waiting  # type: ignore[assignment]

# The same demonstration is read again and again: what an earlier test's bot encoded is not encoded once more.
Encoder.encode = lru_cache(4096)(Encoder.encode)  # type: ignore[method-assign]


_LONG = tuple(
    f"tests/{path}"
    for path in ("test_benchmarks", "e2e/", "leaks/", "test_deploy", "look/", "web/test_in_browser", "test_docs",
                 "commands/test_limits", "bot/test_demo", "bot/test_archive", "bot/test_doors")
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first: nobody waits for one of them at the end, when the others have nothing to do.

    Those called `..._figures` measure on whole sets of questions, and are slow.
    """
    for item in items:
        if item.path.stem.endswith("_figures"):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


def pytest_collection_finish() -> None:
    """What was loaded stays: looking through it for garbage again and again took a tenth of the tests' time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _log_levels_put_back() -> Iterator[None]:
    """What a test sets is not the next one's: it would look for lines that are no longer written."""
    loggers = [logging.getLogger(name) for name in (None, "bot", "bot.slack", "commands", "storage")]
    levels = {logger: logger.level for logger in loggers}
    yield
    for logger, level in levels.items():
        logger.setLevel(level)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own: TEST_DATABASE_URL, or a server started from the installed binaries on a socket."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        _disconnect_administrators()
        return
    try:
        with running_postgres() as url:
            yield url
            _disconnect_administrators()
    except NotInstalled as error:
        message = f"{error}: its half of the storage tests did not run (apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated, empty database to clone: cheaper than migrating for every test."""
    name = f"template_{os.getpid()}"
    _administer(postgres_url, f"CREATE DATABASE {name}")
    database = Database(_with_name(postgres_url, name))
    database.upgrade()
    database.close()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    path.write_bytes(_migrated())
    return path


@cache
def _migrated() -> bytes:
    """An empty SQLite database of this release. Migrated once, also for the processes that are forked from this one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "template.db")
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        database.close()
        return path.read_bytes()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    path = tmp_path / "engagement.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of the test's own, once on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}{_copied(server)}")
    yield _with_name(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any schema, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name}")
    yield _with_name(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """For tests of what does not depend on the engine."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def shared_data() -> Path:
    """Realistic inputs that do not ship with the project; the test is skipped where they are absent."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder shared/data beside the project is absent: nothing to measure on")
    return folder


def _administer(url: str, statement: str) -> None:
    with _administrator(url).connect() as connection:
        connection.execute(text(statement))


def _administrator(url: str) -> Engine:
    """Connected once in a process: connecting took as long as what it was for."""
    if url not in _administrators:
        _administrators[url] = create_engine(url, isolation_level="AUTOCOMMIT")
    return _administrators[url]


def _disconnect_administrators() -> None:
    for engine in _administrators.values():
        engine.dispose()
    _administrators.clear()


@cache
def _copied(url: str) -> str:
    """How PostgreSQL copies a template fastest: as files, without writing every page into its log (15 and newer)."""
    with _administrator(url).connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    return " STRATEGY FILE_COPY" if version >= 150000 else ""


def _with_name(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")
