"""Alembic's entry: migrates the database whose URL app.database.alembic_config hands over."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import app.models
from app.database import Database
from app.models.base import ExactDecimal, UtcDateTime

assert app.models


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    if kind == "type" and isinstance(item, ExactDecimal | UtcDateTime):
        autogen_context.imports.add(f"from app.models.base import {type(item).__name__}")
        return f"{type(item).__name__}()"
    return False


def run() -> None:
    database = Database(context.config.attributes["url"])
    try:
        with database.writer.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=SQLModel.metadata,
                render_as_batch=True,
                render_item=render_item,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        database.dispose()


run()
