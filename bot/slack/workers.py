"""Threads of this process for what takes longer than Slack waits. Work that was accepted is finished before it ends."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context

_log = logging.getLogger(__name__)


class Workers:
    """`size` threads, at most `backlog` jobs accepted and unfinished. A job handles its own failures."""

    def __init__(self, size: int = 4, backlog: int = 100) -> None:
        self._pool = ThreadPoolExecutor(max_workers=size, thread_name_prefix="worker")
        self._backlog = backlog
        self._jobs: set[Future[None]] = set()
        self._is_closed = False
        self._lock = threading.Lock()

    def submit(self, job: Callable[[], None]) -> bool:
        """Accept `job`; False when there is no room or the process is about to end. The caller says so."""
        with self._lock:
            if self._is_closed or len(self._jobs) >= self._backlog:
                return False
            future = self._pool.submit(copy_context().run, job)  # for the id in the log
            self._jobs.add(future)
        future.add_done_callback(self._finished)
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for what is accepted so far, and go on; whether all of it was finished."""
        with self._lock:
            jobs = set(self._jobs)
        return not wait(jobs, timeout=seconds).not_done

    def drain(self, seconds: float) -> bool:
        """Take no more work and wait for what was accepted; whether all of it was finished within `seconds`."""
        with self._lock:
            self._is_closed = True
            jobs = set(self._jobs)
        unfinished = wait(jobs, timeout=seconds).not_done
        self._pool.shutdown(wait=not unfinished, cancel_futures=True)
        if unfinished:
            _log.error("%d jobs were not finished in %.0f seconds", len(unfinished), seconds)
        return not unfinished

    def _finished(self, future: Future[None]) -> None:
        with self._lock:
            self._jobs.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            _log.error("a job failed", exc_info=error)
