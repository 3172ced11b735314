"""Alembic migrations, applied by `engagement-bot db upgrade` and, on SQLite, at start."""
