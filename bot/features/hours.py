"""Say in which hours and on which days you work."""

from bot.command import Command, Verb, ask, registry
from bot.errors import Refusal
from bot.hours import hours_in_words, read_hours, read_kept
from bot.text import t
from bot.ui import Button, Card, Paragraph, Reply
from bot.work import View, Work
from storage.availability import Availability
from storage.people import Person

ANY = frozenset({"any", "any time", "anytime", "always", "all", "unrhyw bryd", "bob amser"})


def _now(verb: Verb, me: Person, view: View) -> str:
    hours = read_kept(me.hours)
    days = ", ".join("Mon Tue Wed Thu Fri Sat Sun".split()[day] for day in sorted(hours.days)) if hours else ""
    return f"{hours.starts:%H:%M} to {hours.ends:%H:%M} {days}" if hours else ""


class SayHours(
    Command,
    name="me hours",
    help=t("Say which hours you work"),
    example="me hours 9 to 5 Monday to Thursday",
    also=("me oriau",),
):
    """These are their working hours, in their own zone, or any hours: questions go rather to who works when they are
    asked."""

    hours: str = ask(
        t("Which hours do you work?"),
        most=120,
        start=_now,
        hint=t("Such as 9 to 5, 8 to 4 Mon to Thu, or any."),
    )

    def run(self, me: Person, work: Work) -> Reply:
        said = " ".join(self.hours.lower().strip(" .").split())
        hours = read_hours(said)
        if hours is None and said not in ANY:
            raise Refusal(t("Write your hours like 9 to 5, or 8 to 4 Mon to Thu. Or say any."), field="hours")
        kept = hours.kept() if hours else ""
        Availability(work.tx).hours(me.id, kept)
        told = t("A question goes rather to people who work at the time. Others may still be brought one.")
        zone = t("These are hours in your time zone, {zone}.", zone=me.zone)
        return Reply(
            Card(
                t("Your working hours: {hours}.", hours=hours_in_words(kept)),
                body=(Paragraph(zone), Paragraph(told)) if kept else (Paragraph(told),),
                buttons=(
                    Button(t("Change your hours"), SayHours.partly()),
                    Button(t("See your profile"), registry.verbs["me"]()),
                ),
            )
        )
