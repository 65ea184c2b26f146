"""Invite somebody to a community you are in, or get the words to tell them."""

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.finding import find_community, is_shut_to, my_communities, tidy, who, who_is
from bot.text import Text, t
from bot.ui import Audience, Button, Card, Fact, Reply
from bot.work import Work
from storage.communities import Community
from storage.people import Person


class Invite(
    Command,
    name="invite",
    help=t("Invite somebody to a community"),
    example="invite Tom Heskeway to starting-a-business",
):
    """Somebody you can find is asked, once, to join; for anybody else you get the words to tell them.

    Any member may invite to an open community, only an owner where not everybody may join: who is invited there need
    not be approved. Refused: who is in it, who was invited before, a supplier where it has none.
    """

    person: str = ask(t("Who?"), most=120, hint=t("Their name, as lists of people show it."))
    community: str = ask(t("Which community?"), after="to", choices=my_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        _must_be_able_to_invite(community, me, work)
        name = tidy(self.person)
        found = work.members.findable_called(name, viewer=me)
        if len(found) != 1:
            return Reply(_words_to_tell(name, community))
        person = found[0]
        if work.communities.membership(community.id, person.id) is not None:
            text = t("{person} is in {community} already.", person=person.name, community=community.name)
            raise Refusal(text, field="person")
        if is_shut_to(person, community):
            raise Refusal(t("{community} is not open to suppliers.", community=community.name), field="person")
        number = work.invitations.add(community.id, person.id, by=me.id, now=work.now)
        if number is None:
            text = t("{person} was invited to {community} before.", person=person.name, community=community.name)
            raise Refusal(text, field="person")
        work.send(person.id, _invitation(number, community, me))
        work.record(me, "invite", f"person {person.id} to community {community.id}")
        title = t("{person} is invited to {community}.", person=who_is(person), community=community.name)
        another = Button(t("Invite somebody else"), Invite.partly(community=community.slug))
        return Reply(Card(title, buttons=(another,)))


class DeclineInvitation(Command):
    """The person does not want to join, and is not invited to this community again. Nobody is told."""

    invitation: int

    def run(self, me: Person, work: Work) -> Reply:
        invitation = work.invitations.get(self.invitation)
        if invitation is None or invitation.person_id != me.id:
            raise Refusal(t("This invitation is not yours, or it is over. Say communities to see them all."))
        work.invitations.answer(invitation.community_id, me.id, accepted=False)
        see = Button(t("See the communities"), registry.verbs["communities"]())
        return Reply(Card(t("You are not invited to it again. Nobody is told."), buttons=(see,)), Audience.REPLACE)


def _must_be_able_to_invite(community: Community, me: Person, work: Work) -> None:
    membership = work.communities.membership(community.id, me.id)
    if membership is None:
        text = t("You are not in {community}. Say join {slug} first.", community=community.name, slug=community.slug)
        raise Refusal(text, field="community")
    if community.access != "open" and not membership.owner:
        raise Refusal(t("Only an owner of {community} can invite people to it.", community=community.name), "community")


def _words_to_tell(name: str, community: Community) -> Card:
    """For who cannot be found by this person: nothing is said of whether there is somebody with that name."""
    title = t("You can find nobody, or more than one, called “{name}”.", name=name)
    tell = t("Tell them to write to Signpost in their own tool: join {slug}", slug=community.slug)
    if community.access == "invitation":
        tell = t("Who is to be invited must let others find them: they say me findable yes.")
    members = Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug))
    return Card(title, buttons=(Button(t("Try again"), Invite.partly(community=community.slug)), members), note=tell)


def _invitation(number: int, community: Community, me: Person) -> Card:
    return Card(
        _asks(community, me),
        facts=(Fact(t("Service"), community.service), Fact(t("Outcome"), community.outcome)),
        buttons=(
            Button(t("Join"), registry.verbs["join"].partly(community=community.slug), style="primary"),
            Button(t("See the community"), registry.verbs["community"].partly(community=community.slug)),
            Button(t("Not for me"), DeclineInvitation(number)),
        ),
        note=t("You get this because you let others find you."),
    )


def _asks(community: Community, me: Person) -> Text:
    inviter = who(me.name, me.role, me.organisation)
    return t("{person} invites you to {community}", person=inviter, community=community.name)
