"""Clients that do not exist for whoever asks: one condition for each table, added to every query of a unit of work."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, literal, not_, or_, select
from sqlalchemy.orm import with_loader_criteria
from sqlmodel import col

from storage.table_base import TenantTable
from storage.tables import AgreementRow, ClientRow, LeadTimesRow

# Without entities of the mapper: the conditions would be added inside this very subquery.
_AGREEMENTS: Any = AgreementRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Concealment:
    """Concealed from `viewer` are the clients `hidden` and, with `only`, all others than those."""

    hidden: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    viewer: str = ""

    def options(self) -> tuple[Any, ...]:
        """For every statement; none where nothing is concealed. Rows that are about no client (None) stay visible."""
        return _options(self.hidden, self.only)

    def shows(self, actor: str, client_ids: Collection[int] | None) -> bool:
        """Whether `viewer` may read what `actor` typed about these clients. What is about nobody knows whom, is not."""
        if actor == self.viewer:
            return self.only is None
        shown = set(client_ids or ())
        return bool(shown) and not shown & self.hidden and (self.only is None or shown <= self.only)


@lru_cache(maxsize=1000)
def _options(hidden: frozenset[int], only: frozenset[int] | None) -> tuple[Any, ...]:
    if not hidden and only is None:
        return ()
    found = ((table, _condition(table, hidden, only)) for table in TenantTable.__subclasses__())
    return tuple(
        with_loader_criteria(table, condition, include_aliases=True)
        for table, condition in found
        if condition is not None
    )


def about_clients(table: type[TenantTable]) -> bool:
    """Whether rows of `table` belong to a client, directly or through an agreement."""
    return table is ClientRow or bool({"client_id", "agreement_id"} & set(table.model_fields))


def _condition(table: Any, hidden: frozenset[int], only: frozenset[int] | None) -> ColumnElement[bool] | None:
    if table is LeadTimesRow:
        return _lead_times(table, hidden, only)
    if not about_clients(table):
        return None
    if table is ClientRow:
        return _visible(col(table.id), hidden, only)
    if "client_id" in table.model_fields:
        return or_(col(table.client_id).is_(None), _visible(col(table.client_id), hidden, only))
    concealed = select(_AGREEMENTS.c.id).where(not_(_visible(_AGREEMENTS.c.client_id, hidden, only)))
    return col(table.agreement_id).not_in(concealed)


def _lead_times(table: Any, hidden: frozenset[int], only: frozenset[int] | None) -> ColumnElement[bool]:
    """`scope` is text: workspace, client:3 or agreement:12."""
    concealed = select(literal("agreement:") + cast(_AGREEMENTS.c.id, String)).where(
        not_(_visible(_AGREEMENTS.c.client_id, hidden, only))
    )
    scope = col(table.scope)
    shown: ColumnElement[bool] = scope.not_in([f"client:{each}" for each in sorted(hidden)])
    if only is not None:
        shown = or_(scope.not_like("client:%"), scope.in_([f"client:{each}" for each in sorted(only)]))
    return and_(shown, scope.not_in(concealed))


def _visible(column: Any, hidden: frozenset[int], only: frozenset[int] | None) -> ColumnElement[bool]:
    shown: ColumnElement[bool] = column.not_in(sorted(hidden))
    return shown if only is None else and_(shown, column.in_(sorted(only)))
