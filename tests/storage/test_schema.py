"""The tables are made from code, by however many processes start at once, and never by an older Signpost."""

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from storage import schema, tables
from storage.database import Unavailable, connect, statement
from tests.databases import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing was ever made."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create("template0")


def execute(url: str, sql: str) -> None:
    with schema.transaction(url, lock=True) as connection:
        connection.execute(text(sql))


def test_a_database_is_empty_then_current_then_old_or_newer(empty_url: str) -> None:
    assert schema.state(empty_url) == "empty"
    schema.upgrade(empty_url)
    assert schema.state(empty_url) == "current"
    schema.upgrade(empty_url)
    assert schema.state(empty_url) == "current"
    execute(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    assert schema.state(empty_url) == "newer"


def test_asking_for_the_state_makes_no_file(tmp_path: Path) -> None:
    assert schema.state(f"sqlite:///{tmp_path}/x.db") == "empty"
    assert list(tmp_path.iterdir()) == []


def test_the_database_of_a_newer_signpost_is_left_alone(empty_url: str) -> None:
    schema.upgrade(empty_url)
    execute(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.Newer, match="newer Signpost"):
        schema.upgrade(empty_url)
    assert schema.state(empty_url) == "newer"


async def test_processes_that_start_at_once_make_the_tables_once(empty_url: str) -> None:
    program = "import sys; from storage.schema import upgrade; upgrade(sys.argv[1])"
    processes = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_url) for _ in range(4)]
    assert [await process.wait() for process in processes] == [0] * 4
    assert schema.state(empty_url) == "current"


def test_the_versions_make_exactly_the_tables_that_the_code_declares(database_url: str) -> None:
    with schema.transaction(database_url, lock=False) as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.Person.metadata) == []


async def test_a_new_database_has_every_table_empty(database_url: str) -> None:
    database = connect(database_url)
    for table in tables.Person.metadata.sorted_tables:
        assert await database.read(lambda t, found=table: t.all(statement(found.select()))) == []  # type: ignore[misc]
    database.close()


def test_a_version_that_fails_half_way_leaves_nothing_of_itself(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy)
    monkeypatch.setattr(schema, "MIGRATIONS", copy)
    schema.upgrade(empty_url)
    (copy / "versions" / "zz_broken.py").write_text(BROKEN.format(after=schema.new("nothing new").name[:4]))

    with pytest.raises(RuntimeError, match="half way"):
        schema.upgrade(empty_url)
    with schema.transaction(empty_url, lock=False) as connection:
        assert not connection.dialect.has_table(connection, "half")
    assert schema.state(empty_url) == "old"


BROKEN = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "zz", "{after}"
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    raise RuntimeError("half way")
"""


def test_a_new_version_holds_what_the_versions_lack_and_nothing_else(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy, ignore=shutil.ignore_patterns("0*.py"))
    monkeypatch.setattr(schema, "MIGRATIONS", copy)

    first = schema.new("the first tables")
    schema.upgrade(empty_url)
    second = schema.new("nothing new")

    assert (first.name, second.name) == ("0001_the_first_tables.py", "0002_nothing_new.py")
    assert "sqlmodel" not in first.read_text()
    assert "op." not in second.read_text()
    assert schema.state(empty_url) == "old"
    schema.upgrade(empty_url)
    assert schema.state(empty_url) == "current"


@pytest.mark.parametrize("ask", [schema.upgrade, schema.state])
def test_a_server_that_is_not_there_is_unavailable_and_named_without_the_password(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1.*port 1") as away:
        ask("postgresql://signpost:hunter2@127.0.0.1:1/x")
    assert "hunter2" not in str(away.value)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open"):
        schema.upgrade(f"sqlite:///{tmp_path}/nowhere/x.db")
