"""Say help, hi or hello, and see what you can do here."""

from bot.command import Query, Verb, registry
from bot.permission import allowed
from bot.text import Text, t, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.people import Person

FIRST = ("ask", "whoknows", "join", "questions", "showcase", "me")


GREETINGS = (
    *("hi", "hello", "hey", "hiya", "start", "good morning", "good afternoon", "?"),
    *("helo", "shwmae", "s’mae", "haia", "cychwyn", "bore da", "prynhawn da", "cymorth"),
)
"""In English and in Welsh."""


class Help(Query, name="help", help=t("See what you can do"), also=GREETINGS):
    """The six things people do most, with the words for each, then every other verb this person may use."""

    def run(self, me: Person, view: View) -> Reply:
        return Reply(overview(_hello(me, view), me, view))


def overview(title: Text, me: Person, view: View) -> Card:
    """What this person can do, under this title: a question first for who is in a community, else a community."""
    offered = [verb for verb in registry.offered() if allowed(verb, me, view)]
    first = [verb for verb in offered if verb.name in FIRST]
    first.sort(key=lambda verb: FIRST.index(verb.name))
    items = tuple(Item(verb.help, _example(verb)) for verb in first if verb.help)
    others = ", ".join(verb.name for verb in offered if verb not in first and verb is not Help)
    member = bool(view.communities.mine(me.id))
    ask = Button(t("Ask a question"), registry.verbs["ask"](), style="primary")
    browse = Button(t("See the communities"), registry.verbs["communities"](), style="normal" if member else "primary")
    return Card(
        title,
        body=(Paragraph(t("Type words like these here. In a channel, start with @Signpost or /signpost.")), *items),
        buttons=(ask, browse) if member else (browse,),
        note=t("You can also say: {verbs}.", verbs=others),
    )


def _example(verb: type[Verb]) -> Text:
    """Translated but for the verb, which is typed as it is: one that takes nothing is no sentence of any language."""
    return words(verb.example) if verb.example == verb.name else Text(verb.example)


def _hello(me: Person, view: View) -> Text:
    """Somebody new is called nothing until their platform has said their name: an id is no greeting."""
    if view.account is not None and me.name == view.account.user:
        return t("Hello. Signpost connects you with people who work on the same service.")
    return t("Hello {name}. Signpost connects you with people who work on the same service.", name=me.name)
