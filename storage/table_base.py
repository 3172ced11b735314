"""What every table has: a key, a workspace, and no validators."""

from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

import storage.records.base  # noqa: F401 - names the constraints of every table

# Rows are filled in by the session, never validated: the validators are not built.
UNVALIDATED: Any = {"frozen": False, "defer_build": True}


class Table(SQLModel):
    """The session fills rows in, so every table class sets `model_config = UNVALIDATED`; their nouns are frozen."""

    id: int | None = Field(default=None, primary_key=True)


class TenantTable(Table):
    """A table whose rows belong to one workspace. The unit of work adds the condition to every query (see there)."""

    workspace_id: int = Field(default=0, foreign_key="workspace.id")


def current_index(*columns: str, name: str) -> Index:
    """An index over the rows that are what we know now: superseded versions are history."""
    condition = text("superseded_at IS NULL")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
