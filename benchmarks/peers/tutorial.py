"""The tutorial stack: bolt as its defaults are, SQLModel's AsyncSession on aiosqlite, one listener, objects throughout.

It does for `join` and `ask` what Signpost does, in Signpost's own tables: removes duplicates, finds or meets the
person, finds the community, writes the membership and its audit row, or the draft and whom it would go to, and the
reply, in one transaction with synchronous FULL. It answers once, with the reply in the acknowledgement, which is
cheaper for it than the tutorials' `ack()` first and `respond()` afterwards.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, func
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.served import serve
from benchmarks.wire import SIGNING_SECRET, SLACK_TOKEN
from storage.tables import (
    Account,
    Agreement,
    Audit,
    Community,
    Inbound,
    Installation,
    Lane,
    Membership,
    Offer,
    Organisation,
    Outbox,
    Person,
    Question,
)

LOCK_WAIT = 30.0
"""Seconds that a connection waits for SQLite's one writer; under the default 5 some of 32 callers fail."""


async def run(session: AsyncSession, command: dict[str, Any]) -> str:
    """The reply to one command, or the earlier reply where the same trigger came before."""
    key = f"slack:{command['team_id']}:{command['trigger_id']}"
    before = await session.get(Inbound, key)
    if before is not None:
        return before.reply
    me = await person_of(session, command["team_id"], command["user_id"], command["user_name"])
    verb, _, rest = command["text"].partition(" ")
    reply = await (join(session, me, rest) if verb == "join" else ask(session, me, rest))
    session.add(Inbound(key=key, at=now(), reply=reply))
    await session.commit()
    return reply


async def person_of(session: AsyncSession, tenant: str, user: str, name: str) -> Person:
    """Who this account belongs to; at the first meeting a person, an account, and a look at their profile to come."""
    where = (Account.platform == "slack", Account.tenant == tenant, Account.user == user)
    account = (await session.exec(select(Account).where(*where))).first()
    if account is not None:
        return (await session.exec(select(Person).where(Person.id == account.person_id))).one()
    here = (Installation.platform == "slack", Installation.tenant == tenant)
    installation = (await session.exec(select(Installation).where(*here))).first()
    organisation = installation.organisation_id if installation else None
    me = Person(name=name, organisation_id=organisation, verified=organisation is not None, created_at=now())
    session.add(me)
    await session.flush()
    session.add(Account(person_id=me.id, platform="slack", tenant=tenant, user=user, seen_at=now()))
    lane = f"slack:{tenant}:{user}"
    session.add(Outbox(lane=lane, kind="profile", person_id=me.id, due_at=now(), created_at=now()))
    session.add(Lane(name=lane, due_at=now()))
    return me


async def join(session: AsyncSession, me: Person, slug: str) -> str:
    """A membership and its audit row; says how many members there are."""
    community = (await session.exec(select(Community).where(Community.slug == slug))).first()
    if community is None:
        return f"There is no community called {slug}."
    theirs = (Membership.community_id == community.id, Membership.person_id == me.id)
    if (await session.exec(select(Membership).where(*theirs))).first() is not None:
        return f"You are already in {community.name}."
    session.add(Membership(community_id=community.id, person_id=me.id, joined_at=now()))
    session.add(Audit(at=now(), actor_id=me.id, verb="join", subject=f"community:{community.id}"))
    members = select(func.count()).select_from(Membership).where(Membership.community_id == community.id)
    return f"Welcome to {community.name}. Members: {(await session.exec(members)).one()}"


async def ask(session: AsyncSession, me: Person, said: str) -> str:
    """A draft, and who would see it: up to three who said yes, of organisations that agreed with the asker's."""
    text, _, slug = said.partition(" community: ")
    mine = select(Community).join(Membership).where(Membership.person_id == me.id, Community.slug == slug)
    community = (await session.exec(mine)).first()
    if community is None:
        return f"You are not in {slug}."
    draft = Question(
        community_id=community.id, asker_id=me.id, organisation_id=me.organisation_id, text=text, asked_at=now()
    )
    session.add(draft)
    await session.flush()
    agreements = (await session.exec(select(Agreement).where(col(Agreement.ended_at).is_(None)))).all()
    pairs = [{found.first_id, found.second_id} for found in agreements if me.organisation_id]
    allowed = {me.organisation_id}.union(*(pair for pair in pairs if me.organisation_id in pair))
    this_week = (col(Offer.state) != "planned", Offer.offered_at > now() - timedelta(days=7))
    brought = select(func.count()).where(Offer.person_id == Person.id, *this_week).scalar_subquery()
    likely = (
        select(Person, Organisation)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == Person.organisation_id)
        .where(Membership.community_id == community.id, col(Person.asked), col(Person.active), Person.id != me.id)
        .where(col(Person.verified), col(Person.organisation_id).in_(allowed), brought < Person.weekly)
        .order_by(col(Person.id))
        .limit(3)
    )
    found = (await session.exec(likely)).all()
    for person, _ in found:
        session.add(Offer(question_id=draft.id, person_id=person.id, state="planned", offered_at=now()))
    seen_by = ", ".join(f"{person.name} ({organisation.short})" for person, organisation in found)
    return f"Q-{draft.id} in {community.name} goes to {seen_by}. Send it?"


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def durable(connection: Any, _: Any) -> None:
    """The same durability as Signpost's: a write-ahead log, flushed at every commit."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


async def application() -> web.Application:
    """The bolt application on a database that has its tables."""
    address = f"sqlite+aiosqlite:///{os.environ['DATABASE']}"
    engine = create_async_engine(address, connect_args={"timeout": LOCK_WAIT})
    event.listen(engine.sync_engine, "connect", durable)
    client = AsyncWebClient(token=SLACK_TOKEN, base_url=f"{os.environ['OUTSIDE']}/api/")
    app = AsyncApp(signing_secret=SIGNING_SECRET, client=client)

    @app.command("/signpost")
    async def command(ack: AsyncAck, command: dict[str, Any]) -> None:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            reply = await run(session, command)
        await ack(text=reply, response_type="ephemeral")

    return app.web_app(path="/slack/events")


if __name__ == "__main__":
    serve(application())
