"""The demo's world into an empty database: organisations, installations, people, communities, answered questions."""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.local.world import Community, Question, World
from adapters.local.world import Person as Invented
from bot.meeting import NOTICE
from bot.work import Work
from storage.availability import Availability
from storage.database import Transaction
from storage.notices import Notices
from storage.people import Person
from storage.secrets import Vault


class NotEmpty(Exception):
    """The database holds organisations already; the demo's world would mix with them."""


def bot_token(tenant: str) -> str:
    """The bot token that the local Slack takes for this workspace. It opens nothing but that."""
    return f"xoxb-local-{tenant}"


def seed(world: World, vault: Vault, service_url: str) -> Callable[[Transaction, datetime], None]:
    """A function that writes the whole world in one transaction; it raises NotEmpty and leaves all as it was."""

    def write(tx: Transaction, now: datetime) -> None:
        work = Work(tx, now)
        if work.organisations.all():
            raise NotEmpty
        organisations = _organisations(world, work)
        for workspace in world.workspaces:
            work.installations.tie(workspace.platform, workspace.tenant, organisations[workspace.organisation], now)
            if workspace.platform == "slack":
                token = vault.encrypt(bot_token(workspace.tenant))
                work.installations.equip("slack", workspace.tenant, bot="", token=token, now=now)
            else:
                work.installations.reach("teams", workspace.tenant, now, service_url=service_url)
        people = {person.key: _person(person, world, organisations, service_url, work) for person in world.people}
        communities = {community.slug: _community(community, people, work) for community in world.communities}
        for question in world.questions:
            _question(question, communities[question.community], people, work)

    return write


def _organisations(world: World, work: Work) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for organisation in world.organisations:
        number = work.organisations.add(organisation.name, organisation.short, work.now)
        work.organisations.own_domain(number, organisation.domain)
        numbers[organisation.short] = number
    for one, other in world.agreements:
        work.consents.both(numbers[one], numbers[other], work.now)
    return numbers


def _person(invented: Invented, world: World, organisations: dict[str, int], service_url: str, work: Work) -> Person:
    number = work.people.add(
        invented.name,
        work.now,
        organisation=organisations[invented.organisation],
        verified=True,
        role=invented.title,
        language=invented.language,
        zone=invented.zone,
        knows=", ".join(invented.knows),
        asked=invented.asked,
        findable=invented.findable,
    )
    where = (invented.platform, world.tenant(invented), invented.user)
    work.people.add_account(number, where, work.now, service_url=service_url if invented.platform == "teams" else "")
    Notices(work.tx).show(number, NOTICE, work.now)
    Availability(work.tx).languages(number, " ".join(invented.speaks))
    person = work.people.find(number)
    if person is None:
        raise LookupError("A person who was just added is not there.")
    return person


def _community(community: Community, people: dict[str, Person], work: Work) -> int:
    owner = next(member for member in community.members if member.owner)
    number = work.communities.add(
        community.slug, community.name, community.service, community.outcome, by=people[owner.person].id, now=work.now
    )
    if number is None:
        raise NotEmpty
    for member in community.members:
        work.communities.join(number, people[member.person].id, work.now, owner=member.owner)
    return number


def _question(asked: Question, community: int, people: dict[str, Person], work: Work) -> None:
    at = work.now - timedelta(days=asked.days_ago)
    number = work.questions.draft(community, people[asked.asker], asked.text, at)
    work.questions.send(number, at)
    for answer in asked.answers:
        by = people[answer.by]
        when = min(at + timedelta(hours=answer.hours_later), work.now)
        work.questions.offer(number, by.id, at, state="answered")
        given = work.answers.add(number, by, answer.text, when)
        if answer.accepted:
            work.questions.become(number, "answered", accepted=given, at=when)
