"""Be told when somebody knows about something that nobody knows about yet."""

from datetime import timedelta

from bot.command import Command, Considered, May, Query, ask, registry
from bot.errors import Refusal, Stale
from bot.features.whoknows import WhoKnows, as_list
from bot.finding import tidy
from bot.knowing import who_knows
from bot.similar import CLOSE, similar
from bot.text import Text, When, t, tn, words
from bot.ui import Audience, Button, Card, Item, Paragraph, Reply
from bot.view import View
from bot.work import Work
from storage.people import Person
from storage.watches import Sought, Watch, Watches

MOST = 20
"""Things that one person may wait for."""
KEPT = timedelta(days=182)
PART = 50
"""Watches that are looked for in one go: a second or two, of reading alone."""
A_DAY = timedelta(hours=20)
"""Less than from one day's time to the next, whatever the clocks do."""
SOON = timedelta(seconds=10)
FOUND = 5
SHOWN = 5
"""Things on one card, each with its button: one platform draws six."""


class WatchTopic(
    Considered[Card | None],
    name="watch",
    help=t("Be told when somebody knows about something"),
    example="watch tax credits for carers org: DWP",
    also=("tell me who knows about",),
):
    """Once somebody whom this person may find knows about it, they are told, once; for half a year.

    Where somebody does already, they are shown, and nothing is waited for. Raises Refusal as `whoknows` does, and for
    the 21st.
    """

    topic: str = ask(t("What do you want to know about?"), most=1000)
    org: str = ask(t("In which organisation?"), after="org:", default="", most=200)
    role: str = ask(t("In which role?"), after="role:", default="", most=80)
    step: str = ask(t("At which step of the service?"), after="step:", default="", most=200)
    community: str = ask(t("In which community?"), after="community:", default="", most=200)
    lang: str = ask(t("In which language?"), after="lang:", default="", most=40)

    def look(self, me: Person, view: View) -> Card | None:
        verb = WhoKnows(self.topic, self.org, self.role, self.step, self.community, self.lang)
        return _found(verb, me, view, t("Somebody knows about this already."))

    def run(self, me: Person, work: Work, seen: Card | None) -> Reply:
        if seen is not None:
            return Reply(seen)
        watches = Watches(work.tx)
        if watches.count(me.id) >= MOST:
            text = t("You wait for {n} things already. Say watches to see them and end some.", n=MOST)
            raise Refusal(text, field="topic")
        sought = Sought(
            tidy(self.topic), tidy(self.org), tidy(self.role), tidy(self.step), tidy(self.community), tidy(self.lang)
        )
        number = watches.add(me.id, sought, work.now)
        until = When(work.now + KEPT, "month")
        title = t("You are told when somebody you can find knows about “{topic}”.", topic=_cut(sought.topic))
        buttons = (Button(t("Stop"), EndWatch(number)), _see())
        return Reply(Card(title, buttons=buttons, note=t("Until {month}, and only once.", month=until)))


class WatchList(Query, name="watches", help=t("See what you wait to be told")):
    """What this person wants to be told, each with a way to end it."""

    after: int = 0

    def run(self, me: Person, view: View) -> Reply:
        mine = Watches(view.tx).of(me.id)
        if not mine:
            title = t("You wait for nothing. To be told when somebody knows, say watch.")
            return Reply(Card(title, buttons=(Button(t("Wait for something"), WatchTopic.partly()),)))
        rest = mine[max(self.after, 0) :]
        items = tuple(
            Item(words(_in_words(one.sought)), None, (Button(t("Stop"), EndWatch(one.id)),)) for one in rest[:SHOWN]
        )
        way_on = Button(t("Wait for something else"), WatchTopic.partly())
        if len(rest) > SHOWN:
            way_on = Button(t("See more"), WatchList(max(self.after, 0) + SHOWN))
        title = tn("You wait for {n} thing", "You wait for {n} things", n=len(mine))
        return Reply(Card(title, body=items, buttons=(way_on,)))


class EndWatch(Command):
    """They are not told of it any more."""

    watch: int

    def run(self, me: Person, work: Work) -> Reply:
        if not Watches(work.tx).end(self.watch, me.id):
            raise Stale(t("You do not wait for this any more."))
        return Reply(Card(t("You are not told of it any more."), buttons=(_see(),)), Audience.REPLACE)


def _see() -> Button:
    return Button(t("See what you wait for"), WatchList())


Looked = list[tuple[Watch, Card | None]]


class TellWatchers(Considered[Looked], may=May.SYSTEM):
    """Of the 50 that were looked for longest ago, each is looked for; who waited is told, and the wait is over.

    Where there are more of today, the next part follows.
    """

    def look(self, me: Person, view: View) -> Looked:
        return [(watch, _told(watch, view)) for watch in Watches(view.tx).next(PART, view.now - A_DAY)]

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        watches = Watches(work.tx)
        for watch, card in seen:
            if card is None and watch.created_at > work.now - KEPT:
                watches.looked(watch.id, work.now)
            elif watches.end(watch.id, watch.person_id) and card is not None:
                work.send(watch.person_id, card)
        if len(seen) == PART:
            work.later(TellWatchers(), work.now + SOON, key="tell-more-watchers")
        return Reply(Card(t("Who waits for somebody is told.")))


def _told(watch: Watch, view: View) -> Card | None:
    """Who is found now, as the person who waits sees it; None where nobody is."""
    person, sought = view.people.find(watch.person_id), watch.sought
    if person is None:
        return None
    try:
        return _found(WhoKnows(*sought), person, view, t("You asked to be told when somebody knows about this."))
    except Refusal:  # what it names is there no more
        return None


def _found(verb: WhoKnows, person: Person, view: View, told: Text) -> Card | None:
    """Those who know about it, under these words; None where nobody does whom this person finds.

    Who says one word of it, or answered what is a little like it, does not end a wait. Raises Refusal as `whoknows`.
    """
    wanted = verb.wanted(view)
    found = who_knows(wanted, person, view, FOUND + 1)
    close = {one.said.question_id for one in similar(wanted.topic, person, view, FOUND, least=CLOSE)}
    if not any(one.speaks_loud or close & one.answered.keys() for one in found):
        return None
    return as_list(verb, wanted, found, view, (Paragraph(told),))


def _in_words(sought: Sought) -> str:
    """As it is typed."""
    marked = zip(("org:", "role:", "step:", "community:", "lang:"), sought[1:], strict=True)
    return " ".join([_cut(sought.topic), *(f"{mark} {said}" for mark, said in marked if said)])


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


registry.always(TellWatchers(), "FREQ=DAILY", "2026-01-01T10:00", "Europe/London", key="tell-watchers")
