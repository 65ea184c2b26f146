"""See yourself as others see you, and say your role and what you know."""

from bot.absence import away_in_words
from bot.command import Command, Query, ask, registry
from bot.features.join import MayAsk, MayFind
from bot.features.language import other_language
from bot.finding import tidy
from bot.kinds import PEOPLE
from bot.skills import in_a_line
from bot.text import Listing, Text, listing, t, words
from bot.ui import Button, Card, Fact, Paragraph, Reply
from bot.work import View, Work
from storage.availability import Availability
from storage.people import Person
from storage.skills import Skills

UNVERIFIED = t(
    "Your organisation is not verified yet, so you and people in other organisations do not see each other."
    " An administrator of Signpost can tie your workspace to your organisation."
)


class Role(Command, name="me role", help=t("Say what your role is"), example="me role content designer"):
    """Your role is what you said, shown beside your name from now on."""

    role: str = ask(t("What is your role?"), most=80, start=lambda verb, me, view: me.role)

    def run(self, me: Person, work: Work) -> Reply:
        role = tidy(self.role)
        work.people.say_role(me.id, role)
        return Reply(_profile(me._replace(role=role), work))


class Knows(Command, name="me knows", help=t("Say what you know"), example="me knows VAT registration, sole traders"):
    """What you know is what you said, in one line; people can find you by it once you let them."""

    knows: str = ask(t("What can people ask you about?"), most=300, start=lambda verb, me, view: me.knows)

    def run(self, me: Person, work: Work) -> Reply:
        knows = tidy(self.knows)
        work.people.say_knows(me.id, knows)
        Skills(work.tx).said(me.id, work.now)
        return Reply(_profile(me._replace(knows=knows), work))


class Me(Query, name="me", help=t("See yourself as others see you")):
    """Your profile with a way to change each line; `me more` has the lines that fit on no first card."""

    def run(self, me: Person, view: View) -> Reply:
        return Reply(_profile(me, view))


def _profile(me: Person, view: View) -> Card:
    mine = [community.name for community in view.communities.mine(me.id)]
    none = t("not said yet")
    unknown = view.account is not None and me.name == view.account.user
    away = away_in_words(me, view.now)
    alone = () if me.verified else (Paragraph(UNVERIFIED),)
    return Card(
        t("Your profile") if unknown else words(me.name),
        body=alone,
        facts=(
            Fact(t("Role"), me.role or none),
            Fact(t("Organisation"), organisation_of(me)),
            Fact(t("Type"), PEOPLE.get(me.kind, none)),
            Fact(t("Knows about"), me.knows or none),
            Fact(t("Skills and topics"), in_a_line(Skills(view.tx).of(me.id))),
            Fact(t("Communities"), listing(mine) if mine else t("none yet")),
            Fact(t("We may bring you questions"), t("yes, up to {n} a week", n=me.weekly) if me.asked else t("no")),
            *((Fact(t("Away"), away),) if away else ()),
            Fact(t("Others may find you"), _found(me, view)),
            Fact(t("Tools"), tools_of(me, view)),
        ),
        buttons=(
            Button(t("Change role"), Role.partly()),
            Button(t("Change what you know"), registry.verbs["me skills"]()),
            Button(t("Stop bringing me questions"), MayAsk("no"))
            if me.asked
            else Button(t("Bring me questions"), MayAsk("yes")),
            Button(t("Hide me"), MayFind("no")) if me.findable else Button(t("Let others find me"), MayFind("yes")),
            Button(t("More"), registry.verbs["me more"]()),
            other_language(me),
            *(() if me.verified else (Button(t("Say your organisation"), registry.verbs["me organisation"].partly()),)),
        ),
        note=t("Do you use another tool too? Say me link to be one person on both."),
    )


def _found(me: Person, view: View) -> Text:
    """Whether others find them, and who does not."""
    hidden = [one.called for one in Availability(view.tx).hidden_from(me.id)]
    if not me.findable:
        return t("no")
    return t("yes, but nobody in {organisations}", organisations=listing(hidden)) if hidden else t("yes")


def organisation_of(person: Person) -> Text:
    """Their organisation, and whether their platform vouches for it."""
    if not person.organisation:
        return t("not verified")
    if person.verified:
        return words(person.organisation)
    return t("{organisation} (not verified)", organisation=person.organisation)


def tools_of(person: Person, view: View) -> Listing:
    """The tools that they use Signpost in, each once."""
    return listing(sorted({account.platform.capitalize() for account in view.people.accounts(person.id)}))
