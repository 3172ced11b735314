"""The audit log: append and read; nothing here changes an entry. Each entry's hash covers the one before it."""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as core_select
from sqlmodel import col, select

from storage.derived_tables import AuditDetailRow
from storage.engine.compiled_statements import CompiledStatement
from storage.engine.session import TenantSession
from storage.records import AuditEntry, Outcome
from storage.repositories.repository import columns_of
from storage.tables import AuditEntryRow

_GENESIS = "0" * 64
_DOMAIN = "engagement-checks audit v1"
_PAGE = 500
_MANY = 2_000
_entry_columns = AuditEntryRow.__table__.c  # type: ignore[attr-defined]
_NEWEST = CompiledStatement(
    core_select(_entry_columns.seq, _entry_columns.hash)
    .where(_entry_columns.workspace_id == bindparam("workspace_id"))
    .order_by(_entry_columns.seq.desc())
    .limit(1)
)


class AuditLog:
    """`lock` holds other appenders of this workspace until commit, so that the chain never forks.

    `shows` tells whether what somebody typed about some clients may be read here.
    """

    def __init__(
        self,
        session: TenantSession,
        lock: Callable[[TenantSession, int], None],
        shows: Callable[[str, Collection[int] | None], bool],
    ) -> None:
        self._session = session
        self._lock = lock
        self._shows = shows

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        outcome: Outcome,
        details: dict[str, Any],
        subject: str | None = None,
        about: Collection[int] = (),
    ) -> AuditEntry:
        """Record what happened, in the transaction of what happened. `about`: the ids of the clients it is about."""
        self._lock(self._session, self._session.workspace_id)
        found = _NEWEST.rows(self._session.open, {"workspace_id": self._session.workspace_id})
        number, previous = (found[0]["seq"], found[0]["hash"]) if found else (0, _GENESIS)
        salt, text = secrets.token_hex(16), json.dumps(details, sort_keys=True, default=str)
        entry = AuditEntry(
            seq=number + 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            outcome=outcome,
            details_digest=_digest(salt, text),
            previous_hash=previous,
            hash="",
        )
        entry = entry.model_copy(update={"hash": entry_hash(entry)})
        self._session.insert(AuditEntryRow, [columns_of(entry)])
        detail = {"seq": entry.seq, "salt": salt, "details": text, "client_ids": sorted(about)}
        self._session.insert(AuditDetailRow, [detail])
        return entry

    def newest(self, limit: int, action: str | None = None) -> list[tuple[AuditEntry, str | None]]:
        """Entries with their details as JSON (None where erased, or not for whoever asks), newest first."""
        statement = self._with_details().order_by(col(AuditEntryRow.seq).desc()).limit(limit)
        if action:
            statement = statement.where(col(AuditEntryRow.action).startswith(action, autoescape=True))
        return [
            (_entry(row), detail.details if detail and self._shows(row.actor, detail.client_ids) else None)
            for row, detail in self._session.execute(statement)
        ]

    def search(
        self,
        limit: int,
        *,
        action: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        client_id: int | None = None,
    ) -> list[tuple[AuditEntry, str | None, tuple[int, ...]]]:
        """The newest entries that match all that is given, with their details and the clients that they are about.

        `since` is inclusive, `until` exclusive. What is about clients that may not be read here is not found by them.
        """
        statement = self._with_details().order_by(col(AuditEntryRow.seq).desc())
        if action:
            statement = statement.where(col(AuditEntryRow.action).startswith(action, autoescape=True))
        if actor:
            statement = statement.where(col(AuditEntryRow.actor) == actor)
        if since is not None:
            statement = statement.where(col(AuditEntryRow.at) >= since)
        if until is not None:
            statement = statement.where(col(AuditEntryRow.at) < until)
        if client_id is None:
            statement = statement.limit(limit)
        found = []
        with self._session.execute(statement.execution_options(yield_per=_PAGE)) as rows:  # left before its end
            for row, detail in rows:
                about = _clients_of(row, detail)
                if client_id is not None and client_id not in about:
                    continue
                is_shown = detail is not None and self._shows(row.actor, about)
                found.append((_entry(row), detail.details if is_shown else None, about if is_shown else ()))
                if len(found) >= limit:
                    break
        return found

    def done_by(self, actor: str, *, since: datetime) -> list[tuple[AuditEntry, str | None]]:
        """What `actor` did since then, with its details as JSON, newest first."""
        wanted = (
            col(AuditEntryRow.actor) == actor,
            col(AuditEntryRow.at) >= since,
            col(AuditEntryRow.outcome) == Outcome.DONE,
        )
        statement = self._with_details().where(*wanted).order_by(col(AuditEntryRow.seq).desc())
        return [
            (_entry(row), detail.details if detail and self._shows(row.actor, detail.client_ids) else None)
            for row, detail in self._session.execute(statement)
        ]

    def head(self) -> AuditEntry | None:
        """The last entry: its hash stands for all before it."""
        row = self._session.exec(select(AuditEntryRow).order_by(col(AuditEntryRow.seq).desc()).limit(1)).first()
        return None if row is None else _entry(row)

    def changed_since(self, seq: int) -> tuple[int, frozenset[int] | None]:
        """The newest entry's number, and the clients that what was done after entry `seq` is about.

        None instead of clients: something that concerns all of them was done, or much, or its details were erased.
        """
        newest = _NEWEST.rows(self._session.open, {"workspace_id": self._session.workspace_id})
        head = newest[0]["seq"] if newest else 0
        later = (
            self._with_details()
            .where(col(AuditEntryRow.seq) > seq, AuditEntryRow.outcome == Outcome.DONE)
            .with_only_columns(col(AuditDetailRow.client_ids))
            .limit(_MANY + 1)
        )
        found = self._session.execute(later).scalars().all()
        if len(found) > _MANY or not all(found):
            return head, None
        return head, frozenset(id for ids in found for id in ids)

    def find(self, seq: int) -> AuditEntry | None:
        row = self._session.exec(select(AuditEntryRow).where(AuditEntryRow.seq == seq)).first()
        return None if row is None else _entry(row)

    def exported(self) -> Iterator[dict[str, Any]]:
        """Every entry, oldest first, with all that its hash covers; `salt` and `details` (text) where not erased."""
        for entry, detail in self._in_order():
            told = {"salt": detail.salt, "details": detail.details} if detail is not None else {}
            yield {**hash_content(entry), "hash": entry.hash, **told}

    def exported_about(self, client_id: int) -> Iterator[dict[str, Any]]:
        """The same, of the entries whose words are about the client."""
        for entry, detail in self._in_order():
            if detail is not None and client_id in (detail.client_ids or ()):
                yield {**hash_content(entry), "hash": entry.hash, "salt": detail.salt, "details": detail.details}

    def verify(self) -> tuple[int, str | None]:
        """How many entries hold, and the first break in words (None: the chain is whole)."""
        previous, count = _GENESIS, 0
        for entry, detail in self._in_order():
            broken = _break(entry, detail, count + 1, previous)
            if broken:
                return count, f"entry {count + 1}: {broken}"
            previous, count = entry.hash, count + 1
        return count, None

    def _in_order(self) -> Iterator[tuple[AuditEntry, AuditDetailRow | None]]:
        seen = 0
        while True:
            page = self._session.execute(
                self._with_details().where(col(AuditEntryRow.seq) > seen).order_by(col(AuditEntryRow.seq)).limit(_PAGE)
            ).all()
            for row, detail in page:
                yield _entry(row), detail
                seen = row.seq
            self._session.expunge_all()
            if len(page) < _PAGE:
                return

    def _with_details(self) -> Any:
        same = (col(AuditDetailRow.seq) == col(AuditEntryRow.seq)) & (
            col(AuditDetailRow.workspace_id) == col(AuditEntryRow.workspace_id)
        )
        return select(AuditEntryRow, AuditDetailRow).outerjoin(AuditDetailRow, same)


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the domain tag and the canonical JSON of every field but id and hash."""
    return hashlib.sha256(f"{_DOMAIN}\n{json.dumps(hash_content(entry), sort_keys=True)}".encode()).hexdigest()


def hash_content(entry: AuditEntry) -> dict[str, Any]:
    """What the hash of an entry covers, as JSON takes it."""
    covered = {name: value for name, value in vars(entry).items() if name not in ("id", "hash")}
    return covered | {"at": entry.at.isoformat(timespec="microseconds"), "outcome": entry.outcome.value}


def _break(entry: AuditEntry, detail: AuditDetailRow | None, expected: int, previous: str) -> str | None:
    if entry.seq != expected:
        return f"missing; the next one is {entry.seq}"
    if entry.previous_hash != previous:
        return "does not follow from the entry before it"
    if entry.hash != entry_hash(entry):
        return "was changed after it was written"
    if detail is not None and _digest(detail.salt, detail.details) != entry.details_digest:
        return "has details that were changed after they were written"
    return None


def _clients_of(row: AuditEntryRow, detail: AuditDetailRow | None) -> tuple[int, ...]:
    """The clients that the entry is about: those that were read, and the one that was added."""
    about = set(detail.client_ids or ()) if detail is not None else set()
    noun, _, number = (row.subject or "").partition(":")
    return tuple(sorted({*about, *([int(number)] if noun == "client" and number.isdecimal() else [])}))


def _digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def _entry(row: AuditEntryRow) -> AuditEntry:
    return AuditEntry.model_construct(**{name: getattr(row, name) for name in AuditEntry.model_fields})
