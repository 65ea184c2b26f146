"""Agree, as an administrator, what crosses between your organisation and another: the other's side is asked here."""

from bot.command import Command, May, ask
from bot.crossing import (
    BOTH,
    crossing,
    is_everyone,
    kinds_in,
    meaning,
    other_organisation,
    own_organisation,
    says_of,
    what,
)
from bot.errors import Refusal, Stale
from bot.features.agreements import Agreements, EndWith
from bot.features.organisation import one_organisation
from bot.features.taking_back import take_back_what_stopped
from bot.text import Text, t, tn
from bot.ui import Audience, Button, Card, Option, Paragraph, Reply
from bot.work import View, Work
from storage.administrators import Administrators
from storage.organisations import Organisation
from storage.people import Person


def _kinds(me: Person, view: View) -> list[Option]:
    return [
        Option(BOTH, t("Questions and names")),
        Option("questions", t("Questions, with who asks and answers them")),
        Option("names", t("Names of people who let others find them")),
    ]


class Agree(
    Command,
    name="agree",
    help=t("Let questions and names cross to another organisation"),
    example="agree Companies House only: questions",
    may=May.ADMIN,
):
    """Your organisation lets this cross to the other one, or to every verified one; the other's side is asked.

    It crosses once both sides said so. Said again with other kinds, those alone hold. For everyone it is shown first.
    Refused for who is not verified, for your own organisation, and for one that is not there.
    """

    organisation: str = ask(t("Which organisation?"), most=200, hint=t("Its name, or everyone for all verified ones."))
    only: str = ask(t("What may cross?"), after="only:", choices=_kinds, default="", most=40)
    sure: bool = False

    def run(self, me: Person, work: Work) -> Reply:
        mine, kinds = own_organisation(me, work), kinds_in(self.only or BOTH)
        if not is_everyone(self.organisation):
            return Reply(_consented(mine, one_organisation(self.organisation, work), kinds, me, work))
        if not self.sure:
            return Reply(_sure_of_everyone(mine, kinds))
        return Reply(_for_everyone(mine, kinds, me, work), Audience.REPLACE)


class AgreeWith(Command, may=May.ADMIN):
    """Your organisation lets the same cross to the one that asked, as in Agree."""

    organisation: int
    only: str

    def run(self, me: Person, work: Work) -> Reply:
        mine, other = own_organisation(me, work), other_organisation(self.organisation, work)
        return Reply(_consented(mine, other, kinds_in(self.only), me, work), Audience.REPLACE)


class DoNotAgree(Command, may=May.ADMIN):
    """Your organisation lets nothing cross to the one that asked. Whoever asked is told, once."""

    organisation: int

    def run(self, me: Person, work: Work) -> Reply:
        mine, other = own_organisation(me, work), other_organisation(self.organisation, work)
        if not says_of(other.id, mine.id, work) or says_of(mine.id, other.id, work) is not None:
            raise Stale(t("This was answered before. Say agreements to see what crosses."))
        work.consents.give(mine.id, other.id, "", by=me.id, now=work.now)
        work.record(me, "do not agree", f"organisation {mine.id} with {other.id}")
        told = t("{organisation} does not agree. Nothing crosses between you.", organisation=mine.name)
        asker = work.consents.asked_by(other.id, mine.id)
        if asker is not None:
            work.send(asker, Card(told, buttons=(_see(),)))
        done = t("You said no to {organisation}. Nothing crosses between you.", organisation=other.name)
        return Reply(Card(done, buttons=(_see(),)), Audience.REPLACE)


def _consented(mine: Organisation, other: Organisation, kinds: str, me: Person, work: Work) -> Card:
    """Ours is given; whoever asked for the other side hears the answer, or its administrators are asked for theirs."""
    if mine.id == other.id:
        raise Refusal(t("Inside your own organisation everything crosses."), field="organisation")
    before, new = work.consents.of(mine.id), says_of(mine.id, other.id, work) != kinds
    if new:
        work.consents.give(mine.id, other.id, kinds, by=me.id, now=work.now)
        take_back_what_stopped(mine.id, before, work)
        work.record(me, "agree", f"organisation {mine.id} with {other.id}: {kinds}")
    crosses = crossing(mine.id, other.id, work)
    if not crosses:
        return _waits(mine, other, kinds, me, work) if new else _still_waits(mine, other, kinds, work)
    if new:
        _tell_who_asked(mine, other, crosses, me, work)
    title = t("Between {one} and {other}, {what} cross now.", one=mine.name, other=other.name, what=what(crosses))
    note = None if crosses == kinds else t("You let more cross than the other side does.")
    return Card(title, body=(Paragraph(meaning(crosses)),), buttons=(_end(other), _see()), note=note)


def _waits(mine: Organisation, other: Organisation, kinds: str, me: Person, work: Work) -> Card:
    """The other's administrators have the question with its buttons; it is said where there is none."""
    question = _asked(mine, kinds, me)
    asked = [person for person in Administrators(work.tx).of(other.id) if work.send(person, question)]
    if asked:
        return _still_waits(mine, other, kinds, work)
    why = t("It has no administrator here yet. Nothing crosses until it has one who agrees.")
    return Card(_lets(mine, other, kinds), body=(Paragraph(why),), buttons=(_see(),))


def _still_waits(mine: Organisation, other: Organisation, kinds: str, work: Work) -> Card:
    theirs = says_of(other.id, mine.id, work)
    why = t("Nothing crosses until its administrators agree. They have been asked.")
    if theirs:
        why = t("It lets only {what} cross, so nothing crosses yet.", what=what(theirs))
    elif theirs is not None:
        why = t("It said before that it does not agree. Nothing crosses until it does.")
    return Card(_lets(mine, other, kinds), body=(Paragraph(why),), buttons=(_end(other), _see()))


def _lets(mine: Organisation, other: Organisation, kinds: str) -> Text:
    return t("{organisation} lets {what} cross to {other}.", organisation=mine.name, what=what(kinds), other=other.name)


def _asked(mine: Organisation, kinds: str, me: Person) -> Card:
    return Card(
        t("May {what} cross between you and {organisation}?", what=what(kinds), organisation=mine.name),
        body=(
            Paragraph(t("{person} asks for {organisation}.", person=me.name, organisation=mine.name)),
            Paragraph(meaning(kinds)),
        ),
        buttons=(
            Button(t("Agree"), AgreeWith(mine.id, kinds), style="primary"),
            Button(t("Do not agree"), DoNotAgree(mine.id)),
        ),
        note=t("You are asked as an administrator. You can end it at any time: say agreements."),
    )


def _tell_who_asked(mine: Organisation, other: Organisation, crosses: str, me: Person, work: Work) -> None:
    asker = work.consents.asked_by(other.id, mine.id)
    if asker is not None and asker != me.id:
        title = t("{organisation} agreed: {what} cross between you now.", organisation=mine.name, what=what(crosses))
        work.send(asker, Card(title, body=(Paragraph(meaning(crosses)),), buttons=(_end(mine), _see())))


def _sure_of_everyone(mine: Organisation, kinds: str) -> Card:
    title = t("Let {what} cross to every verified organisation?", what=what(kinds))
    body = t("They cross with each one that lets them cross to {organisation}, or to everyone.", organisation=mine.name)
    yes = Button(t("Yes, to everyone"), Agree("everyone", kinds, sure=True), style="primary")
    return Card(title, body=(Paragraph(body), Paragraph(meaning(kinds))), buttons=(yes, _see()))


def _for_everyone(mine: Organisation, kinds: str, me: Person, work: Work) -> Card:
    before = work.consents.of(mine.id)
    if says_of(mine.id, None, work) != kinds:
        work.consents.give(mine.id, None, kinds, by=me.id, now=work.now)
        take_back_what_stopped(mine.id, before, work)
        work.record(me, "agree", f"organisation {mine.id} with everyone: {kinds}")
    count = len(work.consents.of(mine.id))
    title = t(
        "{organisation} lets {what} cross to every verified organisation.", organisation=mine.name, what=what(kinds)
    )
    now = tn("It has an agreement with {n} organisation now.", "It has agreements with {n} organisations now.", n=count)
    return Card(title, body=(Paragraph(now),), buttons=(_see(),))


def _end(other: Organisation) -> Button:
    return Button(t("End it"), EndWith(other.id))


def _see() -> Button:
    return Button(t("See what crosses"), Agreements())
