"""See what was answered already, before you ask."""

from bot.command import Query, ask, registry
from bot.errors import Refusal
from bot.features.whoknows import WhoKnows, asking, carried
from bot.finding import who
from bot.similar import Similar, similar
from bot.text import t, tn, words
from bot.ui import Button, Card, Item, Reply
from bot.view import View
from storage.people import Person
from storage.terms import terms

MOST = 4
"""With two more buttons as many as one platform draws."""


class SimilarQuestions(
    Query,
    name="similar",
    help=t("See what was answered already"),
    example="similar How do you record why people call?",
    also=("answered already",),
):
    """Up to four answered questions like this one, the best first, each with its answer in short.

    Only those whose answers this person may read. Raises Refusal for words that say nothing.
    """

    question: str = ask(t("What do you want to know?"), kind="lines", most=3000)

    def run(self, me: Person, view: View) -> Reply:
        if not terms(self.question):
            raise Refusal(t("Say what you want to know, such as similar How do you test forms?"), field="question")
        found = similar(self.question, me, view, MOST)
        ask_it = Button(t("Ask this as a question"), asking(self.question))
        knows = Button(t("Find who knows"), WhoKnows(carried(self.question)))
        if not found:
            title = t("Nothing like this was answered yet where you can see it.")
            return Reply(Card(title, buttons=(ask_it, knows)))
        title = tn("{n} question like this was answered", "{n} questions like this were answered", n=len(found))
        return Reply(Card(title, body=tuple(item(one) for one in found), buttons=(ask_it, knows)))


def item(one: Similar) -> Item:
    """The question as it begins, the answer in short and who gave it, with a way to read the whole."""
    author = t("Before Signpost was here") if one.said.past else who(one.said.author, "", one.said.organisation)
    text = t("{author}: {summary}", author=author, summary=words(one.summary))
    start = t("Q-{number}: {start}", number=one.said.question_id, start=_start(one.said.question))
    return Item(
        start,
        text,
        (Button(t("Read the answer"), registry.verbs["see question"].partly(question=one.said.question_id)),),
    )


def _start(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + "…"
