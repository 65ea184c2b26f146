"""Say whether you are a civil servant, a contractor or a supplier: some communities are not open to suppliers."""

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.kinds import PEOPLE, options
from bot.text import Text, listing, t
from bot.ui import Button, Card, Option, Paragraph, Reply
from bot.work import View, Work
from storage.people import Person


def _kinds(me: Person, view: View) -> list[Option]:
    return options(PEOPLE)


class MemberType(Command, name="me type", help=t("Say what kind of member you are"), example="me type civil servant"):
    """They are what they said, until they say otherwise. A supplier reads nothing where suppliers cannot join."""

    kind: str = ask(t("What are you?"), choices=_kinds, most=80, start=lambda verb, me, view: me.kind)

    def run(self, me: Person, work: Work) -> Reply:
        kind = " ".join(self.kind.lower().strip(" .").split())
        if kind not in PEOPLE:
            raise Refusal(t("Say civil servant, contractor or supplier."), field="kind")
        if kind != me.kind:
            work.people.say_kind(me.id, kind)
            work.record(me, "say type", kind)
        closed = [one.name for one in work.communities.mine(me.id) if kind == "supplier" and not one.suppliers]
        return Reply(
            Card(
                t("Your profile says: {kind}.", kind=PEOPLE[kind]),
                body=(Paragraph(_shut(closed)),) if closed else (),
                buttons=(
                    Button(t("Change it"), MemberType.partly()),
                    Button(t("See your profile"), registry.verbs["me"]()),
                ),
            )
        )


def _shut(closed: list[str]) -> Text:
    return t("You read nothing more in {communities}: suppliers cannot join.", communities=listing(closed))
