"""The databases that all other tests stand on."""

import pytest
from sqlalchemy import inspect, text

from app.database import Database


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_gets_a_migrated_database_of_its_own(database: Database, attempt: int) -> None:
    with database.writer.begin() as connection:
        tables = inspect(connection).get_table_names()
        assert "task" in tables
        assert "left_behind" not in tables

        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))


def test_empty_database_has_no_table(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.writer.connect() as connection:
        tables = inspect(connection).get_table_names()
    database.dispose()

    assert tables == []
