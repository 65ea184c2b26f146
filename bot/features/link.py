"""Be one person on Slack and Teams: a code from one, typed in the other."""

import hashlib
import secrets
from datetime import timedelta

from bot.command import Command, ask
from bot.errors import Refusal
from bot.text import t
from bot.ui import Card, Fact, Paragraph, Reply
from bot.work import Work
from storage.linking import become_one
from storage.people import Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letters or digits that look alike."""
EXPIRES = timedelta(minutes=10)


class Link(Command, name="me link", help=t("Be one person on both tools"), example="me link 7QK2-MD9F"):
    """Without a code: a new one, good once and for 10 minutes. With one: its giver and this account are one person."""

    code: str = ask(t("The code from your other tool"), default="", most=20)

    def run(self, me: Person, work: Work) -> Reply:
        return _linked(self.code, me, work) if self.code else _offered(me, work)


def _offered(me: Person, work: Work) -> Reply:
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    work.people.add_code(_digest(letters), me.id, work.now + EXPIRES)
    code = f"{letters[:4]}-{letters[4:]}"
    return Reply(
        Card(
            t("Your code is {code}", code=code),
            body=(Paragraph(t("In your other tool, say to Signpost: me link {code}", code=code)),),
            note=t("It works once, for 10 minutes. Do not give it to anyone."),
        )
    )


def _linked(code: str, me: Person, work: Work) -> Reply:
    giver = work.people.use_code(_digest(code), work.now)
    person = work.people.find(giver) if giver else None
    if person is None:
        raise Refusal(t("This code is wrong, used or older than 10 minutes. Say me link for a new one."), field="code")
    if person.id == me.id:
        raise Refusal(t("Type this code in your other tool, not here."), field="code")
    become_one(work.tx, kept=person, other=me)
    work.record(person, "link", f"person {person.id}")
    tools = " + ".join(sorted({account.platform.capitalize() for account in work.people.accounts(person.id)}))
    return Reply(
        Card(
            t("Linked. You are one person on both tools."),
            facts=(Fact(t("Name"), person.name), Fact(t("Tools"), tools)),
            note=t("One profile, one list of communities, one weekly limit."),
        )
    )


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
