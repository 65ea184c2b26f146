"""See which communities are for you, and why."""

from bot.command import Query, registry
from bot.features.join import Join
from bot.recommending import recommended
from bot.text import Text, t, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.communities import Community
from storage.people import Person


class ForMe(
    Query,
    name="communities for me",
    help=t("See which communities are for you"),
    also=("recommended communities", "recommend a community"),
):
    """Up to three communities this person is not in, each with its reason and a way in."""

    def run(self, me: Person, view: View) -> Reply:
        found = recommended(me, view.recommending.services(me.id), view)
        every = Button(t("See all"), registry.verbs["communities"]())
        if not found:
            title = t("There is no community that you could join and are not in.")
            return Reply(Card(title, buttons=(Button(t("Start a community"), registry.verbs["create"]()), every)))
        body = [_item(community, reason) for community, reason in found]
        return Reply(Card(t("Communities for you"), body=(*_without_role(me), *body), buttons=(every,)))


def _without_role(me: Person) -> tuple[Paragraph, ...]:
    """What would find better ones."""
    return () if me.role else (Paragraph(t("Say me role and your role, to see where people do your job.")),)


def _item(community: Community, reason: Text) -> Item:
    label = t("Join") if community.access == "open" else t("Ask to join")
    join = Button(label, Join.partly(community=community.slug), style="primary")
    see = Button(t("See more"), registry.verbs["community"].partly(community=community.slug))
    return Item(words(community.name), t("{reason} {outcome}", reason=reason, outcome=community.outcome), (join, see))
