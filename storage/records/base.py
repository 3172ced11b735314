"""What every noun shares: frozen, validated, and its columns declared once, here, with the field."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import StringConstraints, field_validator
from sqlalchemy import JSON, Enum, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from storage.records.plain_text import plain_text

# Set before the first table is declared, so that every constraint has a name a migration can refer to.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


MOST_ENTRIES = 200
LONGEST_ENTRY = 200
Entry = Annotated[str, StringConstraints(max_length=LONGEST_ENTRY)]


def few(cls: type[Any], value: tuple[Any, ...]) -> tuple[Any, ...]:
    """The validator of a list that people fill. Raises ValueError for more than MOST_ENTRIES."""
    if len(value) > MOST_ENTRIES:
        raise ValueError(f"has {len(value):,} entries; at most {MOST_ENTRIES} are kept.")
    return value


class DecimalText(TypeDecorator[Decimal]):
    """An exact decimal number as TEXT: SQLite would make it a float."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Record(SQLModel):
    """A frozen value. `id` is 0 until the record is stored; the repository's `add` returns it with its id."""

    model_config = {
        "frozen": True,
        "extra": "forbid",
        "validate_default": True,
        "str_strip_whitespace": True,
        "defer_build": True,
    }

    id: int = 0

    @field_validator("*")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if type(value) is str:
            return plain_text(value)
        return tuple(map(cls._plain, value)) if type(value) is tuple else value

    def changed(self, **changes: Any) -> Self:
        """A copy with `changes`, validated like a new record. Raises pydantic.ValidationError."""
        return type(self).model_validate({**dict(self), **changes})


class Editable(Record):
    """A record that is changed in place. `version` counts the changes; saving an older version is refused."""

    version: int = 0


def choice(kind: type[StrEnum], *, constraint: str | None = None, **field: Any) -> Any:
    """A field that holds a member of `kind`: TEXT with a CHECK, by value (native enums cannot be downgraded).

    `constraint` names the CHECK where a record has two fields of the same kind.
    """
    column_type = Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        create_constraint=True,
        name=constraint or kind.__name__.lower(),
    )
    return Field(sa_type=column_type, **field)


def texts(**field: Any) -> Any:
    """A field that holds an immutable list of short texts, stored as JSON."""
    return Field(default=(), sa_type=JSON, **field)
