"""Invite the profession that your community lacks, with words to send; owners are asked once a quarter at most."""

from bot.balance import grid_of, missing_from
from bot.command import Command, May, Query, ask, registry
from bot.errors import Refusal
from bot.features.invite import Invite
from bot.finding import tidy
from bot.owned import find_owned, owned
from bot.professions import NAMES, Profession
from bot.text import Text, say, t
from bot.ui import Audience, Button, Card, Option, Paragraph, Quote, Reply
from bot.work import View, Work, reader_of
from storage.communities import Community
from storage.people import Person

PART = 50
"""How many communities are looked at in one transaction: their members are counted."""
ENOUGH = 5
"""A community with fewer members is only beginning."""


def _professions(me: Person, view: View) -> list[Option]:
    return [Option(one.value, NAMES[one]) for one in Profession if one is not Profession.OTHER]


class InviteProfession(
    Query,
    name="invite profession",
    help=t("Invite a profession that your community lacks"),
    example="invite profession policy community: starting-a-business",
    may=May.OWNER,
):
    """Words that an owner can send to people of that profession, who can join by them. Nobody is told."""

    profession: str = ask(t("Which profession?"), choices=_professions, most=40)
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def run(self, me: Person, view: View) -> Reply:
        community = find_owned(self.community, me, view)
        said = tidy(self.profession).lower()
        if said not in {one.value for one in Profession if one is not Profession.OTHER}:
            names = ", ".join(one.value for one in Profession if one is not Profession.OTHER)
            raise Refusal(t("Say one of these: {professions}.", professions=names), field="profession")
        return Reply(_words_for(Profession(said), community, me))


class NotNow(Command):
    """The owner is not asked again in this quarter, as nobody is."""

    community: str

    def run(self, me: Person, work: Work) -> Reply:
        health = Button(t("See how it does"), registry.verbs["health"].partly(community=self.community))
        title = t("You are not asked again before the next quarter.")
        return Reply(Card(title, buttons=(health,)), Audience.REPLACE)


class AskForProfessions(Command, may=May.SYSTEM):
    """The owners of the next 50 communities know which profession is missing there, where one is."""

    after: int

    def run(self, me: Person, work: Work) -> Reply:
        part = [number for number, _ in work.bulletins.each(self.after)][:PART]
        for number in part:
            if work.members.size(number) >= ENOUGH:
                _ask(number, work)
        if part:
            key = f"professions-{work.now.year}-{work.now.month}-{part[-1]}"
            work.later(AskForProfessions(part[-1]), work.now, key=key)
        return Reply(Card(t("Owners are asked for what is missing.")))


def _ask(number: int, work: Work) -> None:
    community = work.communities.get(number)
    for owner in work.members.owners(number):
        lacks = missing_from(grid_of(work.members.counted(number, viewer=owner)))
        if community is not None and lacks is not None:
            work.send(owner.id, _prompt(lacks, community, owner))


def _prompt(lacks: Profession, community: Community, owner: Person) -> Card:
    asked = _words_for(lacks, community, owner)
    title = t(
        "Nobody in {community} whose role you can see works in {profession}.",
        community=community.name,
        profession=NAMES[lacks],
    )
    return Card(
        title,
        body=(*asked.body, Paragraph(_post_a_card(community))),
        buttons=(*asked.buttons, Button(t("Not now"), NotNow(community.slug))),
        note=t("You get this once a quarter at most, because you own {community}.", community=community.name),
    )


def _words_for(profession: Profession, community: Community, owner: Person) -> Card:
    """Words to send, in the owner's language: what the community is for, and how to join."""
    invitation = t(
        "{community} brings together everyone who works on one service, whatever their organisation."
        " We look for people who work in {profession}. To join, say to Signpost in Slack or Teams: join {slug}",
        community=community.name,
        profession=NAMES[profession],
        slug=community.slug,
    )
    return Card(
        t("Invite people in {profession} to {community}", profession=NAMES[profession], community=community.name),
        body=(
            Paragraph(t("Send these words to people you know, or post them in a channel where they are.")),
            Quote(say(invitation, reader_of(owner))),
        ),
        buttons=(
            Button(t("Invite somebody by name"), Invite.partly(community=community.slug)),
            Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug)),
        ),
        note=_post_a_card(community),
    )


def _post_a_card(community: Community) -> Text:
    return t(
        "To post a card in a channel that everyone there can join by, say there: @Signpost post card {slug}",
        slug=community.slug,
    )


registry.always(
    AskForProfessions(0),
    "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=2TU",
    "2026-01-13T10:00",
    "Europe/London",
    key="professions",
)
