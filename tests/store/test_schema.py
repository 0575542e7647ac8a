import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, insert, text

from domain.errors import StoreError
from domain.ids import WorkId
from domain.works import Licence, LicenceSource
from store import schema
from store.database import Database, sqlite_url
from store.schema import upgrade
from store.tables import metadata
from store.works import WorkStore


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_again_changes_nothing(database: Database) -> None:
    upgrade(database)


def test_several_processes_may_create_one_database(tmp_path: Path) -> None:
    databases = [Database(f"sqlite:///{tmp_path / 'records.sqlite'}") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, databases))
    with databases[0].read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM works")) == 0
    for database in databases:
        database.close()


@pytest.mark.parametrize("name", ["100%", "%(here)s", "a%20b", "what?x=1#y"])
def test_the_program_and_its_data_may_be_in_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / name
    shutil.copytree(schema.FOLDER, folder / "schema", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "FOLDER", folder / "schema")
    database = Database(sqlite_url(folder / "records.sqlite"))
    upgrade(database)
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM works")) == 0
    database.close()
    assert (folder / "records.sqlite").is_file()


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="schema 9999, which this program does not know"):
        upgrade(database)


def test_licences_of_an_older_database_are_kept_and_count_as_a_persons(database: Database) -> None:
    with database.write() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema.FOLDER))
        command.upgrade(config, "0001")
        then = Table("works", MetaData(), autoload_with=connection)
        row = {column.name: "" for column in then.c if not column.nullable}
        connection.execute(insert(then).values(row | {"work_id": "w1", "aliases": "[]", "type": "text"}))
        connection.execute(text("INSERT INTO licences VALUES ('w1', 'shop.example', '2026-01-01', NULL)"))
    upgrade(database)
    work = WorkStore(database).get(WorkId("w1"))
    assert work is not None
    expected = Licence(host="shop.example", valid_from=date(2026, 1, 1), source=LicenceSource.PERSON)
    assert work.licences == (expected,)
