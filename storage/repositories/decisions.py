"""What was decided about the terms of agreements, and how early to remind. Decisions are append only."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import delete
from sqlmodel import col, select

from storage.records import Decision, DecisionChoice, Heartbeat, LeadTimes, PersonZone, ReminderKind
from storage.repositories.repository import Repository
from storage.tables import AgreementRow, DecisionRow, HeartbeatRow, LeadTimesRow, PersonZoneRow


class Decisions(Repository[Decision]):
    row: ClassVar = DecisionRow
    noun: ClassVar = Decision

    def record(self, decision: Decision) -> Decision:
        return self._add(decision)

    def of_client(self, client_id: int) -> list[Decision]:
        """About all of the client's agreements, oldest first."""
        return self._all(
            select(DecisionRow)
            .join(AgreementRow, col(DecisionRow.agreement_id) == col(AgreementRow.id))
            .where(AgreementRow.client_id == client_id)
            .order_by(col(DecisionRow.id))
        )

    def find_roll_over(self, agreement_id: int, term_end: date) -> Decision | None:
        """The record that the term which ended on that day renewed by itself."""
        return self._one(
            select(DecisionRow).where(
                DecisionRow.agreement_id == agreement_id,
                DecisionRow.term_end == term_end,
                DecisionRow.decided == DecisionChoice.ROLLED_OVER,
            )
        )


class LeadTimesSet(Repository[LeadTimes]):
    row: ClassVar = LeadTimesRow
    noun: ClassVar = LeadTimes

    def list(self) -> list[LeadTimes]:
        return self._all(select(LeadTimesRow).order_by(col(LeadTimesRow.scope), col(LeadTimesRow.kind)))

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
        return self._all(select(PersonZoneRow).order_by(col(PersonZoneRow.user)))

    def learn(self, user: str, zone: str, at: datetime) -> None:
        row = self._session.exec(select(PersonZoneRow).where(PersonZoneRow.user == user)).first()
        row = row or PersonZoneRow(user=user, zone=zone, learned_at=at)
        row.zone, row.learned_at = zone, at
        self._session.add(row)
        self._session.flush()


class Heartbeats(Repository[Heartbeat]):
    row: ClassVar = HeartbeatRow
    noun: ClassVar = Heartbeat

    def list(self) -> list[Heartbeat]:
        return self._all(select(HeartbeatRow).order_by(col(HeartbeatRow.job)))

    def beat(self, job: str, at: datetime, process: str) -> None:
        row = self._session.exec(select(HeartbeatRow).where(HeartbeatRow.job == job).with_for_update()).first()
        row = row or HeartbeatRow(job=job, beat_at=at, process=process)
        row.beat_at, row.process = at, process
        self._session.add(row)
        self._session.flush()
