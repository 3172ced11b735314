"""`engagement-bot` as it is, but on a clock that began on a Monday, and with leases short enough for a test.

REPLICA_BEGAN: when the clock began, in seconds since 1970. REPLICA_LEASE: in seconds. REPLICA_BLIND: a cache that no
longer compares versions (matrices or directory), to see the test fail, as it must.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.cli import main
from bot.jobs import jobs
from bot.jobs.sender import Timing
from bot.process import run
from commands.matrix_cache import Matrices
from storage.engine.directory import Directories

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def clock_since(began: float) -> datetime:
    return MONDAY + timedelta(seconds=time.time() - began)


def _blind_matrices() -> None:
    compared = Matrices.of

    def of(self: Matrices, uow: Any, client: Any, as_of: Any) -> Any:
        return compared(self, uow, client.model_copy(update={"matrix_version": 0}), as_of)

    Matrices.of = of  # type: ignore[method-assign]


def _blind_directory() -> None:
    compared = Directories.of

    def of(self: Directories, workspace_id: int, epoch: int, connection: Any) -> Any:
        found = next((kept for (id, _), kept in self._kept.items() if id == workspace_id), None)
        return found or compared(self, workspace_id, epoch, connection)

    Directories.of = of  # type: ignore[method-assign]


if __name__ == "__main__":
    lease = timedelta(seconds=float(os.environ["REPLICA_LEASE"]))
    timing = Timing(lease, settle=min(timedelta(seconds=15), lease / 3))
    jobs.Sender = partial(jobs.Sender, timing=timing)  # type: ignore[attr-defined, assignment]
    clock = partial(clock_since, float(os.environ["REPLICA_BEGAN"]))
    run.build = partial(run.build, clock=clock)  # type: ignore[attr-defined]
    if blind := os.environ["REPLICA_BLIND"]:
        {"matrices": _blind_matrices, "directory": _blind_directory}[blind]()
    main()
