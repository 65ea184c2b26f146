"""Make another member an owner of your community, so that it is looked after when you leave."""

from bot.command import Command, May, ask, registry
from bot.errors import Refusal
from bot.features.leave import Leave
from bot.finding import find_community, my_communities
from bot.text import t
from bot.ui import Button, Card, Reply
from bot.work import Work
from storage.communities import Community
from storage.people import Person


class Owner(
    Command,
    name="owner",
    help=t("Make a member an owner too"),
    example="owner Tom Heskeway community: starting-a-business",
    may=May.OWNER,
):
    """The member owns the community too, and is told so. Only an owner may; only who lets them find them is found."""

    person: str = ask(t("Who?"), most=120, hint=t("Their name, as the list of members shows it."))
    community: str = ask(t("Which community?"), after="community:", choices=my_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        membership = work.communities.membership(community.id, me.id)
        if membership is None or not membership.owner:
            text = t("Only an owner of {community} can make another owner.", community=community.name)
            raise Refusal(text, field="community")
        person = _member(self.person, community, me, work)
        if not work.communities.set_owner(community.id, person.id, True):
            text = t("{person} is an owner of {community} already.", person=person.name, community=community.name)
            raise Refusal(text, field="person")
        work.send(person.id, _told(me, community))
        work.record(me, "make owner", f"person {person.id} of community {community.id}")
        title = t("{person} is an owner of {community} too.", person=person.name, community=community.name)
        return Reply(
            Card(
                title,
                buttons=(_who_is_in(community), Button(t("Leave the community"), Leave(community.slug))),
                note=t("They have been told."),
            )
        )


def _member(said: str, community: Community, me: Person, work: Work) -> Person:
    """The other member with this name. Refused where none, or more than one, can be found."""
    found = work.members.called(community.id, " ".join(said.split()), viewer=me)
    if len(found) == 1:
        return found[0]
    text = t(
        "No member you can find is called “{name}”. Say members {slug} to see their names.",
        name=said,
        slug=community.slug,
    )
    raise Refusal(text, field="person")


def _told(me: Person, community: Community) -> Card:
    return Card(
        t("{person} made you an owner of {community}.", person=me.name, community=community.name),
        buttons=(_who_is_in(community), Button(t("Schedule a showcase"), registry.verbs["showcase new"].partly())),
        note=t("Owners look after a community. You can leave it while it has another owner."),
    )


def _who_is_in(community: Community) -> Button:
    return Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug))
