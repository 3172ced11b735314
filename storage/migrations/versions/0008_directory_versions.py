"""A version of each workspace's names, channels, roles and visibilities, counted by triggers.

Triggers, because an older release that still runs beside this one has to count too. On SQLite, a migration that makes
one of these tables anew (batch mode) loses its triggers and has to call `watch` again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WATCHED = ("client_key", "client_channel", "role_assignment", "client_visibility")
_CHANGES = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
_COUNT = (
    "INSERT INTO directory_version (workspace_id, version) VALUES ({row}.workspace_id, 1) "
    "ON CONFLICT (workspace_id) DO UPDATE SET version = directory_version.version + 1"
)
_FUNCTION = f"""
CREATE FUNCTION count_directory_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN {_COUNT.format(row="OLD")};
  ELSE {_COUNT.format(row="NEW")};
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_directory_version_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_directory_version_workspace_id")),
    )
    with op.batch_alter_table("directory_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_version_workspace_id"), ["workspace_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
    watch(*WATCHED)


def watch(*tables: str) -> None:
    """Let every change in `tables` count."""
    for table in tables:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_in_directory AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION count_directory_version()"
            )
            continue
        for change, row in _CHANGES.items():
            op.execute(
                f"CREATE TRIGGER {table}_{change.lower()}_in_directory AFTER {change} ON {table} "
                f"BEGIN {_COUNT.format(row=row)}; END"
            )


def downgrade() -> None:
    for table in WATCHED:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_in_directory ON {table}")
            continue
        for change in _CHANGES:
            op.execute(f"DROP TRIGGER {table}_{change.lower()}_in_directory")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION count_directory_version()")
    op.drop_table("directory_version")
