"""What the running bot counts, for Prometheus: names of commands, outcomes and errors, never what anybody said.

Counted where it happens; what the database or a cache knows is looked up when somebody asks.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from commands.dispatching.delivery import Duplicate
from commands.dispatching.dispatcher import Unavailable
from commands.errors import CommandError, NotAllowed
from storage.errors import StorageError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Slack gives three seconds, people a blink.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0, 60.0)

_counted = CollectorRegistry()
_commands = Counter(
    "engagement_commands",
    "Commands that people gave, by name and outcome: done, wrong (input), refused, duplicate, unavailable, failed.",
    ("command", "outcome"),
    registry=_counted,
)
_seconds = Histogram(
    "engagement_command_seconds",
    "From the request to the answer's text, Slack's part not included.",
    ("command",),
    buckets=_SECONDS,
    registry=_counted,
)
_slack_errors = Counter(
    "engagement_slack_errors",
    "Calls of Slack's Web API that failed, by method and Slack's error code.",
    ("method", "error"),
    registry=_counted,
)


@contextmanager
def command(name: str) -> Iterator[None]:
    """Count what happens inside, and how long it takes, as one command."""
    began = time.perf_counter()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except Exception as error:
        outcome = _outcome(error)
        raise
    finally:
        _commands.labels(name, outcome).inc()
        _seconds.labels(name).observe(time.perf_counter() - began)


def slack_failed(method: str, error: str) -> None:
    """Count a failed call of Slack's Web API."""
    _slack_errors.labels(method, error).inc()


@dataclass(frozen=True, slots=True)
class DatabaseCollector(Collector):
    """What is looked up at each request for the metrics. `worker` is this process's number, from 1.

    `reminders`: how many there are by state, and how long the oldest due one waits; raises StorageError.
    `caches`: hits and misses by the cache's name.
    """

    reminders: Callable[[], tuple[dict[str, int], timedelta | None]]
    caches: Callable[[], dict[str, tuple[int, int]]]
    worker: int = 1

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("engagement_worker", "The number of the process that tells this.", value=self.worker)
        yield from self._kept()
        lookups = CounterMetricFamily(
            "engagement_cache_lookups", "What was looked for in a cache of this process.", labels=("cache", "found")
        )
        for name, (hits, misses) in self.caches().items():
            lookups.add_metric((name, "yes"), hits)
            lookups.add_metric((name, "no"), misses)
        yield lookups

    def _kept(self) -> Iterator[Metric]:
        """The same from every process, for it comes from the database."""
        try:
            states, oldest = self.reminders()
        except StorageError:
            states, oldest, is_up = {}, None, 0
        else:
            is_up = 1
        yield GaugeMetricFamily("engagement_database_up", "Whether the records can be reached.", value=is_up)
        by_state = GaugeMetricFamily("engagement_reminders", "Reminders on record, by state.", labels=("state",))
        for state, count in sorted(states.items()):
            by_state.add_metric((state,), count)
        yield by_state
        waits = oldest.total_seconds() if oldest is not None else 0.0
        if is_up:
            yield GaugeMetricFamily(
                "engagement_oldest_due_seconds", "How long the oldest due reminder has waited; 0: none waits.", waits
            )


def exposition(known: DatabaseCollector) -> bytes:
    """Everything, in Prometheus's text format."""
    asked = CollectorRegistry()
    asked.register(known)
    return generate_latest(_counted) + generate_latest(asked)


def _outcome(error: Exception) -> str:
    if isinstance(error, Duplicate):
        return "duplicate"
    if isinstance(error, NotAllowed):
        return "refused"
    if isinstance(error, Unavailable):
        return "unavailable"
    return "wrong" if isinstance(error, CommandError) else "failed"
