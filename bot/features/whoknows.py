"""Find who knows about something: members who said so, or who answered something alike."""

from collections.abc import Set
from typing import NamedTuple

from bot.command import Query, Verb, ask, registry
from bot.errors import Refusal
from bot.finding import who_is
from bot.matching import shared
from bot.routing import Ranked, ranked
from bot.text import Text, t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.people import Person
from storage.terms import terms

MOST = 5
CARRIED = 1900
"""Characters of a payload. A button holds 2,000, and a query keeps nothing: its buttons carry all they say."""


WIDER = (100, 1_000, 10_000)
"""How many people who say that they know about it are looked at, until enough of them may be found."""


class Known(NamedTuple):
    """A person, how many of the words they say of themselves are the topic's, of what they know and of their role, and
    how many questions like it they answered that this viewer may see."""

    person: Person
    said: int
    role: int
    answered: int


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
        if not terms(topic):
            raise Refusal(t("Say what you want to know about, such as whoknows data sharing."), field="topic")
        found = _found(topic, me, view)[:MOST]
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


def _found(topic: str, me: Person, view: View) -> list[Known]:
    """Those whom this person may find, the best first, each for a reason that can be said."""
    found: list[Known] = []
    for most in WIDER:
        people = ranked(topic, me, 0, view, saying=most)
        among = view.members.findable_among([one.person for one in people], viewer=me)
        visible = view.questions.visible({number for one in people for number in one.like}, viewer=me)
        found = [_known(topic, among[one.person], one, visible) for one in people if one.person in among]
        found = [known for known in found if known.said or known.role or known.answered]
        if len(found) >= MOST or len(people) < most:
            break
    return found


def _known(topic: str, person: Person, one: Ranked, visible: Set[int]) -> Known:
    return Known(person, shared(topic, person.knows), shared(topic, person.role), len(visible & {*one.like}))


def _as_question(topic: str) -> Verb:
    """The topic as a question to ask, cut with a mark where a button cannot carry it all."""
    ask, text = registry.verbs["ask"], topic
    while len(ask.partly(question=text).pack()) > CARRIED:
        text = text[: len(text) * 3 // 4].rstrip(" …") + "…"
    return ask.partly(question=text)


def _why(known: Known) -> Text:
    says = t("Says they know about: {knows}.", knows=words(known.person.knows))
    if not known.answered:
        return says if known.said else t("Their role is close to this.")
    answered = tn("Answered {n} question like this.", "Answered {n} questions like this.", n=known.answered)
    return t("{answered} {says}", answered=answered, says=says) if known.said else answered
