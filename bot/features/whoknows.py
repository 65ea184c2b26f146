"""Find who knows about something: members who said so, or who answered something alike."""

from typing import NamedTuple

from bot.command import Query, ask, registry
from bot.finding import who_is
from bot.matching import alike
from bot.text import Text, listing, t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.answers import Met
from storage.people import Person

MOST = 5


class Known(NamedTuple):
    """A person with how many words they said, and how many questions they answered, that are alike."""

    person: Person
    said: int
    answered: int


class WhoKnows(
    Query,
    name="whoknows",
    help=t("Find who knows about something"),
    example="whoknows data sharing agreements",
    also=("who knows about", "who knows", "who"),
):
    """Up to five people with the reason for each; only those who let others find them. No result is no dead end."""

    topic: str = ask(t("What do you want to know about?"), most=3000)

    def run(self, me: Person, view: View) -> Reply:
        topic = self.topic.strip(" ?.!")
        answered = view.answers.met(viewer=me)
        known = [_known(topic, person, answered) for person in view.people.findable(viewer=me)]
        found = sorted((row for row in known if row.said or row.answered), key=_order)[:MOST]
        question = Button(t("Ask this as a question"), registry.verbs["ask"].partly(question=self.topic[:1000]))
        communities = Button(t("See the communities"), registry.verbs["communities"]())
        about = topic if len(topic) <= 80 else topic[:77] + "…"
        if not found:
            title = t("Nobody you can see has said they know about “{topic}” yet.", topic=about)
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
                note=t("Only people who let others find them are shown."),
            )
        )


def _known(topic: str, person: Person, answered: list[Met]) -> Known:
    met = [row for row in answered if row.author_id == person.id]
    alike_enough = sum(alike(topic, f"{row.question} {row.answer}") >= _enough(topic) for row in met)
    return Known(person, alike(topic, f"{person.knows} {person.role}"), alike_enough)


def _enough(topic: str) -> int:
    """One shared word is enough for a short topic, two for a sentence."""
    return 1 if len(topic.split()) <= 3 else 2


def _order(known: Known) -> tuple[int, int, int]:
    return (-(2 * known.said + known.answered), -known.answered, known.person.id)


def _why(known: Known) -> Text:
    reasons: list[Text] = []
    if known.answered:
        reasons.append(tn("answered {n} question like this", "answered {n} questions like this", n=known.answered))
    if known.said:
        reasons.append(t("says: {knows}", knows=words(known.person.knows or known.person.role)))
    return t("{reasons}", reasons=listing(reasons))
