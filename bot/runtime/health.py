"""Whether this process can serve, and if not, why not: for load balancers, supervisors and whoever is woken up."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from storage.errors import StorageError

PATHS = ("/healthz", "/readyz")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """`obstacles` each say in a few words why nothing should be sent here now, or None; the first that does counts.

    `oldest_due`: how long the longest waiting reminder has been due; None when none waits. Raises StorageError.
    """

    obstacles: tuple[Callable[[], str | None], ...] = ()
    oldest_due: Callable[[], timedelta | None] = lambda: None

    def answer(self, path: str) -> tuple[int, str]:
        """The status and the words for one of PATHS."""
        if path == "/healthz":
            return 200, self._alive()
        reason = next((found for found in (obstacle() for obstacle in self.obstacles) if found), None)
        if reason is not None:
            _log.warning("not ready: %s", reason)
        return (200, "ready") if reason is None else (503, f"not ready: {reason}")

    def _alive(self) -> str:
        """The process is alive; how late reminders are, where that can be told."""
        try:
            age = self.oldest_due()
        except StorageError:
            return "ok\noldest due reminder: the records cannot be reached"
        return f"ok\noldest due reminder: {f'{age.total_seconds():.0f} seconds' if age is not None else 'none'}"
