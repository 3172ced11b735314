"""For which clients planning has nothing to do, kept until that may have changed.

It changes with the records, whose changes are in the audit log; with the reminders themselves; with people's time zones
and the lead times; and with time. Of a client of whom somebody was told something that may still be answered, escalated
or tried again, and of one with an incident, whose clocks run by the hour, nothing is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.client_cache import ClientCache, Kept
from storage.records import Client, ReminderState
from storage.repositories.reminders import Standing
from storage.unit_of_work import UnitOfWork

_WHAT = "nothing to plan"
_WAITING = (
    ReminderState.SENDING, ReminderState.SENT, ReminderState.ESCALATED, ReminderState.SNOOZED, ReminderState.FAILED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Settled:
    """From `since` on and before `until`, as long as the reminders stand so and the `rules` are these."""

    since: datetime
    until: datetime
    standing: tuple[Standing, ...]
    rules: int


class SettledClients:
    """Within one unit of work, for some clients; to be asked for before anything else is read in it.

    `rules` stand for all that planning depends on beside the records; `zones` are those of the people and of us.
    """

    def __init__(
        self, uow: UnitOfWork, cache: ClientCache, clients: Sequence[Client], now: datetime, rules: int,
        zones: Iterable[ZoneInfo],
    ) -> None:  # fmt: skip
        self._uow, self._current = uow, cache.current(uow)
        self._standing: Mapping[int, tuple[Standing, ...]] = uow.reminders.standing([each.id for each in clients])
        self._now, self._rules = now, rules
        self._zones = frozenset(zones)

    def has(self, client: Client) -> bool:
        """Whether there is nothing to plan for the client, as was found before."""
        [kept] = self._current.find(client.id, _WHAT, self._now.date()) or (None,)
        return (
            kept is not None
            and kept.since <= self._now < kept.until
            and kept.rules == self._rules
            and kept.standing == self._standing.get(client.id, ())
        )

    def add(self, client: Client) -> None:
        """There was nothing to plan for the client just now. Not kept where it was changed since it was read."""
        standing = self._standing.get(client.id, ())
        is_moving = any(each.state in _WAITING for each in standing) or bool(self._uow.incidents.current(client.id))
        if is_moving or self._uow.clients.find(client.id) != client:
            return
        zones = self._zones | ({client.zone} if client.zone else set())
        ends = [_midnight(self._now, zone) for zone in zones]
        due = [each.earliest for each in standing if each.state is ReminderState.PENDING]
        found = _Settled(self._now, min((*ends, *due)), standing, self._rules)
        self._current.keep(client.id, _WHAT, Kept(self._now.date(), (found,)))


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next day begins there; an hour early where clocks change, never late."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(now.tzinfo) - timedelta(hours=1)
