"""How long `members` of a community of 100,000 and a search over 10,000 communities take.

`python -m benchmarks.communities`. Asked through dispatch, as people ask, one after the other, on a real database:
`--database postgres` for the other kind. Two communities are that large: in one, one member in ten lets others find
them, in the other nobody does, which is how everybody starts. Who asks is of every organisation: with an agreement,
without one, and not verified. Beside these, without an aim: somebody's first words, the communities that are for
somebody, and `create`, which first looks for communities like the new one. A run with `--members 1000
--communities 300 --rounds 20` shows that everything works.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from benchmarks.figures import Aim, last_line, table
from benchmarks.history import Words, numbers, write
from benchmarks.stores import store
from bot.command import find_features
from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.meeting import NOTICE
from bot.ui import Audience, dump
from storage.database import Database, connect, is_postgres
from storage.schema import upgrade

AIMS: Mapping[str, Aim] = {
    "members_p95_ms": Aim(100),
    "members_nobody_findable_p95_ms": Aim(100),
    "communities_p95_ms": Aim(50),
}
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ORGANISATIONS, AGREED = 20, 15
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
ABOUT = "service: Rent a home outcome: People can rent a home without delay"


def fill(url: str, members: int, communities: int) -> None:
    """Twice so many people, each half of them in one large community; and so many communities, the others of eight."""
    words = Words(is_postgres(url))
    write(url, [*_organisations(words), *_people(members, words), *_communities(members, communities, words)])


def _organisations(words: Words) -> Iterator[str]:
    yield f"""INSERT INTO organisation (id, name, short, created_at)
        SELECT i, 'Organisation ' || i, 'O' || i, {words.ago("0")} FROM {numbers(1, ORGANISATIONS)}"""
    yield f"""INSERT INTO agreement (first_id, second_id, agreed_at)
        SELECT n.i, o.i, {words.ago("0")} FROM {numbers(1, AGREED)} CROSS JOIN {numbers(1, AGREED, "o")}
        WHERE n.i < o.i"""


def _people(members: int, words: Words) -> Iterator[str]:
    every = numbers(1, 2 * members)
    yield f"""INSERT INTO person (id, name, role, organisation_id, verified, language, zone, knows, asked, findable,
            weekly, administrator, active, told, created_at)
        SELECT i, 'Person ' || (i * 7919 % 1000003), {_role("i")}, {_organisation("i")}, i % 50 <> 0, 'en',
            'Europe/London', 'forms', true, {_findable("i", members)}, 3, false, true, {NOTICE}, {words.ago("0")}
        FROM {every}"""
    yield f"""INSERT INTO account (id, person_id, platform, tenant, "user", chat, service_url, seen_at)
        SELECT i, i, 'slack', 'T1', 'U' || i, '', '', {words.ago("0")} FROM {every}"""


def _communities(members: int, communities: int, words: Words) -> Iterator[str]:
    name = f"{_one_of(DEEDS, 'i')} || ' a ' || {_one_of(PLACES, 'i / 9')} || ' ' || i"
    kind = _one_of(("service", "technology", "practice"), "i")
    yield f"""INSERT INTO community (id, slug, name, service, outcome, purpose, kind, size, created_at)
        SELECT i, 'community-' || i, {name}, {name} || ' service', 'All is well', 'To do it together', {kind},
            {IN_EACH}, {words.ago("0")} FROM {numbers(3, communities)}"""
    for number, slug, title in ((1, "starting-a-business", "Starting a business"), (2, "quiet", "Quiet")):
        yield f"""INSERT INTO community (id, slug, name, service, outcome, purpose, size, created_at)
            VALUES ({number}, '{slug}', '{title}', '{title}', 'All is well', 'To do it', {members}, {words.ago("0")})"""
    large = f"SELECT 1 + (i - 1) / {members} AS c, i AS p FROM {numbers(1, 2 * members)}"
    small = f"""SELECT n.i AS c, 1 + (n.i * 8 + o.i) % {members} AS p
        FROM {numbers(3, communities)} CROSS JOIN {numbers(0, IN_EACH - 1, "o")}"""
    for pairs in (large, small):
        yield f"""INSERT INTO membership (community_id, person_id, owner, role, organisation_id, findable, joined_at)
            SELECT c, p, false, {_role("p")}, {_organisation("p")}, {_findable("p", members)} AND p % 50 <> 0,
                {words.ago("0")} FROM ({pairs}) pairs"""


def _organisation(person: str) -> str:
    """One person in 50 is of no verified organisation."""
    return f"CASE WHEN {person} % 50 <> 0 THEN 1 + {person} % {ORGANISATIONS} END"


def _findable(person: str, members: int) -> str:
    return f"({person} <= {members} AND {person} % {FINDABLE_ONE_IN} = 0)"


def _role(person: str) -> str:
    return _one_of(ROLES, f"{person} / 3")


def _one_of(said: Sequence[str], number: str) -> str:
    """One of these in turn, by this number."""
    cases = " ".join(f"WHEN {at} THEN '{one}'" for at, one in enumerate(said))
    return f"CASE ({number}) % {len(said)} {cases} END"


async def run(database: Database, members: int, rounds: int) -> dict[str, float]:
    """Every figure, in milliseconds."""
    asked: dict[str, Callable[[int], tuple[int, str, str]]] = {
        "members": lambda n: (1 + n * 97 % members, "members starting-a-business", "Starting a business: "),
        "members_nobody_findable": lambda n: (members + 1 + n * 97 % members, "members quiet", "Quiet: "),
        "communities": lambda n: (1 + n * 97 % members, f"communities {SEARCHES[n % len(SEARCHES)]}".strip(), ""),
        "first_words": lambda n: (2 * members + 1 + n, "help", ""),
        "for_me": lambda n: (1 + n * 97 % members, "communities for me", "Communities for you"),
        "create": lambda n: (1 + n * 97 % members, f"create Renting a home in time {n} {ABOUT}", "one of these"),
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
        fill(url, chosen.members, chosen.communities)
        database = connect(url)
        figures = asyncio.run(run(database, chosen.members, chosen.rounds))
        database.close()
    print(*table(figures, AIMS), last_line(figures, AIMS), sep="\n")


if __name__ == "__main__":
    main()
