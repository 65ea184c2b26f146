"""Be welcomed once: what is stored and who may see it, then your role, the services you work on, and communities."""

import re
from collections.abc import Sequence

from bot.command import Command, Considered, May, Verb, ask, registry
from bot.errors import Refusal
from bot.features.organisation import proposal
from bot.finding import slug_of, tidy
from bot.recommending import recommended
from bot.text import Text, listing, t, tn, words
from bot.ui import Button, Card, Fact, Item, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.notices import Notices
from storage.people import Person
from storage.services import Services

MOST_SERVICES = 5
MOST_OFFERED = 3
MOST_BUTTONS = 6
"""On one card: the fewest that a platform takes."""
LONGEST_NAME = 120
"""Characters of the name of one service."""

WHAT_IS_STORED = (
    t(
        "Signpost keeps your name, your organisation, what you say about yourself,"
        " and the questions and answers you write."
    ),
    t(
        "Members of your communities see what you write, with your name, in your organisation"
        " and in those that agreed with yours."
    ),
    t("It is official information, so it may be disclosed under the Freedom of Information Act."),
)
"""The notice, in three lines. Who changes what they say raises `bot.meeting.NOTICE`: all are told once more."""


class Welcome(Command, may=May.SYSTEM):
    """Who speaks has this version of the notice in their direct chat; it is kept that, and when, they were shown it.

    Shown before, nothing is sent. It is drawn at the moment of sending: communities are ranked in no transaction.
    """

    version: int

    def run(self, me: Person, work: Work) -> Reply:
        if Notices(work.tx).show(me.id, self.version, work.now):
            work.show(me.id, ("welcome", self.version), otherwise=NotShown(me.id, self.version))
            work.record(me, "told", f"notice {self.version}")
        return Reply(Card(t("They are shown what is stored.")))


class NotShown(Command, may=May.SYSTEM):
    """The notice could not be delivered: it is shown the next time they speak."""

    person: int
    version: int

    def run(self, me: Person, work: Work) -> Reply:
        Notices(work.tx).was_not_seen(self.person, self.version)
        return Reply(Card(t("It is shown the next time they speak.")))


@registry.drawing("welcome")
def draw_welcome(version: int, person: Person, view: View) -> Card | None:
    """The notice. Somebody new is also asked for their role and services, and offered communities."""
    shown = [one.version for one in Notices(view.tx).shown(person.id)]
    if version not in shown:
        return None
    return _welcome(person, view) if version == shown[0] else _again()


def _my_role(verb: Verb, me: Person, view: View) -> str:
    return me.role


def _my_services(verb: Verb, me: Person, view: View) -> str:
    return ", ".join(Services(view.tx).of(me.id))


Offered = Sequence[tuple[Community, Text]]
"""Communities that somebody may join, each with the reason."""


class MyServices(
    Considered[Offered],
    name="me services",
    help=t("Say your role and the services you work on"),
    example="me services Register for VAT, Set up as a sole trader role: policy adviser",
):
    """The services you work on are those you named, and no others; your role is what you said, where you said one."""

    services: str = ask(
        t("Which services do you work on?"),
        most=600,
        hint=t("Their names, up to 5, with a comma between."),
        start=_my_services,
    )
    role: str = ask(t("What is your role?"), after="role:", default="", most=80, start=_my_role)

    def look(self, me: Person, view: View) -> Offered:
        services = list(_named(self.services).values())
        return _to_join(me._replace(role=tidy(self.role) or me.role), services, view)

    def run(self, me: Person, work: Work, seen: Offered) -> Reply:
        named = _named(self.services)
        role = tidy(self.role) or me.role
        if role != me.role:
            work.people.say_role(me.id, role)
        known = Services(work.tx)
        known.works_on(me.id, [known.named(slug, name) for slug, name in named.items()])
        mine = listing(known.of(me.id))
        return Reply(
            Card(
                t("We know what you work on"),
                body=_offers(seen),
                facts=(Fact(t("Role"), role or t("not said yet")), Fact(t("Services"), mine)),
                buttons=(Button(t("See your profile"), registry.verbs["me"]()),),
                note=t("Say me data for everything we hold about you."),
            )
        )


def _named(said: str) -> dict[str, str]:
    """Each name by how it is typed; one said twice once. Refused where there are too many, or one is no name."""
    names = [tidy(part) for part in re.split(r"[,;\n]", said)]
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(slug_of(name), name)
    if not found or "" in found:
        raise Refusal(t("Write the name of a service in letters, such as Renew a passport."), field="services")
    if len(found) > MOST_SERVICES:
        raise Refusal(t("Name up to {most} services, those you work on most.", most=MOST_SERVICES), field="services")
    if any(len(name) > LONGEST_NAME for name in found.values()):
        raise Refusal(t("Keep the name of each service under {most} characters.", most=LONGEST_NAME), field="services")
    return found


def _welcome(me: Person, view: View) -> Card:
    asked, buttons = _organisation(me, view)
    say = Button(t("Say your role and services"), MyServices.partly(), style="normal" if buttons else "primary")
    offered = _to_join(me, view.recommending.services(me.id), view)[: MOST_BUTTONS - len(buttons) - 1]
    return Card(
        t("Welcome to Signpost"),
        body=(*map(Paragraph, WHAT_IS_STORED), *asked, *_offers(offered)),
        buttons=(*buttons, say),
        note=_what_next(),
    )


def _again() -> Card:
    return Card(
        t("What Signpost keeps about you has changed"),
        body=tuple(map(Paragraph, WHAT_IS_STORED)),
        buttons=(Button(t("See your profile"), registry.verbs["me"]()),),
        note=_what_next(),
    )


def _what_next() -> Text:
    return t("Say help to see what you can do, me data for what we hold, or me forget to remove it.")


def _organisation(me: Person, view: View) -> tuple[tuple[Paragraph, ...], tuple[Button, ...]]:
    """Of which organisation they are; or the one that is proposed, with the buttons that confirm it."""
    if me.organisation_id is not None:
        known = t("You are in {organisation}, and it is verified.", organisation=me.organisation)
        said = t("You say that you are in {organisation}.", organisation=me.organisation)
        return (Paragraph(known if me.verified else said),), ()
    found = proposal(me, view)
    return ((Paragraph(found[0]),), tuple(found[1])) if found else ((), ())


def _offers(offered: Offered) -> tuple[Paragraph | Item, ...]:
    """The communities, each with the reason and a way to join it."""
    if not offered:
        return ()
    join = registry.verbs["join"]
    items = [
        Item(words(community.name), why, (Button(t("Join"), join.partly(community=community.slug)),))
        for community, why in offered
    ]
    return (Paragraph(t("You may want to join one of these communities.")), *items)


def _to_join(me: Person, services: Sequence[str], view: View) -> Offered:
    """Up to three communities for somebody who works on these services; else the largest that anybody may join."""
    return (
        recommended(me, services, view)
        or [
            (row.community, tn("{n} person is in it.", "{n} people are in it.", n=row.members))
            for row in view.browsing.listed("", viewer=me)
            if row.community.access == "open" and not row.mine
        ][:MOST_OFFERED]
    )
