"""What people are shown of each other, by every verb that shows people; and who may be shown to whom, as it is now."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.features.watch import TellWatchers
from bot.text import words
from bot.ui import Card, Element, Item, Quote, dump
from bot.work import SIGNPOST, View
from storage import tables
from storage.availability import Availability
from storage.database import Transaction
from storage.people import People, Person
from storage.tables import columns
from tests.everywhere.holding import Hall

KEYS = ("amira", "priya", "tom", "eleni", "kofi", "gareth", "sian", "harpreet")
TOPICS = ("call handover between departments", "content design", "bilingual form design", "payroll")
WHERE = "starting-a-business"
ANSWERED = (
    "How do others record why people call?",
    "How do you test a form in Welsh?",
    "New employers often phone the wrong one of us first.",
)
"""What was asked in each of the three communities, as others would ask it."""
PARTS = 3
"""Of the ways to be shown people, so many parts: each life is looked at in one of them."""
SEEN = (1, 2, 6, 8, 18, 19)
"""Questions that were asked and answered there, by people of several organisations."""

a, m, q = columns(tables.Agreement), columns(tables.Membership), columns(tables.Question)
f = columns(tables.Offer)


class Seen(NamedTuple):
    """What somebody was shown: those who were found, those that a question would go to, or what people wrote.

    `question` is the number of the one question that it is about, if it is.
    """

    how: str
    kind: str
    text: str
    question: int = 0


class Way(NamedTuple):
    """Something to type or to press that shows people."""

    kind: str
    said: str = ""
    pressed: dict[str, object] | None = None
    question: int = 0


class Known(NamedTuple):
    """Somebody as they are now, from whom they hide, and in which communities they are."""

    person: Person
    hides: frozenset[int]
    communities: frozenset[int]


@dataclass(frozen=True)
class World:
    """Everybody who was there at first: None for who is gone. Between whom names and questions cross.

    `forgotten` is who is there no more at all. `questions` has the asker and the community of each, and `brought` to
    whom each was brought.
    """

    people: dict[str, Known | None]
    forgotten: frozenset[str]
    cross: dict[str, set[frozenset[int | None]]]
    questions: dict[int, tuple[int | None, int]]
    brought: frozenset[tuple[int, int]]


async def as_it_is(hall: Hall) -> World:
    """Read from the tables, by none of the queries that show people."""

    def look(tx: Transaction) -> World:
        people: dict[str, Known | None] = {}
        forgotten = set()
        for key in KEYS:
            account = hall.accounts[key]
            known = People(tx).by_account(account.platform, account.tenant, account.user)
            there = People(tx).find(known[0].id) if known else None
            people[key] = _known(tx, there) if there else None
            forgotten |= set() if known else {key}
        rows: list[Any] = tx.once(select(a.first_id, a.second_id, a.names, a.questions).where(a.ended_at.is_(None)))
        cross: dict[str, set[frozenset[int | None]]] = {
            "names": {frozenset({row[0], row[1]}) for row in rows if row[2]},
            "questions": {frozenset({row[0], row[1]}) for row in rows if row[3]},
        }
        asked: list[Any] = tx.once(select(q.id, q.asker_id, q.community_id).where(q.id.in_(SEEN)))
        brought: list[Any] = tx.once(select(f.question_id, f.person_id).where(f.state != "planned"))
        return World(
            people,
            frozenset(forgotten),
            cross,
            {row[0]: (row[1], row[2]) for row in asked},
            frozenset((row[0], row[1]) for row in brought),
        )

    return await hall.database.read(look)


def _known(tx: Transaction, person: Person) -> Known:
    hides = frozenset(one.id for one in Availability(tx).hidden_from(person.id))
    mine: list[Any] = tx.once(select(m.community_id).where(m.person_id == person.id, m.active))
    return Known(person, hides, frozenset(row[0] for row in mine))


async def all_that_is_shown(hall: Hall, viewer: str, others: Sequence[int], part: int) -> list[Seen]:
    """What a third of the ways to be shown people shows to this person; `others` are whom they could wish to ask."""
    found: list[Seen] = []
    for way in ways(others)[part % PARTS :: PARTS]:
        found += [one async for one in _shown(hall, viewer, way)]
    return found


def ways(others: Sequence[int]) -> list[Way]:
    """Every verb that shows people, typed or pressed, with what it is asked."""
    first = TOPICS[0]
    narrow = (f"community: {WHERE}", "org: DWP", "role: lead", "lang: English", "step: customer letters")
    asked = [(text, number) for text in (f"Who knows about {first}?", ANSWERED[0]) for number in (0, *others)]
    return [
        Way("members", f"members {WHERE}"),
        *(Way("found", f"whoknows {topic}") for topic in TOPICS),
        *(Way("found", f"watch {topic}") for topic in TOPICS),
        *(Way("found", f"whoknows {first} {one}") for one in narrow),
        *(Way("found", pressed={"do": "whoknows", "topic": topic, "more": 1}) for topic in TOPICS),
        *(Way("written", f"similar {one}") for one in ANSWERED),
        *(Way("written", f"see question {number}", question=number) for number in SEEN),
        *(
            Way("preview", pressed={"do": "ask", "question": text, "community": WHERE, "first": number})
            for text, number in asked
        ),
    ]


async def _shown(hall: Hall, viewer: str, way: Way) -> AsyncIterator[Seen]:
    """What it shows; of a question before it is sent, apart: who it would go to, who cannot be asked, what is like
    it."""
    handled = await (
        hall.says(viewer, way.said) if way.pressed is None else hall.presses(viewer, json.dumps(way.pressed))
    )
    how = way.said or json.dumps(way.pressed)
    if handled.reply is None:
        return
    if way.kind != "preview" or not isinstance(handled.reply.body, Card):
        yield Seen(how, "found" if way.kind == "preview" else way.kind, dump(handled.reply), way.question)
        return
    body = handled.reply.body.body
    written = [part for part in body if isinstance(part, Item | Quote)]
    missed = [part for part in body if "cannot be asked in" in _as_text(part)]
    yield Seen(how, "written", _as_text(*written))
    yield Seen(how, "found", _as_text(*missed))
    yield Seen(how, "offered", _as_text(*(part for part in body if part not in written and part not in missed)))


def _as_text(*parts: Element) -> str:
    return dump(Card(words(""), body=parts))


async def all_that_is_told(hall: Hall) -> dict[int, str]:
    """What those who wait to be told of somebody would be sent tomorrow, by their numbers."""

    def look(tx: Transaction) -> dict[int, str]:
        told: dict[int, str] = {}
        for watch, card in TellWatchers().look(SIGNPOST, View(tx, hall.clock() + timedelta(days=1))):
            told[watch.person_id] = told.get(watch.person_id, "") + (dump(card) if card is not None else "")
        return told

    return await hall.database.read(look)


def may_be_shown(seen: Seen, viewer: str, key: str, world: World, hall: Hall) -> None:
    """Fails where this person is shown to the viewer and may not be."""
    told = f"{viewer} sees {key} in {seen.how}"
    me, other = world.people[viewer], world.people[key]
    assert me is not None
    if seen.kind == "written":
        _may_be_read(seen, me, key, world, told)
        return
    assert other is not None, f"{told}, who is gone"
    me_there, them = me.person.organisation_id, other.person
    assert me.person.verified and them.verified, f"{told}, and one of them is not verified"
    assert me_there not in other.hides, f"{told}, who hides from there"
    what = "questions" if seen.kind == "offered" else "names"
    assert _crosses(me.person, them, what, world), f"{told}, and {what} do not cross"
    if seen.kind == "offered":
        assert them.organisation_id not in me.hides, f"{told}, from whom they hide"
        assert them.asked and them.weekly, f"{told}, who is not to be asked"
        today = hall.clock().astimezone(ZoneInfo(them.zone)).date()
        away = them.away_from and them.away_until and them.away_from <= today <= them.away_until
        assert not away, f"{told}, who is away"
        return
    assert them.findable, f"{told}, who did not say yes"
    assert seen.kind == "members" or me.communities & other.communities, f"{told}, and they share no community"


def _may_be_read(seen: Seen, me: Known, key: str, world: World, told: str) -> None:
    """What people wrote has their name, also once they left or hide; who was forgotten is named nowhere."""
    assert key not in world.forgotten, f"{told}, who was forgotten"
    other = world.people[key]
    if other is not None:
        assert _crosses(me.person, other.person, "questions", world), f"{told}, and questions do not cross"
    if seen.question:
        asker, community = world.questions[seen.question]
        if asker == me.person.id or (seen.question, me.person.id) in world.brought:
            return
        assert community in me.communities, f"{told}, and they are not in its community"
        hiding = [one for one in world.people.values() if one is not None and one.person.id == asker]
        assert not any(me.person.organisation_id in one.hides for one in hiding), f"{told}, whose asker hides"


def _crosses(me: Person, them: Person, what: str, world: World) -> bool:
    if not me.verified:
        return False
    same = me.organisation_id == them.organisation_id
    return same or frozenset({me.organisation_id, them.organisation_id}) in world.cross[what]
