"""See how your community does: its spread of organisations and professions, its questions, its showcases."""

from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from bot.balance import Row, grid_of, missing_from, most_in, most_of, scarcest_in
from bot.command import May, Query, ask, registry
from bot.features.announce import Announce
from bot.features.gaps import Gaps
from bot.features.missing import InviteProfession
from bot.features.past import SeeQuestion
from bot.features.showcase import ScheduleShowcase
from bot.finding import excerpt
from bot.owned import find_owned, owned
from bot.professions import NAMES, Profession
from bot.text import Text, Value, When, lasting, listing, t, tn, words
from bot.ui import Button, Card, Element, Fact, Item, Paragraph, Reply
from bot.work import View
from storage.communities import Community
from storage.health import Asked
from storage.people import Person
from storage.showcases import Showcase

LOOKS_BACK = timedelta(days=90)
OVERDUE = timedelta(days=7)
"""A question that has no answer after a week is a warning."""
FEW = 5
"""Of fewer answered questions nothing is said: a figure would be about one or two people."""
MOST_ROWS = 12
MOST_WAITING = 5
LOOKED_THROUGH = 100
"""Among how many of the oldest questions without an answer those are found that this owner may see."""


class Doing(NamedTuple):
    """What the report is made of: the grid, the questions of 90 days and those that wait, and the showcases."""

    rows: list[Row]
    recent: list[Asked]
    waiting: list[Asked]
    last: Showcase | None
    next: Showcase | None


class Health(
    Query, name="health", help=t("See how your community does"), example="health starting-a-business", may=May.OWNER
):
    """The report, for its owners: counts of a community and never of one person. Each warning ends with what to do."""

    community: str = ask(t("Which community?"), choices=owned)

    def run(self, me: Person, view: View) -> Reply:
        community = find_owned(self.community, me, view)
        asked = view.health.asked(community.id)
        doing = Doing(
            grid_of(view.members.counted(community.id, viewer=me)),
            [one for one in asked if one.asked_at > view.now - LOOKS_BACK],
            [one for one in asked if one.first_at is None],
            view.health.last_showcase(community.id, view.now),
            view.showcases.next_in(community.id, view.now),
        )
        warnings = _warnings(doing, community, view.now)
        body: list[Element] = [*warnings, *_grid(doing.rows), *_waiting(doing, me, view)]
        return Reply(
            Card(
                t("How {community} does", community=community.name),
                body=tuple(body),
                facts=_facts(doing, community, view),
                buttons=(
                    Button(t("See the topics that nobody covers"), Gaps(community.slug)),
                    Button(t("See the next bulletin"), registry.verbs["bulletin"].partly(community=community.slug)),
                ),
                note=t("Figures are of the last 90 days. Roles are shown where names may cross to you."),
            )
        )


def _facts(doing: Doing, community: Community, view: View) -> tuple[Fact, ...]:
    since = view.now - LOOKS_BACK
    joined = sum(n for _, n in view.health.joined(community.id, since, view.now))
    left = sum(n for _, n in view.health.left(community.id, since, view.now))
    return (
        Fact(t("Members"), sum(row.members for row in doing.rows)),
        Fact(t("Joined"), joined),
        Fact(t("Left"), left),
        Fact(t("Questions without an answer"), len(doing.waiting)),
        Fact(t("Time to a first answer"), _first_answer(doing.recent)),
        Fact(t("Answered by another organisation"), _elsewhere(doing.recent)),
        Fact(t("Last showcase"), _showcase(doing.last, view.now)),
        Fact(t("Next showcase"), _showcase(doing.next, view.now)),
    )


def _first_answer(recent: list[Asked]) -> Text:
    """Half of the questions that were answered had their first answer sooner, half later."""
    took = [one.first_at - one.asked_at for one in recent if one.first_at is not None]
    if len(took) < FEW:
        return t("too few answers to say")
    return _age(timedelta(seconds=median(one.total_seconds() for one in took)))


def _elsewhere(recent: list[Asked]) -> Text:
    answered = [one for one in recent if one.first_at is not None]
    if len(answered) < FEW:
        return t("too few answers to say")
    percent = sum(one.elsewhere for one in answered) * 100 // len(answered)
    return t("{percent} of questions", percent=f"{percent}%")


def _showcase(held: Showcase | None, now: datetime) -> Value:
    if held is None:
        return t("none")
    day = When(held.starts_at, "day")
    shown = day if held.starts_at.year == now.year else t("{day} {year}", day=day, year=held.starts_at.year)
    return t("{title}, {when}", title=held.title, when=shown)


def _age(length: timedelta) -> Text:
    """In days from two days on."""
    return tn("{n} day", "{n} days", n=length.days) if length.days >= 2 else lasting(length)


def _grid(rows: list[Row]) -> list[Item]:
    """A line for each organisation, the largest first, with its professions; those that are too many in one line."""
    shown = [Item(_of(row.organisation, row.members), _professions(row)) for row in rows[:MOST_ROWS]]
    others = rows[MOST_ROWS:]
    if others:
        people = sum(row.members for row in others)
        text = tn(
            "{n} more organisation, with {people} members",
            "{n} more organisations, with {people} members",
            n=len(others),
            people=people,
        )
        shown.append(Item(text))
    return shown


def _of(organisation: str, members: int) -> Text:
    label = words(organisation) if organisation else t("not verified")
    return tn("{organisation}: {n} person", "{organisation}: {n} people", n=members, organisation=label)


def _professions(row: Row) -> Text:
    if not row.professions:
        return t("Roles are not shown.")
    each = [t("{label} ({count})", label=NAMES[profession], count=n) for profession, n in row.professions]
    return t("{professions}", professions=listing(each))


def _waiting(doing: Doing, me: Person, view: View) -> list[Element]:
    """The oldest questions without an answer that this owner may see, with how long they have waited."""
    oldest = [one.id for one in doing.waiting[:LOOKED_THROUGH]]
    shown = view.health.shown(oldest, viewer=me)[:MOST_WAITING]
    items = [
        Item(
            excerpt(one),
            t("Waiting for {age}.", age=_age(view.now - one.asked_at)),
            (Button(t("See it"), SeeQuestion(one.id)),),
        )
        for one in shown
    ]
    return [Paragraph(t("These questions have no answer yet.")), *items] if items else []


def _warnings(doing: Doing, community: Community, now: datetime) -> list[Element]:
    found = [
        *_of_organisations(doing.rows, community),
        *_of_professions(doing.rows, community),
        *_of_questions(doing.waiting, community, now),
        *_of_showcases(doing, community, now),
    ]
    return [Paragraph(t("What needs you")), *found] if found else [Paragraph(t("Nothing needs you now."))]


def _of_organisations(rows: list[Row], community: Community) -> list[Item]:
    most = most_of(rows)
    if most is None:
        return []
    title = t("{percent} of members are from {organisation}.", percent=f"{most[1]}%", organisation=most[0])
    text = t("Invite people from other organisations, so that the whole service is in the room.")
    return [Item(title, text, (_invite(scarcest_in(rows), community),))]


def _of_professions(rows: list[Row], community: Community) -> list[Item]:
    most, lacks, items = most_in(rows), missing_from(rows), []
    if most is not None:
        title = t(
            "{percent} of members with a role work in {profession}.",
            percent=f"{most[1]}%",
            profession=NAMES[most[0]],
        )
        text = t("Invite people who see the service from another side.")
        items.append(Item(title, text, () if lacks else (_invite(scarcest_in(rows), community),)))
    if lacks is not None:
        title = t("Nobody whose role you can see works in {profession}.", profession=NAMES[lacks])
        items.append(Item(title, t("Send them a few words about the community."), (_invite(lacks, community),)))
    return items


def _invite(profession: Profession, community: Community) -> Button:
    label = t("Invite people in {profession}", profession=NAMES[profession])
    return Button(label, InviteProfession(profession.value, community.slug))


def _of_questions(waiting: list[Asked], community: Community, now: datetime) -> list[Item]:
    overdue = [one for one in waiting if now - one.asked_at >= OVERDUE]
    if not overdue:
        return []
    title = tn(
        "{n} question has waited a week or more for an answer.",
        "{n} questions have waited a week or more for an answer.",
        n=len(overdue),
    )
    tell = Button(t("Ask the members"), Announce.partly(community=community.slug))
    return [Item(title, t("Ask your members who could answer."), (tell,))]


def _of_showcases(doing: Doing, community: Community, now: datetime) -> list[Item]:
    if doing.next is not None or (doing.last is not None and now - doing.last.starts_at < LOOKS_BACK):
        return []
    schedule = Button(t("Schedule a showcase"), ScheduleShowcase.partly(community=community.slug))
    return [
        Item(
            t("There was no showcase in 90 days, and none is planned."),
            t("Ask somebody to show what they do."),
            (schedule,),
        )
    ]
