"""See, as an administrator, what crosses between your organisation and others, and end it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.command import Command, May, Query, ask, registry
from bot.crossing import is_everyone, kinds_of, other_of, other_organisation, own_organisation, says_of, what
from bot.errors import Stale
from bot.features.organisation import one_organisation
from bot.features.taking_back import take_back_what_stopped
from bot.text import Text, listing, t, tn, words
from bot.ui import Audience, Button, Card, Item, Paragraph, Reply
from bot.work import View, Work
from storage.consents import Consent
from storage.crossing import Crossing
from storage.organisations import Organisation
from storage.people import Person

MOST_SHOWN = 5
"""Beside the button below them: six fit on a card."""
MOST_NAMED = 30
"""How many more are named, without a button."""


class Agreements(Query, name="agreements", help=t("See what crosses between organisations"), may=May.ADMIN):
    """What waits for your answer, what crosses, and what waits for the other side's: with a way to answer or end."""

    def run(self, me: Person, view: View) -> Reply:
        mine = own_organisation(me, view)
        more = Button(t("Agree with another"), registry.verbs["agree"].partly())
        said = view.consents.concerning(mine.id)
        lines = [*_asks(mine, said, view), *_everyone(mine, said), *_holds(mine, view), *_unanswered(mine, said, view)]
        if not lines:
            title = t("Nothing crosses between {organisation} and others.", organisation=mine.name)
            return Reply(Card(title, buttons=(more,)))
        title = t("What crosses between {organisation} and others", organisation=mine.name)
        body = tuple(_drawn(line, view) for line in lines[:MOST_SHOWN])
        others = lines[MOST_SHOWN:]
        if not others:
            return Reply(Card(title, body=body, buttons=(more,)))
        note = t("To end what crosses to one of these, say end agreement and its name.")
        return Reply(Card(title, body=(*body, Paragraph(_named(others, view))), buttons=(more,), note=note))


class End(
    Command,
    name="end agreement",
    help=t("End what crosses to another organisation"),
    example="end agreement Companies House",
    may=May.ADMIN,
):
    """What ending it means for open questions is said; nothing has ended yet. With "everyone": what holds for all."""

    organisation: str = ask(t("Which organisation?"), most=200, hint=t("Its name, or everyone for all verified ones."))

    def run(self, me: Person, work: Work) -> Reply:
        everyone = is_everyone(self.organisation)
        return EndWith(0 if everyone else one_organisation(self.organisation, work).id).run(me, work)


class EndWith(Command, may=May.ADMIN):
    """Your organisation lets nothing cross to the other one any more (to all, for 0); open questions are taken back.

    Without `sure` it is only said what that means. What is let across to everyone goes on for the others.
    """

    organisation: int
    sure: bool = False

    def run(self, me: Person, work: Work) -> Reply:
        mine = own_organisation(me, work)
        other = other_organisation(self.organisation, work) if self.organisation else None
        given = work.consents.given(mine.id, other.id) if other else says_of(mine.id, None, work)
        if not given:
            raise Stale(t("You let nothing across there. Say agreements to see what crosses."))
        if not self.sure:
            return Reply(_before_the_end(mine, other, work))
        before = work.consents.of(mine.id)
        if other is not None and says_of(mine.id, None, work):
            work.consents.give(mine.id, other.id, "", by=me.id, now=work.now)
        else:
            work.consents.end(mine.id, other.id if other else None, work.now)
        take_back_what_stopped(mine.id, before, work)
        work.record(me, "end agreement", f"organisation {mine.id} with {other.id if other else 'everyone'}")
        return Reply(_ended(mine, other), Audience.REPLACE)


@dataclass(frozen=True)
class _Line:
    """What holds with one organisation, or with every verified one, and what can be done about it."""

    other: int | None
    says: Text
    buttons: tuple[Button, ...] = ()


def _drawn(line: _Line, view: View) -> Item:
    return Item(_called(line, view), line.says, line.buttons)


def _called(line: _Line, view: View) -> Text:
    found = view.organisations.get(line.other) if line.other is not None else None
    return words(found.name) if found else t("Every verified organisation")


def _named(others: Sequence[_Line], view: View) -> Text:
    """The others, by name; of very many, how many there are beside."""
    names = [_called(line, view) for line in others[:MOST_NAMED]]
    left = len(others) - len(names)
    more = [tn("{n} other", "{n} others", n=left)] if left else []
    return t("There are also {organisations}.", organisations=listing([*names, *more]))


def _asks(mine: Organisation, said: list[Consent], view: View) -> Iterator[_Line]:
    """Others who let something cross to us, of whom we said nothing."""
    answered = {one.other_id for one in said if one.organisation_id == mine.id}
    for one in said:
        other = one.organisation_id
        if one.other_id == mine.id and one.kinds and other not in answered and None not in answered:
            agree = registry.verbs["agree-with"].partly(organisation=other, only=one.kinds)
            waits = t("It lets {what} cross and waits for your answer.", what=what(one.kinds))
            yield _Line(other, waits, (Button(t("Agree"), agree, style="primary"),))


def _everyone(mine: Organisation, said: list[Consent]) -> Iterator[_Line]:
    for one in said:
        if one.organisation_id == mine.id and one.other_id is None:
            lets = t("You let {what} cross to each that does the same.", what=what(one.kinds))
            yield _Line(None, lets, (Button(t("End"), EndWith(0)),))


def _holds(mine: Organisation, view: View) -> Iterator[_Line]:
    for agreed in view.consents.of(mine.id):
        crosses = t("Between you, {what} cross.", what=what(kinds_of(agreed)))
        other = other_of(agreed, mine.id)
        yield _Line(other, crosses, (Button(t("End"), EndWith(other)),))


def _unanswered(mine: Organisation, said: list[Consent], view: View) -> Iterator[_Line]:
    """What we let cross and the other side does not; and of whom we said that nothing may."""
    agreed = {other_of(one, mine.id) for one in view.consents.of(mine.id)}
    refused = {one.organisation_id for one in said if one.other_id == mine.id and not one.kinds}
    for one in said:
        if one.organisation_id != mine.id or one.other_id is None or one.other_id in agreed:
            continue
        if not one.kinds:
            yield _Line(one.other_id, t("You said that nothing may cross."))
            continue
        waits = t("You let {what} cross. It has not agreed yet.", what=what(one.kinds))
        no = t("You let {what} cross. It does not agree.", what=what(one.kinds))
        back = Button(t("Take it back"), EndWith(one.other_id))
        yield _Line(one.other_id, no if one.other_id in refused else waits, (back,))


def _before_the_end(mine: Organisation, other: Organisation | None, work: Work) -> Card:
    title = t("End what you let cross to every verified organisation?")
    lines = [t("What others agreed with {organisation} by name goes on.", organisation=mine.name)]
    if other is not None:
        title = t("End what crosses between {one} and {other}?", one=mine.name, other=other.name)
        lines = [*_open(mine, other, work), *_open(other, mine, work)]
    return Card(
        title,
        body=tuple(Paragraph(line) for line in (*lines, *_WHAT_HAPPENS)),
        buttons=(
            Button(t("End it"), EndWith(other.id if other else 0, sure=True), style="danger"),
            Button(t("Keep it"), Agreements()),
        ),
    )


_WHAT_HAPPENS = (
    t("Open questions are taken back from people on the other side, and brought to someone else where possible."),
    t("What people read before stays in their chats. Nothing new crosses."),
)


def _open(ours: Organisation, theirs: Organisation, work: Work) -> Iterator[Text]:
    count = Crossing(work.tx).count(ours.id, theirs.id)
    if count:
        yield tn(
            "{n} open question from {ours} is with people of {theirs}.",
            "{n} open questions from {ours} are with people of {theirs}.",
            n=count,
            ours=ours.name,
            theirs=theirs.name,
        )


def _ended(mine: Organisation, other: Organisation | None) -> Card:
    see = Button(t("See what crosses"), Agreements())
    if other is None:
        return Card(
            t("{organisation} no longer lets anything cross to every verified organisation.", organisation=mine.name),
            buttons=(see,),
        )
    title = t("Nothing crosses between {one} and {other} any more.", one=mine.name, other=other.name)
    again = Button(t("Agree again"), registry.verbs["agree-with"].partly(organisation=other.id, only="both"))
    note = t("Open questions are being taken back. Who asked them sees it on each.")
    return Card(title, buttons=(see, again), note=note)
