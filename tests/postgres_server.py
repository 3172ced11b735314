"""A PostgreSQL server for the tests: from the installed binaries, on a socket in its own folder, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

_IN_MEMORY = Path("/dev/shm")
_ROOM = 4_000_000_000


class NotInstalled(Exception):
    """There are no PostgreSQL binaries on this machine."""


@contextmanager
def running_postgres(*, fsync: bool = False) -> Iterator[str]:
    """The URL of a fresh server's first database; without `fsync` it is fast, in memory where that has room, and
    forgets on a power cut.

    Raises NotInstalled.
    """
    binaries = _binaries()
    if binaries is None:
        raise NotInstalled("PostgreSQL is not installed")
    as_postgres: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="engagement-pg-", dir=None if fsync else _memory()) as folder:
        home = Path(folder)
        home.chmod(0o777)
        data = home / "data"
        subprocess.run(
            [str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "tester", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=home, **as_postgres,
        )  # fmt: skip
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), "-k", str(home), "-c", "listen_addresses=",
             "-c", f"fsync={'on' if fsync else 'off'}", "-c", "max_connections=200"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home, **as_postgres,
        )  # fmt: skip
        try:
            url = f"postgresql+psycopg://tester@/postgres?host={home}"
            _wait_until_ready(url)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)


def _memory() -> Path | None:
    """Where files never reach a disk; a new database is hundreds of them. None where that is missing or small."""
    has_room = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM
    return _IN_MEMORY if has_room and os.access(_IN_MEMORY, os.W_OK) else None


def _binaries() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = [Path(found).resolve().parent for found in (shutil.which("initdb"),) if found]
    return next((path for path in (*reversed(installed), *on_path) if (path / "postgres").exists()), None)


def _wait_until_ready(url: str) -> None:
    engine = create_engine(url)
    for _ in range(100):
        try:
            with engine.connect():
                break
        except Exception:
            time.sleep(0.1)
    else:
        raise RuntimeError("the PostgreSQL of the tests does not answer")
    engine.dispose()
