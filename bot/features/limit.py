"""Say how many questions a week may be brought to you."""

import re

from bot.command import Command, Verb, ask, registry
from bot.errors import Refusal
from bot.features.join import MayAsk
from bot.text import t, tn
from bot.ui import Button, Card, Paragraph, Reply
from bot.work import View, Work
from storage.availability import Availability
from storage.people import Person

MOST = 20
NONE = frozenset({"none", "no", "dim"})


def _now(verb: Verb, me: Person, view: View) -> str:
    return str(me.weekly)


class Limit(
    Command,
    name="me limit",
    help=t("Say how many questions a week you take"),
    example="me limit 2",
    also=("me cap", "me terfyn"),
):
    """In seven days they are brought at most so many questions from now on, 0 to 20. What waits for them stays."""

    weekly: str = ask(t("How many questions a week, at most?"), most=40, start=_now, hint=t("A number from 0 to 20."))

    def run(self, me: Person, work: Work) -> Reply:
        weekly = _number(self.weekly)
        if weekly is None:
            raise Refusal(t("Say a number from 0 to 20, such as me limit 2."), field="weekly")
        Availability(work.tx).limit(me.id, weekly)
        title = tn(
            "You are brought at most {n} question a week.", "You are brought at most {n} questions a week.", weekly
        )
        if not weekly:
            title = t("You are brought no questions until you say another number.")
        none_yet = Paragraph(t("You have not said yet that we may bring you questions, so none come."))
        before = Button(t("Back to {n} a week", n=me.weekly), Limit(str(me.weekly)))
        profile = Button(t("See your profile"), registry.verbs["me"]())
        return Reply(
            Card(
                title,
                body=() if me.asked else (none_yet,),
                buttons=(
                    *(() if me.asked else (Button(t("Bring me questions"), MayAsk("yes"), style="primary"),)),
                    *(() if me.weekly == weekly else (before,)),
                    profile,
                ),
            )
        )


def _number(said: str) -> int | None:
    """What was said as a number of questions, None where it is not from 0 to 20."""
    text = " ".join(said.lower().strip(" .").split())
    if text in NONE:
        return 0
    found = re.fullmatch(r"([0-9]{1,4})(?: (?:questions )?(?:a|per) week| yr wythnos)?", text)
    return int(found[1]) if found and int(found[1]) <= MOST else None
