"""Be one person on Slack and Teams: a code from one, typed in the other."""

import hashlib
import secrets
from datetime import timedelta

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.features.me import organisation_of, tools_of
from bot.text import t
from bot.ui import Audience, Button, Card, Fact, Paragraph, Reply
from bot.work import Work
from storage.codes import Codes
from storage.linking import become_one
from storage.people import Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letters or digits that look alike."""
EXPIRES = timedelta(minutes=10)


class Link(Command, name="me link", help=t("Be one person on both tools"), example="me link 7QK2-MD9F"):
    """Without a code: a new one, good once and for 10 minutes. With one: its giver is shown first, then both are one.

    They are shown because whoever types a code that another person gave them hands over all that is theirs.
    """

    code: str = ask(t("The code from your other tool"), default="", most=20)
    sure: bool = False

    def run(self, me: Person, work: Work) -> Reply:
        if not self.code:
            return _offered(me, work)
        number = Codes(work.tx).giver(_digest(self.code), work.now)
        giver = work.people.find(number) if number else None
        if giver is None:
            text = t("This code is wrong, used or older than 10 minutes. Say me link in your other tool for a new one.")
            raise Refusal(text, field="code")
        if giver.id == me.id:
            raise Refusal(t("Type this code in your other tool, not here."), field="code")
        if not self.sure:
            return _preview(self.code, giver, work)
        Codes(work.tx).use(_digest(self.code), work.now)
        return _linked(giver, me, work)


def _offered(me: Person, work: Work) -> Reply:
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    Codes(work.tx).add(_digest(letters), me.id, work.now + EXPIRES)
    code = f"{letters[:4]}-{letters[4:]}"
    return Reply(
        Card(
            t("Your code is {code}", code=code),
            body=(Paragraph(t("In your other tool, say to Signpost: me link {code}", code=code)),),
            note=t("It works once, for 10 minutes. Do not give it to anyone."),
        )
    )


def _preview(code: str, giver: Person, work: Work) -> Reply:
    return Reply(
        Card(
            t("Is this you?"),
            body=(
                Paragraph(t("You will be one person on both tools, under the name below. You cannot undo this.")),
                Paragraph(t("If another person gave you this code, do not continue.")),
            ),
            facts=(
                Fact(t("Name"), giver.name),
                Fact(t("Organisation"), organisation_of(giver)),
                Fact(t("Tools"), tools_of(giver, work)),
            ),
            buttons=(
                Button(t("Yes, this is me"), Link(code, sure=True), style="primary"),
                Button(t("No, keep my profile as it is"), registry.verbs["me"]()),
            ),
        )
    )


def _linked(giver: Person, me: Person, work: Work) -> Reply:
    for shown in become_one(work.tx, stays=me, profile=giver):
        work.redraw(shown)
    work.record(me, "link", f"person {giver.id} is person {me.id}")
    person = work.people.find(me.id) or giver
    return Reply(
        Card(
            t("You are one person on both tools now."),
            facts=(
                Fact(t("Name"), person.name),
                Fact(t("Organisation"), organisation_of(person)),
                Fact(t("Tools"), tools_of(person, work)),
            ),
            buttons=(Button(t("See your profile"), registry.verbs["me"](), style="primary"),),
            note=t("You have one profile, one list of communities and one weekly limit."),
        ),
        Audience.REPLACE,
    )


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
