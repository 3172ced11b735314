"""Erasing a client: people's words and names go, what proves who was responsible when stays. It cannot be undone.

Kept are ids, dates, verdicts, what the signed paper says, our own people's Slack ids (`KEPT`) and the hash chain of the
audit log, whose digests still prove that nothing else was changed. Copies made before (backups) keep everything.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import JSON, CursorResult, Enum, LargeBinary, String, delete, func, inspect, update
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import AutoString

from storage.concealment import about_clients
from storage.tables import (
    AgreementRow,
    AuditDetailRow,
    AuditEntryRow,
    ClientChannelRow,
    ClientKeyRow,
    ClientRow,
    TenantTable,
    VisibilityRow,
)

ERASED = "erased"
OUR_PEOPLE = frozenset(
    {
        "acked_by", "asked_by", "attester", "backup_owner", "checked_by", "decided_by", "entered_by", "forgotten_by",
        "granted_by", "learned_by",
        "owner", "people", "recipient", "recorded_by", "retracted_by", "set_by", "settled_by", "superseded_by", "told",
    }
)  # fmt: skip
THE_PAPER = frozenset(
    {
        "basis", "category", "clause", "client_part", "control", "control_refs", "data", "disclosed", "edition",
        "family", "insurer", "item", "limit", "msp_part", "policy", "reference", "reference_key", "regulation",
        "regulations", "responsibility_clause", "risk_clause", "system", "third_party", "topics", "what", "where",
    }
)  # fmt: skip
HOW_IT_WAS_TOLD = frozenset(
    {
        "bundle", "candidates", "cautions", "channel", "dedupe_key", "message_key", "message_ts", "subject", "thread",
        "zone", "time_zone", "country", "subdivision", "groups", "open_channels",
    }
)  # fmt: skip
KEPT = OUR_PEOPLE | THE_PAPER | HOW_IT_WAS_TOLD
"""The columns with text that stay, in whatever table about a client they are."""


class Erasure:
    def __init__(self, session: Session) -> None:
        self._session = session

    def client(self, client_id: int, names: Collection[str]) -> int:
        """Erase what is said about the client; how many audit entries lost their words. `names`: its name, aliases."""
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
        erased = list(self._told_about(client_id, names))
        return self._erase_details(erased)

    def details_before(self, seq: int) -> int:
        """Erase the words of the audit entries up to number `seq`; how many had any."""
        return self._run(delete(AuditDetailRow).where(col(AuditDetailRow.seq) <= seq))

    def last_before(self, at: Any) -> int:
        """The number of the last audit entry before `at`; 0 for none."""
        newest = select(func.max(AuditEntryRow.seq)).where(col(AuditEntryRow.at) < at)
        return self._session.exec(newest).one() or 0

    def _blank(self, table: Any, client_id: int) -> None:
        blanks = {column.name: _blank(column) for column in inspect(table).columns if _is_said(column)}
        if not blanks:
            return
        if "client_id" in table.model_fields:
            its_own = table.client_id == client_id
        else:
            its_own = table.agreement_id.in_(select(AgreementRow.id).where(col(AgreementRow.client_id) == client_id))
        self._run(update(table).where(its_own).values(**blanks))

    def _told_about(self, client_id: int, names: Collection[str]) -> Iterator[int]:
        """The audit entries whose words are about the client, as far as was noted or as they name it."""
        wanted = [json.dumps(name)[1:-1].casefold() for name in names if len(name) > 2]
        rows = select(AuditDetailRow.seq, AuditDetailRow.client_ids, AuditDetailRow.details)
        for seq, client_ids, details in self._session.execute(rows):
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


def _is_said(column: Any) -> bool:
    """Whether the column holds what somebody said, and is not kept."""
    holds_text = isinstance(column.type, AutoString | String | JSON | LargeBinary)
    return holds_text and not isinstance(column.type, Enum) and column.name not in KEPT


def _blank(column: Any) -> Any:
    if isinstance(column.type, JSON):
        return []
    if isinstance(column.type, LargeBinary):
        return b""
    return None if column.nullable else ERASED
