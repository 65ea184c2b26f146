"""How well Signpost finds who answers a question, and whether it was answered before, on real conversations.

`python -m benchmarks.experts < events > run.tsv` reads events in the order of time, as JSON lines: `open` (a question),
`answer`, `ask` and `forget`. For each ask it writes `task query rank id score ms`, with tabs, for up to 100 people
(task route) or questions (task dup). Everything goes through what the commands use: the storage keeps questions and
answers, `bot.routing` finds people, of whom those remain who may be brought a question, and each night the weights are
fitted to the last questions. Nothing is known but what was read before. `--database postgres` for the other kind.

`python -m benchmarks.experts --data FOLDER` reads the events that `FOLDER/stream.py` makes of the conversations there,
or in the first folder in it that has some, lets `FOLDER/score.py` judge what was found, and prints the figures. `ms` is
the search and the ranking for one ask; what happens each night is not part of it.

Everybody is of one organisation, lets questions be brought to them, and is in every community, as in a chat that all
can read.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import bindparam, insert, literal, select

from benchmarks import figures
from benchmarks.figures import Aim
from benchmarks.stores import Store, store
from bot.features.fitting import FitWeights
from bot.routing import WEEK, already_answered, consider, ranked
from bot.work import SIGNPOST, View, Work
from storage import tables
from storage.answers import Answers
from storage.database import Database, Transaction, connect
from storage.forgetting import Forgetting
from storage.organisations import Organisations
from storage.people import Person
from storage.schema import upgrade
from storage.statements import statement
from storage.tables import columns, table

AIMS: Mapping[str, Aim] = {
    "routing_mrr": Aim(0.56, least=True),
    "routing_success_at_3": Aim(0.66, least=True),
    "earlier_mrr": Aim(0.20, least=True),
    "earlier_recall_at_10": Aim(0.32, least=True),
    "routing_p95_ms": Aim(25),
    "earlier_p95_ms": Aim(25),
}
SCORED = {
    "route": {
        "routing_mrr": "RR",
        "routing_success_at_1": "Success@1",
        "routing_success_at_3": "Success@3",
        "routing_ndcg_at_10": "nDCG@10",
        "routing_p50_ms": "p50_ms",
        "routing_p95_ms": "p95_ms",
        "gini_asked": "gini_asked",
        "top1_share": "top1_share",
    },
    "dup": {
        "earlier_mrr": "RR",
        "earlier_recall_at_10": "R@10",
        "earlier_p50_ms": "p50_ms",
        "earlier_p95_ms": "p95_ms",
    },
}
"""What each figure is called in what `score.py` says of a task."""
MOST = 100
BATCH = 500
"""Events that are kept in one transaction, where nothing is asked between them."""
NIGHT = timedelta(days=1)
STRANGER = SIGNPOST._replace(organisation_id=1, verified=True)
"""Somebody who was never heard of before."""

p = columns(tables.Person)
c = columns(tables.Community)
m = table(tables.Membership)
_joined = ["community_id", "person_id", "owner", "organisation_id", "joined_at"]
_then = (literal(False), literal(1), literal(datetime(2018, 1, 1, tzinfo=UTC)))
_IN_ALL = statement(insert(m).from_select(_joined, select(c.id, bindparam("person"), *_then)))
_ALL_IN = statement(insert(m).from_select(_joined, select(bindparam("community"), p.id, *_then)))


class World:
    """The people, communities and questions that were read about, by their names in the events."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people: dict[str, Person] = {}
        self.names: dict[int, str] = {}
        self.communities: dict[str, int] = {}
        self.questions: dict[str, int] = {}
        self.threads: dict[int, str] = {}
        self.fitted = datetime.min.replace(tzinfo=UTC)

    async def keep(self, events: list[dict[str, Any]]) -> None:
        """All this has happened."""

        def write(tx: Transaction) -> None:
            for event in events:
                self._happened(event, tx)

        await self.database.write(write)

    def _happened(self, event: dict[str, Any], tx: Transaction) -> None:
        work = Work(tx, at(event))
        if event["kind"] == "open":
            self._opened(event, work)
        elif event["kind"] == "answer":
            number, person = self.questions[event["thread"]], self._person(event["user"], work)
            answer = Answers(tx).add(number, person, event["text"] or "…", work.now)
            if event["accepted"]:
                work.questions.become(number, "open", accepted=answer)
        elif event["kind"] == "forget":
            Forgetting(tx).erase(self.people.pop(event["user"]).id)

    def _opened(self, event: dict[str, Any], work: Work) -> None:
        person = self._person(event["user"], work)
        community = self._community(event["community"], person, work)
        number = work.questions.draft(community, person, text_of(event), work.now)
        work.questions.send(number, work.now)
        self.questions[event["thread"]], self.threads[number] = number, event["thread"]

    def _person(self, name: str, work: Work) -> Person:
        if name not in self.people:
            number = work.people.add(name, work.now, organisation=1, verified=True)
            work.people.allow_asking(number, True)
            work.tx.run(_IN_ALL, person=number)
            found = work.people.find(number)
            assert found is not None
            self.people[name], self.names[number] = found, name
        return self.people[name]

    def _community(self, name: str, by: Person, work: Work) -> int:
        if name not in self.communities:
            slug = f"community-{len(self.communities) + 1}"
            number = work.communities.add(slug, name, service=name, outcome="", by=by.id, now=work.now)
            assert number is not None
            work.tx.run(_ALL_IN, community=number)
            self.communities[name] = number
        return self.communities[name]

    def asks(self, event: dict[str, Any]) -> Person:
        """Who asks."""
        return self.people.get(event["user"], STRANGER)

    async def consider(self, event: dict[str, Any]) -> None:
        """What speaks for whom is kept for a question that is asked, as when it is asked here."""
        number, community = self.questions[event["thread"]], self.communities[event["community"]]
        asker, now = self.people[event["user"]], at(event)
        found = await self.database.read(lambda tx: ranked(text_of(event), asker, community, View(tx, now)))
        await self.database.write(lambda tx: consider(number, found, Work(tx, now)))

    async def night(self, now: datetime) -> None:
        """What is fitted each night was fitted since yesterday."""
        if now - self.fitted > NIGHT:
            seen = await self.database.read(lambda tx: FitWeights().look(SIGNPOST, View(tx, now)))
            await self.database.write(lambda tx: FitWeights().run(SIGNPOST, Work(tx, now), seen))
            self.fitted = now

    async def answer(self, event: dict[str, Any]) -> Iterator[tuple[str, float]]:
        """The names that Signpost gives, the best first, with their scores."""
        now = at(event)
        look = self._who if event["task"] == "route" else self._before
        return iter(await self.database.read(lambda tx: look(event, View(tx, now))))

    def _who(self, event: dict[str, Any], view: View) -> list[tuple[str, float]]:
        asker, community = self.asks(event), self.communities.get(event["community"], 0)
        found = ranked(text_of(event), asker, community, view)
        people = [one.person for one in found]
        willing = view.members.willing_among(people, community, view.now - WEEK, viewer=asker)
        return [(self.names[one.person], one.score) for one in found if one.person in willing][:MOST]

    def _before(self, event: dict[str, Any], view: View) -> list[tuple[str, float]]:
        return [(self.threads[one.key], one.score) for one in already_answered(text_of(event), view)][:MOST]


def at(event: dict[str, Any]) -> datetime:
    """When it happened."""
    return datetime.fromtimestamp(event["t"], UTC)


def text_of(event: dict[str, Any]) -> str:
    """The question as somebody would write it here: its title, if any, is its first line."""
    return f"{event['title']}\n{event['text']}"


async def run(database: Database, lines: Iterable[str], out: TextIO) -> None:
    """Reads every event, and answers where something is asked."""
    world, waiting = World(database), []
    await database.write(lambda tx: Organisations(tx).add("One", "", datetime(2018, 1, 1, tzinfo=UTC)))
    for line in lines:
        event = json.loads(line)
        if event["kind"] != "ask":
            waiting.append(event)
        if waiting and (event["kind"] in ("ask", "open") or len(waiting) >= BATCH):
            await world.keep(waiting)
            waiting = []
        if event["kind"] == "open":
            await world.consider(event)
        if event["kind"] == "ask":
            await world.night(at(event))
            began = time.perf_counter()
            found = await world.answer(event)
            took = (time.perf_counter() - began) * 1000
            for rank, (name, score) in enumerate(found, 1):
                print(event["task"], event["query"], rank, name, f"{score:.6f}", f"{took:.3f}", sep="\t", file=out)


def read_all(kept: Store, lines: Iterable[str], out: TextIO) -> None:
    """Reads every event into a database of its own."""
    url = kept.make("experts")
    upgrade(url)
    database = connect(url)
    asyncio.run(run(database, lines, out))
    database.close()


def scored(tools: Path, kept: Store, folder: Path) -> dict[str, float]:
    """The figures for the conversations in this folder, by its own programs."""
    places = (tools, *sorted(tools.iterdir()))
    data = next(place for place in places if (place / "route.queries.jsonl").exists())
    found, before = folder / "run.tsv", figures.resident()
    stream = subprocess.Popen([sys.executable, tools / "stream.py", data], stdout=subprocess.PIPE, text=True)
    assert stream.stdout is not None
    with stream, found.open("w", encoding="utf8") as out:
        read_all(kept, stream.stdout, out)
    if stream.returncode:
        raise RuntimeError(f"stream.py ended with {stream.returncode}")
    grown = figures.resident() - before
    said = subprocess.run([sys.executable, tools / "score.py", data, found], capture_output=True, text=True, check=True)
    measured = {"grown_megabytes": grown}
    for line in said.stdout.splitlines():
        judged = json.loads(line)
        measured |= {name: judged[called] for name, called in SCORED[judged["task"]].items()}
    return measured


def main() -> None:
    """Reads standard input and writes standard output; or prints the figures for the conversations in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--data", type=Path, help="a folder with stream.py, score.py and conversations")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="signpost-experts-") as folder,
        store(chosen.database, Path(folder)) as kept,
    ):
        if chosen.data is None:
            read_all(kept, sys.stdin, sys.stdout)
            return
        measured = scored(chosen.data, kept, Path(folder))
    print(*figures.table(measured, AIMS), figures.last_line(measured, AIMS), sep="\n")


if __name__ == "__main__":
    main()
