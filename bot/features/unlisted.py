"""Check, as an administrator, the organisations that people named and no list holds: a council, an NHS trust."""

from bot.command import Command, May, Query, ask, registry
from bot.errors import Refusal, Stale
from bot.features.organisation import Belong, one_organisation
from bot.text import Text, When, t, tn
from bot.ui import Audience, Button, Card, Paragraph, Reply
from bot.work import View, Work
from storage.people import Person
from storage.unlisted import Unlisted


class ToCheck(Query, name="organisations to check", help=t("Check organisations that are not listed"), may=May.ADMIN):
    """The organisation that waits longest, with the three things that can be decided; how many wait after it."""

    def run(self, me: Person, view: View) -> Reply:
        return Reply(_first(t("No organisation waits to be checked."), view))


class TakeIn(Command, may=May.ADMIN):
    """The organisation is known from now on, by its name. Refused where somebody decided before."""

    organisation: int

    def run(self, me: Person, work: Work) -> Reply:
        name = _decide(self.organisation, "known", me, work)
        return _then_next(t("{organisation} is an organisation here now.", organisation=name), work)


class IsAnother(Command, may=May.ADMIN, help=t("Say which organisation is meant")):
    """What people named is the organisation that is known: they are of that, and it resolves by the name as well.

    Refused where that is not one organisation of today, or where somebody decided before.
    """

    organisation: int
    which: str = ask(t("Which organisation is it?"), most=200, hint=t("Its name or its abbreviation, such as HMRC."))

    def run(self, me: Person, work: Work) -> Reply:
        meant = one_organisation(self.which, work, field="which")
        name = _decide(self.organisation, "refused", me, work)
        Unlisted(work.tx).move(self.organisation, meant.id)
        work.organisations.call(meant.id, [(name, "alias")])
        title = t("“{name}” means {organisation} from now on.", name=name, organisation=meant.name)
        return _then_next(title, work)


class RefuseOrganisation(Command, may=May.ADMIN):
    """It is no organisation: whoever said that they are of it is of none, and is asked again. Once, as above."""

    organisation: int

    def run(self, me: Person, work: Work) -> Reply:
        name = _decide(self.organisation, "refused", me, work)
        again = Button(t("Say your organisation"), Belong.partly(), style="primary")
        told = Card(t("An administrator did not accept “{name}” as an organisation.", name=name), buttons=(again,))
        for person in Unlisted(work.tx).move(self.organisation, None):
            work.send(person, told)
        return _then_next(t("“{name}” is no organisation here. Who named it is asked again.", name=name), work)


def _decide(organisation: int, state: str, me: Person, work: Work) -> str:
    """The name of the organisation, which waited until now. Only a verified administrator decides."""
    if not me.verified:
        raise Refusal(t("Your own organisation is not verified yet, so you cannot decide this."))
    found = work.organisations.get(organisation)
    if found is None or not Unlisted(work.tx).decide(organisation, state):
        raise Stale(t("This was decided before. Say organisations to check to see what waits."))
    work.record(me, f"organisation is {state}", f"organisation {organisation}")
    return found.name


def _then_next(done: Text, work: Work) -> Reply:
    return Reply(_first(done, work, done=done), Audience.REPLACE)


def _first(none_waits: Text, view: View, *, done: Text | None = None) -> Card:
    waiting = Unlisted(view.tx).waiting()
    if not waiting:
        agreements = Button(t("See what crosses"), registry.verbs["agreements"]())
        return Card(none_waits, buttons=(agreements,))
    first, others = waiting[0], len(waiting) - 1
    day = When(first.since, "day")
    said = tn(
        "{n} person says that they are in it. It was named on {day}.",
        "{n} people say that they are in it. It was named on {day}.",
        n=first.people,
        day=day,
    )
    rest = tn("{n} other waits after it.", "{n} others wait after it.", n=others) if others else None
    return Card(
        t("Is “{name}” an organisation?", name=first.name),
        body=tuple(Paragraph(line) for line in (done, said, rest) if line is not None),
        buttons=(
            Button(t("Yes, it is one"), TakeIn(first.id), style="primary"),
            Button(t("It is another one"), IsAnother.partly(organisation=first.id)),
            Button(t("No"), RefuseOrganisation(first.id), style="danger"),
        ),
        note=t("Its people are not verified by this: a tied workspace or their e-mail domain does that."),
    )
