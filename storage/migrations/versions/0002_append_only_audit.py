"""The audit log is append-only: the database itself refuses to change, remove or insert out of order.

On SQLite the insert trigger is needed too: INSERT OR REPLACE goes past delete triggers. An owner of the database can
still drop the triggers; the hash chain is what shows it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--
CREATE TRIGGER audit_entry_in_order BEFORE INSERT ON audit_entry
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_entry WHERE workspace_id = NEW.workspace_id)
  OR NEW.previous_hash <> COALESCE(
    (SELECT hash FROM audit_entry WHERE workspace_id = NEW.workspace_id ORDER BY seq DESC LIMIT 1), NEW.previous_hash)
  OR EXISTS (SELECT 1 FROM audit_entry WHERE hash = NEW.hash OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log continues from its last entry'); END;
"""

_POSTGRESQL = """
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
--
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();
--
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();
--
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_no_change;
--
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_no_truncate;
"""

_POSTGRESQL_DOWN = """
DROP TRIGGER audit_entry_no_change ON audit_entry;
--
DROP TRIGGER audit_entry_no_truncate ON audit_entry;
--
DROP FUNCTION audit_entry_append_only();
"""

_SQLITE_DOWN = """
DROP TRIGGER audit_entry_no_update;
--
DROP TRIGGER audit_entry_no_delete;
--
DROP TRIGGER audit_entry_in_order;
"""


def upgrade() -> None:
    _run(_SQLITE, _POSTGRESQL)


def downgrade() -> None:
    _run(_SQLITE_DOWN, _POSTGRESQL_DOWN)


def _run(sqlite: str, postgresql: str) -> None:
    script = sqlite if op.get_bind().dialect.name == "sqlite" else postgresql
    for statement in script.split("--\n"):
        op.execute(statement)
