"""The sheet of an incident is a kind of paper, with a wording of its own."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_KINDS = ("statement", "walkthrough", "disclosure", "addendum", "declination", "notice", "evidence")
_INCIDENT = "incident"
_TABLES = ("paper", "paper_template")


def upgrade() -> None:
    for table in _TABLES:
        _allow(table, (*_KINDS, _INCIDENT))


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DELETE FROM {table} WHERE kind = '{_INCIDENT}'")
        _allow(table, _KINDS)


def _allow(table: str, kinds: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_paperkind")
    listed = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"kind IN ({listed})")
