"""Say every half year, in one press, that what you say you know is still right."""

from bot.command import Command, May, registry
from bot.features.skills import MySkills
from bot.skills import best_first, shown
from bot.text import listing, t
from bot.ui import Button, Card, Element, Item, Paragraph, Quote, Reply
from bot.work import View, Work
from storage.people import Person
from storage.skills import Skills

AT_ONCE = 100
"""How many people one transaction asks."""
BEGUN = 1000
"""How many who were never to be asked one transaction puts on the list."""
KEY = "still-right"


class StillRight(Command, name="me still right", help=t("Confirm that what you say you know is still right")):
    """All that they say they know is confirmed as of now; they are asked again in half a year."""

    def run(self, me: Person, work: Work) -> Reply:
        said = Skills(work.tx).of(me.id)
        if not said and not me.knows:
            title = t("You have not said what you know yet.")
            return Reply(Card(title, buttons=(Button(t("Say what you know"), MySkills()),)))
        Skills(work.tx).confirm(me.id, work.now)
        see = Button(t("See what you know"), MySkills())
        return Reply(Card(t("Thank you. We ask you again in six months."), buttons=(see,)))


class AskWhetherStillRight(Command, may=May.SYSTEM):
    """Those who said or confirmed six months ago what they know are asked whether it still is so; each once, in parts.

    Who does not answer is asked again after six months. Who left, says nothing, or lets neither others find them nor
    questions be brought to them, is not asked.
    """

    def run(self, me: Person, work: Work) -> Reply:
        skills = Skills(work.tx)
        begun, due = skills.begin(BEGUN, work.now), skills.due(AT_ONCE, work.now)
        for person, since in due:
            known = work.people.find(person)
            if known is not None and skills.put_off(person, since, work.now):
                work.send(person, _question(known, work))
        if begun == BEGUN or len(due) == AT_ONCE:
            work.later(AskWhetherStillRight(), work.now, key=f"{KEY}-on")
        return Reply(Card(t("People are asked whether what they say is still right.")))


def _question(person: Person, view: View) -> Card:
    said = best_first(Skills(view.tx).of(person.id))
    line: list[Element] = [Quote(person.knows)] if person.knows else []
    things: list[Element] = [Item(t("Skills and topics"), t("{things}", things=listing([*map(shown, said)])))]
    return Card(
        t("Is this still right?"),
        body=(Paragraph(t("This is what you say you know.")), *line, *(things if said else ())),
        buttons=(
            Button(t("Yes, still right"), StillRight(), style="primary"),
            Button(t("Change"), MySkills()),
        ),
        note=t("You get this because people find you by what you know. We ask every six months."),
    )


registry.always(AskWhetherStillRight(), "FREQ=DAILY", "2026-01-01T09:15", "Europe/London", key=KEY)
