"""What the workspace does not keep for ever: once a day, or told from a terminal what would go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime
from commands.holds import held_ids
from storage.records import CLOCK, Outcome
from storage.repositories.retention import KeptKind, counted_by_client
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Going:
    """Of one kind: after how many days it goes, and how many records of each client (0: of none) are due."""

    kind: KeptKind
    days: int
    by_client: Mapping[int, int]

    @property
    def count(self) -> int:
        return sum(self.by_client.values())


def kept_days(settings: Settings) -> Iterator[tuple[KeptKind, int]]:
    """The kinds that are not kept for ever, with their days."""
    set_days = {
        KeptKind.QUESTIONS: settings.keep_questions_days,
        KeptKind.REMINDERS: settings.keep_reminders_days,
        KeptKind.BILLABLE: settings.keep_billable_days,
        KeptKind.COPIES: settings.keep_copies_days,
    }
    return ((kind, days) for kind, days in set_days.items() if days)


def remove_what_is_due(runtime: Runtime, uow: UnitOfWork, *, only_tell: bool = False) -> tuple[Going, ...]:
    """What goes now, of no client on hold, and is in the audit log; with `only_tell` nothing is removed."""
    now, held, told = runtime.clock(), held_ids(uow), []
    for kind, days in kept_days(runtime.settings):
        due = uow.retention.due(kind, now - timedelta(days=days), held)
        going = Going(kind, days, counted_by_client(due))
        told.append(going)
        if not due or only_tell:
            continue
        uow.retention.erase(kind, due)
        clients = {each for each in going.by_client if each}
        if kind is KeptKind.QUESTIONS:  # what was settled in these words is found by them no more
            uow.clients.matrices_changed(clients)
        uow.audit.append(
            at=now,
            actor=CLOCK,
            action="retention",
            outcome=Outcome.DONE,
            details={"typed": f"{kind.value} kept for {days} days", "erased": going.count, "held": len(held)},
            about=clients,
        )
    return tuple(told)
