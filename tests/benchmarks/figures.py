"""Measuring side by side: alternatives take turns, so that a noisy machine is noisy for all of them alike."""

import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

TURNS = 10
_STARTED = time.monotonic()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    count: int
    minimum: float
    median: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        ordered = sorted(seconds)
        return cls(
            len(ordered),
            ordered[0] * 1e3,
            statistics.median(ordered) * 1e3,
            ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1e3,
        )

    def __str__(self) -> str:
        return f"{self.minimum:.3f} / {self.median:.3f} / {self.p99:.3f} ms"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, on what, and the figures in words."""

    subject: str
    figures: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure that was aimed at. `found` and `limit` are in the unit that `what` says."""

    what: str
    found: float
    limit: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.found >= self.limit if self.at_least else self.found <= self.limit


@dataclass(slots=True)
class Section:
    """One benchmark's part of the table."""

    title: str
    rows: list[Row] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)

    def add(self, subject: str, times: Times | str, **details: Any) -> None:
        found = asdict(times) if isinstance(times, Times) else {}
        self.rows.append(Row(subject, str(times), {**found, **details}))

    def want(self, what: str, found: float, limit: float, *, at_least: bool = False) -> None:
        self.wanted.append(Wanted(what, round(found, 3), limit, at_least))


def tell(step: str) -> None:
    """What is measured now, and how long the process has been at it: on standard error, at once."""
    minutes, seconds = divmod(int(time.monotonic() - _STARTED), 60)
    sys.stderr.write(f"[{minutes:02}:{seconds:02}] {step}\n")
    sys.stderr.flush()


def in_turns(acts: Mapping[str, Callable[[], object]], count: int) -> dict[str, Times]:
    """Each of `acts` about `count` times, in ten turns each; the first tenth of a turn is to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in acts}
    batch = max(1, count // TURNS)
    for _ in range(min(TURNS, count)):
        for name, act in acts.items():
            for at in range(batch + max(1, batch // 10)):
                started = time.perf_counter()
                act()
                if at >= max(1, batch // 10):
                    seconds[name].append(time.perf_counter() - started)
    return {name: Times.of(each) for name, each in seconds.items()}


def machine(folder: Path) -> dict[str, Any]:
    """What it was measured on. `folder` is where the databases are."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_before": round(os.getloadavg()[0], 2),
        "commit_on_this_disk_ms": asdict(commits(folder)),
    }


def commits(folder: Path) -> Times:
    """One row committed in SQLite (WAL, synchronous=FULL): the least that anything kept costs on this disk."""
    path = folder / "commits.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, text TEXT)")
    seconds = []
    for _ in range(300):
        started = time.perf_counter()
        connection.execute("INSERT INTO kept (text) VALUES ('0123456789')")
        seconds.append(time.perf_counter() - started)
    connection.close()
    return Times.of(seconds)


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has taken so far, its own and the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    """The resident memory of a process and of those that it started."""
    pids = [pid, *_children(pid)]
    total = 0
    for each in pids:
        for line in Path(f"/proc/{each}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text(encoding="utf-8").split()):
            found += [child, *_children(child)]
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
