"""Post a card in a channel, from which everyone there can join a community."""

from bot.command import Query, ask, registry
from bot.errors import Refusal
from bot.features.join import way_in
from bot.finding import all_communities, find_community
from bot.kinds import WAYS_IN
from bot.text import t, tn
from bot.ui import Audience, Button, Card, Fact, Reply
from bot.work import View
from storage.people import Person


class JoinCard(
    Query, name="post card", help=t("Post a card to join by in a channel"), example="post card starting-a-business"
):
    """Everyone in the channel sees the card, and each who presses it joins for themselves. It names nobody.

    In a direct chat nobody else would see it: there it is refused, with the words to say in a channel. So it is where
    only invited people join.
    """

    community: str = ask(t("Which community?"), choices=all_communities)

    def run(self, me: Person, view: View) -> Reply:
        community = find_community(self.community, view)
        if view.here is None or view.here.kind == "direct":
            text = t("Nobody else reads this chat. In a channel, say: @Signpost post card {slug}", slug=community.slug)
            raise Refusal(text)
        way = way_in(community)
        if not way:
            text = t(
                "Only people whom its owners invite can join {community}, so nobody could join by a card."
                " Its owners invite people by name.",
                community=community.name,
            )
            raise Refusal(text, field="community")
        size = view.members.size(community.id)
        return Reply(
            Card(
                t("Join {community}", community=community.name),
                facts=(
                    Fact(t("Service"), community.service),
                    Fact(t("Outcome"), community.outcome),
                    Fact(t("Members"), tn("{n} person", "{n} people", n=size)),
                    Fact(t("Who can join"), WAYS_IN.get(community.access, WAYS_IN["open"])),
                ),
                buttons=(
                    *way,
                    Button(t("See the community"), registry.verbs["community"].partly(community=community.slug)),
                ),
                note=t("You can also say to Signpost: join {slug}", slug=community.slug),
            ),
            Audience.EVERYONE,
        )
