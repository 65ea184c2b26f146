"""Leave a community. Your answers stay, with your name on them."""

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.features.join import Join
from bot.finding import find_community, my_communities
from bot.text import t
from bot.ui import Button, Card, Paragraph, Reply
from bot.work import Work
from storage.communities import Community
from storage.people import Person


class Leave(Command, name="leave", help=t("Leave a community"), example="leave starting-a-business"):
    """No member any more; who only asked to join does not ask any more.

    Its only owner is refused while others are in it: somebody must look after it.
    """

    community: str = ask(t("Which community?"), choices=my_communities)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work, archived=True)
        membership = work.communities.membership(community.id, me.id)
        if membership is None:
            return Reply(_not_asked(community, me, work))
        others = work.members.size(community.id) > 1
        looked_after = community.state != "active" or len(work.members.owners(community.id)) > 1
        if membership.owner and others and not looked_after:
            text = t(
                "You are the only owner of {community}. Say owner hand over and a name, or owner wanted {slug}.",
                community=community.name,
                slug=community.slug,
            )
            raise Refusal(text, field="community")
        work.communities.leave(community.id, me.id, work.now)
        work.record(me, "leave", f"community {community.id}")
        owner = t("You were one of its owners. If you come back, you are an ordinary member.")
        return Reply(
            Card(
                t("You have left {community}.", community=community.name),
                body=(Paragraph(owner),) if membership.owner and others else (),
                buttons=(Button(t("Join again"), Join(community.slug)),),
                note=t("Your answers stay, and your name stays on them."),
            )
        )


def _not_asked(community: Community, me: Person, work: Work) -> Card:
    """Their request to join is withdrawn. Refused where they neither are in it nor asked to be."""
    request = work.requests.of(community.id, me.id)
    if request is None or not work.requests.decide(request.id, "withdrawn", by=me.id, now=work.now):
        raise Refusal(t("You are not in {community}.", community=community.name), field="community")
    work.redraw(("join_request", request.id))
    work.record(me, "withdraw request", f"request {request.id}")
    see = Button(t("See the communities"), registry.verbs["communities"]())
    return Card(t("You do not ask to join {community} any more.", community=community.name), buttons=(see,))
