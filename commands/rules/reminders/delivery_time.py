"""When a message goes out: a day and a time of day in somebody's zone, as an instant; and the hours it may arrive in.

A local time that the clocks skip becomes the instant that many minutes later (02:30 is 03:30 that day); one that comes
twice is the first. Comparing and subtracting is done in UTC only.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.rules.dates.business_days import WEEKENDS_ONLY, BusinessCalendar, roll_back

_DAY = timedelta(days=1)
USUAL_TIME = time(9)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class DeliveryHours:
    """From `opens` until before `closes`, local time. Raises ValueError unless `opens` is earlier."""

    opens: time = USUAL_TIME
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("the delivery hours end before they begin")

    @classmethod
    def parse(cls, text: str) -> "DeliveryHours":
        """Reads 09:00-17:00. Raises ValueError with what is accepted."""
        match = _HOURS.fullmatch(text.strip())
        if match is None:
            raise ValueError(f'"{text}" is not a span of hours. Write for example 09:00-17:00')
        return cls(time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4])))

    @property
    def usual(self) -> time:
        """09:00, or the opening where that is outside the hours."""
        return USUAL_TIME if self.opens <= USUAL_TIME < self.closes else self.opens


def time_of_day(text: str) -> time:
    """Reads 09:00. Raises ValueError with what is accepted."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is not a time of day. Write for example 09:00')
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Office:
    """Where and when somebody can be reached."""

    zone: ZoneInfo
    calendar: BusinessCalendar = WEEKENDS_ONLY
    hours: DeliveryHours = field(default_factory=DeliveryHours)

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        return self.calendar.is_business_day(local.date()) and self.hours.opens <= local.time() < self.hours.closes

    def usual_instant(self, day: date) -> datetime:
        """The usual time on `day`, in UTC."""
        return instant(day, self.hours.usual, self.zone)

    def next_at(self, moment: datetime, at: time) -> datetime:
        """The first `at`, local time of a business day, that is not before `moment`; in UTC."""
        day = moment.astimezone(self.zone).date()
        while (found := instant(day, at, self.zone)) < moment or not self.calendar.is_business_day(day):
            day += _DAY
        return found

    def day_for(self, day: date) -> date:
        """`day`, or the last business day before it: earlier rather than later."""
        return roll_back(day, self.calendar)

    def soonest(self, now: datetime) -> datetime:
        """`now` if the office is open, else when it next opens, in UTC."""
        if self.is_open(now):
            return now.astimezone(UTC)
        day = now.astimezone(self.zone).date()
        while True:
            opens = instant(day, self.hours.opens, self.zone)
            if opens >= now and self.is_open(opens):
                return opens
            day += _DAY


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That local time as an instant in UTC."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
