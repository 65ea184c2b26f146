"""Mute a community: you stay in it and get none of its news, until you say unmute."""

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.finding import find_community, my_communities
from bot.text import t
from bot.ui import Button, Card, Reply
from bot.work import Work
from storage.communities import Community
from storage.people import Person


class Mute(Command, name="mute", help=t("Get no news of a community"), example="mute starting-a-business"):
    """A member who gets no announcement and no bulletin of it. Questions, and reminders they asked for, still come."""

    community: str = ask(t("Which community?"), choices=my_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = _mine(self.community, me, work)
        work.communities.mute(community.id, me.id, True)
        work.record(me, "mute", f"community {community.id}")
        undo = Button(t("Get its news again"), Unmute(community.slug))
        title = t("You get no news of {community} any more.", community=community.name)
        note = t("Reminders of showcases that you said you come to still come.")
        return Reply(Card(title, buttons=(undo,), note=note))


class Unmute(Command, name="unmute", help=t("Get news of a community again"), example="unmute starting-a-business"):
    """A member who gets its announcements and bulletins from now on."""

    community: str = ask(t("Which community?"), choices=my_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = _mine(self.community, me, work)
        work.communities.mute(community.id, me.id, False)
        work.record(me, "unmute", f"community {community.id}")
        see = Button(t("See the community"), registry.verbs["community"].partly(community=community.slug))
        title = t("You get news of {community} from now on.", community=community.name)
        return Reply(Card(title, buttons=(see, Button(t("Mute it"), Mute(community.slug)))))


def _mine(said: str, me: Person, work: Work) -> Community:
    """The community of this person's. Refused where they are not in it."""
    community = find_community(said, work)
    if work.communities.membership(community.id, me.id) is None:
        raise Refusal(t("You are not in {community}.", community=community.name), field="community")
    return community
