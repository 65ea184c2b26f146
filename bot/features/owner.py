"""Own a community with others: ask somebody to own it too, hand it over, stop one from owning it, take it on."""

from bot.command import Command, May, ask, registry
from bot.errors import Refusal
from bot.features.leave import Leave
from bot.features.owning import ask_to_own, become_owner, end_search, who_waits
from bot.features.stewardship import ask_members
from bot.finding import find_community, my_communities
from bot.owned import find_owned, owned
from bot.text import t, tn
from bot.ui import Button, Card, Paragraph, Reply
from bot.work import Work
from storage.communities import Community
from storage.owning import HAND_OVER, OWN
from storage.people import Person

BY_NAME = t("Their name, as the list of members shows it.")


class Owner(
    Command,
    name="owner",
    help=t("Ask somebody to own your community too"),
    example="owner Tom Heskeway community: starting-a-business",
    may=May.OWNER,
    also=("owner add",),
):
    """The person is asked, and owns the community once they say yes. Only an owner may; who hides is not found.

    They need not be a member yet: the second owner is best from another organisation.
    """

    person: str = ask(t("Who?"), most=120, hint=BY_NAME)
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        person = _asked(self.person, community, OWN, me, work)
        title = t("{person} is asked to own {community} with you.", person=person.name, community=community.name)
        note = t("They are not an owner yet. You are told what they say.")
        return Reply(Card(title, buttons=(_who_is_in(community),), note=note))


class HandOver(
    Command,
    name="owner hand over",
    help=t("Hand your community over to somebody"),
    example="owner hand over Tom Heskeway community: starting-a-business",
    may=May.OWNER,
    also=("hand over",),
):
    """The person is asked; once they say yes they own the community and who asked owns it no more, but is a member."""

    person: str = ask(t("To whom?"), most=120, hint=BY_NAME)
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        person = _asked(self.person, community, HAND_OVER, me, work)
        title = t("{person} is asked to take over {community}.", person=person.name, community=community.name)
        note = t("You own it until they say yes. You are told what they say.")
        return Reply(Card(title, buttons=(_who_is_in(community),), note=note))


class OwnerRemove(
    Command,
    name="owner remove",
    help=t("Stop an owner from owning your community"),
    example="owner remove Tom Heskeway community: starting-a-business",
    may=May.OWNER,
):
    """The owner is an ordinary member and is told who did it; refused for the last owner who is there."""

    person: str = ask(t("Who?"), most=120, hint=t("The name of an owner, which can be you."))
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        owners = work.members.owners(community.id)
        name = " ".join(self.person.split()).casefold()
        named = [one for one in owners if one.name.casefold() == name]
        named = [one for one in named if one.id == me.id] or named
        if len(named) != 1:
            text = t("No owner of {community} is called “{name}”.", community=community.name, name=self.person)
            raise Refusal(text, field="person")
        if len(owners) == 1:
            raise _last_owner(community)
        work.communities.set_owner(community.id, named[0].id, False)
        work.record(me, "remove owner", f"person {named[0].id} of community {community.id}")
        if named[0].id == me.id:
            leave = Button(t("Leave the community"), Leave(community.slug))
            return Reply(Card(t("You no longer own {community}.", community=community.name), buttons=(leave,)))
        work.send(named[0].id, _told(me, community))
        title = t("{person} no longer owns {community}.", person=named[0].name, community=community.name)
        return Reply(Card(title, buttons=(_who_is_in(community),), note=t("They are a member still, and are told.")))


class OwnerWanted(
    Command,
    name="owner wanted",
    help=t("Look for another owner of your community"),
    example="owner wanted starting-a-business",
    may=May.OWNER,
):
    """Up to 5 members are asked whether they will own it too, and 5 others each week until one says yes."""

    community: str = ask(t("Which community?"), choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        if not work.stewardship.look_for_owner(community.id, work.now):
            text = t(
                "Members of {community} are being asked already. You are told who says yes.", community=community.name
            )
            raise Refusal(text, field="community")
        number = ask_members(community, work.now, work, by=me)
        work.record(me, "look for owner", f"community {community.id}")
        if not number:
            title = t("There is no other member to ask. Invite people first, then look for an owner.")
            end_search(community.id, work)
            return Reply(Card(title, buttons=(_ask_one(community),)))
        title = tn(
            "{n} member of {community} is asked whether they will own it too.",
            "{n} members of {community} are asked whether they will own it too.",
            n=number,
            community=community.name,
        )
        return Reply(
            Card(title, buttons=(_ask_one(community),), note=t("The first who says yes does. You are told who."))
        )


class Own(Command, name="own", help=t("Own a community that has no owner"), example="own starting-a-business"):
    """A member owns the community that nobody owns. Refused where somebody does, and who is no member."""

    community: str = ask(t("Which community?"), choices=my_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        if work.communities.membership(community.id, me.id) is None:
            text = t(
                "You are not in {community}. Say join {slug} first.", community=community.name, slug=community.slug
            )
            raise Refusal(text, field="community")
        owners = work.members.owners(community.id)
        if any(one.id == me.id for one in owners):
            raise Refusal(t("You own {community} already.", community=community.name), field="community")
        if owners:
            text = t("{community} has an owner. Ask them to make you one too.", community=community.name)
            raise Refusal(text, field="community")
        become_owner(community, me, work)
        note = t("A second owner, from another organisation, looks after it when you are away.")
        title = t("You are the owner of {community}.", community=community.name)
        waiting, see = who_waits(community, me, work)
        return Reply(Card(title, body=waiting, buttons=(*see, _ask_one(community), _who_is_in(community)), note=note))


def _asked(said: str, community: Community, kind: str, me: Person, work: Work) -> Person:
    """The person with this name, who is asked now. Refused where nobody is found or asked, or they own it already."""
    person = _called(said, community, me, work)
    membership = work.communities.membership(community.id, person.id)
    if membership is not None and membership.owner:
        text = t("{person} is an owner of {community} already.", person=person.name, community=community.name)
        raise Refusal(text, field="person")
    if person.kind == "supplier" and not community.suppliers:
        text = t(
            "{person} works for a supplier, and suppliers may not join {community}.",
            person=person.name,
            community=community.name,
        )
        raise Refusal(text, field="person")
    if not ask_to_own(person.id, community, kind, work, by=me):
        text = t("{person} was asked before and has not answered yet.", person=person.name)
        raise Refusal(text, field="person")
    work.record(me, f"ask to {kind}", f"person {person.id} for community {community.id}")
    return person


def _called(said: str, community: Community, me: Person, work: Work) -> Person:
    """The member with this name, or somebody else this person can find. Refused where none, or more than one, is."""
    name = " ".join(said.split())
    found = work.members.called(community.id, name, viewer=me)
    if not found:
        found = work.members.findable_called(name, viewer=me)
    if len(found) == 1:
        return found[0]
    text = t(
        "No member you can find is called “{name}”. Say members {slug} to see their names.",
        name=said,
        slug=community.slug,
    )
    raise Refusal(text, field="person")


def _last_owner(community: Community) -> Refusal:
    text = t(
        "{community} would have no owner. Say owner and a name, or owner wanted {slug}, first.",
        community=community.name,
        slug=community.slug,
    )
    return Refusal(text, field="person")


def _told(me: Person, community: Community) -> Card:
    title = t("{person} made you an ordinary member of {community}.", person=me.name, community=community.name)
    leave = Button(t("Leave the community"), Leave(community.slug))
    return Card(
        title, body=(Paragraph(t("You no longer own it. Ask them if you did not expect this.")),), buttons=(leave,)
    )


def _ask_one(community: Community) -> Button:
    return Button(t("Ask one person"), Owner.partly(community=community.slug))


def _who_is_in(community: Community) -> Button:
    return Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug))
