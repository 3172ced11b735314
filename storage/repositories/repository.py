"""What the repositories share: row to noun and back, adding, and saving without losing somebody else's change."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import CursorResult, RowMapping, update
from sqlmodel import col, select

from storage.engine.session import TenantSession
from storage.errors import StaleRecord
from storage.records.base import Editable, Record
from storage.records.client import Client
from storage.table_base import Table, TenantTable

Noun = TypeVar("Noun", bound=Record)
Note = Callable[[str, Record | None, Record | None], None]
READ = "clients of which anything was read"


class Repository(Generic[Noun]):
    """`note` is told every change as (subject, before, after), for the audit entry."""

    row: ClassVar[type[TenantTable]]
    noun: ClassVar[type[Any]]

    def __init__(self, session: TenantSession, note: Note) -> None:
        self._session = session
        self._note = note

    def find(self, id: int) -> Noun | None:
        if self._session.concealed:
            return self._one(select(self.row).where(col(self.row.id) == id))
        columns = self._session.fetch(self.row, id)
        return None if columns is None else self._noun_of(columns)

    def _one(self, statement: Any) -> Noun | None:
        row = self._session.exec(statement).first()
        return None if row is None else self._as_noun(row)

    def _all(self, statement: Any) -> list[Noun]:
        return [self._as_noun(row) for row in self._session.exec(statement)]

    def _where(self, **equal: Any) -> list[Noun]:
        """Those with these values (None: that have none), in the order they were added."""
        if self._session.concealed:
            client_id = equal.pop("client_id", None) if isinstance(equal.get("client_id"), int) else None
            conditions = (getattr(self.row, name).is_not_distinct_from(value) for name, value in equal.items())
            statement = select(self.row).where(*conditions).order_by(col(self.row.id))
            if client_id is not None:
                return self._of_client(tuple(sorted(equal.items())), client_id, statement)
            return self._all(statement)
        return [self._noun_of(columns) for columns in self._session.rows(self.row, **equal)]

    def _of_client(self, what: Hashable, client_id: int, statement: Any, owner: Any = None) -> list[Noun]:
        """What `statement`, called `what`, finds of the client; `owner` is the column with the client's id, if not the
        row's own.
        """
        column = self.row.client_id if owner is None else owner  # type: ignore[attr-defined]

        def read(ids: Sequence[int]) -> Iterable[tuple[int, Any]]:
            found = self._session.execute(statement.add_columns(column).where(column.in_(ids)))
            return ((client_id, row) for row, client_id in found)

        return [self._as_noun(row) for row in self._session.of_client(self.row, what, client_id, read)]

    def _as_noun(self, row: Table) -> Noun:
        return self._noun_of({name: getattr(row, name) for name in self.noun.model_fields})

    def _noun_of(self, columns: Mapping[str, Any] | RowMapping) -> Noun:
        """Not validated again: only validated nouns are ever stored."""
        names = _fields(self.noun)  # type: ignore[arg-type]
        noun: Noun = self.noun.model_construct(names, **{name: _frozen(columns[name]) for name in names})
        if client_id := noun.id if isinstance(noun, Client) else getattr(noun, "client_id", None):
            self._note_read(client_id)
        return noun

    def _note_read(self, client_id: int) -> None:
        self._session.info.setdefault(READ, set()).add(client_id)

    def _add(self, noun: Noun, **columns: Any) -> Noun:
        """Store a new noun; it comes back with its id."""
        [stored] = self._add_all([noun], lambda _: columns)
        return stored

    def _add_all(self, nouns: Sequence[Noun], columns: Callable[[Noun], dict[str, Any]] = lambda _: {}) -> list[Noun]:
        ids = self._session.insert(self.row, [columns_of(noun) | columns(noun) for noun in nouns])
        stored = [noun.model_copy(update={"id": id}) for noun, id in zip(nouns, ids, strict=True)]
        for noun in stored:
            self._note(self._subject(noun), None, noun)
        return stored

    def _subject(self, noun: Record) -> str:
        return f"{self.row.__tablename__}:{noun.id}"

    def _replace(self, noun: Any, **columns: Any) -> Any:
        """Save a changed Editable over the version it was read as. Raises StaleRecord when there is a newer one."""
        assert isinstance(noun, Editable)
        before = self.find(noun.id)
        after = noun.model_copy(update={"version": noun.version + 1})
        self._update_one(
            update(self.row)
            .where(col(self.row.id) == noun.id, self.row.version == noun.version)  # type: ignore[attr-defined]
            .values(**columns_of(after), **columns)
        )
        self._note(self._subject(noun), before, after)
        return after

    def _update_one(self, statement: Any) -> None:
        """Raises StaleRecord unless exactly one row matched."""
        result = self._session.execute(statement)
        assert isinstance(result, CursorResult)
        if result.rowcount != 1:
            raise StaleRecord(f"{self.row.__tablename__} was changed meanwhile")


@cache
def _fields(noun: type[Any]) -> set[str]:
    """The names of its fields: one set, shared by all nouns of the kind. They are frozen, so nobody adds to it."""
    return set(noun.model_fields)


def columns_of(noun: Record) -> dict[str, Any]:
    return {name: list(value) if type(value) is tuple else value for name, value in vars(noun).items() if name != "id"}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
