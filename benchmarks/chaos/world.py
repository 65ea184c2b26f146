"""The people of a run: 24 Slack workspaces and 24 Teams tenants of 6 people each, all agreed, in 12 communities of 24.

So many, so that the platforms' own limits (a conversation, a workspace, a tenant) leave room for about 100 messages a
second. Everyone is verified and willing to be asked, without a limit a week. Nobody but a run's own people is in it.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Literal

from sqlmodel import Session

from adapters.local.seed import bot_token
from bot.command import find_features
from bot.features.showcase import RemindOfShowcase
from bot.meeting import NOTICE
from storage.schema import transaction
from storage.secrets import Vault
from storage.tables import (
    Account,
    Agreement,
    Attendance,
    Community,
    Installation,
    Membership,
    Organisation,
    Person,
    Showcase,
    Timer,
)

SPACES = 24
PEOPLE = 6
COMMUNITIES = 12
CLUBS = 12
"""Communities where nobody asks anything: people only join and leave them, each once."""
COMING = 6
NO_LIMIT = 1_000_000
ZONE = "Europe/London"
REMINDS = "showcase-"
"""How the keys of reminders begin."""


@dataclass(frozen=True)
class Space:
    """A workspace or tenant, which is one organisation."""

    number: int
    platform: Literal["slack", "teams"]

    @property
    def tenant(self) -> str:
        """Its id on its platform."""
        return (
            f"T0CHAOS{self.number:02}" if self.platform == "slack" else str(uuid.UUID(int=0xC4A05 << 96 | self.number))
        )

    @property
    def name(self) -> str:
        """The organisation's short name."""
        return f"ORG{self.number:02}"


@dataclass(frozen=True)
class Member:
    """A person with their one account. `skill` is a word that they alone know about, so that a question finds them."""

    number: int
    space: Space

    @property
    def name(self) -> str:
        """What people call them; no name is the beginning of another."""
        return f"Member {self.number:03}"

    @property
    def user(self) -> str:
        """Their id on their platform."""
        return f"U0M{self.number:03}" if self.space.platform == "slack" else str(uuid.UUID(int=self.number + 1))

    @property
    def chat(self) -> str:
        """Their direct chat, as the local platforms' `carried` names it."""
        if self.space.platform == "slack":
            return f"{self.space.tenant}/D{self.user[1:]}"
        return f"a:1{self.space.tenant}_{self.user}"

    @property
    def community(self) -> int:
        """The one community in which they ask and are asked."""
        return self.number % COMMUNITIES

    @property
    def skill(self) -> str:
        """Five characters, since that is how much of a word the matching looks at."""
        return f"k{self.number:04}"


SPACES_OF_ALL = tuple(Space(number, ("slack", "teams")[number // 2 % 2]) for number in range(2 * SPACES))
MEMBERS = tuple(Member(number, SPACES_OF_ALL[number // PEOPLE]) for number in range(2 * SPACES * PEOPLE))


def slug(community: int) -> str:
    """The community's name as people type it."""
    return f"community-{community}"


def club(number: int) -> str:
    """The club's name as people type it."""
    return f"club-{number}"


def show(number: int) -> str:
    """A showcase's title, unlike any other words."""
    return f"zs{number:05}z Show and tell"


def fill(url: str, key: str, service_url: str, reminders: list[datetime]) -> None:
    """The world is in this database, which has its tables and nothing in them, with a reminder due at each instant."""
    find_features()
    vault, now = Vault(key), datetime.now(UTC)
    with transaction(url, lock=True) as connection, Session(connection) as session:
        for rows in (
            _organisations(now),
            _installations(vault, service_url, now),
            _people(now),
            _accounts(service_url, now),
            _communities(now),
            _memberships(now),
            _showcases(reminders, now),
            _coming(len(reminders), now),
        ):
            session.add_all(rows)
            session.flush()
        session.commit()


def _organisations(now: datetime) -> Iterator[Organisation]:
    for space in SPACES_OF_ALL:
        yield Organisation(name=f"Organisation {space.number:02}", short=space.name, created_at=now)


def _installations(vault: Vault, service_url: str, now: datetime) -> Iterator[Installation | Agreement]:
    """Rows are numbered from 1 in the order in which they were added, here and below."""
    for space in SPACES_OF_ALL:
        slack = space.platform == "slack"
        yield Installation(
            platform=space.platform,
            tenant=space.tenant,
            organisation_id=space.number + 1,
            token=vault.encrypt(bot_token(space.tenant)) if slack else "",
            service_url="" if slack else service_url,
            created_at=now,
        )
    for one, other in combinations(range(1, len(SPACES_OF_ALL) + 1), 2):
        yield Agreement(first_id=one, second_id=other, agreed_at=now)


def _people(now: datetime) -> Iterator[Person]:
    for member in MEMBERS:
        yield Person(
            name=member.name,
            role="Adviser",  # who has none is asked for it by a form
            organisation_id=member.space.number + 1,
            verified=True,
            asked=True,
            weekly=NO_LIMIT,
            knows=member.skill,
            told=NOTICE,
            created_at=now,
        )


def _accounts(service_url: str, now: datetime) -> Iterator[Account]:
    for member in MEMBERS:
        slack = member.space.platform == "slack"
        yield Account(
            person_id=member.number + 1,
            platform=member.space.platform,
            tenant=member.space.tenant,
            user=member.user,
            service_url="" if slack else service_url,
            seen_at=now,
        )


def _communities(now: datetime) -> Iterator[Community]:
    for name in (*map(slug, range(COMMUNITIES)), *map(club, range(CLUBS))):
        yield Community(slug=name, name=name, service=name, outcome=name, created_at=now)


def _memberships(now: datetime) -> Iterator[Membership]:
    """Everyone in their community; in each club an owner who stays, so that others may leave it."""
    for member in MEMBERS:
        yield Membership(community_id=member.community + 1, person_id=member.number + 1, joined_at=now)
    for number in range(CLUBS):
        yield Membership(community_id=COMMUNITIES + number + 1, person_id=number + 1, owner=True, joined_at=now)


def _showcases(reminders: list[datetime], now: datetime) -> Iterator[Showcase | Timer]:
    starts = now + timedelta(hours=2)
    for number, due in enumerate(reminders):
        yield Showcase(
            community_id=number % COMMUNITIES + 1,
            title=show(number),
            local=starts.strftime("%Y-%m-%dT%H:%M"),
            zone=ZONE,
            starts_at=starts,
            minutes=45,
            created_at=now,
        )
        yield Timer(key=f"{REMINDS}{number + 1}-reminder", command=RemindOfShowcase(number + 1).pack(), due_at=due)


def coming(number: int) -> list[Member]:
    """Who comes to the showcase with this number: a few of its community, others each time."""
    members = [member for member in MEMBERS if member.community == number % COMMUNITIES]
    first = number // COMMUNITIES * COMING
    return [members[(first + place) % len(members)] for place in range(COMING)]


def _coming(showcases: int, now: datetime) -> Iterator[Attendance]:
    for number in range(showcases):
        for member in coming(number):
            yield Attendance(showcase_id=number + 1, person_id=member.number + 1, going=True, at=now)
