"""Read what happened in your communities: once a week at most, in one message, unless you muted the community."""

from datetime import datetime, timedelta
from typing import NamedTuple

from bot.command import Command, Considered, May, registry
from bot.features.ask import Ask
from bot.features.mute import Mute
from bot.features.showcase import ComeToShowcase
from bot.finding import is_shut_to, who
from bot.inbound import Address
from bot.news import happened_in, in_numbers, is_news, with_links
from bot.recurrence import WEEKDAYS, next_after
from bot.text import t
from bot.ui import Button, Card, Element, Fact, Paragraph, Quote, Reply
from bot.work import SIGNPOST, View, Work
from storage.bulletins import Bulletin, Happened, unpacked
from storage.people import Person
from storage.showcases import Showcase

STARTS = "2026-01-05T09:00"
"""9am: when bulletins and their previews go out, in the zone of the community's owners."""
ZONE = "Europe/London"
"""Where nobody owns the community."""
WEEK = timedelta(days=7)
LONGEST = timedelta(days=14)
"""How far back a bulletin goes where the last one is longer ago."""
SOON = timedelta(days=7)
"""A showcase this soon after a bulletin is news by itself; a later one is only mentioned."""


def preview_day(day: str) -> str:
    """Two days before; where that is on a weekend, the Friday before, so that somebody reads it."""
    place = (WEEKDAYS.index(day) - 2) % 7
    return WEEKDAYS[min(place, WEEKDAYS.index("FR"))]


def zone_of(community: int, view: View) -> str:
    """The time zone of the community's owners: of the one who is longest there."""
    owners = view.members.owners(community)
    return owners[0].zone if owners else ZONE


def goes_at(community: int, day: str, view: View) -> datetime:
    """When the next bulletin goes out on that day of the week: after the last one, even where that was left out."""
    after = max(view.now, view.bulletins.last(community) or view.now)
    at = next_after(f"FREQ=WEEKLY;BYDAY={day}", STARTS, zone_of(community, view), after)
    if at is None:
        raise LookupError("A rule without an end has one.")
    return at


def draft_of(community: int, day: str, work: Work) -> int:
    """The number of the bulletin that goes out next; it is begun, and goes out by itself, where it was not yet."""
    number = work.bulletins.draft_of(community)
    if number is not None:
        return number
    since, until = _span(community, day, work)
    number = work.bulletins.begin(community, since, until)
    if number is None:
        raise LookupError("A draft was begun meanwhile.")
    send_at(number, until, work)
    return number


def _span(community: int, day: str, view: View) -> tuple[datetime, datetime]:
    """What a bulletin that is begun now is about."""
    until = goes_at(community, day, view)
    return max(view.bulletins.last(community) or until - WEEK, until - LONGEST), until


class Looked(NamedTuple):
    """What had happened in a community from then on, read before the transaction that changes its bulletin.

    That reads hundreds of questions, for which nobody who writes should wait.
    """

    since: datetime | None
    happened: Happened


NOT_LOOKED = Looked(None, Happened())


def look_at(said: Bulletin | None, view: View) -> Looked:
    """What had happened for this bulletin, until it is sent; nothing for none."""
    return NOT_LOOKED if said is None or said.happened else Looked(said.since, what_happened(said, view))


def look_ahead(community: int, day: str, view: View) -> Looked:
    """The same for the bulletin that goes out next on this day, whether it was begun, left out, or has yet to begin."""
    number = view.bulletins.draft_of(community)
    if number is None and not view.bulletins.day(community):
        number = view.bulletins.resumable(community, view.now)
    if number is not None:
        return look_at(view.bulletins.get(number, viewer=SIGNPOST), view)
    since, until = _span(community, day, view)
    return Looked(since, happened_in(community, since, until, view))


def send_at(bulletin: int, at: datetime, work: Work) -> None:
    """The bulletin goes out then, and not when it was to before."""
    work.cancel(f"bulletin-{bulletin}")
    work.later(SendBulletin(bulletin), at, key=f"bulletin-{bulletin}")


def keep(community: int, day: str, zone: str, work: Work) -> None:
    """The owners get a preview in time for a bulletin on this day, week after week; with "", no more."""
    key = f"bulletins-of-{community}"
    work.cancel(key)
    if day:
        rule = f"FREQ=WEEKLY;BYDAY={preview_day(day)}"
        work.every(PreviewBulletin(community, day, zone), rule, STARTS, zone, key=key)


class KeepBulletins(Command, may=May.SYSTEM):
    """Each of the next 500 communities has its timer; those after them in a transaction of their own.

    In London's time first: the first preview looks for the owners' own.
    """

    after: int

    def run(self, me: Person, work: Work) -> Reply:
        found = work.bulletins.each(self.after)
        for community, day in found:
            if day:
                rule = f"FREQ=WEEKLY;BYDAY={preview_day(day)}"
                preview = PreviewBulletin(community, day, ZONE)
                work.every(preview, rule, STARTS, ZONE, key=f"bulletins-of-{community}")
        if found:
            last = found[-1][0]
            work.later(KeepBulletins(last), work.now, key=f"bulletins-{last}")
        return Reply(Card(t("The bulletins are planned.")))


class PreviewBulletin(Considered[Looked], may=May.SYSTEM):
    """The owners see what goes out, while they can add to it; where nothing has happened, they are not disturbed."""

    community: int
    day: str
    zone: str

    def look(self, me: Person, view: View) -> Looked:
        on = view.bulletins.day(self.community) == self.day
        return look_ahead(self.community, self.day, view) if on else NOT_LOOKED

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        day, zone = work.bulletins.day(self.community), zone_of(self.community, work)
        if (day, zone) != (self.day, self.zone):
            keep(self.community, day, zone, work)
        if day and day == self.day:
            number = draft_of(self.community, day, work)
            said = work.bulletins.get(number, viewer=me)
            if said is not None and is_worth_sending(said, work, seen):
                for owner in work.members.owners(self.community):
                    work.show(owner.id, ("bulletin preview", number))
        return Reply(Card(t("The bulletins are planned.")))


class SendBulletin(Considered[Looked], may=May.SYSTEM):
    """It is on its way to every member who has not muted the community; where there is nothing in it, to nobody."""

    bulletin: int

    def look(self, me: Person, view: View) -> Looked:
        return look_at(view.bulletins.get(self.bulletin, viewer=me), view)

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        said = work.bulletins.get(self.bulletin, viewer=me)
        if said is not None and said.state == "draft":
            goes = bool(work.bulletins.day(said.community_id)) and is_worth_sending(said, work, seen)
            happened = what_happened(said, work, seen)
            if work.bulletins.become(said.id, "draft", "sent" if goes else "empty", happened.packed()) and goes:
                work.later(SpreadBulletin(said.id, 0), work.now, key=f"bulletin-{said.id}-0")
                post_in_places(said, happened, work)
            work.redraw(("bulletin preview", said.id))
        return Reply(Card(t("The bulletin is on its way.")))


def post_in_places(said: Bulletin, happened: Happened, work: Work) -> None:
    """The numbers, which are open to everyone, are owed to each connected channel; nobody's words and no questions."""
    showcase = work.showcases.next_in(said.community_id, work.now)
    card = Card(
        t("This week in {community}", community=said.community),
        facts=in_numbers(happened, showcase),
        buttons=(
            Button(t("Join"), registry.verbs["join"].partly(community=said.slug), style="primary"),
            Button(t("See the community"), registry.verbs["community"].partly(community=said.slug)),
        ),
        note=t("This channel is connected to {community}.", community=said.community),
    )
    for place in work.places.connected(said.community_id):
        where = Address(place.platform, place.tenant, conversation=place.conversation, service_url=place.service_url)
        work.post(where, card, kind="announcement")


class SpreadBulletin(Command, may=May.SYSTEM):
    """The next 500 members are owed it; those after them in a transaction of their own, right behind this one."""

    bulletin: int
    after: int

    def run(self, me: Person, work: Work) -> Reply:
        said = work.bulletins.get(self.bulletin, viewer=me)
        if said is not None and said.state == "sent":
            last = work.spread_news(("bulletin", said.id), said.community_id, self.after)
            if last is not None:
                work.later(SpreadBulletin(said.id, last), work.now, key=f"bulletin-{said.id}-{last}")
        return Reply(Card(t("The bulletin is on its way.")))


def what_happened(said: Bulletin, view: View, looked: Looked = NOT_LOOKED) -> Happened:
    """What is in the bulletin: as it was when it was sent; before that as it was looked at for it, or is now."""
    if said.happened:
        return unpacked(said.happened)
    if looked.since == said.since:
        return looked.happened
    return happened_in(said.community_id, said.since, said.until, view)


def is_worth_sending(said: Bulletin, view: View, looked: Looked = NOT_LOOKED) -> bool:
    """Whether an owner said something, anything happened, or a showcase is near."""
    showcase = view.showcases.next_in(said.community_id, view.now)
    near = showcase is not None and showcase.starts_at < said.until + SOON
    return near or view.bulletins.has_words(said.id) or is_news(what_happened(said, view, looked))


class Contents(NamedTuple):
    """What is in a bulletin for one reader."""

    body: tuple[Element, ...]
    facts: tuple[Fact, ...]
    showcase: Showcase | None


def contents(said: Bulletin, person: Person, view: View, looked: Looked = NOT_LOOKED) -> Contents:
    """The owner's words where they may cross, the numbers, and the questions that this person may see."""
    happened, showcase = what_happened(said, view, looked), view.showcases.next_in(said.community_id, view.now)
    quoted = [Quote(said.words, who(said.author, said.author_role, said.organisation))] if said.words else []
    return Contents((*quoted, *with_links(happened, person, view)), in_numbers(happened, showcase), showcase)


@registry.drawing("bulletin")
def draw_bulletin(number: int, person: Person, view: View) -> Card | None:
    """The bulletin as this member sees it; nothing for who left or muted the community meanwhile."""
    said = view.bulletins.get(number, viewer=person)
    if said is None or said.state != "sent" or not _is_for(person, said.community_id, view):
        return None
    inside = contents(said, person, view)
    going = inside.showcase is not None and view.showcases.said(inside.showcase.id, person.id)
    coming = (Paragraph(t("You said that you are coming to the showcase.")),) if going else ()
    return Card(
        t("This week in {community}", community=said.community),
        body=(*inside.body, *coming),
        facts=inside.facts,
        buttons=(
            *_way_to_come(inside.showcase, person, view),
            Button(t("Ask a question"), Ask.partly(community=said.slug)),
            Button(t("Mute it"), Mute(said.slug)),
        ),
        note=t("You get this because you are in {community}.", community=said.community),
    )


def _is_for(person: Person, number: int, view: View) -> bool:
    """Whether they are a member who has not muted it, and no supplier where it has none."""
    membership, community = view.communities.membership(number, person.id), view.communities.get(number)
    if membership is None or membership.muted or community is None:
        return False
    return not is_shut_to(person, community)


def _way_to_come(showcase: Showcase | None, person: Person, view: View) -> tuple[Button, ...]:
    """To say that one comes to the next showcase, or that one cannot after all."""
    if showcase is None or showcase.starts_at <= view.now:
        return ()
    if view.showcases.said(showcase.id, person.id):
        return (Button(t("I cannot come"), ComeToShowcase(showcase.id, False)),)
    return (Button(t("I am coming to the showcase"), ComeToShowcase(showcase.id, True)),)


registry.always(KeepBulletins(0), "FREQ=DAILY", "2026-01-01T03:00", ZONE, key="bulletins")
