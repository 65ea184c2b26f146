"""Schedule a showcase (a show and tell) for your community, see the next ones, and say whether you come."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import COMMON_ZONES, instant, read_date, read_time, read_zone, reminder
from bot.command import Command, May, Query, ask
from bot.errors import Refusal, Stale
from bot.finding import find_community, my_communities
from bot.text import Text, When, t, tn, words
from bot.ui import Audience, Button, Card, Fact, Item, Option, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person
from storage.showcases import Showcase as Planned

MINUTES = 45


def _zones(me: Person, view: View) -> list[Option]:
    return [Option(zone, words(zone)) for zone in dict.fromkeys((me.zone, *COMMON_ZONES))]


def _my_zone(verb: object, me: Person, view: View) -> str:
    return me.zone


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
    community: str = ask(t("Which community?"), after="community:", choices=my_communities)
    date: str = ask(t("On which day?"), after="on", kind="date", most=40)
    time: str = ask(t("At what time?"), after="at", kind="time", most=20)
    zone: str = ask(t("In which time zone?"), after="zone:", choices=_zones, start=_my_zone, default="", most=60)
    sure: bool = False

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        membership = work.communities.membership(community.id, me.id)
        if membership is None or not membership.owner:
            text = t("Only an owner of {community} can schedule a showcase for it.", community=community.name)
            raise Refusal(text, field="community")
        starts, local, zone = self._when(me, work.now)
        if not self.sure:
            return Reply(self._preview(community, starts, zone))
        showcase = work.showcases.add(community.id, self.title, (local, zone, starts), MINUTES, me.id, work.now)
        work.showcases.say(showcase, me.id, True, work.now)
        at = max(reminder(starts), work.now)
        work.later(RemindOfShowcase(showcase), at, key=f"showcase-{showcase}-reminder")
        work.record(me, "schedule", f"showcase {showcase}")
        planned = work.showcases.get(showcase)
        if planned is None:
            raise LookupError("A showcase that was just added is not there.")
        return Reply(
            _card(t("It is scheduled. Members see it when they say showcase."), planned, work), Audience.REPLACE
        )

    def _when(self, me: Person, now: datetime) -> tuple[datetime, str, str]:
        zone = read_zone(self.zone or me.zone)
        if zone is None:
            raise Refusal(t("Signpost does not know that time zone. Write it like Europe/London."), field="zone")
        day = read_date(self.date, now.date())
        if day is None:
            raise Refusal(t("Write the day like 3 December or 2026-12-03."), field="date")
        clock = read_time(self.time)
        if clock is None:
            raise Refusal(t("Write the time like 2pm or 14:00."), field="time")
        starts = instant(day, clock, zone)
        if starts is None:
            raise Refusal(t("The clocks change then, so that time does not exist. Choose another."), field="time")
        if starts <= now:
            raise Refusal(t("That is in the past. Choose a later day or time."), field="date")
        if starts > now + timedelta(days=730):
            raise Refusal(t("That is more than two years away. Choose an earlier day."), field="date")
        return starts, f"{day.isoformat()}T{clock.isoformat('minutes')}", zone

    def _preview(self, community: Community, starts: datetime, zone: str) -> Card:
        when = When(starts, until=starts + timedelta(minutes=MINUTES))
        sure = ScheduleShowcase(self.title, community.slug, self.date, self.time, zone, sure=True)
        change = ScheduleShowcase.partly(title=self.title, community=community.slug)
        return Card(
            t("Check the showcase before it is scheduled"),
            facts=(
                Fact(t("What"), self.title),
                Fact(t("Community"), community.name),
                Fact(t("When"), t("{when}, which is {local}", when=when, local=_there(starts, zone))),
                Fact(t("Reminder"), t("an hour before, to those who come")),
            ),
            buttons=(Button(t("Schedule it"), sure, style="primary"), Button(t("Change"), change)),
        )


class Showcases(Query, name="showcase", help=t("See the next showcases"), also=("showcases", "show and tell")):
    """The next three in one's communities, in the reader's own time, with how many come from all platforms."""

    def run(self, me: Person, view: View) -> Reply:
        planned = view.showcases.next(view.now, viewer=me)
        owner = view.communities.owns_any(me.id)
        new = (Button(t("Schedule a showcase"), ScheduleShowcase.partly()),) if owner else ()
        if not planned:
            title = t("No showcase is planned in your communities.")
            advice = Paragraph(t("A community owner schedules one by saying showcase new."))
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
            raise Stale(t("This showcase has begun or is over."))
        work.showcases.say(planned.id, me.id, self.going, work.now)
        title = t("You are in.") if self.going else t("You do not come. You can change this until it begins.")
        return Reply(_card(title, planned, work, going=self.going), Audience.REPLACE)


class RemindOfShowcase(Command, may=May.SYSTEM):
    """Everyone who comes is reminded, once."""

    showcase: int

    def run(self, me: Person, work: Work) -> Reply:
        planned = work.showcases.get(self.showcase)
        title = t("The showcase begins soon")
        if planned is not None:
            title = t("Reminder: {title}", title=planned.title)
            for person in work.showcases.coming(planned.id):
                work.send(person.id, _card(title, planned, work, going=True), kind="reminder")
        return Reply(Card(title))


def _card(title: Text, planned: Planned, view: View, *, going: bool = True) -> Card:
    other = Button(t("I cannot come"), ComeToShowcase(planned.id, False))
    if not going:
        other = Button(t("I am coming"), ComeToShowcase(planned.id, True))
    return Card(
        title,
        facts=(
            Fact(t("What"), planned.title),
            Fact(t("Community"), planned.community),
            Fact(t("When"), _when(planned)),
            Fact(t("Coming"), tn("{n} person", "{n} people", n=view.showcases.going(planned.id))),
        ),
        buttons=(other,),
    )


def _item(planned: Planned, me: Person, view: View) -> Item:
    going = view.showcases.said(planned.id, me.id)
    count = tn("{n} person comes", "{n} people come", n=view.showcases.going(planned.id))
    about = t("{when}. {community}. {count}.", when=_when(planned), community=planned.community, count=count)
    come = Button(t("I am coming"), ComeToShowcase(planned.id, True), style="primary")
    stay = Button(t("I cannot come"), ComeToShowcase(planned.id, False))
    return Item(words(planned.title), about, (stay,) if going else (come, stay) if going is None else (come,))


def _when(planned: Planned) -> When:
    return When(planned.starts_at, until=planned.starts_at + timedelta(minutes=planned.minutes))


def _there(starts: datetime, zone: str) -> Text:
    """The wall time where it is set, whoever reads it."""
    local = starts.astimezone(ZoneInfo(zone))
    return words(f"{local:%H:%M} {zone}")
