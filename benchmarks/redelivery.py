"""Commands that are delivered again and again until they are acknowledged, as platforms do, and what became of each."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from sqlalchemy import create_engine
from sqlmodel import Session

from benchmarks import wire
from benchmarks.load import HOST
from bot.meeting import NOTICE
from storage.tables import Account, Community, Installation, Membership, Organisation, Person

COMMUNITIES = 10
MEMBERS = 50
ANSWER_WITHIN = 5.0
AGAIN_AFTER = 0.25
"""Sooner than any platform, so that the wait that is measured is Signpost's."""
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")

JOINED = """
SELECT account."user", count(DISTINCT membership.id), count(DISTINCT audit.id)
FROM account LEFT JOIN membership USING (person_id)
LEFT JOIN audit ON audit.actor_id = account.person_id AND audit.verb = 'join'
GROUP BY account."user"
"""
ASKED = "SELECT text, count(*) FROM question GROUP BY text"


@dataclass
class Command:
    """One thing that somebody does: `leaves` is what to look for in the database, `says` in the answer.

    `sent` is when the delivery began that was acknowledged, `acknowledged` when; both on the monotonic clock.
    """

    request: bytes
    says: bytes
    leaves: tuple[str, str]
    deliveries: int = 0
    sent: float = 0.0
    acknowledged: float | None = None
    otherwise: bytes = b""


def command(number: int, outside: int) -> Command:
    """In turn somebody Signpost never met joins a community, and a member asks; every one leaves rows of its own."""
    community = f"community-{number % COMMUNITIES}"
    if number % 2:
        user = f"U1{number:07}"
        request = wire.slack_command(number, user, f"join {community} as adviser", outside)
        return Command(request, b"Welcome to", ("join", user))
    member, text = number // 2 % MEMBERS, f"Who decides on change {number} to sole trader registration?"
    said = f"ask {text} community: community-{member % COMMUNITIES}"
    return Command(wire.slack_command(number, _user(member), said, outside), b"Check your question", ("ask", text))


async def deliver(port: int, given: Command) -> None:
    """The command is acknowledged: its answer was 200 and said what was done. What a 200 said else is kept."""
    while given.acknowledged is None:
        given.deliveries += 1
        began = time.monotonic()
        status, body = await _answer(port, given.request)
        if status == 200 and given.says in body:
            given.sent, given.acknowledged = began, time.monotonic()
        elif status == 200:
            given.otherwise = body
            return
        else:
            await asyncio.sleep(AGAIN_AFTER)


async def _answer(port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body of the answer, on a connection of its own; status 0 where none came."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                found = LENGTH.search(head)
                return int(head[9:12]), await reader.readexactly(int(found.group(1)) if found else 0)
            finally:
                writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return 0, b""


def lost_and_twice(url: str, given: Sequence[Command]) -> tuple[int, int]:
    """How many acknowledged commands left no trace, and how many of all left more than one."""
    left: dict[tuple[str, str], list[int]] = {}
    with psycopg.connect(url) as connection:
        for user, memberships, records in connection.execute(JOINED).fetchall():
            left["join", user] = [memberships, records]
        for text, questions in connection.execute(ASKED).fetchall():
            left["ask", text] = [questions]
    traces = [(one, left.get(one.leaves, [0])) for one in given]
    lost = sum(one.acknowledged is not None and min(found) == 0 for one, found in traces)
    return lost, sum(max(found) > 1 for _, found in traces)


def fill(url: str) -> None:
    """The database, which has its tables and nothing in them, has an organisation with ten communities of five."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    now = datetime.now(UTC)
    with Session(engine) as session:
        hmrc = Organisation(name="HM Revenue & Customs", short="HMRC", created_at=now)
        session.add(hmrc)
        session.flush()
        session.add(Installation(platform="slack", tenant=wire.SLACK_TEAM, organisation_id=hmrc.id, created_at=now))
        known = [f"community-{number}" for number in range(COMMUNITIES)]
        communities = [Community(slug=one, name=one, service=one, outcome=one, created_at=now) for one in known]
        people = [_member(hmrc.id, now) for _ in range(MEMBERS)]
        session.add_all([*communities, *people])
        session.flush()
        for number, person in enumerate(people):
            session.add(_account(person, number, now))
            community = communities[number % COMMUNITIES]
            session.add(Membership(community_id=community.id, person_id=person.id, joined_at=now))
        session.commit()
    engine.dispose()


def _member(organisation: int, now: datetime) -> Person:
    return Person(
        name="Member", role="Adviser", organisation_id=organisation, verified=True, told=NOTICE, created_at=now
    )


def _account(person: Person, number: int, now: datetime) -> Account:
    tenant, user = wire.SLACK_TEAM, _user(number)
    return Account(person_id=person.id, platform="slack", tenant=tenant, user=user, seen_at=now)


def _user(member: int) -> str:
    return f"U0MEMBER{member}"
