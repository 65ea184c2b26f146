"""Be introduced to people you have not met, from other organisations where there are any: monthly or fortnightly."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.command import Command, Considered, May, ask, registry
from bot.errors import Refusal, Stale
from bot.finding import tidy, who_is
from bot.pairing import Candidate, Known, groups, place_in
from bot.recurrence import next_after, read_rule
from bot.text import Text, When, listing, t, words
from bot.ui import Audience, Button, Card, Element, Fact, Item, Option, Paragraph, Quote, Reply
from bot.work import View, Work
from storage.people import Person

YEAR = timedelta(days=365)
"""For how long two people who were introduced are not introduced to each other again, while there is anybody else."""
PART = 150
"""How many people are matched with each other at once: it takes under a second, and 500 take a minute."""
ALSO_ALONE = 50
"""So many more at most, where they are the last: nobody is left over because of where a part ends."""
STARTS = "2026-01-06T10:00"
ZONE = "Europe/London"
"""10am on a Tuesday in London."""
RULES = {"monthly": "FREQ=MONTHLY;BYDAY=1TU", "fortnightly": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}
HOW_OFTEN = {"monthly": t("Once a month"), "fortnightly": t("Every two weeks"), "off": t("Never")}


def next_round(cadence: str, now: datetime) -> datetime:
    """When the next round begins."""
    at = next_after(RULES[cadence], STARTS, ZONE, now)
    if at is None:
        raise LookupError("A rule without an end has one.")
    return at


def round_of(cadence: str, at: datetime) -> str:
    """What a round is called that begins at this instant, or began before it: by the day it was planned for."""
    first = datetime.fromisoformat(STARTS).date()
    rule = read_rule(RULES[cadence], first)
    today = at.astimezone(ZoneInfo(ZONE)).date().toordinal()
    day = next(date.fromordinal(one) for one in range(today, 0, -1) if rule.names(date.fromordinal(one), first))
    return f"{cadence} {day.isoformat()}"


def _now(verb: object, me: Person, view: View) -> str:
    return view.pairings.cadence(me.id) or "off"


def _how_often(me: Person, view: View) -> list[Option]:
    return [Option(value, label) for value, label in HOW_OFTEN.items()]


class Introduce(Command, name="me intro", help=t("Be introduced to people elsewhere"), example="me intro monthly"):
    """You are introduced this often, from the next round on; or, with off, no more. Nobody is unless they say so.

    Refused for who is not verified: nobody in another organisation could be shown their name.
    """

    how_often: str = ask(t("How often?"), choices=_how_often, most=40, start=_now)

    def run(self, me: Person, work: Work) -> Reply:
        said = tidy(self.how_often).lower().removeprefix("on ")
        if said not in HOW_OFTEN:
            raise Refusal(t("Say monthly, fortnightly or off."), field="how_often")
        if said != "off" and not me.verified:
            text = t("Your organisation is not verified yet, so you cannot be introduced to anybody.")
            raise Refusal(text, field="how_often")
        work.pairings.set_cadence(me.id, "" if said == "off" else said)
        return Reply(_how_it_is(me, work), Audience.REPLACE)


class SkipIntroduction(Command):
    """You are introduced to nobody in the next round; or, where you had said so, you are after all."""

    skip: bool

    def run(self, me: Person, work: Work) -> Reply:
        cadence = work.pairings.cadence(me.id)
        if not cadence:
            raise Stale(t("You are not introduced to anybody now. Say me intro to change that."))
        round = round_of(cadence, next_round(cadence, work.now))
        if self.skip:
            work.pairings.leave_out(me.id, round, work.now)
        else:
            work.pairings.take_part(me.id, round)
        return Reply(_how_it_is(me, work))


class BeginRound(Command, may=May.SYSTEM):
    """Everyone who wants to be introduced this often is, in parts of 150, each in a transaction of its own."""

    cadence: str

    def run(self, me: Person, work: Work) -> Reply:
        _goes_on(self.cadence, round_of(self.cadence, work.now), 0, work)
        return Reply(Card(t("People are introduced to each other.")))


class Matched(NamedTuple):
    """Groups of people, by number, and where the next part begins; None where this was the last."""

    groups: list[tuple[int, ...]]
    next: int | None


class IntroducePart(Considered[Matched], may=May.SYSTEM):
    """The next 150, in an order that the round alone gives, are introduced to each other; nobody twice in a round.

    They are matched before the transaction. In it, who changed their mind or left meanwhile is left out, and so is the
    one they would have met.
    """

    cadence: str
    round: str
    after: int

    def look(self, me: Person, view: View) -> Matched:
        placed = [(place_in(self.round, one), one) for one in view.pairings.ready(self.cadence, self.round)]
        waiting = sorted(place for place in placed if place[0] > self.after)
        part = waiting if len(waiting) <= PART + ALSO_ALONE else waiting[:PART]
        people = view.pairings.still_ready([one for _, one in part], self.cadence, self.round) if part else []
        if not people:
            return Matched([], None)
        numbers = [person.id for person in people]
        communities = view.pairings.communities(numbers)
        candidates = [Candidate(one.id, one.organisation_id or 0, communities[one.id]) for one in people]
        agreed = view.pairings.agreed(sorted({one.organisation for one in candidates}))
        met, hidden = view.pairings.met(numbers, view.now - YEAR), view.pairings.hidden(numbers)
        known = Known(agreed, met, self.round, hidden)
        return Matched(groups(candidates, known), part[-1][0] if len(part) < len(waiting) else None)

    def run(self, me: Person, work: Work, seen: Matched) -> Reply:
        numbers = [number for group in seen.groups for number in group]
        still = work.pairings.still_ready(numbers, self.cadence, self.round) if numbers else []
        by_id = {person.id: person for person in still}
        for group in seen.groups:
            people = [by_id[number] for number in group if number in by_id]
            if len(people) > 1:
                _introduced(people, self.round, work)
        if seen.next is not None:
            _goes_on(self.cadence, self.round, seen.next, work)
        return Reply(Card(t("People are introduced to each other.")))


class WriteToThem(Command, help=t("Write to who you were introduced to")):
    """Everyone else of the introduction gets these words in their own chat, with a way to write back."""

    introduction: int
    text: str = ask(t("What do you want to say?"), kind="lines", most=2000)

    def run(self, me: Person, work: Work) -> Reply:
        others = work.pairings.others(self.introduction, viewer=me)
        if not others:
            raise Stale(t("Nobody of this introduction can be written to any more. Say me intro to see the next one."))
        for person in others:
            work.send(person.id, _written(me, self.text, self.introduction))
        names = listing([person.name for person in others])
        return Reply(Card(t("Sent to {people}. Their answer comes here.", people=names), body=(Quote(self.text),)))


def _goes_on(cadence: str, round: str, after: int, work: Work) -> None:
    work.later(IntroducePart(cadence, round, after), work.now, key=f"introductions {round} {after}")


def _introduced(people: list[Person], round: str, work: Work) -> None:
    """It is kept that these people met, and each has a card about the others."""
    numbers = [person.id for person in people]
    number = work.pairings.add(numbers, round, work.now)
    if number is None:
        return
    common = frozenset.intersection(*work.pairings.communities(numbers).values())
    shared = [one.name for one in work.communities.mine(numbers[0]) if one.id in common]
    for person in people:
        others = work.pairings.others(number, viewer=person)
        if others:
            work.send(person.id, _card(others, shared, number), kind="introduction")


def _card(others: list[Person], shared: list[str], number: int) -> Card:
    names = listing([person.name for person in others])
    body: list[Element] = [
        Item(who_is(one), t("Knows about: {knows}.", knows=one.knows) if one.knows else None) for one in others
    ]
    if shared:
        both = t("You are both in {communities}.", communities=listing(shared))
        body.append(
            Paragraph(both if len(others) == 1 else t("You are all in {communities}.", communities=listing(shared)))
        )
    body.append(
        Paragraph(t("To begin, you could say what you work on this month, and ask what they wish others knew."))
    )
    return Card(
        t("Meet {people}", people=names),
        body=tuple(body),
        buttons=(
            Button(t("Write to them"), WriteToThem.partly(introduction=number), style="primary"),
            Button(t("Skip once"), SkipIntroduction(True)),
            Button(t("Stop introductions"), Introduce("off")),
        ),
        note=t(
            "You get this because you asked to be introduced. They see your name, role, organisation and what you know."
        ),
    )


def _written(me: Person, text: str, number: int) -> Card:
    return Card(
        t("{person} writes to you", person=who_is(me)),
        body=(Quote(text),),
        buttons=(Button(t("Write back"), WriteToThem.partly(introduction=number), style="primary"),),
        note=t("Signpost introduced you to each other."),
    )


def _how_it_is(me: Person, view: View) -> Card:
    """How often they are introduced and when next, with what they can change."""
    cadence = view.pairings.cadence(me.id)
    if not cadence:
        buttons = (Button(t("Introduce me monthly"), Introduce("monthly")),)
        return Card(t("You are not introduced to anybody."), buttons=buttons)
    at = next_round(cadence, view.now)
    skipped = view.pairings.in_round(me.id, round_of(cadence, at)) is not None
    if skipped:
        at = next_round(cadence, at)
    skip = Button(t("Skip once"), SkipIntroduction(True))
    return Card(
        t("You are introduced to somebody once a month.") if cadence == "monthly" else _fortnightly(),
        facts=(
            Fact(t("Next"), When(at, "day")),
            Fact(t("Your role"), words(me.role) if me.role else t("not said yet")),
        ),
        buttons=(
            Button(t("Do not skip"), SkipIntroduction(False)) if skipped else skip,
            Button(t("Stop introductions"), Introduce("off")),
        ),
        note=t(
            "They see your name, role, organisation and what you know. You meet new people as long as there are any."
        ),
    )


def _fortnightly() -> Text:
    return t("You are introduced to somebody every two weeks.")


for _cadence, _rule in RULES.items():
    registry.always(BeginRound(_cadence), _rule, STARTS, ZONE, key=f"introductions-{_cadence}")
