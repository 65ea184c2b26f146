"""Say help, hi or hello, and see what you can do here."""

from bot.command import Query, registry
from bot.permission import allowed
from bot.text import t, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.people import Person

FIRST = ("ask", "whoknows", "join", "questions", "showcase", "me")


class Help(Query, name="help", help=t("See what you can do"), also=("hi", "hello", "start")):
    """The six things people do most, with the words for each, then every other verb this person may use."""

    def run(self, me: Person, view: View) -> Reply:
        offered = [verb for verb in registry.offered() if allowed(verb, me, view)]
        first = [verb for verb in offered if verb.name in FIRST]
        first.sort(key=lambda verb: FIRST.index(verb.name))
        items = tuple(Item(verb.help, words(verb.example)) for verb in first if verb.help)
        others = ", ".join(verb.name for verb in offered if verb not in first)
        mine = view.communities.mine(me.id)
        start = Button(t("Ask a question"), registry.verbs["ask"](), style="primary") if mine else None
        browse = Button(t("See the communities"), registry.verbs["communities"]())
        return Reply(
            Card(
                t("Hello {name}. Signpost connects you with people who work on the same service.", name=me.name),
                body=(
                    Paragraph(t("Type these words here, after /signpost in any Slack channel, or after @Signpost.")),
                    *items,
                ),
                buttons=(start, browse) if start else (browse,),
                note=t("You can also say: {verbs}.", verbs=others),
            )
        )
