"""PostgreSQL behind PgBouncer, and one that was made for another encoding."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.records import Client

_PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_SETTINGS = """\
[databases]
{name} = dbname={name} host={host} port={port} user={user}{password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listens}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
"""


@pytest.fixture(params=["transaction", "session"])
def pooled(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database behind PgBouncer, with fewer connections than threads where they are shared."""
    if _PGBOUNCER is None:
        pytest.skip("PgBouncer is not installed")
    url = make_url(request.getfixturevalue("postgres_url"))
    name = f"pooled_{os.getpid()}_{request.param}"
    _administer(url.render_as_string(hide_password=False), f"CREATE DATABASE {name}")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="engagement-pooler-"))
    folder.chmod(0o755)  # it is read by whom PgBouncer runs as
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        _SETTINGS.format(
            name=name, host=url.host or url.query["host"], port=url.port or 5432, user=url.username,
            password=f" password='{url.password}'" if url.password else "", listens=port, mode=request.param,
            size=2 if request.param == "transaction" else 8,
        )
    )  # fmt: skip
    process = subprocess.Popen(
        [_PGBOUNCER, *(("-u", "postgres") if os.geteuid() == 0 else ()), settings], stderr=subprocess.DEVNULL
    )
    database = Database(f"postgresql://{url.username}@127.0.0.1:{port}/{name}")
    try:
        _until_answered(database)
        database.upgrade()
        yield database
    finally:
        database.close()
        process.kill()
        process.wait()
        shutil.rmtree(folder)
        _administer(url.render_as_string(hide_password=False), f"DROP DATABASE {name} WITH (FORCE)")


def test_connections_that_are_shared_do_not_get_each_others_statements(pooled: Database) -> None:
    with pooled.workspaces() as workspaces:
        home = workspaces.add("Northwind").id
    wrong: list[str] = []

    def work(number: int) -> None:
        try:
            for turn in range(12):
                with pooled.open_unit(home) as uow:
                    uow.clients.add(Client(name=f"Client {number} {turn}"))
                with pooled.open_unit(home, writes=False) as uow:
                    found = uow.clients.find_by_key(f"client {number} {turn}")
                    assert found is not None
                    assert found.name == f"Client {number} {turn}"
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    with pooled.open_unit(home, writes=False) as uow:
        assert len(uow.clients.list()) == 48


def test_without_a_pooler_statements_are_prepared(postgres_url: str) -> None:
    """It is what a question's speed rests on."""
    database = Database(postgres_url)
    with database.engine.connect() as connection:
        for _ in range(12):
            connection.execute(text("SELECT 1"))
        assert connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one() > 0
    database.close()


def test_a_database_of_another_encoding_is_refused(postgres_url: str) -> None:
    """As a server makes them that was set up without a locale."""
    name = f"ascii_{os.getpid()}"
    _administer(postgres_url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    database = Database(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnavailable, match="SQL_ASCII, not UTF8"):
        database.upgrade()
    database.close()
    _administer(postgres_url, f"DROP DATABASE {name}")


def _until_answered(database: Database) -> None:
    ends = time.monotonic() + 10
    while True:
        try:
            return database.ping()
        except DatabaseUnavailable:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
