"""Joining and approving, with two processes stopped at each of their statements: it happens once, and is told once."""

from itertools import count
from typing import Any

from sqlalchemy import func, select

from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.meeting import NOTICE
from bot.text import Reader, say
from bot.ui import Audience, Card
from storage import tables
from storage.notices import Notices
from storage.tables import columns
from tests.everywhere.test_overlaps import Do, Two, at_every_moment, two

__all__ = ["two"]
m, x = columns(tables.Membership), columns(tables.Outbox)
keys = count(1)


def says(pair: Two, user: str, words: str) -> Do:
    """Somebody says this in their direct chat, as a platform delivers it."""
    chat = Address("slack", "T1", user=user)
    inbound = Inbound(
        key=f"joining-{next(keys)}",
        account=AccountRef("slack", "T1", user),
        here=Here("slack", "T1", "direct", f"D{user}"),
        private=chat,
        public=chat,
        said=words,
        body_shows=frozenset(Audience),
    )
    return lambda database: Dispatch(database, pair.clock, lambda: None).handle(inbound)


def titles(came: list[Any]) -> list[str]:
    """What both were answered, in alphabetical order."""
    cards = [handled.reply.body for handled in came]
    assert all(isinstance(card, Card) for card in cards)
    return sorted(say(card.title, Reader()) for card in cards)


async def a_community(pair: Two, *, access: str, owners: tuple[int, ...]) -> tuple[int, str]:
    """A new community, with these owners and this way in; its number and its name as people type it."""
    slug = f"tax-{next(keys)}"

    def add(work: Any) -> int:
        number = work.communities.add(slug, slug, "Tax", "Fair", by=owners[0], now=work.now, access=access)
        for owner in owners:
            work.communities.join(number, owner, work.now, owner=True)
        return int(number)

    return await pair.office.work(add), slug


async def members(pair: Two, community: int) -> int:
    """How many rows of membership it has."""
    counting = select(func.count(m.id)).where(m.community_id == community)
    found: list[tuple[int]] = await pair.one.read(lambda tx: tx.once(counting))
    return found[0][0]


async def owed(pair: Two, person: int) -> int:
    """How many messages this person was or is to be sent."""
    counting = select(func.count(x.id)).where(x.person_id == person)
    found: list[tuple[int]] = await pair.one.read(lambda tx: tx.once(counting))
    return found[0][0]


async def verified(pair: Two, name: str, *accounts: str) -> int:
    """Somebody new of one organisation, who speaks from these accounts."""

    def add(work: Any) -> int:
        known = work.organisations.named("Tax office")
        organisation = known[0].id if known else work.organisations.add("Tax office", "TO", work.now)
        person = work.people.add(name, work.now, organisation=organisation, verified=True, role="Adviser")
        for user in accounts:
            work.people.add_account(person, ("slack", "T1", user), work.now)
        Notices(work.tx).show(person, NOTICE, work.now)
        return int(person)

    return await pair.office.work(add)


async def test_joining_from_two_accounts_at_once_makes_one_member(two: Two) -> None:
    async def attempt() -> Any:
        number = next(keys)
        owner = await verified(two, "Owner", f"O{number}")
        await verified(two, "Ann", f"A{number}", f"B{number}")
        community, slug = await a_community(two, access="open", owners=(owner,))

        async def check(came: list[Any]) -> None:
            assert titles(came) == [f"Welcome to {slug}", f"You are already in {slug}"]
            assert await members(two, community) == 2

        return says(two, f"A{number}", f"join {slug}"), says(two, f"B{number}", f"join {slug}"), check

    await at_every_moment(two, attempt, least=4)


async def test_two_owners_who_approve_at_once_let_somebody_in_once(two: Two) -> None:
    async def attempt() -> Any:
        number = next(keys)
        owners = (await verified(two, "One", f"O{number}"), await verified(two, "Other", f"P{number}"))
        person = await verified(two, "Ann", f"A{number}")
        community, slug = await a_community(two, access="approval", owners=owners)
        await says(two, f"A{number}", f"join {slug}")(two.one)
        await two.settle()
        (request,) = await two.office.work(lambda work: [work.requests.of(community, person)])
        assert request is not None
        approve = f"approve {request.id}"

        async def check(came: list[Any]) -> None:
            first, second = titles(came)
            assert first == "An owner approved it. They are a member. Say requests to see who waits."
            assert second == f"Ann is in {slug} now."
            assert await members(two, community) == 3
            assert await owed(two, person) == 1

        return says(two, f"O{number}", approve), says(two, f"P{number}", approve), check

    await at_every_moment(two, attempt, least=4)
