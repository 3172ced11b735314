"""When the jobs run. APScheduler is only the clock: nothing is kept in it, so nothing is lost with it.

Its interval jobs wait on a monotonic timer for a wall-clock instant and stand still when the wall clock is set back;
and whatever raises inside its loop ends the loop without a word. So a watchdog thread of our own looks at when the jobs
last ran, wakes the scheduler, and after a long silence ends the process, for its supervisor to start again.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bot.jobs.jobs import Jobs
from bot.runtime import log

PLAN_SECONDS = 900.0
UPKEEP_SECONDS = 900.0
DIGEST_SECONDS = 600.0
_THREADS = 4
_WAKE_AFTER = 3
_GIVE_UP_AFTER = 10
_LEAST_SILENCE = 300.0
_FAILED = 70
_LEAST_SECONDS = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """`act` is to run every `seconds`, the first time at once."""

    seconds: float
    act: Callable[[], object]


class Scheduler:
    """Runs ticks until it is stopped. `beat` is told the name of every tick that ran to its end."""

    def __init__(
        self,
        ticks: Mapping[str, Tick],
        beat: Callable[[str], None] = lambda name: None,
        monotonic: Callable[[], float] = time.monotonic,
        give_up: Callable[[], None] = lambda: os._exit(_FAILED),
    ) -> None:
        self._ticks = ticks
        self._beat = beat
        self._monotonic = monotonic
        self._give_up = give_up
        self._last: dict[str, float] = {}
        self._nudged: dict[str, float] = {}
        self._nudging = threading.Lock()
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        self._watchdog = threading.Thread(target=self._watch, name="scheduler watchdog", daemon=True)

    def start(self) -> None:
        """Run every tick now, and then at its interval."""
        for name, tick in self._ticks.items():
            self._last[name] = self._monotonic()
            self._scheduler.add_job(
                self._run, "interval", seconds=tick.seconds, id=name, args=(name,), next_run_time=datetime.now(UTC)
            )
        self._scheduler.start()
        self._watchdog.start()

    def nudge(self, name: str) -> None:
        """Run a tick now, too; at most once a second, however many ask. Not before the clock is started or once it is
        stopped.
        """
        now = self._monotonic()
        with self._nudging:
            if self._stopping.is_set() or not self._scheduler.running or self._nudged.get(name, 0.0) > now:
                return
            self._nudged[name] = due = max(now, self._nudged.get(name, 0.0) + _LEAST_SECONDS)
        try:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + timedelta(seconds=due - now))
        except Exception:
            _log.exception("the tick %s could not be brought forward", name)

    def stop(self) -> None:
        """Finish the ticks under way and run no more."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def look(self) -> None:
        """What the watchdog does at every look: wake what is late, give up on what stays silent."""
        now = self._monotonic()
        for name, tick in self._ticks.items():
            silence = now - self._last[name]
            if silence > max(tick.seconds * _GIVE_UP_AFTER, _LEAST_SILENCE):
                _log.critical("the tick %s has not run for %.0f seconds; ending the process", name, silence)
                self._give_up()
            elif silence > tick.seconds * _WAKE_AFTER:
                _log.warning("the tick %s is %.0f seconds old; waking the scheduler", name, silence)
                self.nudge(name)

    def _run(self, name: str) -> None:
        """A failure is written down, and the next interval tries again."""
        with log.request():
            try:
                self._ticks[name].act()
                self._beat(name)
            except Exception:
                _log.exception("the tick %s failed", name)
        self._last[name] = self._monotonic()

    def _watch(self) -> None:
        shortest = min(tick.seconds for tick in self._ticks.values())
        while not self._stopping.wait(min(shortest, 5.0)):
            self.look()


def scheduler_for(jobs: Jobs, sweep_seconds: float, upkeep: Callable[[], object] = lambda: None) -> Scheduler:
    """The clock of a running bot: what is due every `sweep_seconds`, everything else less often."""
    ticks = {
        "plan": Tick(PLAN_SECONDS, jobs.plan),
        "sweep": Tick(sweep_seconds, jobs.sweep),
        "refresh": Tick(sweep_seconds, jobs.refresh),
        "meanings": Tick(max(sweep_seconds, 60.0), jobs.learn_meanings),
        "askers": Tick(max(sweep_seconds, 60.0), jobs.tell_askers),
        "digests": Tick(DIGEST_SECONDS, jobs.send_digests),
        "upkeep": Tick(UPKEEP_SECONDS, upkeep),
    }
    return Scheduler(ticks, jobs.beat)
