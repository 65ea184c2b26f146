"""The demo's world: real organisations, invented people, and what they asked and answered before today.

Everything is in `world.toml` beside this file. It fills the local Slack and Teams with workspaces, channels and
accounts, and `signpost seed` fills the database from the same text, so the two cannot disagree.
"""

import unicodedata
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import msgspec

SOURCE = Path(__file__).with_name("world.toml")

PlatformName = Literal["slack", "teams"]
Profession = Literal["policy", "design", "operations", "engineering"]


@dataclass(frozen=True)
class Organisation:
    """A department or public body; `short` is how everything else here refers to it. Its people's e-mail is there."""

    name: str
    short: str
    domain: str


@dataclass(frozen=True)
class Channel:
    """A channel that every person of the workspace is in; `id` has the platform's own form."""

    id: str
    name: str


@dataclass(frozen=True)
class Workspace:
    """A Slack workspace (tenant "T...") or a Teams tenant (a UUID), tied to one organisation by its short name."""

    platform: PlatformName
    tenant: str
    organisation: str
    name: str
    channels: tuple[Channel, ...]


@dataclass(frozen=True)
class Person:
    """An invented member of staff. `user` is a Slack user id or an Entra object id.

    `asked` answers "May we bring you questions?", `findable` answers "May others find you?". `speaks` are codes of
    languages beside English.
    """

    key: str
    name: str
    title: str
    profession: Profession
    organisation: str
    platform: PlatformName
    user: str
    knows: tuple[str, ...]
    asked: bool
    findable: bool
    language: str = "en"
    zone: str = "Europe/London"
    speaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """A person's key in a community, and whether they own it."""

    person: str
    owner: bool = False


@dataclass(frozen=True)
class Community:
    """A service community with its members, owners first."""

    slug: str
    name: str
    service: str
    outcome: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Answer:
    """An answer by the person with that key, so many hours after the question."""

    by: str
    text: str
    hours_later: int
    accepted: bool


@dataclass(frozen=True)
class Question:
    """A question asked so many days before the demo starts; at most one of its answers is accepted."""

    community: str
    asker: str
    text: str
    days_ago: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class World:
    """Everything in the demo. `agreements` are pairs of organisations' short names, each pair once."""

    organisations: tuple[Organisation, ...]
    workspaces: tuple[Workspace, ...]
    people: tuple[Person, ...]
    communities: tuple[Community, ...]
    questions: tuple[Question, ...]
    agreements: tuple[tuple[str, str], ...]

    def person(self, key: str) -> Person:
        """The person with this key; a KeyError when there is none."""
        return {person.key: person for person in self.people}[key]

    def workspace(self, organisation: str) -> Workspace:
        """Where an organisation's people work, by its short name; a KeyError when there is none."""
        return {workspace.organisation: workspace for workspace in self.workspaces}[organisation]

    def address(self, person: Person) -> str:
        """The person's e-mail address, which reaches nobody: the person is invented."""
        domains = {organisation.short: organisation.domain for organisation in self.organisations}
        plain = unicodedata.normalize("NFKD", person.name).encode("ascii", "ignore").decode()
        return f"{'.'.join(plain.lower().split())}@{domains[person.organisation]}"

    def tenant(self, person: Person) -> str:
        """The Slack team id or Entra tenant id that the person's account belongs to."""
        return self.workspace(person.organisation).tenant


@dataclass(frozen=True)
class _Written:
    """The file as it is written: agreements may be "all"."""

    organisations: tuple[Organisation, ...]
    workspaces: tuple[Workspace, ...]
    people: tuple[Person, ...]
    communities: tuple[Community, ...]
    questions: tuple[Question, ...]
    agreements: tuple[tuple[str, str], ...] | Literal["all"]


def load() -> World:
    """The world as `world.toml` tells it; a msgspec.ValidationError names the field that is missing or wrong."""
    written = msgspec.toml.decode(SOURCE.read_bytes(), type=_Written)
    agreements = written.agreements
    if agreements == "all":
        agreements = tuple(combinations((one.short for one in written.organisations), 2))
    return World(
        organisations=written.organisations,
        workspaces=written.workspaces,
        people=written.people,
        communities=written.communities,
        questions=written.questions,
        agreements=agreements,
    )
