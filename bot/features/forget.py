"""Be forgotten: your profile, your accounts and your name go; what you wrote for others stays, by a former member."""

from datetime import timedelta

from bot.command import Command, May, Query, registry
from bot.errors import Refusal
from bot.forgetting import forget
from bot.text import Text, listing, t, tn, words
from bot.ui import Audience, Button, Card, Paragraph, Reply
from bot.work import View, Work
from storage.forgetting import Forgetting
from storage.leavers import Leavers
from storage.people import Person
from storage.retention import Retention

SOON = timedelta(minutes=1)
"""After this everything is gone: the last message has arrived by then."""


class Forget(Query, name="me forget", help=t("Be forgotten"), also=("forget me",)):
    """First what would happen, then the choice. Nothing changes yet."""

    def run(self, me: Person, view: View) -> Reply:
        _must_not_be_held(me, view)
        return Reply(
            Card(
                t("Do you want Signpost to forget you?"),
                body=tuple(Paragraph(line) for line in _what_happens(me, view)),
                buttons=(Button(t("Forget me"), ForgetMe(), style="danger"), Button(t("Keep"), Keep())),
                note=t("To see first what we hold, say me data."),
            )
        )


class ForgetMe(Command):
    """They are out of every search and asked nothing from now on, and forgotten as soon as this answer has arrived."""

    def run(self, me: Person, work: Work) -> Reply:
        _must_not_be_held(me, work)
        work.people.allow_asking(me.id, False)
        work.people.allow_finding(me.id, False)
        work.later(Forgotten(me.id), work.now + SOON, key=f"forget-{me.id}")
        work.record(me, "ask to be forgotten", f"person {me.id}")
        return Reply(
            Card(
                t("You are forgotten in a minute from now. This is our last message to you."),
                body=(Paragraph(t("What others see of yours says “a former member” from then on.")),),
                note=t("If you write to Signpost after that, it does not know you, and asks you again who you are."),
            ),
            Audience.REPLACE,
        )


class Keep(Command):
    """Everything stays, and who was asked because they were silent for a year is not asked again for another."""

    def run(self, me: Person, work: Work) -> Reply:
        Retention(work.tx).is_kept(me.id)
        kept = work.cancel(f"forget-{me.id}")
        title = t("You are not forgotten after all.") if kept else t("Nothing was removed. Your profile is as it was.")
        return Reply(Card(title, buttons=(Button(t("See your profile"), registry.verbs["me"]()),)), Audience.REPLACE)


class Forgotten(Command, may=May.SYSTEM):
    """The person is forgotten, unless a legal hold came in between: then they stay, and are told why."""

    person: int

    def run(self, me: Person, work: Work) -> Reply:
        held = Forgetting(work.tx).held(self.person)
        if held:
            work.send(self.person, Card(_why_held(held)))
        else:
            forget(self.person, work)
        return Reply(Card(t("They are forgotten.")))


class DrawAnew(Command, may=May.SYSTEM):
    """Everybody who has a mirror of these records sees them as they are now."""

    kind: str
    numbers: str

    def run(self, me: Person, work: Work) -> Reply:
        for number in self.numbers.split():
            work.redraw((self.kind, int(number)))
        return Reply(Card(t("They are drawn anew.")))


def _must_not_be_held(me: Person, view: View) -> None:
    held = Forgetting(view.tx).held(me.id)
    if held:
        raise Refusal(_why_held(held))


def _why_held(held: list[str]) -> Text:
    return t(
        "What you wrote in {communities} is under a legal hold, so nothing of yours may be removed now."
        " Ask an administrator of Signpost when it ends.",
        communities=listing([words(name) for name in held]),
    )


def _what_happens(me: Person, view: View) -> list[Text]:
    left = Forgetting(view.tx).left(me.id)
    answers, questions = (
        tn("{n} answer", "{n} answers", n=left.answers),
        tn("{n} question", "{n} questions", n=left.questions),
    )
    lines = [t("This removes your profile, your links between tools, your memberships and what waits for you.")]
    if left.answers or left.questions:
        both = listing([said for said, n in ((answers, left.answers), (questions, left.questions)) if n])
        lines.append(t("It removes your name from {both}; the text stays as from a former member.", both=both))
    alone = [view.communities.get(number) for number in Leavers(view.tx).owned_alone(me.id)]
    if alone:
        names = listing([words(community.name) for community in alone if community is not None])
        lines.append(t("A new owner is looked for: you are the only one of {communities}.", communities=names))
    lines.append(t("You cannot undo this."))
    return lines
