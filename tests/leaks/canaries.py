"""Rows with a canary in every text: for each table that is about a client, one row, made from its fields alone."""

import enum
import types
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Union, get_args, get_origin

from storage.derived_tables import ClientChannelRow, ClientKeyRow
from storage.engine.concealment import about_clients
from storage.records import Period, QuestionStatus, Verdict
from storage.table_base import TenantTable
from storage.tables import AgreementRow, ClientRow, OwnFrameworkRow, OwnRegulationRow, VisibilityRow

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
ADMIN = "U0ADMIN"
# Made by commands, or about no client (a workspace's own regulations and frameworks).
_BY_COMMANDS = (
    ClientRow, ClientKeyRow, ClientChannelRow, AgreementRow, VisibilityRow, OwnRegulationRow, OwnFrameworkRow,
)  # fmt: skip
_FIXED: dict[str, Any] = {
    "id": None, "workspace_id": 0, "version": 7, "time_zone": "UTC", "zone": "UTC", "country": "US", "channel": None,
    "thread": None, "message_ts": None, "superseded_at": None, "superseded_by": None, "ended_on": None,
    "revoked_on": None, "forgotten_at": None, "forgotten_by": None, "withdrawn_at": None, "parent_id": None,
    "responsibility_id": None, "settled_responsibility_id": None, "question_id": None, "first_id": None,
    "settled_verdict": None, "settled_at": None, "settled_by": None,
    "effective_to": None,
    "effective_on": date(2026, 1, 1), "is_stale": False, "lease_until": None, "subdivision": None,
    "family": "nist-csf", "edition": "1.1", "regulation": "hipaa", "asker_told_at": None,
    "uplift_percent": Decimal("3"),
    "terminated_on": None, "accepted_on": None, "next_due_on": date(2026, 9, 1), "review_on": date(2026, 9, 1),
}  # fmt: skip
_MEMBERS: dict[Any, Any] = {QuestionStatus: QuestionStatus.OPEN, Verdict: Verdict.UNDOCUMENTED}


def tables() -> list[Any]:
    """The tables whose rows are about a client and that no command of the setting fills."""
    return [table for table in TenantTable.__subclasses__() if about_clients(table) and table not in _BY_COMMANDS]


def row(table: Any, token: str, client_id: int, agreement_id: int) -> Any:
    """A row of `table` about the client: every text in it begins with `token`."""
    values = {name: _value(name, field, token) for name, field in table.model_fields.items()}
    for name, id in (("client_id", client_id), ("agreement_id", agreement_id)):
        if name in values:
            values[name] = id
    if "subject" in values:
        values["subject"] = f"agreement:{agreement_id}"
    return table(**values)


def _value(name: str, field: Any, token: str) -> Any:
    if name in _FIXED:
        return _FIXED[name]
    kinds = [kind for kind in _kinds(field.annotation) if kind is not type(None)]
    if kinds[0] is str and (name.endswith("_by") or name in ("owner", "recipient", "user", "backup_owner")):
        return ADMIN
    return _of(kinds[0], name, token, _longest(field))


def _of(kind: Any, name: str, token: str, longest: int) -> Any:
    if kind is str:
        text = f"https://x.internal/{token}/{name}" if name.endswith("url") else f"{token} {name.replace('_', ' ')}"
        return text[:longest]
    if get_origin(kind) in (tuple, list) or kind in (tuple, list):
        return [1] if int in get_args(kind) else [f"{token} {name}"]
    if kind is dict or get_origin(kind) is dict:
        return {f"{token} {name}": f"{token} {name}"}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _MEMBERS.get(kind) or next(iter(kind))
    samples = {
        bool: True, int: 1, float: 0.5, Decimal: Decimal(1), date: date(2026, 7, 1), datetime: NOW, time: time(9),
        bytes: token.encode(), Period: Period.parse("60d"),
    }  # fmt: skip
    return samples.get(kind, [f"{token} {name}"])


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)


def _longest(field: Any) -> int:
    return longest(field) or 60


def longest(field: Any) -> int | None:
    """How many characters a field takes, as far as it says."""
    return min((one.max_length for one in field.metadata if hasattr(one, "max_length")), default=None)


NOT_SAID = frozenset(_FIXED) | {
    "owner", "recipient", "user", "backup_owner", "subject", "bundle", "dedupe_key", "reference",
    "reference_key", "name",
}  # fmt: skip
"""Fields that are ids, codes or keys, not words."""
