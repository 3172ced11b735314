"""What every noun shares: frozen, validated, and its columns declared once, here, with the field."""

from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, Enum
from sqlmodel import Field, SQLModel

# Set before the first table is declared, so that every constraint has a name a migration can refer to.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(SQLModel):
    """A frozen value. `id` is 0 until the record is stored; the repository's `add` returns it with its id."""

    model_config = {"frozen": True, "extra": "forbid", "validate_default": True, "str_strip_whitespace": True}

    id: int = 0

    def changed(self, **changes: Any) -> Self:
        """A copy with `changes`, validated like a new record. Raises pydantic.ValidationError."""
        return type(self).model_validate({**dict(self), **changes})


def choice(kind: type[StrEnum], **field: Any) -> Any:
    """A field that holds a member of `kind`: TEXT with a CHECK, by value (native enums cannot be downgraded)."""
    column_type = Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        create_constraint=True,
        name=kind.__name__.lower(),
    )
    return Field(sa_type=column_type, **field)


def texts(**field: Any) -> Any:
    """A field that holds an immutable list of short texts, stored as JSON."""
    return Field(default=(), sa_type=JSON, **field)
