"""Communities in the hands of many: people on both platforms do anything with them, and what must hold is looked at."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select

from adapters.local.demo import fill
from adapters.local.world import load
from bot.command import find_features, registry
from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Handled, Here, Inbound
from bot.schedule import Schedule
from bot.text import Reader, say
from bot.ui import Audience, Card, dump
from bot.vouching import Profile, believe
from bot.work import Work
from storage import tables
from storage.database import Database, Transaction
from storage.secrets import Vault, new_key
from storage.tables import columns
from tests.bot.platform import Clock

COMMUNITIES = ("starting-a-business", "employing-someone", "services-in-welsh")
PEOPLE = ("amira", "amira too", "priya", "tom", "eleni", "kofi", "gareth", "sian", "harpreet", "mei")
"""Amira speaks from Slack, and from Teams as well."""
NAMES = ("Amira Haddad", "Priya Raman-Kerr", "Tom Heskeway", "Kofi Adjei-Marsh", "Gareth Morlais-Rees")
c, m, r = columns(tables.Community), columns(tables.Membership), columns(tables.Mirror)
x, v = columns(tables.Outbox), columns(tables.Invitation)


@dataclass(frozen=True)
class Deed:
    """Something that somebody does with a community; who may, where it is done `rightly`, else just anybody."""

    do: str
    who: int
    community: int
    other: int
    rightly: bool


async def fill_world(database: Database) -> None:
    """The demo's world, in which Amira has a second account, on Teams."""
    await database.write(lambda tx: fill(tx, Vault(new_key()), Clock()(), "http://127.0.0.1:1"))
    accounts = accounts_of()

    def link(tx: Transaction) -> None:
        work = Work(tx, Clock()())
        amira = accounts["amira"]
        found = work.people.by_account(amira.platform, amira.tenant, amira.user)
        assert found is not None
        second = accounts["amira too"]
        where = (second.platform, second.tenant, second.user)
        assert work.people.add_account(found[0].id, where, work.now) is not None

    await database.write(link)


def accounts_of() -> dict[str, AccountRef]:
    """Everybody's account, by key."""
    world = load()
    found = {person.key: AccountRef(person.platform, world.tenant(person), person.user) for person in world.people}
    return found | {"amira too": AccountRef("teams", found["tom"].tenant, "amira-in-teams")}


@dataclass
class Hall:
    """One database of that world, and a clock that stands still until it is moved."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    keys: Any = field(default_factory=count)
    accounts: dict[str, AccountRef] = field(default_factory=accounts_of)
    owned: dict[int, set[int]] = field(default_factory=dict)
    """Who owned each open community when it was last looked at."""

    def __post_init__(self) -> None:
        find_features()
        self.dispatch = Dispatch(self.database, self.clock, lambda: None)
        self.schedule = Schedule(self.database, self.clock, lambda: None, standing=registry.standing)

    async def says(self, key: str, words: str) -> Handled:
        """The person types this in their direct chat."""
        return await self._hears(key, said=words)

    async def presses(self, key: str, payload: str) -> Handled:
        """The person presses a button with this payload, whether they were ever shown one or not."""
        return await self._hears(key, payload=payload)

    async def _hears(self, key: str, **given: str) -> Handled:
        account = self.accounts[key]
        chat = Address(account.platform, account.tenant, user=account.user)
        handled = await self.dispatch.handle(
            Inbound(
                key=f"h{next(self.keys)}",
                account=account,
                here=Here(account.platform, account.tenant, "direct", f"D{account.user}"),
                private=chat,
                public=chat,
                body_shows=frozenset(Audience),
                opens_forms=True,
                **given,  # type: ignore[arg-type]  # said or payload
            )
        )
        assert handled.reply is None or "Something went wrong" not in dump(handled.reply), given
        return handled

    async def is_gone(self, key: str, gone: bool) -> None:
        """The person's platform says that their account is gone, or is there again."""

        def write(tx: Transaction) -> None:
            work, account = Work(tx, self.clock()), self.accounts[key]
            found = work.people.by_account(account.platform, account.tenant, account.user)
            assert found is not None
            believe(found[1], work, Profile("", gone=gone))

        await self.database.write(write)

    async def passes(self, length: timedelta) -> None:
        """So much later, everything that was due has run."""
        self.clock.at += length
        await self.schedule.tick()

    async def people(self) -> dict[int, list[str]]:
        """The keys of everybody's accounts, by their number."""

        def look(tx: Transaction) -> dict[int, list[str]]:
            found: dict[int, list[str]] = {}
            for key in PEOPLE:
                account = self.accounts[key]
                known = Work(tx, self.clock()).people.by_account(account.platform, account.tenant, account.user)
                assert known is not None
                found.setdefault(known[0].id, []).append(key)
            return found

        return await self.database.read(look)

    async def owners(self, community: int) -> list[int]:
        """The numbers of its owners, those among our people."""
        rows = await self._asks(select(m.person_id).where(m.community_id == community, m.owner).order_by(m.person_id))
        known = await self.people()
        return [number for (number,) in rows if number in known]

    async def waiting(self, what: str) -> list[tuple[int, int]]:
        """Each invitation to own, merge or request that waits: its number, and whose community or person it is."""
        merging, request = columns(tables.Merging), columns(tables.JoinRequest)
        cores = {
            "owning": select(v.id, v.person_id).where(v.state == "waiting", v.kind != "join").order_by(v.id),
            "merge": select(merging.id, merging.into_id).where(merging.state == "proposed").order_by(merging.id),
            "request": select(request.id, request.community_id).where(request.state == "waiting").order_by(request.id),
        }
        return [(one, other) for one, other in await self._asks(cores[what])]

    async def came_to(self) -> set[str]:
        """What became of communities, requests and invitations: to see that a test reaches what it is for."""
        states = await self._asks(select(c.state))
        merges = await self._asks(select(columns(tables.Merging).state))
        asked = await self._asks(select(v.kind, v.state))
        requests = await self._asks(select(columns(tables.JoinRequest).state))
        return {
            *(f"community {state}" for (state,) in states),
            *(f"merge {state}" for (state,) in merges),
            *(f"{kind} {state}" for kind, state in asked),
            *(f"request {state}" for (state,) in requests),
        }

    async def must_hold(self) -> None:
        """Each is in a community once, it has an owner or one is looked for, nobody was told twice.

        Who owned a community that was merged since the last look owns the one that stays.
        """
        rows = await self._asks(select(m.community_id, m.person_id))
        assert len(rows) == len(set(rows))
        await self._is_looked_after()
        await self._owners_follow()
        await self._told_once()

    async def counts_agree(self) -> None:
        """Each community has as many members as there are, whichever platform asks."""
        for community in COMMUNITIES:
            await self._counts_agree(community)

    async def _is_looked_after(self) -> None:
        since: list[tuple[int, str, datetime | None, int | None]] = await self._asks(
            select(c.id, c.state, c.ownerless_since, c.merged_into_id)
        )
        owned = {number for (number,) in await self._asks(select(m.community_id).where(m.owner, m.active))}
        peopled = {number for (number,) in await self._asks(select(m.community_id).where(m.active))}
        states = {number: state for number, state, _, _ in since}
        for number, state, looked_for, into in since:
            if state == "active":
                assert number in owned or looked_for is not None, f"nobody looks after {number}"
            if state == "merged":
                assert into is not None and into != number
                assert number not in peopled, f"somebody was left behind in {number}"
            assert looked_for is None or state == "active"
        assert set(states.values()) <= {"active", "archived", "merged"}

    async def _owners_follow(self) -> None:
        owned: dict[int, set[int]] = {}
        for number, owner in await self._asks(select(m.community_id, m.person_id).where(m.owner, m.active)):
            owned.setdefault(number, set()).add(owner)
        merged = {number for (number,) in await self._asks(select(c.id).where(c.state == "merged"))}
        for number in merged & self.owned.keys():
            stays, _ = await self._today(number)
            left = self.owned[number] - owned.get(stays, set())
            assert not left, f"{left} owned {number}, and do not own {stays}"
        self.owned = owned

    async def _told_once(self) -> None:
        """One message for each record and person; and what is sent once is sent once."""
        posts = await self._asks(
            select(x.mirror_id, func.count(x.id)).where(x.kind.in_(["closing", "merging"])).group_by(x.mirror_id)
        )
        assert all(number == 1 for _, number in posts)
        told = await self._asks(
            select(r.subject, r.person_id, tables.Merging.community_id)  # type: ignore[call-overload]  # a column
            .join_from(
                tables.table(tables.Mirror), tables.table(tables.Merging), columns(tables.Merging).id == r.subject_id
            )
            .where(r.subject == "merging")
        )
        assert max(Counter(told).values(), default=1) == 1
        asked = await self._asks(
            select(v.community_id, v.person_id, v.kind, func.count(v.id))
            .where(v.state == "waiting")
            .group_by(v.community_id, v.person_id, v.kind)
        )
        assert all(number == 1 for *_, number in asked)

    async def _counts_agree(self, community: str) -> None:
        """Whichever platform asks, and as many as there are."""
        answers = [await self.says(key, f"community {community}") for key in ("amira", "amira too")]
        cards = [handled.reply.body for handled in answers if handled.reply is not None]
        assert len({dump(card) for card in cards}) == 1, [dump(card) for card in cards]
        card = cards[0]
        found = await self._asks(select(c.id).where(c.slug == community))
        number, state = await self._today(found[0][0])
        if state == "active" and isinstance(card, Card):
            rows = await self._asks(select(func.count(m.id)).where(m.community_id == number, m.active))
            words = [say(fact.value, Reader()) for fact in card.facts if say(fact.label, Reader()) == "Members"]
            assert words and words[0].split()[0] == str(rows[0][0]), (words, rows)

    async def _today(self, number: int) -> tuple[int, str]:
        while True:
            state, into = (await self._asks(select(c.state, c.merged_into_id).where(c.id == number)))[0]
            if into is None:
                return number, state
            number = into

    async def _asks(self, core: Any) -> list[tuple[Any, ...]]:
        return await self.database.read(lambda tx: tx.once(core))


Do = Callable[[Hall, Deed], Awaitable[None]]


async def does(hall: Hall, deed: Deed) -> None:
    """The deed is done, if there is anything to do it with."""
    await DEEDS[deed.do](hall, deed)


async def _any(hall: Hall, deed: Deed, rightful: list[int]) -> str:
    """The key of one of these people, on either of their accounts; or of anybody where it is not done rightly."""
    known = await hall.people()
    if not deed.rightly or not rightful:
        return PEOPLE[deed.who % len(PEOPLE)]
    keys = known.get(rightful[deed.who % len(rightful)], [*PEOPLE])
    return keys[deed.other % len(keys)]


def _says(words: str, *, owner: bool = True) -> Do:
    """An owner, or anybody, says this: with the community's short name, another's, and somebody's name in it."""

    async def do(hall: Hall, deed: Deed) -> None:
        rightful = await hall.owners(deed.community + 1) if owner else []
        one, other = COMMUNITIES[deed.community], COMMUNITIES[deed.other % 3]
        name = NAMES[deed.other % len(NAMES)]
        access = ("open", "approval", "invitation")[deed.other % 3]
        said = words.format(community=one, other=other, name=name, access=access)
        await hall.says(await _any(hall, deed, rightful), said)

    return do


def _answers(what: str, verb: str, field: str) -> Do:
    """Whoever may, or anybody, answers something that waits."""

    async def do(hall: Hall, deed: Deed) -> None:
        waiting = await hall.waiting(what)
        if waiting:
            number, whose = waiting[deed.other % len(waiting)]
            rightful = [whose] if what == "owning" else await hall.owners(whose)
            await hall.presses(await _any(hall, deed, rightful), json.dumps({"do": verb, field: number}))

    return do


async def _proposes(hall: Hall, deed: Deed) -> None:
    key = await _any(hall, deed, await hall.owners(deed.community + 1))
    pressed = {"do": "propose-merge", "community": deed.community + 1, "into": deed.other % 3 + 1}
    await hall.presses(key, json.dumps(pressed))


async def _removes(hall: Hall, deed: Deed) -> None:
    owners = await hall.owners(deed.community + 1)
    if owners:
        removed = owners[deed.other % len(owners)]
        found = await hall.database.read(lambda tx: Work(tx, hall.clock()).people.find(removed))
        said = f"owner remove {found.name if found else 'Nobody'} community: {COMMUNITIES[deed.community]}"
        await hall.says(await _any(hall, deed, owners), said)


async def _merges(hall: Hall, deed: Deed) -> None:
    await _proposes(hall, deed)
    await DEEDS["agree to a merge"](hall, deed)


async def _archives(hall: Hall, deed: Deed) -> None:
    key = await _any(hall, deed, await hall.owners(deed.community + 1))
    await hall.presses(key, json.dumps({"do": "archive-now", "community": deed.community + 1}))


async def _goes(hall: Hall, deed: Deed) -> None:
    key = await _any(hall, deed, await hall.owners(deed.community + 1))
    await hall.is_gone(key, True)


async def _all_go(hall: Hall, deed: Deed) -> None:
    known = await hall.people()
    for owner in await hall.owners(deed.community + 1):
        await hall.is_gone(known[owner][0], True)


async def _comes_back(hall: Hall, deed: Deed) -> None:
    await hall.is_gone(PEOPLE[deed.who % len(PEOPLE)], False)


async def _waits(hall: Hall, deed: Deed) -> None:
    await hall.passes(timedelta(days=(1, 7, 8)[deed.other % 3]))


DEEDS: dict[str, Do] = {
    "join": _says("join {community}", owner=False),
    "leave": _says("leave {community}", owner=False),
    "leave as owner": _says("leave {community}"),
    "change who may join": _says("community edit {community} access: {access}"),
    "approve": _answers("request", "approve", "request"),
    "ask to own": _says("owner {name} community: {community}"),
    "hand over": _says("owner hand over {name} community: {community}"),
    "remove an owner": _removes,
    "look for an owner": _says("owner wanted {community}"),
    "own": _says("own {community}", owner=False),
    "say yes": _answers("owning", "accept-owning", "invitation"),
    "say no": _answers("owning", "decline-owning", "invitation"),
    "archive": _archives,
    "reopen": _says("reopen {community}"),
    "propose a merge": _proposes,
    "merge": _merges,
    "agree to a merge": _answers("merge", "accept-merge", "merging"),
    "decline a merge": _answers("merge", "decline-merge", "merging"),
    "go": _goes,
    "all owners go": _all_go,
    "come back": _comes_back,
    "wait": _waits,
}
"""What people do with communities, each by its name."""
