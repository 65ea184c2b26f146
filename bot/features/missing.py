"""Invite the profession that your community lacks, with words to send; owners are asked once a quarter at most."""

from typing import NamedTuple

from bot.balance import grid_of, missing_from, professions_in
from bot.command import Command, Considered, May, Query, ask, registry
from bot.describing import read_choice
from bot.features.invite import Invite
from bot.finding import tidy
from bot.owned import find_owned, owned, owns
from bot.professions import NAMES, Profession
from bot.text import Text, say, t
from bot.ui import Audience, Button, Card, Option, Paragraph, Quote, Reply
from bot.work import View, Work, reader_of
from storage.communities import Community
from storage.people import Person

PART = 50
"""How many communities are looked at at a time: their members are counted."""
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
        names = {one.value: NAMES[one] for one in Profession if one is not Profession.OTHER}
        said = read_choice(tidy(self.profession), names, field="profession")
        return Reply(_words_for(Profession(said), community, me))


class NotNow(Command):
    """The owner is not asked again in this quarter, as nobody is."""

    community: str

    def run(self, me: Person, work: Work) -> Reply:
        health = Button(t("See how it does"), registry.verbs["health"].partly(community=self.community))
        title = t("You are not asked again before the next quarter.")
        return Reply(Card(title, buttons=(health,)), Audience.REPLACE)


class Lack(NamedTuple):
    """What an owner of a community would be asked for."""

    community: int
    owner: int
    profession: Profession


class AskForProfessions(Considered[list[Lack]], may=May.SYSTEM):
    """The owners of the next 50 communities know which profession is missing there, where one is.

    Members are counted before the transaction: of large communities that takes longer than others may wait.
    """

    after: int

    def look(self, me: Person, view: View) -> list[Lack]:
        large = (number for number in self._part(view) if view.members.size(number) >= ENOUGH)
        return [lack for number in large for lack in _lacking(number, view)]

    def run(self, me: Person, work: Work, seen: list[Lack]) -> Reply:
        for lack in seen:
            community, owner = work.communities.get(lack.community), work.people.find(lack.owner)
            if community is not None and owner is not None and owns(community.id, owner, work):
                work.send(owner.id, _prompt(lack.profession, community, owner))
        part = self._part(work)
        if part:
            key = f"professions-{work.now.year}-{work.now.month}-{part[-1]}"
            work.later(AskForProfessions(part[-1]), work.now, key=key)
        return Reply(Card(t("Owners are asked for what is missing.")))

    def _part(self, view: View) -> list[int]:
        return [number for number, _ in view.bulletins.each(self.after)][:PART]


def _lacking(community: int, view: View) -> list[Lack]:
    """What each owner is asked for. One who may see no role there knows nothing of what is missing."""
    found = []
    for owner in view.members.owners(community):
        rows = grid_of(view.members.counted(community, viewer=owner))
        lacks = missing_from(rows) if professions_in(rows) else None
        if lacks is not None:
            found.append(Lack(community, owner.id, lacks))
    return found


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
