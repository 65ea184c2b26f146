"""Past questions that an owner brings as a CSV file: a private link to a page, and what becomes of the file sent there.

The file is checked and written by the code of `signpost import questions` (`bot.importing`, `bot.past`). The link is of
one person and one community; it is used up by an import that was done, and by nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.administration import Wrong
from bot.command import registry
from bot.errors import Refusal
from bot.importing import BadRows, Result, Watch, bring_in
from bot.lists import Reason
from bot.owned import find_owned
from bot.past import forms
from bot.private_links import give_back, link_for, use, whose
from bot.text import Reader, Text, t, tn
from bot.ui import Button, Card, Paragraph
from bot.view import View
from bot.work import Work, reader_of
from storage.communities import Community
from storage.database import Database, Transaction
from storage.people import Person

PATH = "/import/"
"""Where the web application answers such a link; the number of the community and the token follow."""
MOST_TOLD = 50
"""How many refused rows are told one by one; of the others, how many there are."""


def link_to_bring(community: Community, me: Person, work: Work) -> str:
    """A new address where this person, while they own the community, brings it one file within the hour."""
    return link_for(_purpose(community.id), f"{PATH}{community.id}/", me, work)


def find_mine(said: str, me: Person, view: View) -> Community:
    """The active community that this person owns and may bring questions into, in the name of their organisation.

    Refused for everybody else, and for an owner whose organisation nobody vouches for.
    """
    community = find_owned(said, me, view)
    if not me.verified:
        raise Refusal(t("Your organisation is not verified yet, so nobody can be shown what you bring."))
    return community


@dataclass(frozen=True)
class Link:
    """What an address says: the community's number and the token. Neither is believed yet."""

    community: int
    token: str


@dataclass(frozen=True)
class Door:
    """What stands behind a good link: who reads the page, the community, and why it is shut now where it is."""

    me: Person
    community: Community
    shut: Text | None

    @property
    def reader(self) -> Reader:
        """How its person reads."""
        return reader_of(self.me)


@dataclass(frozen=True)
class Outcome:
    """What came of a file: brought with this result; or nothing was changed, why, and the first refused rows."""

    result: Result | None
    why: Reason = ""
    refused: tuple[tuple[int, Reason], ...] = ()
    more: int = 0
    bad_rows: bool = False


class Over(Exception):
    """The link was used meanwhile, or its hour is over."""


class Uploads:
    """Takes the files that links were given for; `owed` is called after a commit that left messages in the tray."""

    def __init__(self, database: Database, now: Callable[[], datetime], owed: Callable[[], None]) -> None:
        self._database = database
        self._now = now
        self._owed = owed

    async def door(self, link: Link) -> Door | None:
        """What is behind the link, which stays good; None where it is used, old or unknown."""
        return await self._database.read(lambda tx: _door(link, View(tx, self._now())))

    async def bring(self, link: Link, door: Door, file: Path, *, skip_bad: bool) -> Outcome:
        """The file's questions are in the community, and its owner has a message; or nothing is changed.

        Of two who send at once one does it, the other is Over. Where the import fails, the link is good again.
        """
        told = _Told()
        using = _Using(self._database, link, self._now())
        watch = Watch(lambda _: None, refused=told.refuse, writes=using.begin)
        known = {"questions": forms(door.community.slug, door.me.id)}
        done = False
        try:
            result = await bring_in(
                self._database, "questions", file, watch, self._now(), skip_bad=skip_bad, forms=known
            )
            await self._database.write(lambda tx: _tell(door, result, Work(tx, self._now())))
            done = True
        except BadRows as bad:
            return told.outcome(tn("{n} row cannot be taken.", "{n} rows cannot be taken.", n=bad.refused))
        except Wrong as wrong:
            return Outcome(None, wrong.said)
        finally:
            if not done:
                await using.end()
        self._owed()
        return Outcome(result)


class _Told:
    """The refused rows: the first of them with the reason, and how many more there are."""

    def __init__(self) -> None:
        self._first: list[tuple[int, Reason]] = []
        self._more = 0

    def refuse(self, line: int, why: Reason) -> None:
        if len(self._first) < MOST_TOLD:
            self._first.append((line, why))
        else:
            self._more += 1

    def outcome(self, why: Text) -> Outcome:
        return Outcome(None, why, tuple(self._first), self._more, bad_rows=True)


class _Using:
    """A link in use by one import: taken just before the first row is written, given back where that failed."""

    def __init__(self, database: Database, link: Link, at: datetime) -> None:
        self._database = database
        self._link = link
        self._at = at
        self._taken = False

    async def begin(self, rows: int) -> None:
        """The link is used up and the deed is audited. Raises Wrong where there is nothing to bring, Over otherwise."""
        if not rows:
            raise Wrong(t("Nothing was changed: there is no question in the file that can be taken."))
        self._taken = True  # before it is so: a commit whose outcome nobody knows is given back too
        try:
            await self._database.write(self._use)
        except (Over, Wrong):
            self._taken = False
            raise

    async def end(self) -> None:
        """Where the link was taken, it is as if it had not been."""
        if self._taken:
            purpose, token = _purpose(self._link.community), self._link.token
            await self._database.write(lambda tx: give_back(purpose, token, self._at, Work(tx, self._at)))

    def _use(self, tx: Transaction) -> None:
        work = Work(tx, self._at)
        door = _door(self._link, work)
        if door is None or use(_purpose(self._link.community), self._link.token, work) is None:
            raise Over
        if door.shut is not None:
            raise Wrong(door.shut)
        work.record(door.me, "import questions", f"community {door.community.id}")


def _purpose(community: int) -> str:
    return f"import {community}"


def _door(link: Link, view: View) -> Door | None:
    me = whose(_purpose(link.community), link.token, view)
    community = view.communities.get(link.community) if me else None
    if me is None or community is None:
        return None
    try:
        shut = None if find_mine(community.slug, me, view).id == community.id else _elsewhere(community)
    except Refusal as refusal:
        shut = refusal.text
    return Door(me, community, shut)


def _elsewhere(community: Community) -> Text:
    return t("{community} was merged into another community.", community=community.name)


def _tell(door: Door, result: Result, work: Work) -> None:
    """The owner reads in their chat what was brought, and what it may be good for next."""
    community = door.community
    gaps = Button(t("See the topics that nobody covers"), registry.verbs["gaps"].partly(community=community.slug))
    more = Button(t("Bring more questions"), registry.verbs["import questions"].partly(community=community.slug))
    card = Card(
        _title(result, community),
        body=tuple(Paragraph(text) for text in beside_new(result)),
        buttons=(gaps, more),
        note=t("To read one again, say see question and its number."),
    )
    work.send(door.me.id, card)


def _title(result: Result, community: Community) -> Text:
    new = result.outcomes["added"]
    if not new:
        return t("No new question was brought into {community}.", community=community.name)
    return tn(
        "{n} past question was brought into {community}.",
        "{n} past questions were brought into {community}.",
        n=new,
        community=community.name,
    )


def beside_new(result: Result) -> list[Text]:
    """What became of the rows that are no new questions: only what there is."""
    of = result.outcomes
    said = (
        (
            of["changed"],
            tn("{n} known question has another answer.", "{n} known questions have another answer.", n=of["changed"]),
        ),
        (of["same"], tn("{n} row was known already.", "{n} rows were known already.", n=of["same"])),
        (result.refused, tn("{n} row was left out.", "{n} rows were left out.", n=result.refused)),
    )
    return [text for n, text in said if n]
