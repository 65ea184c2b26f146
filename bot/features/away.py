"""Say when you are away: nobody brings you questions then, and you are back by yourself."""

from datetime import timedelta

from bot.absence import YEAR, Days, day_of, read_days
from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.features.answer import Answer, Decline
from bot.finding import excerpt
from bot.text import Text, t, tn
from bot.ui import Button, Card, Element, Item, Paragraph, Reply
from bot.work import View, Work
from storage.availability import Availability, today_of
from storage.people import Person
from storage.questions import Question

MOST_SHOWN = 3
"""Questions that wait, each with its two buttons: six and one more fit on a card."""


class Away(
    Command,
    name="me away",
    help=t("Say when you are away"),
    example="me away until 5 January",
    also=("me i ffwrdd",),
):
    """On these days, in their own zone, no question is brought to them; what waits for them stays, or is passed on.

    Refused: what is no day, a last day that has passed or comes before the first, and more than a year.
    """

    until: str = ask(t("What is your last day away?"), kind="date", most=80)
    first: str = ask(
        t("What is your first day away? It is today if you leave this empty."),
        kind="date",
        after="from:",
        default="",
        most=80,
    )

    def run(self, me: Person, work: Work) -> Reply:
        days = _days(self.until, self.first, me, work)
        Availability(work.tx).away(me.id, days.first, days.last)
        waiting = work.questions.offered(viewer=me)
        title = t("You are away until {day}.", day=day_of(me, days.last))
        if days.first > today_of(me, work.now):
            title = t("You are away from {first} to {last}.", first=day_of(me, days.first), last=day_of(me, days.last))
        back = t(
            "No question is brought to you then. You are back by yourself on {day}.",
            day=day_of(me, days.last + timedelta(days=1)),
        )
        profile = Button(t("See your profile"), registry.verbs["me"]())
        return Reply(
            Card(
                title,
                body=(Paragraph(back), *waits(waiting)),
                buttons=(Button(t("I am not away"), Back()), profile),
            )
        )


class Back(Command, name="me back", help=t("Say that you are back"), also=("me yn ôl",)):
    """They are not away, nor will be. Questions are brought to them again, where they said that they may be."""

    def run(self, me: Person, work: Work) -> Reply:
        said = me.away_until is not None and me.away_until >= today_of(me, work.now)
        Availability(work.tx).away(me.id, None, None)
        title = t("You are back.") if said else t("You are not away.")
        again = t("Questions may be brought to you again.") if me.asked else t("We do not bring you questions.")
        buttons = (
            Button(t("Say when you are away"), Away.partly()),
            Button(t("See your profile"), registry.verbs["me"]()),
        )
        return Reply(Card(title, body=(Paragraph(again),), buttons=buttons))


def waits(waiting: list[Question]) -> tuple[Element, ...]:
    """What waits for them, and that it stays theirs unless it is answered or passed on to another member."""
    if not waiting:
        return ()
    told = tn(
        "{n} question waits for you. It stays yours, unless you pass it on.",
        "{n} questions wait for you. They stay yours, unless you pass them on.",
        len(waiting),
    )
    return (Paragraph(told), *(_item(one) for one in waiting[:MOST_SHOWN]))


def _item(question: Question) -> Item:
    answer = Button(t("Answer Q-{number}", number=question.id), Answer.partly(question=question.id))
    on = Button(t("Pass on Q-{number}", number=question.id), Decline(question.id))
    return Item(excerpt(question), buttons=(answer, on))


def _days(until: str, first: str, me: Person, view: View) -> Days:
    today = today_of(me, view.now)
    days = read_days(until, first, today)
    if days is None:
        raise _refused(t("That is not a day. Write it like 5 January, or 24 December to 5 January."))
    if days.last < days.first:
        raise _refused(t("The last day comes before the first."))
    if days.last < today:
        raise _refused(t("That is in the past. Say a last day that is still to come."))
    if days.last > today + YEAR:
        raise _refused(t("That is more than a year away. Say an earlier day."))
    return days


def _refused(text: Text) -> Refusal:
    return Refusal(text, field="until")
