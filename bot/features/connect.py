"""Connect a channel or team to a community: its news is posted there, once both sides have agreed."""

from typing import NamedTuple

from bot.command import Command, ask, registry
from bot.errors import Refusal, Stale
from bot.finding import all_communities, find_community
from bot.text import t, words
from bot.ui import Audience, Button, Card, Paragraph, Reply
from bot.work import View, Work
from storage.administrators import Administrators
from storage.communities import Community
from storage.people import Person
from storage.places import Place


class Sides(NamedTuple):
    """For which of the two sides somebody may speak."""

    owner: bool
    administrator: bool


class Connect(
    Command, name="connect", help=t("Connect a channel to a community"), example="connect starting-a-business"
):
    """Said in a channel: the side that says it has agreed, and the other is asked. Who speaks for both connects it.

    Refused to whoever neither owns the community nor administers the channel's workspace, and in a direct chat.
    """

    community: str = ask(t("Which community?"), choices=all_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        place = _place_here(community, work, propose=True)
        sides = _sides(place, me, work)
        if not any(sides):
            text = t(
                "Only an owner of {community}, or an administrator of this channel’s organisation, can connect them.",
                community=community.name,
            )
            raise Refusal(text, field="community")
        if place.state == "connected":
            raise Refusal(t("This channel is connected to {community} already.", community=community.name))
        place = _agrees(place, sides, me, work)
        if place.state == "connected":
            return Reply(_drawn(place, community, me, work))
        asked = _ask_the_other_side(place, work)
        work.show(me.id, ("connected_place", place.id))
        note = None if asked else t("Nobody speaks for the other side yet: they find it when somebody does.")
        title = t("The other side is asked. You see what they answer in your own chat with Signpost.")
        see = registry.verbs["community"].partly(community=community.slug)
        return Reply(Card(title, buttons=(Button(t("See the community"), see),), note=note))


class AgreeToConnect(Command):
    """The side of who presses it has agreed; with the other's, the channel is connected, and all who were asked see it.

    Refused to whoever speaks for neither side now; once it is connected or ended, pressing it says so.
    """

    place: int

    def run(self, me: Person, work: Work) -> Reply:
        place = work.places.get(self.place)
        community = work.communities.get(place.community_id) if place else None
        if place is None or community is None or not any(_sides(place, me, work)):
            raise Refusal(t("Only an owner of the community or an administrator of the channel can do this."))
        if place.state != "proposed" or community.state != "active":
            raise Stale(t("This was answered before. Say connect in the channel to ask again."))
        place = _agrees(place, _sides(place, me, work), me, work)
        return Reply(_drawn(place, community, me, work), Audience.REPLACE)


class Disconnect(Command, name="disconnect", help=t("Disconnect a channel from a community")):
    """The channel gets no more news of the community. Either side may, at any time; all who were asked see it."""

    community: str = ask(t("Which community?"), choices=all_communities, default="")
    place: int = 0

    def run(self, me: Person, work: Work) -> Reply:
        place = work.places.get(self.place) if self.place else _place_here(_named(self.community, work), work)
        community = work.communities.get(place.community_id) if place else None
        if place is None or community is None or not any(_sides(place, me, work)):
            raise Refusal(t("Only an owner of the community or an administrator of the channel can do this."))
        if not work.places.end(place.id, work.now):
            raise Stale(t("The channel is not connected to {community}.", community=community.name))
        work.record(me, "disconnect", f"connected place {place.id}")
        work.redraw(("connected_place", place.id))
        return Reply(_drawn(place._replace(state="ended"), community, me, work), Audience.REPLACE)


@registry.drawing("connected_place")
def draw_place(number: int, person: Person, view: View) -> Card | None:
    """What is asked of this side, or what became of it; nothing for who speaks for neither side now."""
    place = view.places.get(number)
    community = view.communities.get(place.community_id) if place else None
    if place is None or community is None or not any(_sides(place, person, view)):
        return None
    return _drawn(place, community, person, view)


def _named(said: str, work: Work) -> Community:
    if not said:
        raise Refusal(t("Say disconnect and the name of the community."), field="community")
    return find_community(said, work, archived=True)


def _place_here(community: Community, work: Work, *, propose: bool = False) -> Place:
    """What this channel is to the community; with `propose` it is something afterwards. Refused in a direct chat."""
    here = work.here
    if here is None or here.kind == "direct" or not here.conversation:
        text = t("Say this in the channel itself: @Signpost connect {slug}", slug=community.slug)
        raise Refusal(text)
    where = (here.platform, here.tenant, here.conversation)
    if propose:
        work.installations.meet(where, here.kind, here.service_url, work.now)
    number = work.places.conversation(*where)
    if propose and number is not None:
        work.places.propose(community.id, number, work.now)
    place = work.places.of(community.id, number) if number is not None else None
    if place is None:
        raise Refusal(t("This channel is not connected to {community}.", community=community.name), field="community")
    return place


def _sides(place: Place, me: Person, view: View) -> Sides:
    membership = view.communities.membership(place.community_id, me.id)
    of_it = me.verified and place.organisation_id is not None and me.organisation_id == place.organisation_id
    return Sides(membership is not None and membership.owner, me.administrator and of_it)


def _agrees(place: Place, sides: Sides, me: Person, work: Work) -> Place:
    """The place once this person has agreed for each side they speak for; every card about it is drawn anew."""
    changed = [
        sides.owner and work.places.owner_agrees(place.id, me.id, work.now),
        sides.administrator and work.places.administrator_agrees(place.id, me.id, work.now),
    ]
    if any(changed):
        work.record(me, "connect", f"connected place {place.id}")
        work.redraw(("connected_place", place.id))
    return work.places.get(place.id) or place


def _ask_the_other_side(place: Place, work: Work) -> bool:
    """Whether somebody is asked: owners whose agreement is missing, or administrators whose is."""
    asked = [owner.id for owner in work.members.owners(place.community_id)] if place.owner_id is None else []
    if place.administrator_id is None and place.organisation_id is not None:
        asked += Administrators(work.tx).of(place.organisation_id)
    for person in dict.fromkeys(asked):
        work.show(person, ("connected_place", place.id))
    return bool(asked)


def _drawn(place: Place, community: Community, me: Person, view: View) -> Card:
    organisation = words(place.organisation) if place.organisation else t("an organisation that is not known")
    if place.state == "connected":
        title = t(
            "A channel of {organisation} is connected to {community}.",
            organisation=organisation,
            community=community.name,
        )
        news = Paragraph(t("News of the community is posted there."))
        return Card(title, body=(news,), buttons=(Button(t("Disconnect it"), Disconnect(place=place.id)),))
    if place.state == "ended":
        title = t(
            "A channel of {organisation} is not connected to {community}.",
            organisation=organisation,
            community=community.name,
        )
        see = registry.verbs["community"].partly(community=community.slug)
        return Card(title, buttons=(Button(t("See the community"), see),))
    sides = _sides(place, me, view)
    waits = (sides.owner and place.owner_id is None) or (sides.administrator and place.administrator_id is None)
    no = Button(t("Do not connect"), Disconnect(place=place.id))
    if not waits:
        title = t("The other side is asked whether {community} may be connected.", community=community.name)
        return Card(title, buttons=(no,))
    return Card(
        t("Connect a channel of {organisation} to {community}?", organisation=organisation, community=community.name),
        body=(Paragraph(t("News of the community would be posted there. Everyone in the channel would read it.")),),
        buttons=(Button(t("Connect"), AgreeToConnect(place.id), style="primary"), no),
        note=t("It is connected once an owner and an administrator of the channel’s organisation agree."),
    )
