"""Run by Alembic: migrates over the connection that storage/database.py gives, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - declares the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
