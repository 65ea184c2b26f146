"""Schedule a showcase (a show and tell) for your community, see the next ones, and say whether you come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import COMMON_ZONES, instant, read_date, read_time, read_zone, reminder
from bot.command import Command, May, Query, ask
from bot.errors import Refusal, Stale
from bot.finding import find_community
from bot.text import Text, Value, When, t, tn, words
from bot.ui import Audience, Button, Card, Fact, Item, Option, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person
from storage.showcases import Showcase as Planned

LENGTH = timedelta(minutes=45)
FARTHEST = timedelta(days=730)


@dataclass(frozen=True)
class Start:
    """When a showcase begins: the instant, and the wall time (2026-12-03, 14:00) and IANA zone it was set in."""

    at: datetime
    day: str
    clock: str
    zone: str


def _owned(me: Person, view: View) -> list[Option]:
    """The communities this person owns, as choices."""
    mine = [(one, view.communities.membership(one.id, me.id)) for one in view.communities.mine(me.id)]
    return [Option(one.slug, words(one.name)) for one, membership in mine if membership and membership.owner]


def _zones(me: Person, view: View) -> list[Option]:
    return [Option(zone, words(zone)) for zone in _offered(me)]


def _offered(me: Person) -> dict[str, None]:
    return dict.fromkeys((me.zone, *COMMON_ZONES))


def _earlier_zone(verb: object, me: Person, view: View) -> str:
    return _earlier(verb)[2] or me.zone


def _earlier_time(verb: object, me: Person, view: View) -> str:
    return _earlier(verb)[1]


def _earlier_community(verb: object, me: Person, view: View) -> str:
    return _earlier(verb)[0]


def _earlier(verb: object) -> list[str]:
    """Community, time and zone as they were before Change was pressed, or nothing."""
    said = verb.earlier.split(" ") if isinstance(verb, ScheduleShowcase) else []
    return said if len(said) == 3 else ["", "", ""]


class ScheduleShowcase(
    Command,
    name="showcase new",
    help=t("Schedule a showcase"),
    example="showcase new Sole trader journey on 3 December at 2pm",
    may=May.OWNER,
    also=("new showcase", "schedule showcase"),
):
    """Shown in words first; once confirmed, members see it and those who come are reminded an hour before."""

    title: str = ask(t("What will be shown?"), most=150)
    community: str = ask(t("Which community?"), after="community:", choices=_owned, start=_earlier_community)
    date: str = ask(t("On which day?"), after="on", kind="date", most=40)
    time: str = ask(t("At what time?"), after="at", kind="time", most=20, start=_earlier_time)
    zone: str = ask(t("In which time zone?"), after="zone:", choices=_zones, start=_earlier_zone, default="", most=60)
    earlier: str = ""
    sure: bool = False

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        membership = work.communities.membership(community.id, me.id)
        if membership is None or not membership.owner:
            text = t("Only an owner of {community} can schedule a showcase for it.", community=community.name)
            raise Refusal(text, field="community")
        starts = self._start(me, work.now)
        if work.showcases.is_planned(community.id, self.title, starts.at):
            raise Stale(t("This showcase is scheduled already. Say showcase to see it."))
        if not self.sure:
            return Reply(self._preview(community, starts, me, work.now))
        return Reply(_scheduled(self.title, community, starts, me, work), Audience.REPLACE)

    def _start(self, me: Person, now: datetime) -> Start:
        zone = read_zone(self.zone or me.zone)
        if zone is None:
            raise Refusal(t("Signpost does not know that time zone. Write it like Europe/London."), field="zone")
        today = now.astimezone(ZoneInfo(zone)).date()
        day = read_date(self.date, today)
        if day is None:
            raise Refusal(t("That is not a day. Write it like Thursday 3 December or 2026-12-03."), field="date")
        clock = read_time(self.time)
        if clock is None:
            raise Refusal(t("That is not a time. Write it like 2pm or 14:00."), field="time")
        if day < today:
            raise Refusal(t("That is in the past. Choose a later day."), field="date")
        if day > today + FARTHEST:
            raise Refusal(t("That is more than two years away. Choose an earlier day."), field="date")
        starts = instant(day, clock, zone)
        if starts is None:
            raise Refusal(t("The clocks go forward then, so that time does not exist. Choose another."), field="time")
        if starts <= now:
            raise Refusal(t("That is in the past. Choose a later time."), field="time")
        return Start(starts, day.isoformat(), clock.isoformat("minutes"), zone)

    def _preview(self, community: Community, starts: Start, me: Person, now: datetime) -> Card:
        when = _when(starts.at, LENGTH, now)
        if (
            starts.at.astimezone(ZoneInfo(starts.zone)).utcoffset()
            != starts.at.astimezone(ZoneInfo(me.zone)).utcoffset()
        ):
            city = starts.zone.rpartition("/")[2].replace("_", " ")
            when = t("{when}, which is {clock} in {city}", when=when, clock=starts.clock, city=city)
        known = (self.title, community.slug, starts.day)
        sure = ScheduleShowcase(*known, starts.clock, starts.zone, sure=True)
        shown = f"{community.slug} {starts.clock} {starts.zone}"
        unlisted = "" if starts.zone in _offered(me) else starts.zone
        change = ScheduleShowcase.partly(title=self.title, date=starts.day, zone=unlisted, earlier=shown)
        reminded = t("an hour before, to those who come")
        if reminder(starts.at, now) is None:
            reminded = t("none, because it begins within the hour")
        return Card(
            t("Check the showcase before it is scheduled"),
            facts=(
                Fact(t("What"), self.title),
                Fact(t("Community"), community.name),
                Fact(t("When"), when),
                Fact(t("Reminder"), reminded),
            ),
            buttons=(Button(t("Schedule it"), sure, style="primary"), Button(t("Change"), change)),
            note=t("Nobody is sent a message now. Members see it when they say showcase."),
        )


class Showcases(Query, name="showcase", help=t("See the next showcases"), also=("showcases", "show and tell")):
    """The next three in one's communities, in the reader's own time, with how many come from all platforms."""

    def run(self, me: Person, view: View) -> Reply:
        planned = view.showcases.next(view.now, viewer=me)
        owner = view.communities.owns_any(me.id)
        new = (Button(t("Schedule a showcase"), ScheduleShowcase.partly()),) if owner else ()
        if not planned:
            title = t("No showcase is planned in your communities.")
            advice = Paragraph(t("Anyone who owns a community can schedule one by saying showcase new."))
            return Reply(Card(title, body=(advice,), buttons=new))
        return Reply(Card(t("Next showcases"), body=tuple(_item(row, me, view) for row in planned), buttons=new))


class ComeToShowcase(Command):
    """This person comes, or does not; one count over all platforms, the last word counts."""

    showcase: int
    going: bool

    def run(self, me: Person, work: Work) -> Reply:
        planned = work.showcases.get(self.showcase)
        if planned is None or work.communities.membership(planned.community_id, me.id) is None:
            raise Refusal(t("This showcase is for members of its community. Say communities to join it."))
        if planned.starts_at <= work.now:
            raise Stale(t("This showcase has begun or is over. Say showcase to see the next ones."))
        work.showcases.say(planned.id, me.id, self.going, work.now)
        title = t("You said that you are coming.")
        if not self.going:
            title = t("You said that you are not coming. You can change this until it begins.")
        note = t("You are reminded an hour before.") if self.going and reminder(planned.starts_at, work.now) else None
        return Reply(_card(title, planned, work, going=self.going, note=note), Audience.REPLACE)


class RemindOfShowcase(Command, may=May.SYSTEM):
    """Everyone who comes is reminded, once."""

    showcase: int

    def run(self, me: Person, work: Work) -> Reply:
        planned = work.showcases.get(self.showcase)
        title = t("The showcase begins soon")
        community = work.communities.get(planned.community_id) if planned is not None else None
        there = community is not None and community.state == "active"
        if planned is not None and there and planned.starts_at > work.now:
            title = t("{title} begins at {time}", title=planned.title, time=When(planned.starts_at, "time"))
            note = t("You get this because you said that you are coming.")
            for person in work.showcases.coming(planned.id):
                work.send(person.id, _card(title, planned, work, going=True, note=note), kind="reminder")
        return Reply(Card(title))


def _scheduled(title: str, community: Community, starts: Start, me: Person, work: Work) -> Card:
    """The showcase is kept, who scheduled it comes, and the reminder is set."""
    local = f"{starts.day}T{starts.clock}"
    minutes = int(LENGTH.total_seconds() // 60)
    number = work.showcases.add(community.id, title, (local, starts.zone, starts.at), minutes, me.id, work.now)
    work.showcases.say(number, me.id, True, work.now)
    at = reminder(starts.at, work.now)
    if at is not None:
        work.later(RemindOfShowcase(number), at, key=f"showcase-{number}-reminder")
    work.record(me, "schedule", f"showcase {number}")
    planned = work.showcases.get(number)
    if planned is None:
        raise LookupError("A showcase that was just added is not there.")
    note = t("You are counted as coming. Members see it when they say showcase.")
    return _card(t("The showcase is scheduled"), planned, work, going=True, note=note)


def _card(title: Text, planned: Planned, view: View, *, going: bool, note: Text | None = None) -> Card:
    other = Button(t("I cannot come"), ComeToShowcase(planned.id, False))
    if not going:
        other = Button(t("I am coming"), ComeToShowcase(planned.id, True), style="primary")
    return Card(
        title,
        facts=(
            Fact(t("What"), planned.title),
            Fact(t("Community"), planned.community),
            Fact(t("When"), _when(planned.starts_at, timedelta(minutes=planned.minutes), view.now)),
            Fact(t("Coming"), _people(planned, view)),
        ),
        buttons=(other,),
        note=note,
    )


def _item(planned: Planned, me: Person, view: View) -> Item:
    going = view.showcases.said(planned.id, me.id)
    when = _when(planned.starts_at, timedelta(minutes=planned.minutes), view.now)
    about = t(
        "{when}. {community}. Coming: {count}.", when=when, community=planned.community, count=_people(planned, view)
    )
    if going:
        about = t("{about} You are coming.", about=about)
    come = Button(t("I am coming"), ComeToShowcase(planned.id, True), style="primary")
    stay = Button(t("I cannot come"), ComeToShowcase(planned.id, False))
    return Item(words(planned.title), about, (stay,) if going else (come, stay) if going is None else (come,))


def _people(planned: Planned, view: View) -> Text:
    return tn("{n} person", "{n} people", n=view.showcases.going(planned.id))


def _when(at: datetime, length: timedelta, now: datetime) -> Value:
    """From when to when, with the year where it is not this one."""
    when = When(at, until=at + length)
    return when if at.year == now.year else t("{when} {year}", when=when, year=at.year)
