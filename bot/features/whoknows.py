"""Find who knows about something: members who said so, or who answered something alike."""

import json
from datetime import datetime

from bot.absence import away_in_words
from bot.command import Query, Verb, ask, registry
from bot.errors import Refusal
from bot.features.organisation import one_organisation
from bot.finding import find_community, who_is
from bot.knowing import Known, Wanted, read_organisation, who_knows
from bot.skills import shown
from bot.speaking import code_of
from bot.text import Text, When, listing, sentences, t, tn, words
from bot.ui import Button, Card, Element, Item, Paragraph, Reply, Table
from bot.work import View
from storage.availability import is_away
from storage.people import Person
from storage.terms import terms

MOST = 5
ALL = 25
"""What "See more" shows at most."""
ASKED = 3
"""How many of them have a button: one platform draws six on a card."""
CARRIED = 1000
"""Characters of a topic in a button, which holds 2,000: a query keeps nothing, so its buttons carry all they say."""
NARROWER = t(
    "You can add {words} to look for some people only.",
    words=listing(["org:", "role:", "step:", "community:", "lang:"]),
)


class WhoKnows(
    Query,
    name="whoknows",
    help=t("Find who knows about something"),
    example="whoknows data sharing agreements",
    also=("who knows about", "who knows"),
):
    """Up to five people with the reason for each; only those who let others find them. No result is no dead end.

    Raises Refusal for words without a topic, and for an organisation, community or language that there is not.
    """

    topic: str = ask(t("What do you want to know about?"), most=3000)
    org: str = ask(t("In which organisation?"), after="org:", default="", most=200)
    role: str = ask(t("In which role?"), after="role:", default="", most=80)
    step: str = ask(t("At which step of the service?"), after="step:", default="", most=200)
    community: str = ask(t("In which community?"), after="community:", default="", most=200)
    lang: str = ask(t("In which language?"), after="lang:", default="", most=40)
    more: int = 0

    def run(self, me: Person, view: View) -> Reply:
        wanted = self.wanted(view)
        most = ALL if self.more else MOST
        found = who_knows(wanted, me, view, most + 1)
        if not found and wanted.is_narrow:
            others = who_knows(Wanted(wanted.topic), me, view, MOST)
            return Reply(_nobody(self, wanted, others, view))
        if not found:
            return Reply(_nobody(self, wanted, [], view))
        return Reply(_table(wanted, found[:most], view) if self.more else as_list(self, wanted, found, view))

    def wanted(self, view: View) -> Wanted:
        """What is looked for, each name found; "in DWP" in the topic is the organisation where none is given."""
        topic = " ".join(self.topic.split()).strip(" ?.!")
        if not terms(topic):
            raise Refusal(t("Say what you want to know about, such as whoknows data sharing."), field="topic")
        organisation = one_organisation(self.org, view, field="org") if self.org else None
        if organisation is None:
            without, named = read_organisation(topic, view)
            topic, organisation = (without, named) if terms(without) else (topic, None)
        community = find_community(self.community, view).id if self.community else 0
        language = code_of(self.lang) if self.lang else ""
        if language is None:
            text = t("No language is called “{name}”. Say it as in lang: Welsh.", name=self.lang)
            raise Refusal(text, field="lang")
        return Wanted(topic, organisation, self.role.strip(), self.step.strip(), community, language)


def as_list(verb: WhoKnows, wanted: Wanted, found: list[Known], view: View) -> Card:
    """The first five, each with the reason; the first three with a way to ask them; where there are more, a way on."""
    first, now = found[:MOST], view.now
    items = tuple(
        Item(who_is(one.person), why(one, now), _ask_them(wanted, one, at, now)) for at, one in enumerate(first)
    )
    more = (Button(t("See more"), WhoKnows(**_packed(verb), more=1)),) if len(found) > MOST else ()
    return Card(
        _title(wanted, len(first)),
        body=items,
        buttons=(_as_question(wanted), *more),
        note=sentences(t("You see members of your communities who let others find them."), NARROWER),
    )


def _title(wanted: Wanted, n: int) -> Text:
    about = _about(wanted)
    if wanted.organisation is None:
        return tn("{n} person may know about “{topic}”", "{n} people may know about “{topic}”", n=n, topic=about)
    return tn(
        "{n} person in {organisation} may know about “{topic}”",
        "{n} people in {organisation} may know about “{topic}”",
        n=n,
        organisation=wanted.organisation.short or wanted.organisation.name,
        topic=about,
    )


def _table(wanted: Wanted, found: list[Known], view: View) -> Card:
    """All of them as one table."""
    title = t("Who may know about “{topic}”", topic=_about(wanted))
    columns = (t("Name"), t("Role"), t("Organisation"), t("Why"))
    rows = tuple((one.person.name, one.person.role, one.person.organisation, why(one, view.now)) for one in found)
    return Card(title, body=(Table(title, columns, rows),), buttons=(_as_question(wanted),))


def _nobody(verb: WhoKnows, wanted: Wanted, others: list[Known], view: View) -> Card:
    """Who else may know, where there are such; a way to ask, to look elsewhere, and to be told."""
    about = _about(wanted)
    title = t("Nobody you can find knows about “{topic}” yet.", topic=about)
    if wanted.organisation is not None:
        called = wanted.organisation.short or wanted.organisation.name
        title = t("Nobody you can find in {organisation} knows about “{topic}” yet.", organisation=called, topic=about)
    elif wanted.is_narrow:
        title = t("Nobody you can find is all of that and knows about “{topic}” yet.", topic=about)
    body: list[Element] = [Item(who_is(one.person), why(one, view.now)) for one in others]
    body.insert(0, Paragraph(t("Others may know:") if others else t("You can ask it, or be told when somebody does.")))
    tell = Button(t("Tell me when somebody does"), registry.verbs["watch"].partly(**_packed(verb)))
    communities = Button(t("See the communities"), registry.verbs["communities"]())
    return Card(title, body=tuple(body), buttons=(_as_question(wanted), tell, communities))


def why(known: Known, now: datetime) -> Text:
    """What speaks for this person, in words: what they answered, what they say, what their role is; when they can."""
    reasons = []
    if known.answered:
        n, last = len(known.answered), When(max(known.answered.values()), "month")
        reasons.append(
            tn(
                "Answered {n} question like this, in {month}.",
                "Answered {n} questions like this, the last in {month}.",
                n=n,
                month=last,
            )
        )
    if known.skill is not None:
        reasons.append(t("Says they know about: {knows}.", knows=shown(known.skill)))
    elif known.said:
        reasons.append(t("Says they know about: {knows}.", knows=words(known.person.knows)))
    if not reasons:
        reasons.append(t("Their role is close to this."))
    return sentences(*reasons, *_when(known, now))


def _when(known: Known, now: datetime) -> tuple[Text, ...]:
    """Whether they can be asked this week; nothing of who is not asked at all."""
    away = away_in_words(known.person, now)
    if away is not None:
        return (t("Away {until}.", until=away),)
    if not known.person.asked:
        return ()
    if known.brought >= known.person.weekly:
        return (t("Has had enough questions this week."),)
    return (t("Free this week."),)


def _ask_them(wanted: Wanted, known: Known, at: int, now: datetime) -> tuple[Button, ...]:
    """A way to ask them first, of those who may be asked now."""
    free = known.person.asked and known.brought < known.person.weekly and not is_away(known.person, now)
    if at >= ASKED or not free:
        return ()
    return (Button(t("Ask {person}", person=known.person.name), asking(wanted.topic, first=known.person.id)),)


def _as_question(wanted: Wanted) -> Button:
    return Button(t("Ask this as a question"), asking(wanted.topic))


def _about(wanted: Wanted) -> str:
    return wanted.topic if len(wanted.topic) <= 80 else wanted.topic[:77] + "…"


def _packed(verb: WhoKnows) -> dict[str, str]:
    """What was looked for, as another command of the same fields takes it from a button."""
    said = {name: getattr(verb, name) for name in verb.asks}
    return {**said, "topic": carried(verb.topic)}


def asking(topic: str, **known: int) -> Verb:
    """The topic as a question to ask, as much of it as a button carries."""
    return registry.verbs["ask"].partly(question=carried(topic), **known)


def carried(topic: str) -> str:
    """The topic, cut with a mark where a button cannot carry it all."""
    text = topic
    while len(json.dumps(text, ensure_ascii=False)) > CARRIED:
        text = text[: len(text) * 3 // 4].rstrip(" …") + "…"
    return text
