"""Find who knows about something: members who said so, or who answered something alike."""

from typing import NamedTuple

from bot.command import Query, Verb, ask, registry
from bot.errors import Refusal
from bot.finding import who_is
from bot.matching import alike, stems
from bot.text import Text, t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.answers import Met
from storage.people import Person

MOST = 5
CARRIED = 1900
"""Characters of a payload. A button holds 2,000, and a query keeps nothing: its buttons carry all they say."""


class Known(NamedTuple):
    """A person: how many words of what they know and of their role, and how many answers of theirs, are alike."""

    person: Person
    said: int
    role: int
    answered: int

    @property
    def weight(self) -> int:
        """What they say of themselves counts twice: it is what they want to be found by."""
        return 2 * self.said + self.role + self.answered


class WhoKnows(
    Query,
    name="whoknows",
    help=t("Find who knows about something"),
    example="whoknows data sharing agreements",
    also=("who knows about", "who knows"),
):
    """Up to five people with the reason for each; only those who let others find them. No result is no dead end."""

    topic: str = ask(t("What do you want to know about?"), most=3000)

    def run(self, me: Person, view: View) -> Reply:
        topic = " ".join(self.topic.split()).strip(" ?.!")
        if not stems(topic):
            raise Refusal(t("Say what you want to know about, such as whoknows data sharing."), field="topic")
        answered = view.answers.met(viewer=me)
        known = [_known(topic, person, answered) for person in view.members.findable(viewer=me)]
        found = sorted((row for row in known if row.weight), key=_order)[:MOST]
        question = Button(t("Ask this as a question"), _as_question(self.topic.strip()))
        communities = Button(t("See the communities"), registry.verbs["communities"]())
        about = topic if len(topic) <= 80 else topic[:77] + "…"
        if not found:
            title = t("Nobody you can find knows about “{topic}” yet.", topic=about)
            advice = Paragraph(t("Ask it as a question, or join a community that works on it."))
            return Reply(Card(title, body=(advice,), buttons=(question, communities)))
        items = tuple(Item(who_is(row.person), _why(row)) for row in found)
        return Reply(
            Card(
                tn(
                    "{n} person may know about “{topic}”",
                    "{n} people may know about “{topic}”",
                    n=len(found),
                    topic=about,
                ),
                body=items,
                buttons=(question,),
                note=t("You see members of your communities who let others find them."),
            )
        )


def _known(topic: str, person: Person, answered: list[Met]) -> Known:
    met = [row for row in answered if row.author_id == person.id]
    alike_enough = sum(alike(topic, f"{row.question} {row.answer}") >= _enough(topic) for row in met)
    return Known(person, alike(topic, person.knows), alike(topic, person.role), alike_enough)


def _as_question(topic: str) -> Verb:
    """The topic as a question to ask, cut with a mark where a button cannot carry it all."""
    ask, text = registry.verbs["ask"], topic
    while len(ask.partly(question=text).pack()) > CARRIED:
        text = text[: len(text) * 3 // 4].rstrip(" …") + "…"
    return ask.partly(question=text)


def _enough(topic: str) -> int:
    """One shared word is enough for a short topic, two for a sentence."""
    return 1 if len(topic.split()) <= 3 else 2


def _order(known: Known) -> tuple[int, int, int]:
    return (-known.weight, -known.answered, known.person.id)


def _why(known: Known) -> Text:
    says = t("Says they know about: {knows}.", knows=words(known.person.knows))
    if not known.answered:
        return says if known.said else t("Their role is close to this.")
    answered = tn("Answered {n} question like this.", "Answered {n} questions like this.", n=known.answered)
    return t("{answered} {says}", answered=answered, says=says) if known.said else answered
