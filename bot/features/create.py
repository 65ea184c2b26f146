"""Start a community, with the service it is for and the outcome it wants. You become its owner.

One that is there already, by name or by meaning, is offered first.
"""

from typing import Any

from msgspec import structs

from bot.command import Considered, ask, registry
from bot.describing import (
    AUDIENCE,
    NAME,
    OUTCOME,
    PURPOSE,
    SERVICE,
    SUPPORTED,
    ends_on,
    facts_of,
    kinds,
    read_choice,
    read_name,
    read_outcome,
    suppliers,
    ways_in,
)
from bot.describing import SUPPLIERS as MAY_JOIN
from bot.errors import Refusal
from bot.features.join import page, way_in
from bot.features.owner import Owner
from bot.finding import looks, slug_of, tidy
from bot.kinds import KINDS, WAYS_IN
from bot.likeness import OFFERED, Described, most_alike
from bot.text import t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View, Work
from storage.communities import DEFAULTS, Community
from storage.people import Person


class Create(
    Considered[list[int]],
    name="create",
    help=t("Start a community"),
    example="create Starting a business service: Start a business outcome: People can start trading without delay",
):
    """There is a community with this name, owned by who said so; they are asked for a second owner.

    A taken name is refused, with a way to join; so is one without a letter or number, or that looks like another.
    Where others are like it, they are offered first, and nothing is made until it is said once more.
    """

    community: str = ask(t("What is it called?"), most=NAME, hint=t("Such as: Starting a business."))
    service: str = ask(t("Which service is it for?"), after="service:", most=SERVICE)
    outcome: str = ask(
        t("What should be true for the people who use the service?"),
        after="outcome:",
        kind="lines",
        most=OUTCOME,
        hint=t("One sentence, such as: people can start trading without delay."),
    )
    purpose: str = ask(t("What do its members do together?"), after="purpose:", default="", most=PURPOSE)
    audience: str = ask(t("Who is it for?"), after="for:", default="", most=AUDIENCE)
    kind: str = ask(t("What kind of community is it?"), after="kind:", choices=kinds, default="", most=40)
    access: str = ask(t("How do people join?"), after="access:", choices=ways_in, default="", most=40)
    supplied: str = ask(t("May suppliers join?"), after="suppliers:", choices=suppliers, default="", most=40)
    supported: str = ask(t("Which organisation supports it?"), after="supported by:", default="", most=SUPPORTED)
    until: str = ask(
        t("What is its last day?"),
        after="until:",
        kind="date",
        default="",
        most=40,
        hint=t("Only for a community of action."),
    )
    sure: bool = False

    def look(self, me: Person, view: View) -> list[int]:
        if self.sure:
            return []
        new = Described(0, tidy(self.community), tidy(self.service), tidy(self.outcome))
        slug = slug_of(self.community)
        there = [Described(*row) for row in view.communities.described()]
        looking = looks(self.community)
        same = [one.id for one in there if slug_of(one.name) == slug or looks(one.name) == looking]
        return same[:OFFERED] or most_alike(new, there)

    def run(self, me: Person, work: Work, seen: list[int]) -> Reply:
        name, slug = read_name(self.community, field="community")
        taken = work.communities.known(slug, name)
        if taken is not None:
            raise _taken(taken, work)
        said = self._said(work)
        alike = [one for one in (work.communities.get(number) for number in seen) if one and one.state == "active"]
        if alike and not self.sure:
            return Reply(self._offer(alike, me, work))
        number = work.communities.add(slug, name, **said, by=me.id, now=work.now)
        community = work.communities.get(number) if number else None
        if community is None:
            raise Refusal(t("There is a community called “{name}” already.", name=name), field="community")
        work.communities.join(community.id, me.id, work.now, owner=True)
        work.record(me, "create", f"community {community.id}")
        return Reply(_made(community, me, work))

    def _said(self, work: Work) -> dict[str, Any]:
        """What is said of it, read and checked; what is left out is as most communities have it."""
        kind = read_choice(self.kind or "service", KINDS, field="kind")
        return {
            "service": tidy(self.service),
            "outcome": read_outcome(self.outcome, field="outcome"),
            "purpose": tidy(self.purpose),
            "audience": tidy(self.audience),
            "kind": kind,
            "access": read_choice(self.access or "open", WAYS_IN, field="access"),
            "suppliers": read_choice(self.supplied or "yes", MAY_JOIN, field="supplied") == "yes",
            "supported_by": tidy(self.supported),
            "ends_on": ends_on(kind, self.until, work.now, field="until"),
        }

    def _offer(self, alike: list[Community], me: Person, work: Work) -> Card:
        """Those that are like it, each with a way in, before another is made beside them."""
        known = {name: getattr(self, name) for name in type(self).asks}
        mine = Button(t("Start mine all the same"), Create(**known, sure=True))
        return Card(
            t("Is it one of these?"),
            body=(
                Paragraph(t("A community is best when everyone who works on the service is in one.")),
                *(_item(one, me, work) for one in alike),
            ),
            buttons=(mine,),
            note=t("Nothing has been started yet."),
        )


def _item(community: Community, me: Person, work: Work) -> Item:
    size = work.members.size(community.id)
    about = t("{people}. {outcome}", people=tn("{n} person", "{n} people", n=size), outcome=community.outcome)
    if work.communities.membership(community.id, me.id) is not None:
        members = Button(t("Members"), registry.verbs["members"].partly(community=community.slug))
        return Item(words(community.name), about, (members,))
    more = Button(t("See more"), registry.verbs["community"].partly(community=community.slug))
    return Item(words(community.name), about, way_in(community) or (more,))


def _taken(community: Community, work: Work) -> Refusal:
    """The name is somebody else's: where it leads now, or that its owners can open it again."""
    today = work.communities.today(community)
    if today is None or today.state != "active":
        text = t("“{name}” is the name of an archived community. Choose another name.", name=community.name)
        return Refusal(text, field="community")
    text = t(
        "There is a community called “{name}” already. Say join {slug} to join it.", name=today.name, slug=today.slug
    )
    return Refusal(text, field="community")


def _made(community: Community, me: Person, work: Work) -> Card:
    """The community as its owner sees it, with the next thing to do: a second owner, from another organisation."""
    title = t("{community} is open. You are its owner.", community=community.name)
    invite = t("Tell colleagues to say: join {slug}", slug=community.slug)
    card = page(title, community, me, work, note=invite)
    facts = facts_of(community)
    more = [
        facts[field]
        for field in ("purpose", "audience", "kind", "access", "suppliers", "supported_by", "ends_on")
        if getattr(community, field) != DEFAULTS[field]
    ]
    second = Paragraph(t("Ask somebody from another organisation to own it too: they look after it when you are away."))
    ask_them = Button(t("Ask a second owner"), Owner.partly(community=community.slug))
    past = Button(t("Bring past questions"), registry.verbs["import questions"].partly(community=community.slug))
    return structs.replace(
        card, body=(*card.body, second), facts=(*card.facts, *more), buttons=(*card.buttons, ask_them, past)
    )
