"""Erasing a client: people's words and names go, what proves who was responsible when stays. It cannot be undone.

Kept are ids, dates, verdicts, what the signed paper says, our own people's Slack ids (`STAYS`) and the hash chain of
the audit log, whose digests still prove that nothing else was changed. Copies made before (backups) keep everything.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import JSON, CursorResult, Enum, LargeBinary, String, delete, func, inspect, update
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import AutoString

from storage.derived_tables import AuditDetailRow, ClientChannelRow, ClientKeyRow
from storage.engine.concealment import about_clients
from storage.records.base import DecimalText
from storage.table_base import TenantTable
from storage.tables import AgreementRow, AuditEntryRow, ClientRow, VisibilityRow

ERASED = "erased"
STAYS = {
    "our own people, by Slack id: who recorded, asked, decided, answers for it or may see it": {
        "acked_by", "added_by", "asked_by", "attester", "backup_owner", "checked_by", "decided_by", "entered_by",
        "forgotten_by", "learned_by", "made_by",
        "taken_by",
        "owner", "people", "recipient", "recorded_by", "retracted_by", "set_by", "settled_by", "superseded_by", "told",
    },
    "agreements by reference, clauses, regulations, frameworks, policy numbers": {
        "basis", "clause", "control_refs", "disclosed", "document_hash", "edition", "family", "policy", "reference",
        "reference_key",
        "references",
        "regulation", "regulations", "responsibility_clause", "risk_clause", "topics",
    },
    "rows of the matrix with both parts, their category and the third party, which may name people": {
        "candidates", "category", "client_part", "item", "msp_part", "third_party",
    },
    "promises, recommendations, insurers and their controls, as worded, which may name people": {
        "clock", "control", "demands", "insurer", "provider", "what", "where",
    },
    "the workspace's own regulations and frameworks, which are about no client": {"stanza"},
    "systems, their data and the limit of our access, as worded, which may name people": {"data", "limit", "system"},
    "papers by number and hash, without what they said": {"content_hash", "file_hash", "number"},
    "the cautions given with answers": {"cautions"},
    "where and when it was told: channels, threads, message keys, time zones, country": {
        "bundle", "channel", "country", "dedupe_key", "groups", "message_key", "message_ts", "moved", "open_channels",
        "residents", "subdivision", "subject", "thread", "time_zone", "zone",
    },
}  # fmt: skip
"""What is kept, in words, with the columns that hold it in whatever table about a client they are."""

GOES = {
    "the client's name, former names, aliases, channels and industry": {
        "aliases", "channels", "former_names", "industry", "key", "name",
    },
    "people at the client: who signed, attested, declined, explained or was told": {
        "attested_by", "client_signer", "counterparty",
        "declined_by", "explained_by", "explained_to", "ordered_by", "said_by", "signer",
        "reported_by", "told_by", "told_to", "waived_by",
    },
    "questions, their wordings and how they were settled": {
        "before", "phrase", "question", "settlement", "shown", "suggested_item",
    },
    "titles, summaries, scopes, notes and reasons": {
        "asked", "end_reason", "lift_reason", "notes", "reason", "retraction_reason", "scope", "summary",
        "termination_reason", "title",
    },
    "what papers said": {"content"},
    "links, evidence and addresses": {
        "document_url", "envelope", "url", "evidence",
        "notice_to", "evidence_url", "notice_address", "notice_tracking", "proof_url", "told_proof", "waiver",
    },
    "reminders' texts, findings of checks, and what was learned from imports": {
        "columns", "corrections", "finding", "findings", "headline", "problem",
    },
}  # fmt: skip
"""What is erased, in words, with the columns that hold it."""

APART = {
    "the audit log's chain: who of us did what when; its words about the client go": {
        "audit_detail.client_ids", "audit_detail.details", "audit_detail.salt", "audit_entry.action",
        "audit_entry.actor", "audit_entry.details_digest", "audit_entry.hash", "audit_entry.previous_hash",
        "audit_entry.subject",
    },
    "files sent for an import that nobody has confirmed yet: they are not searched": {
        "pending_upload.content", "pending_upload.name", "pending_upload.uploaded_by",
    },
    "our own people's roles, names in Slack and time zones": {
        "person.email", "person.name", "person.user", "person_zone.user", "person_zone.zone",
        "role_assignment.granted_by", "role_assignment.user",
    },
    "imported frameworks, lead times and the bot's own keeping": {
        "calendar_feed.revoked_by", "calendar_feed.token_hash", "calendar_feed.user",
        "framework_content.controls", "framework_version.edition", "framework_version.family", "framework_version.file",
        "framework_version.imported_by", "framework_version.modified", "framework_version.oscal_version",
        "framework_version.title", "framework_version.version", "heartbeat.job", "heartbeat.process", "inbox.key",
        "lead_times.days", "lead_times.scope", "lead_times.set_by", "text_vector.key",
        "text_vector.vector",
    },
    "time stamps of the audit log's heads": {
        "audit_stamp.hash", "audit_stamp.response", "audit_stamp.service",
    },
    "the wording of papers, which is about no client": {
        "paper_template.changed_by", "paper_template.content", "paper_template.file_hash", "paper_template.name",
    },
    "how the columns of imported lists were read, which is about no client": {
        "table_memory.columns", "table_memory.corrections", "table_memory.noun", "table_memory.recorded_by",
    },
}  # fmt: skip
"""What stays in tables that are not about one client, as table.column."""

KEPT = frozenset(column for columns in STAYS.values() for column in columns)


class Erasure:
    def __init__(self, session: Session) -> None:
        self._session = session

    def client(self, client_id: int, names: Collection[str], held: Collection[int] = ()) -> int:
        """Erase what is said about the client; how many audit entries lost their words. `names`: its name, aliases.

        Entries that are about one of the `held` clients, too, keep theirs.
        """
        for table in TenantTable.__subclasses__():
            if about_clients(table) and table not in (ClientRow, ClientKeyRow, ClientChannelRow, VisibilityRow):
                self._blank(table, client_id)
        for derived in (ClientKeyRow, ClientChannelRow):
            self._run(delete(derived).where(col(derived.client_id) == client_id))
        self._run(
            update(ClientRow)
            .where(col(ClientRow.id) == client_id)
            .values(
                name=f"Erased client {client_id}", aliases=[], former_names=[], channels=[],
                industry=None,
                version=col(ClientRow.version) + 1, matrix_version=col(ClientRow.matrix_version) + 1,
            )
        )  # fmt: skip
        merged = self._session.exec(select(ClientRow.id).where(col(ClientRow.merged_into) == client_id)).all()
        before = sum(self.client(each, (), held) for each in merged if each is not None)
        erased = list(self._told_about(client_id, names, held))
        return before + self._erase_details(erased)

    def details_before(self, seq: int, held: Collection[int] = ()) -> int:
        """Erase the words of the audit entries up to number `seq`; how many had any.

        Those about one of the `held` clients stay; while there are such, also those of which nobody noted whom they are
        about.
        """
        old = col(AuditDetailRow.seq) <= seq
        if not held:
            return self._run(delete(AuditDetailRow).where(old))
        rows = self._session.execute(select(AuditDetailRow.seq, AuditDetailRow.client_ids).where(old))
        free = [each for each, client_ids in rows if client_ids is not None and not set(client_ids) & set(held)]
        return self._erase_details(free)

    def last_before(self, at: Any) -> int:
        """The number of the last audit entry before `at`; 0 for none."""
        newest = select(func.max(AuditEntryRow.seq)).where(col(AuditEntryRow.at) < at)
        return self._session.exec(newest).one() or 0

    def _blank(self, table: Any, client_id: int) -> None:
        blanks = blanks_of(table)
        if not blanks:
            return
        if "client_id" in table.model_fields:
            its_own = table.client_id == client_id
        else:
            its_own = table.agreement_id.in_(select(AgreementRow.id).where(col(AgreementRow.client_id) == client_id))
        self._run(update(table).where(its_own).values(**blanks))

    def _told_about(self, client_id: int, names: Collection[str], held: Collection[int]) -> Iterator[int]:
        """The audit entries whose words are about the client, as far as was noted or as they name it."""
        wanted = [json.dumps(name)[1:-1].casefold() for name in names if len(name) > 2]
        rows = select(AuditDetailRow.seq, AuditDetailRow.client_ids, AuditDetailRow.details)
        for seq, client_ids, details in self._session.execute(rows):
            if set(client_ids or ()) & set(held):
                continue
            said = details.casefold()
            if client_id in (client_ids or ()) or any(name in said for name in wanted):
                yield seq

    def _erase_details(self, seqs: list[int]) -> int:
        for start in range(0, len(seqs), 500):
            self._run(delete(AuditDetailRow).where(col(AuditDetailRow.seq).in_(seqs[start : start + 500])))
        return len(seqs)

    def _run(self, statement: Any) -> int:
        result = self._session.execute(statement.execution_options(synchronize_session=False))
        assert isinstance(result, CursorResult)
        return result.rowcount


def blanks_of(table: Any) -> dict[str, Any]:
    """What is put in the place of all that somebody said in a record of that table, by column."""
    return {column.name: _blank(column) for column in inspect(table).columns if _is_said(column)}


def holds_text(column: Any) -> bool:
    """Whether the column can hold what somebody wrote."""
    is_text = isinstance(column.type, AutoString | String | JSON | LargeBinary)
    return is_text and not isinstance(column.type, Enum | DecimalText)


def _is_said(column: Any) -> bool:
    """Whether the column holds what somebody said, and is not kept."""
    return holds_text(column) and column.name not in KEPT


def _blank(column: Any) -> Any:
    if isinstance(column.type, JSON):
        return []
    if isinstance(column.type, LargeBinary):
        return b""
    return None if column.nullable else ERASED
