"""How long `whoknows` takes among 1 thousand, 100 thousand and 1 million people, and what finding them costs.

`python -m benchmarks.people`. The command itself is run on a real database, by people of every organisation, one after
the other: `--database postgres` for the other kind. Everybody is invented: one in two lets others find them and says
in a line what they know, in words of which each is said by one person in ten; for every ten people one question was
answered. Each is in a community of 500 and in one of twenty large ones. Beside the times: the megabytes that a process
holds for the index, and the seconds until it has read it. `--sizes 1000 --rounds 5` shows that everything works.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from benchmarks.figures import Aim, last_line, resident, table
from benchmarks.growth import label
from benchmarks.history import NOW, Words, numbers, write
from benchmarks.stores import store
from bot.command import find_features
from bot.features.whoknows import WhoKnows
from bot.ui import dump
from bot.work import View
from storage.database import Database, Transaction, connect, is_postgres
from storage.people import People
from storage.schema import upgrade
from storage.search import Search

BOUNDS = {1_000: 15.0, 100_000: 50.0, 1_000_000: 150.0}
"""Milliseconds within which 95 of 100 are answered, by how many people there are."""
ORGANISATIONS, LARGE, SMALL = 20, 20, 500
ASKED_BY_TEN = 10
"""Of so many people, one question was answered."""
HOUR = 3600
ROLES = ("Policy adviser", "Content designer", "Service designer", "Helpline manager", "Software developer")
DEEDS = ("renting", "registering", "inspecting", "funding", "opening", "closing", "insuring", "teaching", "moving")
PLACES = ("home", "business", "farm", "school", "court", "border", "clinic", "port", "library", "harbour")
SKILLS = (
    *("data sharing agreements", "user research", "accessible forms", "payments", "identity checks", "letters"),
    *("service standards", "call centres", "address records", "sole traders", "appeals"),
)
TOPICS = (
    *("data sharing agreements", "user research with sole traders", "inspecting a farm", "Who knows about appeals?"),
    *("letters to a school in Organisation 7", "zeppelins", "identity checks when opening a business"),
    *("What do people say at call centres about registering a clinic, and who answers them?", "accessible forms"),
)


def fill(url: str, people: int) -> None:
    """The new database at this URL has tables and so many people, who are in communities and answered questions."""
    upgrade(url)
    words = Words(is_postgres(url))
    write(
        url, [*_organisations(words), *_people(people, words), *_communities(people, words), *_answered(people, words)]
    )


def _organisations(words: Words) -> Iterator[str]:
    yield f"""INSERT INTO organisation (id, name, short, created_at)
        SELECT i, 'Organisation ' || i, 'O' || i, {words.ago("0")} FROM {numbers(1, ORGANISATIONS)}"""
    yield f"""INSERT INTO agreement (first_id, second_id, agreed_at)
        SELECT n.i, o.i, {words.ago("0")} FROM {numbers(1, ORGANISATIONS)}
        CROSS JOIN {numbers(1, ORGANISATIONS, "o")} WHERE n.i < o.i"""


def _people(people: int, words: Words) -> Iterator[str]:
    findable = _findable("i")
    knows = f"{_one_of(SKILLS, _mixed('i', 31))} || ', ' || {_about(_mixed('i', 37))}"
    yield f"""INSERT INTO person (id, name, role, organisation_id, verified, language, zone, knows, asked, findable,
            weekly, administrator, active, created_at)
        SELECT i, 'Person ' || (i * 7919 % 1000003), {_one_of(ROLES, "i / 3")}, {_organisation("i")}, true, 'en',
            'Europe/London', CASE WHEN {findable} THEN {knows} ELSE '' END, true, {findable}, 3, false, true,
            {words.ago("0")}
        FROM {numbers(1, people)}"""


def _communities(people: int, words: Words) -> Iterator[str]:
    small = -(-people // SMALL)
    yield f"""INSERT INTO community (id, slug, name, service, outcome, created_at)
        SELECT i, 'community-' || i, 'Community ' || i, 'A service', 'All is well', {words.ago("0")}
        FROM {numbers(1, LARGE + small)}"""
    for community in (_large("i"), f"{LARGE + 1} + {_mixed('i', 41)} % {small}"):
        yield f"""INSERT INTO membership (community_id, person_id, owner, role, organisation_id, findable, joined_at)
            SELECT {community}, i, false, {_one_of(ROLES, "i / 3")}, {_organisation("i")}, {_findable("i")},
                {words.ago("0")}
            FROM {numbers(1, people)}"""


def _answered(people: int, words: Words) -> Iterator[str]:
    """Question i was asked by one person in ten, and answered by another of the same large community."""
    questions = max(1, people // ASKED_BY_TEN)
    every, ago = numbers(1, questions), words.ago(f"i * {HOUR}")
    asker, author = f"1 + i * 10 % {people}", f"1 + {_mixed('i', 43)} % {people}"
    community = _large(f"({author})")
    skill, about = _one_of(SKILLS, _mixed("i", 47)), _about(_mixed("i", 53))
    text = f"'How does one deal with ' || {skill} || ' when ' || {about} || '?'"
    place, skill = _one_of(PLACES, _mixed("i", 59)), _one_of(SKILLS, _mixed("i", 61))
    said = f"'It depends on the ' || {place} || ': ask early about ' || {skill}"
    yield f"""INSERT INTO question (id, community_id, asker_id, organisation_id, text, state, asked_at)
        SELECT i, {community}, {asker}, {_organisation(asker)}, {text}, 'answered', {ago} FROM {every}"""
    yield f"""INSERT INTO answer (id, question_id, author_id, organisation_id, kind, text, state, edited, written_at)
        SELECT i, i, {author}, {_organisation(author)}, 'answer', {said}, 'sent', false, {ago} FROM {every}"""
    yield f"""INSERT INTO evidence (question_id, person_id, asker_id, accepted, thanked, answered_at)
        SELECT i, {author}, {asker}, false, false, {ago} FROM {every}"""
    yield f"""INSERT INTO activity (person_id, community_id, answered, accepted, thanked, ten_days, quarter, half_year,
            last_at)
        SELECT person_id, {_large("person_id")}, count(*), 0, 0, 0.1 * count(*), 0.5 * count(*), 0.7 * count(*),
            max(answered_at) FROM evidence GROUP BY person_id"""
    yield f"""INSERT INTO busy_hour (person_id, hour, half_year)
        SELECT person_id, (n.i + person_id) % 24, 1 FROM evidence CROSS JOIN {numbers(9, 12)} GROUP BY person_id, n.i"""


def _mixed(number: str, by: int) -> str:
    """A number that has nothing to do with another of another `by`."""
    return f"(({number}) * {by} * 7919 % 1000003)"


def _findable(person: str) -> str:
    return f"({_mixed(person, 29)} % 2 = 0)"


def _large(person: str) -> str:
    """The large community of this person."""
    return f"(1 + {_mixed(person, 23)} % {LARGE})"


def _about(number: str) -> str:
    return f"{_one_of(DEEDS, number)} || ' a ' || {_one_of(PLACES, f'{number} / 9')}"


def _organisation(person: str) -> str:
    return f"1 + ({person}) % {ORGANISATIONS}"


def _one_of(said: Sequence[str], number: str) -> str:
    """One of these in turn, by this number."""
    cases = " ".join(f"WHEN {at} THEN '{one}'" for at, one in enumerate(said))
    return f"CASE ({number}) % {len(said)} {cases} END"


async def run(database: Database, people: int, rounds: int) -> dict[str, float]:
    """Every figure of one size: milliseconds, megabytes and seconds."""
    named = label(people)
    memory, began = resident(), time.perf_counter()
    while await database.read(lambda tx: Search(tx).load()):
        pass
    figures = {f"build_seconds_{named}": time.perf_counter() - began, f"grown_megabytes_{named}": resident() - memory}
    lengths = []
    for at in range(rounds + len(TOPICS)):  # each topic once before it counts
        person, topic = 1 + at * 97 % people, TOPICS[at % len(TOPICS)]
        lengths.append(await database.read(partial(_whoknows, person=person, topic=topic)))
    counted = lengths[len(TOPICS) :]
    figures[f"whoknows_median_ms_{named}"] = median(counted) * 1000
    figures[f"whoknows_p95_ms_{named}"] = quantiles(counted, n=20)[-1] * 1000
    return figures


def _whoknows(tx: Transaction, person: int, topic: str) -> float:
    """Seconds until the reply is there, which must speak of the topic, and name somebody unless nobody knows."""
    me = People(tx).find(person)
    assert me is not None
    began = time.perf_counter()
    shown = dump(WhoKnows(topic).run(me, View(tx, NOW + timedelta(minutes=1))))
    took = time.perf_counter() - began
    assert ("Person " in shown) != (topic == "zeppelins"), shown
    return took


def main() -> None:
    """Measures each size, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, BOUNDS)))
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    chosen = parser.parse_args()
    find_features()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    figures: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory(prefix="signpost-people-") as folder,
        store(chosen.database, Path(folder)) as kept,
    ):
        for size in sizes:
            url = kept.make(f"people{size}")
            with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # its memory is not what is measured
                apart.submit(fill, url, size).result()
            database = connect(url)
            figures |= asyncio.run(run(database, size, chosen.rounds))
            database.close()
    aims = {f"whoknows_p95_ms_{label(size)}": Aim(BOUNDS[size]) for size in sizes if size in BOUNDS}
    print(*table(figures, aims), last_line(figures, aims), sep="\n")


if __name__ == "__main__":
    main()
