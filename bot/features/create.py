"""Start a community, with the service it is for and the outcome it wants. You become its owner."""

from bot.command import Command, ask
from bot.errors import Refusal
from bot.features.join import page
from bot.finding import mixes_alphabets, slug_of, tidy
from bot.text import t
from bot.ui import Reply
from bot.work import Work
from storage.people import Person


class Create(
    Command,
    name="create",
    help=t("Start a community"),
    example="create Starting a business service: Start a business outcome: People can start trading without delay",
):
    """There is a community with this name, owned by who said so.

    A taken name is refused, with a way to join; so is one without a letter or number, or that looks like another.
    """

    community: str = ask(t("What is it called?"), most=80, hint=t("Such as: Starting a business."))
    service: str = ask(t("Which service is it for?"), after="service:", most=120)
    outcome: str = ask(
        t("What should be true for the people who use the service?"),
        after="outcome:",
        kind="lines",
        most=300,
        hint=t("One sentence, such as: people can start trading without delay."),
    )

    def run(self, me: Person, work: Work) -> Reply:
        name = tidy(self.community)
        slug = _free_slug(name, work)
        number = work.communities.add(slug, name, tidy(self.service), tidy(self.outcome), by=me.id, now=work.now)
        community = work.communities.get(number) if number else None
        if community is None:
            raise _taken(name, slug)
        work.communities.join(community.id, me.id, work.now, owner=True)
        work.record(me, "create", f"community {community.id}")
        title = t("{community} is open. You are its owner.", community=name)
        invite = t("Tell colleagues to say: join {slug}", slug=slug)
        return Reply(page(title, community, me, work, note=invite))


def _free_slug(name: str, work: Work) -> str:
    slug = slug_of(name)
    if not slug:
        raise Refusal(t("A name needs at least one letter or number."), field="community")
    if mixes_alphabets(name):
        raise Refusal(t("Write each word of the name in one alphabet, so that nobody mistakes it."), field="community")
    found = work.communities.find(slug, name)
    if found is not None:
        raise _taken(found.name, found.slug)
    return slug


def _taken(name: str, slug: str) -> Refusal:
    text = t("There is a community called “{name}” already. Say join {slug} to join it.", name=name, slug=slug)
    return Refusal(text, field="community")
