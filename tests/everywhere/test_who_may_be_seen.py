"""Whatever people say of themselves, in any order: who may not be seen is in nothing that Signpost shows to others.

Who may not be seen by a viewer: who has not said that others may find them, hides from the viewer's organisation, has
left, or was forgotten. And to nobody who asks is offered who is away, takes no questions, or hides from them.
"""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as some
from psycopg.conninfo import conninfo_to_dict

from bot.ui import dump
from storage.availability import Availability
from storage.database import Transaction, connect
from storage.people import People, Person
from tests.databases import Postgres
from tests.everywhere.holding import Hall, fill_world

KEYS = ("amira", "priya", "tom", "eleni", "kofi", "gareth", "sian", "harpreet")
ORGANISATIONS = ("HMRC", "Companies House", "DBT", "DWP", "DfE", "TPR")
TOPICS = ("call handover between departments", "content design", "bilingual form design", "payroll")
WHERE = "starting-a-business"

Do = Callable[[Hall, "Deed"], Awaitable[None]]


@dataclass(frozen=True)
class Deed:
    """Somebody does something; `what` chooses among what can be done it with."""

    do: str
    who: int
    what: int


def says(*words: str) -> Do:
    """They say one of these, with an organisation in it."""

    async def do(hall: Hall, deed: Deed) -> None:
        said = words[deed.what % len(words)].format(organisation=ORGANISATIONS[deed.what % len(ORGANISATIONS)])
        await hall.says(KEYS[deed.who % len(KEYS)], said)

    return do


def platform_says(gone: bool) -> Do:
    """Their platform says that their account is gone, or is there; of who was forgotten it says nothing."""

    async def do(hall: Hall, deed: Deed) -> None:
        key = KEYS[deed.who % len(KEYS)]
        account = hall.accounts[key]
        where = (account.platform, account.tenant, account.user)
        if await hall.database.read(lambda tx: People(tx).by_account(*where)) is not None:
            await hall.is_gone(key, gone)

    return do


async def _is_forgotten(hall: Hall, deed: Deed) -> None:
    await hall.presses(KEYS[deed.who % len(KEYS)], '{"do": "forget-me"}')


async def _waits(hall: Hall, deed: Deed) -> None:
    await hall.passes(timedelta(days=1 + deed.what % 6))


DEEDS: dict[str, Do] = {
    "hide": says("me hide from {organisation}"),
    "show": says("me show to {organisation}"),
    "be found, or not": says("me findable no", "me findable yes"),
    "be asked, or not": says("me asked no", "me asked yes"),
    "go away": says("me away until tomorrow", "me away until 5 January", "me away 25 November to 28 November"),
    "come back": says("me back"),
    "limit": says("me limit 0", "me limit 1", "me limit 20"),
    "know": says(*(f"me knows {topic}" for topic in TOPICS)),
    "join": says(f"join {WHERE} as tester"),
    "leave": says(f"leave {WHERE}"),
    "go": platform_says(True),
    "be there again": platform_says(False),
    "be forgotten": _is_forgotten,
    "wait": _waits,
}
"""What people do that changes who may be seen, each by its name."""
SHOWN = (f"members {WHERE}", *(f"whoknows {topic}" for topic in TOPICS))
"""What shows people by name to who says it. Add a command here, and it is held to the same."""
OFFERED = tuple(f"ask Who knows about {topic}? community: {WHERE}" for topic in TOPICS[:2])
"""What names those that a question would be brought to."""


async def _known(hall: Hall) -> dict[str, tuple[Person, frozenset[int]] | None]:
    """Everybody as they are now, with whom they hide from; None for who was forgotten or is not there."""

    def look(tx: Transaction) -> dict[str, tuple[Person, frozenset[int]] | None]:
        found: dict[str, tuple[Person, frozenset[int]] | None] = {}
        for key in KEYS:
            account = hall.accounts[key]
            known = People(tx).by_account(account.platform, account.tenant, account.user)
            there = People(tx).find(known[0].id) if known else None
            hidden = {one.id for one in Availability(tx).hidden_from(there.id)} if there else set()
            found[key] = (there, frozenset(hidden)) if there else None
        return found

    return await hall.database.read(look)


async def nobody_is_seen_who_may_not_be(hall: Hall, names: dict[str, str]) -> None:
    """Each of them says all that shows people, and reads no name that they may not read."""
    known = await _known(hall)
    for viewer, one in known.items():
        if one is None:
            continue
        for said in (*SHOWN, *OFFERED):
            reply = (await hall.says(viewer, said)).reply
            shown = dump(reply) if reply is not None else ""
            for key, other in known.items():
                if key != viewer and names[key] in shown:
                    assert other is not None, f"{viewer} sees {key}, who is gone, in {said}"
                    _may_be_read(said in OFFERED, one, other, hall, f"{viewer} sees {key} in {said}")
                    event("somebody is offered" if said in OFFERED else "somebody is seen")


def _may_be_read(
    offered: bool, viewer: tuple[Person, frozenset[int]], other: tuple[Person, frozenset[int]], hall: Hall, told: str
) -> None:
    me, hide = viewer
    them, hidden = other
    assert me.organisation_id not in hidden, f"{told}, who hides from there"
    if offered:
        assert them.organisation_id not in hide, f"{told}, from whom they hide"
        assert them.asked and them.weekly, f"{told}, who is not to be asked"
        today = hall.clock().astimezone(ZoneInfo(them.zone)).date()
        away = them.away_from and them.away_until and them.away_from <= today <= them.away_until
        assert not away, f"{told}, who is away"
    else:
        assert them.findable and them.verified, f"{told}, who did not say yes"


async def lives(url: str, steps: list[Deed]) -> None:
    """All that was done, and what is looked at after the half of it and at the end."""
    database = connect(url)
    try:
        hall = Hall(database)
        await hall.passes(timedelta(0))
        before = await _known(hall)
        names = {key: one[0].name for key, one in before.items() if one}
        for number, deed in enumerate(steps):
            await DEEDS[deed.do](hall, deed)
            if number == len(steps) // 2:
                await nobody_is_seen_who_may_not_be(hall, names)
        await nobody_is_seen_who_may_not_be(hall, names)
    finally:
        database.close()


bounded = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}
deeds = some.builds(Deed, do=some.sampled_from(sorted(DEEDS)), who=some.integers(0, 7), what=some.integers(0, 11))
sequences = some.lists(deeds, min_size=4, max_size=16)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the worlds of this test."""
    return tmp_path_factory.mktemp("seen")


@settings(max_examples=40, **bounded)  # type: ignore[arg-type]  # two options for both tests
@given(steps=sequences)
async def test_nobody_is_seen_who_may_not_be(filled: Path, sqlite_template: Path, steps: list[Deed]) -> None:
    world = filled / "filled.db"
    if not world.exists():
        made = filled / "making.db"
        shutil.copy(sqlite_template, made)
        database = connect(f"sqlite:///{made}")
        await fill_world(database)
        database.close()
        made.rename(world)
    for rest in ("", "-wal", "-shm"):
        (filled / f"one.db{rest}").unlink(missing_ok=True)
    await lives(f"sqlite:///{shutil.copy(world, filled / 'one.db')}", steps)


@settings(max_examples=5, **bounded)  # type: ignore[arg-type]  # two options for both tests
@given(steps=sequences)
async def test_nobody_is_seen_who_may_not_be_on_postgresql_either(postgres: Postgres, steps: list[Deed]) -> None:
    template = postgres.create()
    database = connect(template)
    await fill_world(database)
    database.close()
    url = postgres.create(str(conninfo_to_dict(template)["dbname"]))
    try:
        await lives(url, steps)
    finally:
        postgres.drop(url)
        postgres.drop(template)
