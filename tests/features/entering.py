"""What tests of joining have in common: a community whose owners changed how one joins, and who is in it."""

from typing import Any

from sqlalchemy import func, select

from adapters.local.seen import Message
from storage import tables
from storage.tables import columns, table
from tests.features.telling import changes
from tests.town import Town

WELSH = "services-in-welsh"
"""Its owners are Gareth (Teams) and Siân (Slack); Amira, Kofi, Tom and Nadia are not in it."""
m, c, a = columns(tables.Membership), columns(tables.Community), columns(tables.Account)


async def becomes(town: Town, slug: str = WELSH, **said: Any) -> None:
    """Its owners changed what they say of the community."""

    def change(work: Any) -> None:
        community = work.communities.find(slug, "")
        work.communities.edit(community, **said)

    await changes(town, change)


async def is_over(town: Town, slug: str, state: str, *, into: str = "") -> None:
    """It was archived, or merged into another."""

    def change(work: Any) -> None:
        target = work.communities.find(into, "") if into else None
        into_it = target.id if target else None
        work.stewardship.becomes(work.communities.find(slug, "").id, "active", state, merged_into=into_it)

    await changes(town, change)


async def memberships(town: Town, key: str, slug: str = WELSH) -> int:
    """How many times this person is in the community: never or once."""
    local = town.people[key]
    counting = (
        select(func.count())
        .select_from(table(tables.Membership))
        .where(
            m.community_id == select(c.id).where(c.slug == slug).scalar_subquery(),
            m.person_id == select(a.person_id).where(a.user == local.user, a.tenant == local.tenant).scalar_subquery(),
        )
    )
    counted: list[tuple[int]] = await town.database.read(lambda tx: tx.once(counting))
    return counted[0][0]


def cards(town: Town, key: str, has: str) -> list[Message]:
    """Every message of Signpost's with these words in this person's direct chat."""
    return [message for message in town.sees(key) if has in message.words() and not message.mine]
