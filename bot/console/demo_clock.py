"""The demo's clock: it runs, and `tick` moves it ahead."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from dateutil.relativedelta import relativedelta

_AHEAD = re.compile(r"(\d{1,4})\s*([dwmy])", re.IGNORECASE)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_FARTHEST = timedelta(days=3700)


class DemoClock:
    """Call it for now, aware UTC. It goes with real time from where it was set last."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def set(self, instant: datetime) -> None:
        self._start, self._began = instant, time.monotonic()

    def target(self, text: str) -> datetime:
        """The instant that "30d", "2w" or "to 2027-01-15" means. Raises ValueError with what is accepted."""
        now = self()
        if ahead := _AHEAD.fullmatch(text.strip()):
            found = now + relativedelta(**{_UNITS[ahead[2].lower()]: int(ahead[1])})  # type: ignore[arg-type]
        else:
            try:
                day = date.fromisoformat(text.removeprefix("to ").strip())
            except ValueError:
                raise ValueError("Write tick 30d, tick 2w, tick 3m, or tick to 2027-01-15.") from None
            found = datetime.combine(day, time_of_day(23, 0), tzinfo=UTC)
        if not now < found <= now + _FARTHEST:
            raise ValueError(f"The clock only goes ahead, ten years at most. It is {now:%Y-%m-%d %H:%M} UTC.")
        return found
