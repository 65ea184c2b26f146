"""How long `members` of a community of 100,000 and a search over 10,000 communities take.

`python -m benchmarks.communities`. Asked through dispatch, as people ask, one after the other, on a real database:
`--database postgres` for the other kind. Two communities are that large: in one, one member in ten lets others find them, in the other nobody does, which
is how everybody starts. Who asks is of every organisation: with an agreement, without one, and not verified. A run
with `--members 1000 --communities 100 --rounds 20` shows that everything works.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg
from sqlalchemy import insert

from benchmarks.figures import Aim, last_line, table
from benchmarks.stores import store
from bot.command import find_features
from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.ui import Audience, dump
from storage import tables
from storage.database import Database, Transaction, connect, is_postgres
from storage.schema import upgrade
from storage.tables import table as rows_of

AIMS: Mapping[str, Aim] = {
    "members_p95_ms": Aim(100),
    "members_nobody_findable_p95_ms": Aim(100),
    "communities_p95_ms": Aim(50),
}
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ORGANISATIONS, AGREED = 20, 15
AT_ONCE = 1000
IN_EACH = 8
"""Members of each of the other communities."""
FINDABLE_ONE_IN = 10
ROLES = (
    *("Policy adviser", "Content designer", "Service designer", "Helpline manager", "Software developer"),
    *("User researcher", "Delivery manager", "Data engineer", "Product manager", "Operations lead"),
)
PLACES = ("Home", "Business", "Farm", "School", "Court", "Border", "Clinic", "Port", "Library", "Harbour")
DEEDS = ("Renting", "Registering", "Inspecting", "Funding", "Opening", "Closing", "Insuring", "Teaching", "Moving")
SEARCHES = ("", "renting", "home", "starting", "technology", "zzz", "a", "registering-a-farm", "50%", "Port 7")


def fill(tx: Transaction, members: int, communities: int) -> None:
    """Twice so many people, each half in one large community; and so many communities of eight."""
    named = [{"id": n, "name": f"Organisation {n}", "short": f"O{n}"} for n in range(1, ORGANISATIONS + 1)]
    _many(tx, tables.Organisation, [{**one, "state": "known", "created_at": START} for one in named])
    pairs = itertools.combinations(range(1, AGREED + 1), 2)
    agreed = [{"first_id": one, "second_id": other, "agreed_at": START} for one, other in pairs]
    _many(tx, tables.Agreement, [{**pair, "questions": True, "names": True} for pair in agreed])
    _many(tx, tables.Person, (_person(n, findable=n <= members) for n in range(1, 2 * members + 1)))
    _many(tx, tables.Account, (_account(n) for n in range(1, 2 * members + 1)))
    _many(tx, tables.Community, _communities(communities, members))
    _many(tx, tables.Membership, _memberships(communities, members))


def _organisation(person: int) -> int | None:
    """One in 50 is not verified."""
    return 1 + person % ORGANISATIONS if person % 50 else None


def _person(number: int, *, findable: bool) -> dict[str, Any]:
    organisation = _organisation(number)
    said = {"name": f"Person {number * 7919 % 1_000_003}", "role": ROLES[number // 3 % len(ROLES)], "knows": "forms"}
    may = {"asked": True, "findable": findable and number % FINDABLE_ONE_IN == 0, "weekly": 3, "administrator": False}
    fixed = {"language": "en", "zone": "Europe/London", "active": True, "created_at": START}
    return {"id": number, "organisation_id": organisation, "verified": organisation is not None, **said, **may, **fixed}


def _account(person: int) -> dict[str, Any]:
    where = {"platform": "slack", "tenant": "T1", "user": f"U{person}", "chat": "", "service_url": ""}
    return {"person_id": person, "seen_at": START, **where}


def _communities(count: int, members: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        name = f"{DEEDS[number % len(DEEDS)]} a {PLACES[number // 9 % len(PLACES)]} {number}"
        if number <= 2:
            name = ("Starting a business", "Quiet")[number - 1]
        kind = ("service", "technology", "practice")[number % 3]
        said = {"service": f"{name} service", "outcome": "All is well", "purpose": "To do it together", "kind": kind}
        size = members if number <= 2 else IN_EACH
        yield {
            "id": number,
            "slug": name.lower().replace(" ", "-"),
            "name": name,
            "created_at": START,
            "size": size,
            **said,
        }


def _memberships(communities: int, members: int) -> Iterator[dict[str, Any]]:
    pairs = [(1, range(1, members + 1)), (2, range(members + 1, 2 * members + 1))]
    pairs += [(c, range(1 + c % members, 1 + c % members + IN_EACH)) for c in range(3, communities + 1)]
    for community, people in pairs:
        for person in people:
            row = {"community_id": community, "person_id": person, "organisation_id": _organisation(person)}
            yield {**row, "owner": False, "role": ROLES[person // 3 % len(ROLES)], "joined_at": START}


def _many(tx: Transaction, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while part := list(itertools.islice(left, AT_ONCE)):
        tx.once(insert(rows_of(model)).values(part))


async def run(database: Database, members: int, rounds: int) -> dict[str, float]:
    """Every figure, in milliseconds."""
    asked: dict[str, Callable[[int], tuple[int, str, str]]] = {
        "members": lambda n: (1 + n * 97 % members, "members starting-a-business", "Starting a business: "),
        "members_nobody_findable": lambda n: (members + 1 + n * 97 % members, "members quiet", "Quiet: "),
        "communities": lambda n: (1 + n * 97 % members, f"communities {SEARCHES[n % len(SEARCHES)]}".strip(), ""),
    }
    figures: dict[str, float] = {}
    for name, words in asked.items():
        lengths = [await _ask(database, name, n, *words(n)) for n in range(rounds)]
        figures[f"{name}_median_ms"] = median(lengths) * 1000
        figures[f"{name}_p95_ms"] = quantiles(lengths, n=20)[-1] * 1000
    return figures


async def _ask(database: Database, name: str, number: int, person: int, said: str, has: str) -> float:
    """Seconds until the reply is there, which must have these words."""
    dispatch = Dispatch(database, lambda: START, lambda: None)
    chat = Address("slack", "T1", user=f"U{person}")
    inbound = Inbound(
        key=f"{name}-{number}",
        account=AccountRef("slack", "T1", f"U{person}"),
        here=Here("slack", "T1", "direct", "D1"),
        private=chat,
        public=chat,
        said=said,
        body_shows=frozenset(Audience),
    )
    began = time.perf_counter()
    handled = await dispatch.handle(inbound)
    took = time.perf_counter() - began
    assert handled.reply is not None and "went wrong" not in dump(handled.reply), said
    assert has.removesuffix(": ") in dump(handled.reply), said
    return took


def _seen_by_the_planner(url: str) -> None:
    """PostgreSQL knows how many rows there are, and which are seen by all, as after a minute of running."""
    if is_postgres(url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def main() -> None:
    """Measures, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--communities", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    chosen = parser.parse_args()
    find_features()
    with (
        tempfile.TemporaryDirectory(prefix="signpost-communities-") as folder,
        store(chosen.database, Path(folder)) as kept,
    ):
        url = kept.make("communities")
        upgrade(url)
        database = connect(url)
        asyncio.run(database.write(lambda tx: fill(tx, chosen.members, chosen.communities)))
        _seen_by_the_planner(url)
        figures = asyncio.run(run(database, chosen.members, chosen.rounds))
        database.close()
    print(*table(figures, AIMS), last_line(figures, AIMS), sep="\n")


if __name__ == "__main__":
    main()
