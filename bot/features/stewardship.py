"""Have every community looked after: where nobody owns one, its members are asked until one says yes.

Every morning communities without an owner are found, and at once where an account that is gone tells us. Five members
are asked, five others a week later, and after two weeks the administrators of its organisations are told. Those whose
last day has passed ask their owners (`bot/features/ending.py`).
"""

from datetime import datetime, timedelta

from bot.command import Command, May, registry
from bot.features.ending import ask_whether_to_end
from bot.features.owning import ask_to_own, end_search, search_key
from bot.text import t
from bot.ui import Card, Paragraph, Reply
from bot.vouching import LOOKED_AFTER
from bot.work import Work
from storage.administrators import Administrators
from storage.communities import Community
from storage.owning import WANTED
from storage.people import Person

WEEK = timedelta(days=7)
AT_ONCE = 50
"""How many communities without an owner one transaction deals with."""


class LookAfterCommunities(Command, may=May.SYSTEM):
    """An owner is looked for wherever nobody is one any more; and communities of action that are over ask theirs."""

    def run(self, me: Person, work: Work) -> Reply:
        found = work.stewardship.ownerless(AT_ONCE)
        for number in found:
            look_after(number, work)
        if len(found) == AT_ONCE:
            work.later(LookAfterCommunities(), work.now, key=f"{LOOKED_AFTER}-on")
        ask_whether_to_end(work)
        return Reply(Card(t("Every community is looked after.")))


registry.always(LookAfterCommunities(), "FREQ=DAILY", "2026-01-01T06:00", "Europe/London", key=LOOKED_AFTER)


class SearchOn(Command, may=May.SYSTEM):
    """The next 5 members are asked, while nobody has said yes; after two weeks administrators are told, once."""

    community: int
    by: int = 0
    round: int = 1

    def run(self, me: Person, work: Work) -> Reply:
        community = work.communities.get(self.community)
        if community is None or community.state != "active" or community.ownerless_since is None:
            return Reply(Card(t("No owner is looked for.")))
        owners = work.members.owners(community.id)
        if owners and not any(one.id == self.by for one in owners):
            end_search(community.id, work)
            return Reply(Card(t("No owner is looked for.")))
        if self.round == 2 and not owners:
            _tell_administrators(community, work)
        by = work.people.find(self.by) if self.by and owners else None
        ask_members(community, community.ownerless_since, work, by=by, round=self.round + 1)
        return Reply(Card(t("An owner is looked for.")))


def look_after(number: int, work: Work) -> None:
    """An owner of this community is looked for from now on, where nobody is one and nobody is looked for yet."""
    community = work.communities.get(number)
    if community is None or community.state != "active" or work.members.owners(number):
        return
    if work.stewardship.look_for_owner(number, work.now):
        work.record(None, "look for owner", f"community {number}")
        ask_members(community, work.now, work, by=None)


def ask_members(community: Community, since: datetime, work: Work, *, by: Person | None, round: int = 1) -> int:
    """How many more members were asked, of those who were not since then; in a week the search goes on."""
    asked = [
        person
        for person in work.stewardship.suitable(community.id, since)
        if ask_to_own(person, community, WANTED, work, by=by)
    ]
    following = SearchOn(community.id, by.id if by else 0, round)
    work.later(following, since + round * WEEK, key=search_key(community.id))
    return len(asked)


def _tell_administrators(community: Community, work: Work) -> None:
    """The administrators of every organisation that is in it know, and what they can do."""
    card = Card(
        t("{community} has had no owner for 14 days", community=community.name),
        body=(
            Paragraph(t("Signpost has asked its members, and nobody has said yes.")),
            Paragraph(t("Ask a colleague who is in it to say: own {slug}", slug=community.slug)),
        ),
        note=t("You get this because people of your organisation are in it."),
    )
    administrators = Administrators(work.tx)
    for organisation in work.stewardship.organisations(community.id):
        for person in administrators.of(organisation):
            work.send(person, card)
