"""The weekly bulletin of your community: what happened, with your words. See it, add to it, skip it, turn it off."""

from bot.calendar import WEEKDAYS
from bot.command import Command, Considered, May, Verb, ask, registry
from bot.errors import Refusal, Stale
from bot.features.read_bulletin import (
    NOT_LOOKED,
    Looked,
    contents,
    draft_of,
    goes_at,
    is_worth_sending,
    keep,
    look_ahead,
    look_at,
    send_at,
    zone_of,
)
from bot.finding import slug_of, tidy
from bot.owned import find_owned, owned, owns
from bot.recurrence import WEEKDAYS as DAYS
from bot.text import Text, When, t
from bot.ui import Audience, Button, Card, Element, Fact, Option, Paragraph, Reply
from bot.work import View, Work
from storage.bulletins import Bulletin as Said
from storage.communities import Community
from storage.people import Person

NAMES: dict[str, Text] = {
    "MO": t("Monday"),
    "TU": t("Tuesday"),
    "WE": t("Wednesday"),
    "TH": t("Thursday"),
    "FR": t("Friday"),
    "SA": t("Saturday"),
    "SU": t("Sunday"),
}


def _days(me: Person, view: View) -> list[Option]:
    return [Option(day, name) for day, name in NAMES.items()]


def _day(said: str) -> str:
    """The day that is meant, in English or in Welsh, or by its first three letters."""
    word = tidy(said).lower().removeprefix("dydd ")
    for day, *names in zip(DAYS, *WEEKDAYS, strict=True):
        if word in (day.lower(), *names, *(name[:3] for name in names)):
            return day
    raise Refusal(t("Say a day of the week, such as Monday."), field="day")


def _looked(said: str, day: str, me: Person, view: View) -> Looked:
    """What happened for the next bulletin; nothing where it is not theirs to see, which `run` refuses."""
    community = view.communities.find(slug_of(said), said)
    if community is None or not owns(community.id, me, view):
        return NOT_LOOKED
    day = day or view.bulletins.day(community.id)
    return look_ahead(community.id, day, view) if day else NOT_LOOKED


class Bulletin(
    Considered[Looked],
    name="bulletin",
    help=t("See the weekly bulletin of your community"),
    example="bulletin starting-a-business",
    may=May.OWNER,
):
    """The owner sees the bulletin that goes out next, as it is now, and what can be done about it."""

    community: str = ask(t("Which community?"), choices=owned)

    def look(self, me: Person, view: View) -> Looked:
        return _looked(self.community, "", me, view)

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        community = find_owned(self.community, me, work)
        return Reply(_next(community, me, work, seen))


class BulletinDay(
    Considered[Looked],
    name="bulletin on",
    help=t("Choose the day of your weekly bulletin"),
    example="bulletin on Tuesday community: starting-a-business",
    may=May.OWNER,
):
    """The bulletin goes out at 9am on this day, in the time zone of the owner who is longest there.

    Where none was to go out, the one that was begun and whose time has not passed goes on, with what is in it.
    """

    day: str = ask(t("On which day?"), choices=_days, most=40)
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def look(self, me: Person, view: View) -> Looked:
        return _looked(self.community, _day(self.day), me, view)

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        community = find_owned(self.community, me, work)
        day = _day(self.day)
        was_off = not work.bulletins.day(community.id)
        work.bulletins.set_day(community.id, day)
        if was_off and work.bulletins.draft_of(community.id) is None:
            work.bulletins.resume(community.id, work.now)
        keep(community.id, day, zone_of(community.id, work), work)
        draft = work.bulletins.draft_of(community.id)
        if draft is not None:
            at = goes_at(community.id, day, work)
            work.bulletins.move(draft, at)
            send_at(draft, at, work)
            work.redraw(("bulletin preview", draft))
        work.record(me, "bulletin", f"community {community.id}")
        return Reply(_next(community, me, work, seen), Audience.REPLACE)


class BulletinOff(
    Command,
    name="bulletin off",
    help=t("Stop the weekly bulletin of your community"),
    example="bulletin off starting-a-business",
    may=May.OWNER,
):
    """No bulletin of the community goes out any more, nor the one that was begun."""

    community: str = ask(t("Which community?"), choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        work.bulletins.set_day(community.id, "")
        keep(community.id, "", "", work)
        draft = work.bulletins.draft_of(community.id)
        if draft is not None and work.bulletins.become(draft, "draft", "skipped"):
            work.cancel(f"bulletin-{draft}")
            work.redraw(("bulletin preview", draft))
        work.record(me, "bulletin", f"community {community.id}")
        return Reply(_off(community), Audience.REPLACE)


def _words(verb: Verb, me: Person, view: View) -> str:
    said = view.bulletins.get(verb.bulletin, viewer=me) if isinstance(verb, AddWords) else None
    return said.words if said is not None and owns(said.community_id, me, view) else ""


class AddWords(Considered[Looked], help=t("Say something in the weekly bulletin")):
    """The bulletin begins with these words and who said them. Only a verified owner may, until it is sent."""

    bulletin: int
    words: str = ask(t("What do you want to tell the members?"), kind="lines", most=2000, start=_words)

    def look(self, me: Person, view: View) -> Looked:
        return _looked_at(self.bulletin, me, view)

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        said = _mine(self.bulletin, me, work)
        if not me.verified:
            text = t("Your organisation is not verified yet, so nobody can be shown what you write.")
            raise Refusal(text, field="words")
        if not work.bulletins.say(said.id, me, self.words.strip()):
            raise _too_late()
        work.redraw(("bulletin preview", said.id))
        work.record(me, "bulletin", f"bulletin {said.id}")
        return Reply(_preview(said.id, me, work, seen), Audience.REPLACE)


class SkipBulletin(Considered[Looked]):
    """This week nothing is sent; or, until its time has passed, it is after all."""

    bulletin: int
    skip: bool

    def look(self, me: Person, view: View) -> Looked:
        return _looked_at(self.bulletin, me, view)

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        said = _mine(self.bulletin, me, work)
        before, after = ("draft", "skipped") if self.skip else ("skipped", "draft")
        another = not self.skip and work.bulletins.draft_of(said.community_id) is not None
        on = bool(work.bulletins.day(said.community_id)) and said.until > work.now
        if another or not on or not work.bulletins.become(said.id, before, after):
            raise _too_late()
        work.redraw(("bulletin preview", said.id))
        work.record(me, "skip" if self.skip else "send", f"bulletin {said.id}")
        return Reply(_preview(said.id, me, work, seen), Audience.REPLACE)


@registry.drawing("bulletin preview")
def draw_preview(number: int, person: Person, view: View) -> Card | None:
    """The bulletin as an owner sees it before and after; nothing for who owns the community no more."""
    return _drawn(number, person, view, NOT_LOOKED)


def _drawn(number: int, person: Person, view: View, seen: Looked) -> Card | None:
    said = view.bulletins.get(number, viewer=person)
    if said is None or not owns(said.community_id, person, view):
        return None
    if said.state == "draft":
        return _draft(said, person, view, seen)
    if said.state == "skipped":
        title = t("The bulletin of {community} is not sent this week.", community=said.community)
        again = Button(t("Send it after all"), SkipBulletin(said.id, False))
        return Card(title, buttons=(again,) if said.until > view.now else (_to_next(said.slug),))
    if said.state == "empty":
        title = t("Nothing was sent: there was nothing in the bulletin of {community}.", community=said.community)
        return Card(title, buttons=(_to_next(said.slug),))
    title = t("The bulletin of {community} was sent.", community=said.community)
    return Card(title, facts=contents(said, person, view, seen).facts, buttons=(_to_next(said.slug),))


def _preview(number: int, me: Person, view: View, seen: Looked) -> Card:
    card = _drawn(number, me, view, seen)
    if card is None:
        raise Refusal(t("Only an owner of the community can do this."))
    return card


def _looked_at(number: int, me: Person, view: View) -> Looked:
    said = view.bulletins.get(number, viewer=me)
    return look_at(said, view) if said is not None and owns(said.community_id, me, view) else NOT_LOOKED


def _next(community: Community, me: Person, work: Work, seen: Looked) -> Card:
    """The bulletin that goes out next, or that none does."""
    day = work.bulletins.day(community.id)
    return _preview(draft_of(community.id, day, work), me, work, seen) if day else _off(community)


def _off(community: Community) -> Card:
    return Card(
        t("{community} has no weekly bulletin.", community=community.name),
        buttons=(Button(t("Turn it on"), BulletinDay("MO", community.slug)),),
        note=t("It says what happened in a week, in one message. You see it before it is sent."),
    )


def _draft(said: Said, person: Person, view: View, seen: Looked) -> Card:
    inside = contents(said, person, view, seen)
    body: tuple[Element, ...] = inside.body
    if not is_worth_sending(said, view, seen):
        body = (Paragraph(t("There is nothing in it yet. If it stays empty, nothing is sent.")),)
    words = t("Change your words") if said.words else t("Add your words")
    return Card(
        t("The next bulletin of {community}", community=said.community),
        body=body,
        facts=(Fact(t("Goes out"), When(said.until)), *inside.facts),
        buttons=(
            Button(words, AddWords.partly(bulletin=said.id), style="primary"),
            Button(t("Skip this week"), SkipBulletin(said.id, True)),
            Button(t("Change the day"), BulletinDay.partly(community=said.slug)),
            Button(t("Turn it off"), BulletinOff(said.slug)),
        ),
        note=t("It goes to every member who has not muted the community. What happens until then is added."),
    )


def _to_next(slug: str) -> Button:
    return Button(t("See the next bulletin"), Bulletin(slug))


def _mine(number: int, me: Person, work: Work) -> Said:
    said = work.bulletins.get(number, viewer=me)
    if said is None or not owns(said.community_id, me, work):
        raise Refusal(t("Only an owner of the community can do this."))
    return said


def _too_late() -> Stale:
    return Stale(t("This bulletin was sent or skipped before. Say bulletin to see the next one."))
