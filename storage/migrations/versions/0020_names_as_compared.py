"""Clients and agreements are found by names without what cannot be seen, formatting, and kinds of dashes.

What was stored before gets its keys by this rule, too. Where another record has the key already, it keeps its own.
"""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.records.agreement import LONGEST_REFERENCE, reference_key
from storage.records.client import LONGEST_KEY, client_key

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _table(name: str, *columns: str) -> Any:
    return sa.table(name, *map(sa.column, columns))


_CLIENT = _table("client", "id", "workspace_id", "name", "aliases")
_KEY = _table("client_key", "id", "workspace_id", "client_id", "key")
_PAPER = _table("agreement", "id", "client_id", "reference", "reference_key")


def upgrade() -> None:
    connection = op.get_bind()
    taken = {tuple(row) for row in connection.execute(sa.select(_KEY.c.workspace_id, _KEY.c.key))}
    for id, workspace_id, name, aliases in connection.execute(sa.select(*_CLIENT.c).order_by(_CLIENT.c.id)).all():
        listed = json.loads(aliases) if isinstance(aliases, str) else aliases or []
        for key in _keys((name, *listed), client_key, LONGEST_KEY):
            if (workspace_id, key) not in taken:
                taken.add((workspace_id, key))
                connection.execute(sa.insert(_KEY).values(workspace_id=workspace_id, client_id=id, key=key))
    papers = connection.execute(sa.select(*_PAPER.c).order_by(_PAPER.c.id)).all()
    used = {(paper.client_id, paper.reference_key) for paper in papers}
    for paper in papers:
        for key in _keys((paper.reference,), reference_key, LONGEST_REFERENCE):
            if (paper.client_id, key) not in used:
                used.add((paper.client_id, key))
                connection.execute(sa.update(_PAPER).where(_PAPER.c.id == paper.id).values(reference_key=key))


def downgrade() -> None:
    """The keys stay: an earlier release makes those of a record anew when it saves it."""


def _keys(names: tuple[str, ...], key_of: Callable[[str], str], longest: int) -> list[str]:
    return [key for key in map(key_of, names) if 0 < len(key) <= longest]
