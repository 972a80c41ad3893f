"""Alembic's folder: one file a change of the tables, applied by `register` at start."""
