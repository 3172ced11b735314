"""Everything that is on record about a client in a time, table by table, as an evidence pack holds it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from commands.checks.counsel import has_findings
from commands.command import Context
from commands.papers.in_force_by_day import in_force_table
from commands.papers.record_table import RecordTable
from storage.records import Agreement, Client, Record

_MOST_QUESTIONS = 1_000_000
_NEVER = frozenset({"version", "client_id", "bundle", "dedupe_key", "message_key", "matrix_version"})
REMARKS = frozenset(
    {"notes", "settlement", "shown", "reason", "cautions", "candidates", "confidence", "retraction_reason"}
)
"""The columns of internal remarks; the notes of matrix rows are part of the paper and stay."""


def read_tables(
    ctx: Context, client: Client, first: date, last: date, *, made_at: datetime, with_remarks: bool
) -> tuple[RecordTable, ...]:
    """What was recorded before `made_at`, of what applied or happened from `first` to `last`."""
    uow, id = ctx.uow, client.id
    reading = _Reading(ctx, client, made_at, with_remarks)

    def day(moment: datetime) -> date:
        return ctx.day_of(moment, client)

    papers = {each.id: each.reference for each in uow.agreements.of_client(id)}
    rows = [
        row for row in uow.responsibilities.history(id) if _spans(row.effective_from, row.effective_to, first, last)
    ]
    questions = [
        each
        for each in reversed(uow.questions.history(id, _MOST_QUESTIONS))
        if first <= day(each.asked_at) <= last and each.asked_at < made_at
    ]
    reminders = [
        each
        for each in uow.reminders.of_client(id)
        if first <= each.deadline <= last or _sent_in(each, first, last, day)
    ]
    changes = [each for each in uow.changed_answers.of_client(id) if first <= day(each.changed_at) <= last]
    return (
        reading.table("agreements", "Agreements", "One row each, as it stands now.", uow.agreements.of_client(id)),
        _versions(reading, papers),
        reading.table("matrix", "Responsibilities, version by version",
                      "effective_from to effective_to: when it applied. recorded_at to superseded_at: when we knew it.",
                      rows, papers, keep=frozenset({"notes"})),
        in_force_table(ctx, client, first, last, made_at),
        reading.table("signatures", "Signatures", "Who signed for which side, in what manner, each version.",
                      uow.signatures.history(id), papers),
        reading.table("topics", "Key topics and initials", "What each agreement says, and where it was initialled.",
                      uow.topics.history(id), papers),
        reading.table("walkthroughs", "Walkthroughs", "Who explained which agreement to whom, and when.",
                      uow.walkthroughs.of_client(id), papers),
        reading.table("disclosures", "Disclosures", "What the client told us about regulations.",
                      uow.disclosures.history(id)),
        reading.table("questionnaires", "Questionnaires", "When it was asked about which regulations.",
                      uow.questionnaires.history(id)),
        reading.table("access", "Access", "What we may touch, each version.", uow.access.history(id)),
        reading.table("promises", "Promises", "What we promised and when it was kept, each version.",
                      uow.promises.history(id)),
        reading.table("declined", "Declined recommendations", "What we offered and the client declined, each version.",
                      uow.recommendations.history(id), papers),
        reading.table("insurance", "Insurance requirements", "What an insurer demands, each version.",
                      uow.insurance.history(id)),
        reading.table("obligations", "What the client must do", "Each version, with what was told to the client of it.",
                      uow.obligations.history(id), papers),
        reading.table("contracts", "The client's contracts with others", "What the client told us of them, each "
                      "version.", uow.contracts.history(id)),
        reading.table("incidents", "Incidents", "What was known of it, each version; first_id is its number.",
                      uow.incidents.history(id)),
        reading.table("incident_clocks", "Who was told of an incident",
                      "What was recorded about each clock, each version; incident_id is the incident's number.",
                      uow.clock_marks.history(id)),
        reading.table("holds", "Legal holds", "While one stands, nothing is erased.", uow.holds.history(id)),
        reading.table("billable_work", "Work billed beside the agreements", "Of which question, and how long it took.",
                      [each for each in uow.billable_works.done_between(first, last) if each.client_id == id]),
        reading.table("frameworks", "Frameworks", "What the standard of care is measured by.",
                      uow.adoptions.history(id), papers),
        reading.table("decisions", "Decisions", "What was decided about terms and notices.",
                      uow.decisions.of_client(id), papers),
        reading.table("questions", "Questions", "Every question with the answer given and the row version it rested on "
                      "(responsibility_id is the id in the matrix).", questions),
        reading.table("changed_answers", "Changed answers", "Who was told that an answer had changed.", changes),
        reading.table("reminders", "Reminders", "What was sent to whom, acknowledged, decided.", reminders),
        reading.table("papers", "Papers made", "By number and SHA-256.", uow.papers.of_client(id), papers),
        reading.table("signed_copies", "Signed copies", "Files that were attached; they are in the folder copies.",
                      uow.attachments.of_client(id), papers),
        _audit(ctx, client, first, last, made_at),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    ctx: Context
    client: Client
    made_at: datetime
    with_remarks: bool

    def table(
        self, name: str, title: str, explained: str, records: Sequence[Record], papers: dict[int, str] | None = None,
        keep: frozenset[str] = frozenset(),
    ) -> RecordTable:  # fmt: skip
        known = [each for each in records if self._is_known(each)]
        self.ctx.tell_progress(f"{title}: {len(known):,} read")
        left_out = _NEVER | (frozenset() if self.with_remarks else REMARKS - keep)
        fields = [field for field in type(records[0]).model_fields if field not in left_out] if records else []
        columns = (*fields, *(("agreement",) if papers and "agreement_id" in fields else ()))
        return RecordTable(name, title, explained, columns, tuple(self._row(each, fields, papers) for each in known))

    def _is_known(self, record: Record) -> bool:
        at = next((getattr(record, name) for name in _WHEN if getattr(record, name, None) is not None), None)
        return at is None or at < self.made_at

    def values(self, record: Record, fields: Sequence[str]) -> tuple[Any, ...]:
        return self._row(record, fields, None)

    def _row(self, record: Record, fields: Sequence[str], papers: dict[int, str] | None) -> tuple[Any, ...]:
        data = record.model_dump(mode="json", include=set(fields))
        for end, by in (("superseded_at", "superseded_by"), ("retracted_at", "retracted_by")):
            later = getattr(record, end, None)
            if later is not None and later > self.made_at:  # not known yet
                data |= {name: None for name in (end, by) if name in data}
        values = tuple(data[field] for field in fields)
        return (*values, papers.get(data["agreement_id"] or 0)) if papers and "agreement_id" in fields else values


_WHEN = ("recorded_at", "asked_at", "decided_at", "changed_at", "made_at", "added_at")


def _versions(reading: "_Reading", papers: dict[int, str]) -> RecordTable:
    """Every version of every agreement, with when we recorded it."""
    known = [
        (at, each) for id in papers for at, each in reading.ctx.uow.agreements.versions(id) if at < reading.made_at
    ]
    fields = [field for field in Agreement.model_fields if field not in _NEVER]
    rows = tuple((at.isoformat(), *reading.values(each, fields)) for at, each in known)
    explained = "What we knew of each agreement, from recorded_at until the next version."
    return RecordTable(
        "agreement_versions", "Agreements, version by version", explained, ("recorded_at", *fields), rows
    )


def _spans(begins: date | None, ends: date | None, first: date, last: date) -> bool:
    return (begins is None or begins <= last) and (ends is None or first <= ends)


def _sent_in(reminder: Any, first: date, last: date, day: Callable[[datetime], date]) -> bool:
    return reminder.sent_at is not None and first <= day(reminder.sent_at) <= last


def _audit(ctx: Context, client: Client, first: date, last: date, made_at: datetime) -> RecordTable:
    """The entries about the client, with their hashes; of the rest of the log only that they are there is said."""
    columns = ("seq", "at", "actor", "action", "outcome", "subject", "details", "previous_hash", "hash")
    rows = tuple(_entries(ctx, client, first, last, made_at, columns))
    return RecordTable(
        "audit",
        "Audit log",
        "The entries about this client; what a check found is left out. hash is made of the entry and the hash before.",
        columns,
        rows,
    )


def _entries(
    ctx: Context, client: Client, first: date, last: date, made_at: datetime, columns: Iterable[str]
) -> Iterator[tuple[Any, ...]]:
    for entry in ctx.uow.audit.exported_about(client.id):
        at = datetime.fromisoformat(str(entry["at"]))
        if at < made_at and first <= ctx.day_of(at, client) <= last:
            is_told = entry.get("details") and not has_findings(str(entry["action"]))
            said = entry | {"details": json.loads(entry["details"]) if is_told else None}
            yield tuple(said.get(column) for column in columns)
