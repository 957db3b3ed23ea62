"""Alembic's entry: runs the migrations on the connection that storage/migrate.py opened."""

from alembic import context
from sqlmodel import SQLModel

from storage import tables, tables_cards, tables_messages

TABLES = (tables, tables_cards, tables_messages)  # imported for what they register

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
