"""What tests are given is as new: the databases that are lent again, and the world that is copied into them."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import select
from sqlmodel import SQLModel

from storage.database import Database, Transaction, connect
from storage.people import People
from tests.databases import Postgres
from tests.lending import Shelf
from tests.peopled import _kept, people
from tests.town import START

HERE, THERE = "http://127.0.0.1:1", "http://127.0.0.1:2"


@pytest.fixture
def shelf(postgres: Postgres) -> Shelf:
    """A shelf of its own: nobody has used what is on it."""
    return Shelf(postgres.create, postgres.drop)


@pytest.fixture
def used(shelf: Shelf) -> str:
    """A database that has rows in it; the test gives it back."""
    url = shelf.lend()
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO skill (name, description, roles) VALUES ('lists', '', ''), ('forms', '', '')")
    return url


def test_a_database_that_is_lent_again_has_no_row_and_its_numbers_begin_anew(shelf: Shelf, used: str) -> None:
    shelf.take_back(used)
    assert shelf.lend() == used
    with psycopg.connect(used) as connection:
        assert connection.execute("SELECT count(*) FROM skill").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        again = connection.execute("INSERT INTO skill (name, description, roles) VALUES ('lists', '', '') RETURNING id")
        assert again.fetchone() == (1,)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE skill CASCADE",
        "DROP TABLE alembic_version",
        "ALTER TABLE skill ADD COLUMN mine int",
        "ALTER TABLE skill ALTER COLUMN name DROP NOT NULL",
        "CREATE INDEX mine ON skill (name, id)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE skill CASCADE",
        "ANALYZE skill",
        "UPDATE alembic_version SET version_num = '0001'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''2MB''', current_database()); END $$",
    ],
)
def test_a_database_that_a_test_changed_is_never_lent_again(
    postgres: Postgres, shelf: Shelf, used: str, change: str
) -> None:
    with psycopg.connect(used, autocommit=True) as connection:
        connection.execute(change.encode())
    shelf.take_back(used)
    assert shelf.lend() != used
    with psycopg.connect(postgres.url("postgres")) as admin:
        gone = "SELECT count(*) FROM pg_database WHERE datname = %s"
        assert admin.execute(gone, [conninfo_to_dict(used)["dbname"]]).fetchone() == (0,)


def test_whoever_is_still_connected_to_a_database_that_is_given_back_is_not_any_more(shelf: Shelf, used: str) -> None:
    with psycopg.connect(used) as left:
        left.execute("INSERT INTO skill (name, description, roles) VALUES ('maps', '', '')")  # and it holds a lock
        shelf.take_back(used)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    assert shelf.lend() == used


@pytest.fixture
def two(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[list[Database]]:
    """Two empty databases of one kind."""
    if database_url.startswith("sqlite"):
        other = f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'other.db')}"
    else:
        other = request.getfixturevalue("shelf").lend()
    found = [connect(database_url), connect(other)]
    yield found
    for one in found:
        one.close()


def every_row(tx: Transaction) -> dict[str, list[Any]]:
    """What is in each table, and the number that the next person has."""
    rows: dict[str, list[Any]] = {one.name: tx.once(select(one)) for one in SQLModel.metadata.sorted_tables}
    return rows | {"next": [People(tx).add("Ann", START)]}


async def test_the_world_that_is_copied_is_the_one_that_the_demo_wrote(two: list[Database]) -> None:
    another_day = START + timedelta(days=1)
    _kept.pop(another_day, None)  # the first is written as the demo writes it
    found = []
    for database, address in zip(two, (HERE, THERE), strict=True):
        await database.write(partial(people, now=another_day, address=address))
        found.append(await database.write(every_row))
    written, copied = ([str(row).replace(THERE, HERE) for rows in one.values() for row in rows] for one in found)
    assert len(written) > 200
    assert copied == written
