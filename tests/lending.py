"""PostgreSQL databases that are lent to one test after another, and are as new each time.

To make one from a template copies 350 files and to drop one waits for a checkpoint: with both, most of the time of a
short test was spent on its database. Here its rows are deleted and its numbers begin anew, which is all that a test
leaves behind; one whose tables, functions or settings a test changed is never lent again.
"""

from collections.abc import Callable

import psycopg

USES = 100
"""So often is one lent: deleted rows stay on its pages, since nothing vacuums them here."""
CATALOGUES = (
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_depend", "pg_extension", "pg_index"),
    *("pg_namespace", "pg_proc", "pg_statistic", "pg_trigger", "pg_type"),
)
WRITTEN = (
    "SELECT ARRAY["
    + ", ".join(f"(SELECT count(*) FROM {one}), (SELECT max(xmin::text::bigint) FROM {one})" for one in CATALOGUES)
    + "], (SELECT array_agg(version_num) FROM alembic_version), (SELECT count(*) FROM pg_db_role_setting"
    + " WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
"""How many rows of the catalogues there are and which transaction wrote last; what is not SQL has no other trace."""
OTHERS_GONE = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT oid::regclass FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
            AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
END $$;
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""
"""No row refers to what is gone, since all are: the order of the tables is no matter (session_replication_role)."""


class Shelf:
    """Databases that `make` makes and `drop` drops; `make` says the URL of one that nobody has used."""

    def __init__(self, make: Callable[[], str], drop: Callable[[str], None]) -> None:
        self._make = make
        self._drop = drop
        self._spare: list[str] = []
        self._uses: dict[str, int] = {}
        self._new: object = None

    def lend(self) -> str:
        """The URL of a database that is as new; nobody else has it until it is given back."""
        url = self._spare.pop() if self._spare else self._make()
        if self._new is None:
            self._new = _written(url)
        self._uses[url] = self._uses.get(url, 0) + 1
        return url

    def take_back(self, url: str) -> None:
        """Whoever is still connected to it is not any more. It is lent again if it can be made as new, or is gone."""
        if self._uses[url] < USES and self._emptied(url):
            self._spare.append(url)
        else:
            self._drop(url)

    def _emptied(self, url: str) -> bool:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(OTHERS_GONE)
                if connection.execute(WRITTEN).fetchone() != self._new:
                    return False
                connection.execute(EMPTY)
        except psycopg.Error:  # it lets nobody in, or lacks what it had
            return False
        return True


def _written(url: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(WRITTEN).fetchone()
