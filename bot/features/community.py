"""See one community: what it is for, how one joins, who looks after it, and what you can do there."""

from datetime import datetime

from bot.command import Query, ask, registry
from bot.features.join import way_in
from bot.features.leave import Leave
from bot.features.members import Members
from bot.features.mute import Mute, Unmute
from bot.finding import all_communities, brief, find_community, is_shut_to, who_is
from bot.kinds import KINDS, STAGES, WAYS_IN
from bot.text import Text, Value, When, listing, t, tn, words
from bot.ui import Button, Card, Fact, Paragraph, Reply
from bot.work import View
from storage.communities import Community as Known
from storage.communities import Membership
from storage.people import Person
from storage.places import Connected


class Community(
    Query, name="community", help=t("See what a community is for"), example="community starting-a-business"
):
    """All that its owners say of it, and how many belong to it; owners by name only where they may be found.

    One that was archived is shown as such.
    """

    community: str = ask(t("Which community?"), choices=all_communities)

    def run(self, me: Person, view: View) -> Reply:
        community = find_community(self.community, view, archived=True)
        membership = view.communities.membership(community.id, me.id)
        body = []
        if community.state == "archived":
            body.append(Paragraph(t("It was archived: nothing new is asked or told here.")))
        if is_shut_to(me, community):
            body.append(Paragraph(t("It is not open to suppliers, and you said that you are one.")))
        return Reply(
            Card(
                words(community.name),
                body=tuple(body),
                facts=(*_said(community), *_people(community, me, view), *_places(community, view)),
                buttons=_next(community, membership, me),
                note=_how_to_invite(community, membership),
            )
        )


def _how_to_invite(community: Known, membership: Membership | None) -> Text | None:
    """The words for who may invite somebody: they invite by a name, which stands in brackets here."""
    if membership is None or community.state != "active" or not (membership.owner or community.access == "open"):
        return None
    return t("You can also say: invite (a name) to {slug}", slug=community.slug)


def _said(community: Known) -> list[Fact]:
    """What its owners say of it; what they left open is left out."""
    rows: list[tuple[Text, Value]] = [
        (t("Kind"), KINDS.get(community.kind, KINDS["service"])),
        (t("Service"), community.service),
        (t("Outcome"), community.outcome),
        (t("Purpose"), community.purpose),
        (t("Who it is for"), community.audience),
        (t("Stage"), STAGES.get(community.stage, STAGES["forming"])),
        (t("Who can join"), WAYS_IN.get(community.access, WAYS_IN["open"])),
        (t("Suppliers"), t("They can join too") if community.suppliers else t("They cannot join")),
        (t("Supported by"), community.supported_by),
        (t("Last day"), _day(community.ends_on)),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _day(day: str) -> Value:
    """A date (2027-03-31) in the reader's words."""
    if not day:
        return ""
    at = datetime.fromisoformat(f"{day}T12:00+00:00")
    return t("{day} {year}", day=When(at, "day"), year=at.year)


def _people(community: Known, me: Person, view: View) -> list[Fact]:
    members = tn("{n} person", "{n} people", n=view.members.size(community.id))
    named = [_one_of_several(person) for person in view.members.named_owners(community.id, viewer=me)]
    owners: Value = listing(named) if named else t("nobody whose name you can see")
    return [Fact(t("Members"), members), Fact(t("Owners"), owners)]


def _one_of_several(person: Person) -> Text:
    """With brackets, as several stand beside each other; an organisation that nobody vouches for says so."""
    return brief(person) if person.verified or not person.organisation else who_is(person)


def _places(community: Known, view: View) -> list[Fact]:
    found = [_in_words(row) for row in view.places.counted(community.id)]
    return [Fact(t("Connected channels"), listing(found))] if found else []


def _in_words(row: Connected) -> Text:
    """Where its news is posted: a platform's own name is a name, as in a person's profile."""
    return tn(
        "{n} of {organisation} on {platform}",
        "{n} of {organisation} on {platform}",
        n=row.places,
        organisation=words(row.organisation) if row.organisation else t("an organisation that is not known"),
        platform=row.platform.capitalize(),
    )


def _next(community: Known, membership: Membership | None, me: Person) -> tuple[Button, ...]:
    members = Button(t("See who is in it"), Members(community.slug))
    if community.state != "active":
        if membership is None:
            return (Button(t("See the communities"), registry.verbs["communities"]()),)
        reopen = Button(t("Reopen it"), registry.verbs["reopen"].partly(community=community.slug))
        return (reopen, members) if membership.owner else (members,)
    if membership is None:
        way = () if is_shut_to(me, community) else way_in(community)
        return (*way, members) if way else (Button(t("See the communities"), registry.verbs["communities"]()),)
    question = registry.verbs["ask"].partly(community=community.slug)
    invite = registry.verbs["invite"].partly(community=community.slug)
    past = registry.verbs["import questions"].partly(community=community.slug)
    news = Button(t("Mute it"), Mute(community.slug))
    if membership.muted:
        news = Button(t("Get its news again"), Unmute(community.slug))
    return (
        Button(t("Ask a question"), question, style="primary"),
        members,
        *((Button(t("Invite somebody"), invite),) if membership.owner or community.access == "open" else ()),
        *((Button(t("Bring past questions"), past),) if membership.owner else ()),
        news,
        Button(t("Leave"), Leave(community.slug)),
    )
