"""See the topics of your community that nobody covers: asked about, and nobody says they know about them."""

from datetime import timedelta

from bot.command import May, Query, ask, registry
from bot.features.past import SeeQuestion
from bot.owned import find_owned, owned
from bot.text import t, tn, words
from bot.topics import Topic, uncovered
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.health import Asked
from storage.people import Person

SINCE = timedelta(days=180)
SLOW = timedelta(days=2)
"""A question without an answer for so long, or that had its first one later than this, was slow."""
MOST = 8
"""How many topics are shown."""


class Gaps(
    Query,
    name="gaps",
    help=t("See the topics that nobody covers"),
    example="gaps starting-a-business",
    may=May.OWNER,
):
    """The words of questions of the last 180 days, unanswered or answered late, that no member says they know about.

    Only from questions that this owner may see. Nobody is named.
    """

    community: str = ask(t("Which community?"), choices=owned)

    def run(self, me: Person, view: View) -> Reply:
        community = find_owned(self.community, me, view)
        late = [one.id for one in view.health.asked(community.id) if _is_late(one, view)]
        shown = view.health.shown(late, viewer=me)
        found = uncovered({one.id: one.text for one in shown}, view.health.known(community.id))[:MOST]
        health = Button(t("See how it does"), registry.verbs["health"].partly(community=community.slug))
        if not found:
            title = t("No topic of {community} goes without somebody who knows about it.", community=community.name)
            return Reply(Card(title, buttons=(health,)))
        tell = registry.verbs["announce"].partly(community=community.slug)
        advice = Paragraph(t("Ask your members who knows about these, or invite somebody who does."))
        return Reply(
            Card(
                t("Topics in {community} that nobody covers", community=community.name),
                body=(advice, *(_item(topic) for topic in found)),
                buttons=(Button(t("Ask the members"), tell, style="primary"), health),
                note=t("From questions of the last 180 days that waited two days or more for an answer."),
            )
        )


def _is_late(one: Asked, view: View) -> bool:
    return one.asked_at > view.now - SINCE and (one.first_at or view.now) - one.asked_at >= SLOW


def _item(topic: Topic) -> Item:
    about = tn(
        "{n} question, the last is Q-{number}.",
        "{n} questions, the last is Q-{number}.",
        n=len(topic.questions),
        number=topic.questions[-1],
    )
    return Item(words(", ".join(topic.words)), about, (Button(t("See it"), SeeQuestion(topic.questions[-1])),))
