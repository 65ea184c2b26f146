"""Which skill a plain sentence means: `python -m benchmarks.skills --queries FILE --skills FILE`.

The skills (columns skill, description) are imported as an administrator does, and each query (columns query, skills:
those that are right, with a bar between) is searched for as a command does. Beside it stands SQLite's FTS5 over the
same names and descriptions; how many queries have a word of a right skill at all; and the figures of those whose right
skill has a description. Nothing is learned from the queries. `--database postgres` for the other kind.
"""

import argparse
import asyncio
import csv
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Aim, last_line, table
from benchmarks.load import percentile
from benchmarks.stores import store
from bot.importing import Watch, bring_in
from storage.database import Database, Transaction, connect
from storage.schema import upgrade
from storage.search import Search
from storage.skills import Skills
from storage.terms import STOP, terms

AIMS = {"hit_at_1": Aim(0.40, least=True), "hit_at_5": Aim(0.65, least=True)}
MOST = 5
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Query(NamedTuple):
    """A sentence, and the names of the skills that are right."""

    text: str
    right: frozenset[str]


def read(path: Path) -> list[Query]:
    """The queries of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return [Query(row["query"], frozenset(one.strip() for one in row["skills"].split("|"))) for row in rows]


def hits(queries: Sequence[Query], find: Callable[[str], Sequence[str]]) -> tuple[float, float]:
    """For which share of the queries a right skill is the first, and for which it is among the first five."""
    found = [(find(query.text), query.right) for query in queries]
    first = sum(names[0] in right for names, right in found if names)
    among = sum(any(name in right for name in names[:MOST]) for names, right in found)
    return first / len(found), among / len(found)


def texts(skills: Path) -> dict[str, str]:
    """The description of each skill of a file, by its name."""
    with skills.open(encoding="utf-8-sig", newline="") as file:
        return {row["skill"]: row["description"] for row in csv.DictReader(file)}


def within_reach(queries: Sequence[Query], described: Mapping[str, str]) -> float:
    """For which share of the queries some word is one of a right skill's name or description."""
    found = {name: {*terms(f"{name}\n{said}")} for name, said in described.items()}
    return sum(any(found[name] & {*terms(query.text)} for name in query.right) for query in queries) / len(queries)


def full_text(skills: Path) -> Callable[[str], list[str]]:
    """The same question to SQLite's FTS5, with its own stemming, without words that say nothing."""
    kept = sqlite3.connect(":memory:")
    kept.execute("CREATE VIRTUAL TABLE skill USING fts5 (name, description, tokenize = 'porter unicode61')")
    kept.executemany("INSERT INTO skill VALUES (?, ?)", texts(skills).items())

    def find(text: str) -> list[str]:
        wanted = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text.lower()) if word not in STOP)
        asked = f"SELECT name FROM skill WHERE skill MATCH ? ORDER BY rank LIMIT {MOST}"
        return [name for (name,) in kept.execute(asked, (wanted,))] if wanted else []

    return find


async def run(database: Database, skills: Path, queries: Sequence[Query]) -> dict[str, float]:
    """All queries against all skills, once read into memory, each in a transaction of its own as a command's."""
    await bring_in(database, "skills", skills, Watch(lambda line: sys.stdout.write(f"{line}\n")), NOW)
    names = await database.read(lambda tx: {one.id: one.name for one in Skills(tx).all()})
    await database.read(lambda tx: Search(tx).skills("", MOST))
    found: dict[str, list[str]] = {}
    took = []
    for query in queries:

        def look(tx: Transaction, text: str = query.text) -> list[str]:
            return [names[one.key] for one in Search(tx).skills(text, MOST)]

        began = time.perf_counter()
        found[query.text] = await database.read(look)
        took.append((time.perf_counter() - began) * 1000)
    first, among = hits(queries, found.__getitem__)
    base_first, base_among = hits(queries, full_text(skills))
    described = texts(skills)
    told = [query for query in queries if any(described[name] for name in query.right)]
    told_first, told_among = hits(told, found.__getitem__)
    return {
        "skills": len(names),
        "queries": len(queries),
        "hit_at_1": first,
        "hit_at_5": among,
        "described_hit_at_1": told_first,
        "described_hit_at_5": told_among,
        "described": len(told),
        "within_reach": within_reach(queries, described),
        "fts5_hit_at_1": base_first,
        "fts5_hit_at_5": base_among,
        "p50_ms": percentile(took, 0.50),
        "p95_ms": percentile(took, 0.95),
    }


def main() -> None:
    """Measures, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--skills", type=Path, required=True)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="signpost-skills-") as folder,
        store(chosen.database, Path(folder)) as kept,
    ):
        url = kept.make("skills")
        upgrade(url)
        with closing(connect(url)) as database:
            figures = asyncio.run(run(database, chosen.skills, read(chosen.queries)))
    print(*table(figures, AIMS), last_line(figures, AIMS), sep="\n")


if __name__ == "__main__":
    main()
