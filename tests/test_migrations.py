"""Migrations run up and down on filled databases of both engines, and leave no drift from the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select
from sqlmodel import SQLModel

from app.database import Database, alembic_config, migrate, migrate_down, newest_revision
from app.models import (
    AmendmentDecision,
    Assignment,
    Document,
    DocumentFile,
    EventRow,
    Plan,
    PlanBasis,
    SuperiorMatch,
    Task,
)
from app.permissions import SYSTEM
from app.services.assignment import ReportInput, report_assignment
from app.services.document import SentFile, upload_files
from app.settings import Settings
from app.work import open_work
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
)
from tests.people import NOW, make_cast


def fill(database, settings):
    with database.write_session() as session:
        cast = make_cast(session)
        plan, period = add_plan(session, cast.commune), add_period(session, cast.commune)
        add_group(session, cast.commune, "NHOM", "Các chi bộ", [cast.school_cell, cast.village_cell])
        row = add_assignment(session, add_task(session, plan), cast.school_cell, period=period)
        add_indicator(session, plan, owners=(cast.school_cell,))
        session.commit()
    with open_work(database, settings, actor=SYSTEM, now=NOW) as work:
        report_assignment(work, row.id, ReportInput(result="Đã làm xong"))
    with open_work(database, settings, actor=cast.an, now=NOW) as work:
        upload_files(work, [SentFile("a.txt", b"mot"), SentFile("b.txt", b"hai")])


def test_a_filled_database_survives_every_step_down_and_up(empty_database_url, tmp_path):
    migrate(empty_database_url)
    database = Database(empty_database_url)
    fill(database, Settings(data_dir=tmp_path))
    database.dispose()
    migrate_down(empty_database_url, "0001")
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1
        assert session.scalar(select(func.count()).select_from(EventRow)) == 2
        # What nobody had read is gone; what was read has its one file again.
        assert session.scalars(select(Document.state)).all() == ["read"]
        assert [(f.format, f.end_at) for f in session.scalars(select(DocumentFile))] == [("txt", 8)]
    database.dispose()
    migrate_down(empty_database_url, "base")
    database = Database(empty_database_url)
    left = set(inspect(database.writer).get_table_names()) & set(SQLModel.metadata.tables)
    database.dispose()
    assert left == set()


def fill_lineage(database):
    """A plan that carries out another one, and its amendment with a task that goes on."""
    with database.write_session() as session:
        cast = make_cast(session)
        plan, above = add_plan(session, cast.commune), add_plan(session, cast.province)
        later = add_plan(session, cast.commune, code="KH-02", state="draft")
        later.amends_id = plan.id
        task, indicator = add_task(session, plan), add_indicator(session, above)
        add_task(session, later, previous_id=task.id)
        mine = {"locality_id": cast.commune.id, "plan_id": plan.id}
        basis = PlanBasis(**mine, symbol="71-NQ/TW", symbol_key="71-nq/tw", created_at=NOW)
        basis.superior_plan_id = above.id
        session.add(basis)
        session.add(SuperiorMatch(**mine, superior_indicator_id=indicator.id, decided_at=NOW))
        ended = {"outcome": "ended", "reason": "Thôi", "decided_at": NOW, "task_id": task.id}
        session.add(AmendmentDecision(**(mine | {"plan_id": later.id}), **ended))
        session.commit()


def test_plans_and_tasks_survive_the_loss_of_their_lineage(empty_database_url):
    migrate(empty_database_url)
    database = Database(empty_database_url)
    fill_lineage(database)
    database.dispose()
    migrate_down(empty_database_url, "0004")
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.read_session() as session:
        assert session.scalars(select(Plan.amends_id)).all() == [None, None, None]
        assert session.scalars(select(Task.previous_id)).all() == [None, None]
        assert session.scalar(select(func.count()).select_from(PlanBasis)) == 0
    database.dispose()


def fill_cooperation(database):
    """A led task with rows of units that cooperate, as the version before left them; the keys of the rows."""
    with database.write_session() as session:
        cast = make_cast(session)
        plan = add_plan(session, cast.commune)
        led, alone = add_task(session, plan), add_task(session, plan, "NV-002")
        add_assignment(session, led, cast.school_cell)
        rows = [
            add_assignment(
                session,
                task,
                cast.village_cell,
                responsibility=add_responsibility(session, task, cast.village_cell, role="cooperate"),
            )
            for task in (led, alone)
        ]
        session.commit()
        return [row.id for row in rows]


def test_open_rows_of_who_cooperates_come_to_support_who_leads(empty_database_url):
    migrate(empty_database_url)
    database = Database(empty_database_url)
    helping, alone = fill_cooperation(database)
    database.dispose()
    migrate_down(empty_database_url, "0006")
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.read_session() as session:
        assert session.get(Assignment, helping).state == "supporting"
        assert session.get(Assignment, alone).state == "assigned"
    database.dispose()
    migrate_down(empty_database_url, "0005")


def test_models_and_migrations_say_the_same(empty_database_url):
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.writer.connect() as connection:
        drift = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    database.dispose()
    assert drift == []


def test_there_is_one_line_of_migrations(empty_database_url):
    assert len(ScriptDirectory.from_config(alembic_config(empty_database_url)).get_heads()) == 1


def test_the_last_migration_by_file_name_is_alembics_head(tmp_path):
    config = alembic_config(f"sqlite:///{tmp_path / 'unused.sqlite3'}")
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()
