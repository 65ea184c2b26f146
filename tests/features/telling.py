"""What tests of questions and showcases have in common: asking in one line, and changing people behind the scenes."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import update

from adapters.local.seen import Message
from bot.work import Work
from storage.people import Person
from storage.tables import Agreement, table
from tests.town import Town

T = TypeVar("T")

BUSINESS = "starting-a-business"
ASKED = "How do you hand a caller over to another helpline?"
"""Gareth says he knows about call handover, so he is the first it is brought to: from Slack to Teams."""
IN_TEAMS = "How long does a bilingual form design take to test?"
"""Siân says she knows about form design and bilingual services: from Teams to Slack."""


async def prepares(town: Town, key: str, text: str = ASKED, community: str = BUSINESS) -> None:
    """The person typed the question and sees the preview."""
    await town.says(key, f"ask {text} community: {community}")


async def asks(town: Town, key: str, text: str = ASKED, community: str = BUSINESS) -> None:
    """The person's question was sent to those the preview named."""
    await prepares(town, key, text, community)
    await town.presses(key, "Send", on=text)


async def fills_in(town: Town, key: str, label: str, answers: Mapping[str, str], on: str = "") -> None:
    """The person pressed the button and filled in the form that it opened."""
    await town.presses(key, label, on=on)
    await form_is_open(town)
    await town.fills(key, answers)


async def form_is_open(town: Town) -> None:
    """A modal that Slack was asked to open is open, however slow this machine is."""
    assert town.signpost.slack is not None
    await town.signpost.slack.drain()


def shown(town: Town, key: str, has: str) -> Message:
    """The newest message with these words that the person sees in their direct chat."""
    found = [message for message in town.sees(key) if has in message.words()]
    assert found, f"{key} sees nothing with “{has}”: {town.reads(key)}"
    return found[-1]


def sees(town: Town, key: str, has: str) -> bool:
    """Whether any message in their direct chat has these words."""
    return any(has in words for words in town.reads(key))


def people_with(town: Town, has: str) -> set[str]:
    """The keys of everyone who sees these words in a message of Signpost's."""
    return {key for key in town.people if any(has in message.words() for message in town.sees(key) if not message.mine)}


async def person(town: Town, key: str) -> Person:
    """The person as Signpost knows them now."""
    local = town.people[key]
    where = (local.platform, local.tenant, local.user.removeprefix("29:"))
    found = await town.database.read(lambda tx: Work(tx, town.clock()).people.by_account(*where))
    assert found is not None
    return found[0]


async def changes(town: Town, change: Callable[[Work], T]) -> T:
    """Something happened that no chat is needed for."""
    return await town.database.write(lambda tx: change(Work(tx, town.clock())))


async def is_no_longer_verified(town: Town, key: str) -> None:
    """Their platform does not vouch for them any more."""
    known = await person(town, key)
    await changes(town, lambda work: work.people.describe(known, "", "", verified=False, active=True))


async def consents(town: Town, key: str, allowed: bool) -> None:
    """They said whether questions may be brought to them."""
    known = await person(town, key)
    await changes(town, lambda work: work.people.allow_asking(known.id, allowed))


async def agreements_end(town: Town, key: str) -> None:
    """Every agreement of this person's organisation has ended."""
    known = await person(town, key)
    rows = table(Agreement)
    ended = (
        update(rows)
        .where((rows.c.first_id == known.organisation_id) | (rows.c.second_id == known.organisation_id))
        .values(ended_at=town.clock())
    )
    await town.database.write(lambda tx: tx.once(ended))


def nothing_was_refused(town: Town) -> bool:
    """Neither platform had anything to complain about."""
    return town.platforms.slack.problems == [] and town.platforms.teams.problems == []
