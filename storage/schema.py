"""The tables of a database, made and brought up to date from code: no ini file and no alembic command line.

`python -m storage.schema new "what changed"` writes a version from what storage/tables says and the versions lack.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from storage.database import is_postgres, sqlite_file

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x7369676E706F7374
"""The number of the advisory lock on PostgreSQL that keeps two processes from upgrading at once."""
LOCK_SECONDS = 60

State = Literal["current", "old", "newer", "empty"]


class Newer(Exception):
    """The database was brought up to date by a newer Signpost. Start that one, or restore a backup."""


def upgrade(url: str) -> None:
    """The database has every table as this Signpost needs it, or is as it was. Many processes may do this at once.

    On SQLite the file is made. Raises Newer, and Unavailable where the database can't be reached or stays locked.
    """
    with transaction(url, lock=True) as connection:
        if _state(connection) == "newer":
            raise Newer("The database was brought up to date by a newer Signpost")
        command.upgrade(config(connection), "head")
        if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("The new version would leave rows that refer to nothing")


def state(url: str) -> State:
    """How the tables stand to this Signpost; nothing is changed, and no file made."""
    if not is_postgres(url) and not Path(sqlite_file(url)).exists():
        return "empty"
    with transaction(url, lock=False) as connection:
        return _state(connection)


def new(message: str) -> Path:
    """A new file in storage/migrations/versions: from what the versions make to what storage/tables says."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/new.db"
        upgrade(url)
        with transaction(url, lock=True) as connection:
            known = config(connection)
            number = len(list(ScriptDirectory.from_config(known).walk_revisions())) + 1
            made = command.revision(known, message, autogenerate=True, rev_id=f"{number:04}")
    if not isinstance(made, Script):
        raise TypeError("alembic made no file, or more than one")
    file = Path(made.path)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")))
    return file


def config(connection: Connection) -> Config:
    """What alembic.ini would say. Versions are files such as 0001_the_first_tables.py."""
    known = Config(attributes={"connection": connection})
    known.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known.set_main_option("path_separator", "os")
    known.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return known


@contextmanager
def transaction(url: str, *, lock: bool) -> Iterator[Connection]:
    """One transaction, committed at the end and rolled back on any error; locked, no other process's runs beside it."""
    engine = _engine(url, lock)
    try:
        with engine.begin() as connection:
            if lock and engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
            yield connection
    except DBAPIError as error:
        known = _told(engine, error)
        raise known from (None if known is error.orig else error)
    finally:
        engine.dispose()


def _engine(url: str, lock: bool) -> Engine:
    if is_postgres(url):
        import psycopg

        from storage.hosts import options_for

        options = options_for(url)
        return create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(url, **options),
            poolclass=NullPool,
            hide_parameters=True,
        )
    engine = create_engine(
        "sqlite://", creator=lambda: _sqlite(sqlite_file(url), lock), poolclass=NullPool, hide_parameters=True
    )
    # Python's own transactions would commit before each CREATE TABLE.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE" if lock else "BEGIN"))
    return engine


def _sqlite(file: str, lock: bool) -> sqlite3.Connection:
    from storage.sqlite import write_ahead

    connection = sqlite3.connect(file, isolation_level=None, timeout=LOCK_SECONDS)
    try:
        if lock:  # else nothing is changed
            write_ahead(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _told(engine: Engine, error: DBAPIError) -> BaseException:
    if engine.dialect.name == "sqlite":
        from storage import sqlite

        return sqlite.told(error.orig) if isinstance(error.orig, sqlite3.Error) else error
    import psycopg

    from storage import postgres

    return postgres.told(error.orig) if isinstance(error.orig, psycopg.Error) else error


def _state(connection: Connection) -> State:
    known = ScriptDirectory.from_config(config(connection))
    found = set(MigrationContext.configure(connection).get_current_heads())
    if not found:
        return "empty"
    if not found <= {version.revision for version in known.walk_revisions()}:
        return "newer"
    return "current" if found == set(known.get_heads()) else "old"


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "new":
        sys.exit('Say: python -m storage.schema new "what changed"')
    new(sys.argv[2])
