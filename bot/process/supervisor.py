"""`run --workers N`: processes that serve one port together, and a parent that only starts, restarts and ends them.

They are forked: what is loaded is shared, and a worker is there again in a moment. The parent has no thread, no
connection and no request; whatever happens, it goes on looking after the others.
"""

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_FIRST_SECONDS = 10.0
_MOST_SECONDS_APART = 30.0
_FAILED, _KILLED = 1, 128
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a process knows about itself when it is one of several. `number` counts from 1."""

    number: int
    parent: int = field(default_factory=os.getppid)

    @property
    def is_orphan(self) -> bool:
        """Whether the parent is gone, so that nobody would restart or end this one."""
        return os.getppid() != self.parent


class Supervisor:
    """Keeps `workers` processes running; each does `work` and ends with the code that it gives."""

    def __init__(self, workers: int, work: Callable[[Worker], int]) -> None:
        self._work = work
        self._numbers: dict[int, int] = {}
        self._due: dict[int, float] = dict.fromkeys(range(1, workers + 1), 0.0)
        self._failures: dict[int, int] = {}
        self._started: dict[int, float] = {}

    def run(self) -> int:
        """Until SIGTERM or SIGINT, then until every worker has finished. The exit code: 0, or that of a worker that
        gave up in the first ten seconds: then nothing is left running.
        """
        began = time.monotonic()
        gc.freeze()  # what is shared stays shared
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        while True:
            self._start_due()
            got = signal.sigtimedwait(_SIGNALS, self._until_next())
            if got is not None and got.si_signo != signal.SIGCHLD:
                return self._end()
            for number, code in self._ended():
                if 0 < code < _KILLED and time.monotonic() - began < _FIRST_SECONDS:
                    self._end()
                    return code
                self._again(number, code)

    def _start_due(self) -> None:
        for number, due in list(self._due.items()):
            if due <= time.monotonic():
                del self._due[number]
                self._fork(number)

    def _fork(self, number: int) -> None:
        pid = os.fork()
        if pid == 0:
            code = _FAILED
            try:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
                code = self._work(Worker(number))
            except BaseException:
                _log.exception("worker %d failed", number)
            finally:
                logging.shutdown()
                os._exit(code)
        self._numbers[pid], self._started[number] = number, time.monotonic()
        _log.info("worker %d runs as process %d", number, pid)

    def _ended(self) -> list[tuple[int, int]]:
        """Who ended, with the exit code; who was killed: _KILLED and the signal's number."""
        found = []
        while self._numbers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            code = os.waitstatus_to_exitcode(status)
            found.append((self._numbers.pop(pid), code if code >= 0 else _KILLED - code))
        return found

    def _again(self, number: int, code: int) -> None:
        """At once; after one failure upon another, less and less often."""
        now = time.monotonic()
        is_early = now - self._started[number] < _FIRST_SECONDS
        self._failures[number] = self._failures.get(number, 0) + 1 if is_early else 0
        pause = min(2.0 ** self._failures[number], _MOST_SECONDS_APART) if is_early else 0.0
        _log.error("worker %d ended with %d; it is started again in %.0f seconds", number, code, pause)
        self._due[number] = now + pause

    def _until_next(self) -> float:
        return max(0.0, min(self._due.values(), default=time.monotonic() + 3600.0) - time.monotonic())

    def _end(self) -> int:
        _log.info("ending %d workers", len(self._numbers))
        for pid in self._numbers:
            os.kill(pid, signal.SIGTERM)
        while self._numbers:
            signal.sigtimedwait((signal.SIGCHLD,), 1.0)
            self._ended()
        return 0
