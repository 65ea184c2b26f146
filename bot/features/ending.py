"""When the last day of a community of action has passed, its owners say whether it goes on; else it is archived."""

from datetime import timedelta

from bot.command import Command, May, ask
from bot.describing import LONDON, last_day, read_last_day
from bot.errors import Refusal, Stale
from bot.features.archive import ArchiveNow, close
from bot.text import When, t
from bot.ui import Audience, Button, Card, Paragraph, Reply
from bot.work import Work
from storage.communities import Community
from storage.people import Person

GRACE = timedelta(days=7)
"""How long the owners have to say whether it goes on."""


class KeepOn(Command, help=t("Keep the community on until a new date")):
    """The community goes on until this day. Only an owner may; refused for a day that has passed."""

    community: int
    until: str = ask(t("What is its new last day?"), kind="date", most=40)

    def run(self, me: Person, work: Work) -> Reply:
        community = work.communities.get(self.community)
        membership = work.communities.membership(self.community, me.id)
        if community is None or membership is None or not membership.owner:
            raise Refusal(t("Only an owner of a community can keep it on."))
        if community.state != "active":
            raise Stale(t("{community} is archived. Say reopen to open it again.", community=community.name))
        last = read_last_day(self.until, work.now, field="until")
        work.communities.edit(community, ends_on=last)
        work.cancel(_key(community))
        work.record(me, "keep on", f"community {community.id}")
        title = t("{community} goes on until {day}.", community=community.name, day=last_day(last))
        return Reply(Card(title, note=t("You are asked again when that day has passed.")), Audience.REPLACE)


class ArchiveEnded(Command, may=May.SYSTEM):
    """The community is archived where a week has passed and nobody said that it goes on."""

    community: int
    ended: str

    def run(self, me: Person, work: Work) -> Reply:
        community = work.communities.get(self.community)
        if community is None or community.kind != "action" or community.ends_on != self.ended:
            return Reply(Card(t("The community goes on.")))
        if any(merging.state == "moving" for merging in work.merger.open(community.id)):
            work.later(self, work.now + timedelta(hours=1), key=_key(community))
        elif close(community, None, work):
            work.record(None, "archive", f"community {community.id}")
        return Reply(Card(t("The community is archived.")))


def ask_whether_to_end(work: Work) -> None:
    """The owners of every community of action whose last day has passed are asked, once for each last day."""
    today = work.now.astimezone(LONDON).date().isoformat()
    for community in work.stewardship.ended(today):
        due = work.now + GRACE
        if work.later(ArchiveEnded(community.id, community.ends_on), due, key=_key(community)):
            for owner in work.members.owners(community.id):
                work.send(owner.id, _question(community, When(due, "day")))


def _question(community: Community, due: When) -> Card:
    return Card(
        t("The last day of {community} has passed", community=community.name),
        body=(
            Paragraph(t("Keep it on until a new date, or archive it with a summary for its members.")),
            Paragraph(t("If no owner answers by {day}, it is archived.", day=due)),
        ),
        buttons=(
            Button(t("Keep it on"), KeepOn.partly(community=community.id), style="primary"),
            Button(t("Archive it"), ArchiveNow(community.id)),
        ),
        note=t("You get this because you own it."),
    )


def _key(community: Community) -> str:
    return f"ended-{community.id}-{community.ends_on}"
