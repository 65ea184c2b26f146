"""The hosts of a PostgreSQL URL: which is tried first, what is taken for the primary, and how long silence is believed.

All threads of a process share what one of them learnt, so that a host that died is not asked again by each.
"""

import threading
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "signpost",
}
"""How long a silent network is believed (seconds; the last in milliseconds). What the URL says comes first."""
SEVERAL = {"connect_timeout": 2}
"""With another host to turn to, one that says nothing is not waited for long: the shortest that libpq allows."""
ALWAYS = {"target_session_attrs": "read-write"}
"""A standby is refused, whatever the URL says: it takes no command, and what it tells may be old."""
DEFAULT_PORT = "5432"


def options_for(url: str) -> dict[str, Any]:
    """Our patience, where the URL doesn't say its own. A URL that cannot be meant is a ValueError without the URL.

    libpq would quote what it takes for a host, a port or a name: perhaps the end of a password with an unescaped @.
    """
    example = "postgresql://name:password@host:5432/database"
    refusal = f"The database URL is not as in {example}, with % codes for special characters"
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ValueError(refusal) from None
    ports = str(said.get("port", "")).replace(",", "")
    names = f"{said.get('host', '')}{said.get('dbname', '')}"
    if "@" in names or not (ports.isdigit() or not ports):
        raise ValueError(refusal)
    patience = PATIENCE | (SEVERAL if len(_lists(url)) else {})
    return {name: value for name, value in patience.items() if name not in said} | ALWAYS


def _lists(url: str) -> dict[str, list[str]]:
    """What the URL says of each of several hosts, in its order; empty where it names one."""
    said = conninfo_to_dict(url)
    lists = {name: str(said[name]).split(",") for name in ("host", "hostaddr", "port") if said.get(name)}
    return {name: items for name, items in lists.items() if len(items) > 1}


class Hosts:
    """Where the database of this URL is, as far as this process knows. Usable from any thread.

    `era` counts how often a connection was lost. Those of an earlier era may lead to a server that is no longer the
    primary, so they are made anew.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._options = options_for(url)
        self._lists = _lists(url)
        self._count = max(map(len, self._lists.values()), default=1)
        self._first = 0
        self._lock = threading.Lock()
        self.era = 0

    def options(self) -> dict[str, Any]:
        """What psycopg needs beside the URL: the host that answered last comes first, the one that was lost last."""
        first = self._first
        turned = {name: ",".join(items[first:] + items[:first]) for name, items in self._lists.items()}
        return self._options | turned

    def answered(self, connection: "psycopg.BaseConnection[Any]") -> None:
        """The host of this connection is asked first from now on."""
        info = connection.info
        names = self._lists.get("host") or self._lists.get("hostaddr") or [info.host] * self._count
        ports = self._lists.get("port") or [str(info.port)] * self._count
        found = [(name, int(port or DEFAULT_PORT)) for name, port in zip(names, ports, strict=False)]
        if (info.host, info.port) in found:
            self._first = found.index((info.host, info.port))

    def lost(self, era: int) -> None:
        """A connection of that era was lost. The first to say so ends the era, and the next host's turn has come."""
        with self._lock:
            if era == self.era:
                self.era += 1
                self._first = (self._first + 1) % self._count
