"""What the reminders' clock keeps: how early to remind, people's time zones, when each job last ran."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, delete, text
from sqlmodel import col, select

from storage.records import Heartbeat, LeadTimes, PersonZone, ReminderKind
from storage.repositories.repository import Repository
from storage.tables import HeartbeatRow, LeadTimesRow, PersonZoneRow

# Several clocks may be the first at the same moment.
_LEARN = text(
    'INSERT INTO person_zone (workspace_id, "user", zone, learned_at) '
    "VALUES (:workspace_id, :user, :zone, :learned_at) "
    'ON CONFLICT (workspace_id, "user") DO UPDATE SET zone = excluded.zone, learned_at = excluded.learned_at'
).bindparams(bindparam("learned_at", type_=PersonZoneRow.__table__.c.learned_at.type))  # type: ignore[attr-defined]
_BEAT = text(
    "INSERT INTO heartbeat (workspace_id, job, beat_at, process) VALUES (:workspace_id, :job, :beat_at, :process) "
    "ON CONFLICT (workspace_id, job) DO UPDATE SET beat_at = excluded.beat_at, process = excluded.process"
).bindparams(bindparam("beat_at", type_=HeartbeatRow.__table__.c.beat_at.type))  # type: ignore[attr-defined]


class LeadTimesSet(Repository[LeadTimes]):
    row: ClassVar = LeadTimesRow
    noun: ClassVar = LeadTimes

    def list(self) -> list[LeadTimes]:
        return sorted(self._where(), key=lambda each: (each.scope, each.kind))

    def set(self, lead_times: LeadTimes) -> LeadTimes:
        """One list per scope and kind: an earlier one is replaced."""
        self.clear(lead_times.scope, lead_times.kind)
        return self._add(lead_times)

    def clear(self, scope: str, kind: ReminderKind) -> LeadTimes | None:
        """The one that ended; None when there was none."""
        chosen = (col(LeadTimesRow.scope) == scope, col(LeadTimesRow.kind) == kind)
        before = self._one(select(LeadTimesRow).where(*chosen))
        if before is not None:
            self._session.execute(delete(LeadTimesRow).where(*chosen))
            self._note(self._subject(before), before, None)
        return before


class PersonZones(Repository[PersonZone]):
    """What Slack said about people's zones. Not part of the history, and not of the audit trail."""

    row: ClassVar = PersonZoneRow
    noun: ClassVar = PersonZone

    def list(self) -> list[PersonZone]:
        return sorted(self._where(), key=lambda each: each.user)

    def zone_of(self, user: str) -> str | None:
        found = self._where(user=user)
        return found[0].zone if found else None

    def learn(self, user: str, zone: str, at: datetime) -> None:
        given = {"workspace_id": self._session.workspace_id, "user": user, "zone": zone, "learned_at": at}
        self._session.open.execute(_LEARN, given)


class Heartbeats(Repository[Heartbeat]):
    row: ClassVar = HeartbeatRow
    noun: ClassVar = Heartbeat

    def list(self) -> list[Heartbeat]:
        return self._all(select(HeartbeatRow).order_by(col(HeartbeatRow.job)))

    def beat(self, job: str, at: datetime, process: str) -> None:
        given = {"workspace_id": self._session.workspace_id, "job": job, "beat_at": at, "process": process}
        self._session.open.execute(_BEAT, given)
