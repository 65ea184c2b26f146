"""Hide from an organisation: nobody in it sees you by name, and no question goes between you and them."""

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.features.away import waits
from bot.features.organisation import one_organisation
from bot.text import t, words
from bot.ui import Button, Card, Option, Paragraph, Reply
from bot.work import View, Work
from storage.availability import Availability
from storage.organisations import Organisation
from storage.people import Person


class Hide(
    Command,
    name="me hide",
    help=t("Hide from an organisation"),
    example="me hide from HMRC",
    also=("me hide from", "me cuddio rhag"),
):
    """Nobody whose verified organisation this is finds them or sees them by name, in a list or when they ask.

    What they write there themselves is theirs to show: their answers have their name. What waits for them stays.
    """

    organisation: str = ask(
        t("From which organisation?"), most=200, hint=t("Its name or its abbreviation, such as HMRC.")
    )

    def run(self, me: Person, work: Work) -> Reply:
        one = one_organisation(self.organisation, work)
        if Availability(work.tx).hide(me.id, one.id):
            work.record(me, "hide", f"organisation {one.id}")
        theirs = [open for open in work.questions.offered(viewer=me) if open.organisation_id == one.id]
        between = t("Their questions are not brought to you, and yours are not brought to them.")
        open_acts = t("What you send yourself, such as an answer, still shows your name to those who get it.")
        return Reply(
            Card(
                t("You hide from {organisation}: nobody there finds you or sees your name.", organisation=one.name),
                body=(Paragraph(between), Paragraph(open_acts), *waits(theirs)),
                buttons=(Button(t("Do not hide"), Show(one.name)), _profile()),
            )
        )


def _hidden(me: Person, view: View) -> list[Option]:
    return [Option(str(one.id), words(one.name)) for one in Availability(view.tx).hidden_from(me.id)]


class Show(
    Command,
    name="me show",
    help=t("Stop hiding from an organisation"),
    example="me show to HMRC",
    also=("me show to", "me dangos i"),
):
    """They do not hide from this organisation any more. Whether others find them at all is `me findable`."""

    organisation: str = ask(t("To which organisation?"), most=200, choices=_hidden)

    def run(self, me: Person, work: Work) -> Reply:
        one = _hidden_called(self.organisation, me, work)
        Availability(work.tx).show(me.id, one.id)
        work.record(me, "show", f"organisation {one.id}")
        found = t("Others do not find you now, because you have not said that they may.")
        return Reply(
            Card(
                t("You do not hide from {organisation} any more.", organisation=one.name),
                body=() if me.findable else (Paragraph(found),),
                buttons=(Button(t("Hide again"), Hide(one.name)), _profile()),
            )
        )


def _hidden_called(said: str, me: Person, view: View) -> Organisation:
    """The one that they hide from and that is called so, or has this number. Raises Refusal where there is none."""
    hidden = Availability(view.tx).hidden_from(me.id)
    named = {one.id for one in view.organisations.named(said)}
    for one in hidden:
        if one.id in named or said == str(one.id):
            return one
    if not hidden:
        raise Refusal(t("You hide from no organisation."), field="organisation")
    name = one_organisation(said, view).name
    raise Refusal(t("You do not hide from {organisation}.", organisation=name), field="organisation")


def _profile() -> Button:
    return Button(t("See your profile"), registry.verbs["me"]())
