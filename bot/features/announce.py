"""Tell all members of a community you own, in their own chats with Signpost. You see how many before it is sent."""

from bot.command import Command, Considered, May, ask, registry
from bot.errors import Refusal, Stale
from bot.features.ask import Ask
from bot.finding import find_community, who
from bot.text import Text, t, tn, words
from bot.ui import Audience, Button, Card, Option, Paragraph, Quote, Reply
from bot.work import View, Work
from storage.announcements import Announcement
from storage.people import Person


def _owned(me: Person, view: View) -> list[Option]:
    """The communities this person owns, as choices."""
    return [Option(one.slug, words(one.name)) for one in view.communities.mine(me.id) if _owns(one.id, me, view)]


class Announce(
    Considered[int],
    name="announce",
    help=t("Tell all members of your community"),
    example="announce The form changes on Monday",
    may=May.OWNER,
):
    """Kept for its author alone, with how many members it would reach; they see that first."""

    text: str = ask(t("What do you want to tell the members?"), kind="lines", most=2000)
    community: str = ask(t("Which community?"), after="community:", choices=_owned)

    def look(self, me: Person, view: View) -> int:
        return view.spreading.reach(find_community(self.community, view).id, viewer=me)

    def run(self, me: Person, work: Work, seen: int) -> Reply:
        community = find_community(self.community, work)
        if not _owns(community.id, me, work):
            text = t("Only an owner of {community} can tell all its members.", community=community.name)
            raise Refusal(text, field="community")
        _must_be_verified(me)
        number = work.announcements.draft(community.id, me, self.text, work.now)
        return Reply(_preview(number, self.text, community.name, seen))


class SendAnnouncement(Command):
    """It is on its way to every member who may see it, behind the questions and answers that people wait for."""

    announcement: int

    def run(self, me: Person, work: Work) -> Reply:
        said = _mine(self.announcement, me, work)
        _must_be_verified(me)
        community = work.communities.get(said.community_id)
        if community is None or community.state != "active":
            raise Stale(t("{community} is archived, so nothing can be announced there.", community=said.community))
        if not work.announcements.become(said.id, "draft", "sent"):
            raise Stale(t("This was sent or dropped before. Say announce to tell the members something else."))
        work.later(SpreadAnnouncement(said.id, 0), work.now, key=f"announcement-{said.id}-0")
        work.record(me, "announce", f"announcement {said.id}")
        return Reply(
            Card(
                t("Your announcement is on its way to the members of {community}.", community=said.community),
                body=(Quote(said.text),),
                buttons=(Button(t("Withdraw it"), WithdrawAnnouncement(said.id)),),
                note=t("Many members take some minutes: questions and answers go first."),
            ),
            Audience.REPLACE,
        )


class DropAnnouncement(Command):
    """It is not sent; nobody saw it."""

    announcement: int

    def run(self, me: Person, work: Work) -> Reply:
        said = _mine(self.announcement, me, work)
        if not work.announcements.become(said.id, "draft", "dropped"):
            raise Stale(t("This was sent or dropped before. Say announce to tell the members something else."))
        again = Button(t("Write another"), Announce.partly(community=said.slug))
        title = t("The announcement was not sent. Nobody saw it.")
        return Reply(Card(title, body=(Quote(said.text),), buttons=(again,)), Audience.REPLACE)


class WithdrawAnnouncement(Command):
    """It reaches nobody more, and those who have it see that it was withdrawn."""

    announcement: int

    def run(self, me: Person, work: Work) -> Reply:
        said = _mine(self.announcement, me, work)
        if not work.announcements.become(said.id, "sent", "withdrawn"):
            raise Stale(t("This announcement was withdrawn before."))
        work.later(HideAnnouncement(said.id, 0), work.now, key=f"announcement-{said.id}-hide-0")
        work.record(me, "withdraw", f"announcement {said.id}")
        again = Button(t("Write another"), Announce.partly(community=said.slug))
        title = t("You withdrew your announcement to {community}.", community=said.community)
        return Reply(Card(title, body=(Quote(said.text),), buttons=(again,)), Audience.REPLACE)


class SpreadAnnouncement(Command, may=May.SYSTEM):
    """The next 500 members are owed it; those after them in a transaction of their own, right behind this one."""

    announcement: int
    after: int

    def run(self, me: Person, work: Work) -> Reply:
        said = work.announcements.record(self.announcement)
        author = work.people.find(said.author_id) if said and said.author_id else None
        if said is not None and author is not None and said.state == "sent":
            last = work.spread(("announcement", said.id), said.community_id, self.after, viewer=author)
            if last is not None:
                key = f"announcement-{said.id}-{last}"
                work.later(SpreadAnnouncement(said.id, last), work.now, key=key)
        return Reply(Card(t("The announcement is on its way.")))


class HideAnnouncement(Command, may=May.SYSTEM):
    """The next 500 people who have it see that it was withdrawn."""

    announcement: int
    after: int

    def run(self, me: Person, work: Work) -> Reply:
        last = work.redraw_part(("announcement", self.announcement), self.after)
        if last is not None:
            key = f"announcement-{self.announcement}-hide-{last}"
            work.later(HideAnnouncement(self.announcement, last), work.now, key=key)
        return Reply(Card(t("The announcement is withdrawn.")))


@registry.drawing("announcement")
def draw_announcement(number: int, person: Person, view: View) -> Card | None:
    """What was said, to a member who may see it; that it was withdrawn, to those who had it."""
    said = view.announcements.get(number, viewer=person)
    mirror = view.mirrors.of(("announcement", number), person.id)
    if said is None or mirror is None:
        return None
    author = who(said.author, said.author_role, said.organisation)
    if said.state == "withdrawn":
        title = t("{author} withdrew what they told {community}.", author=author, community=said.community)
        return Card(title) if mirror.message else None
    return Card(
        t("{author} tells all members of {community}", author=author, community=said.community),
        body=(Quote(said.text),),
        buttons=(Button(t("Ask a question"), Ask.partly(community=said.slug)),),
        note=t("You get this because you are in {community}.", community=said.community),
    )


def _mine(number: int, me: Person, work: Work) -> Announcement:
    said = work.announcements.record(number)
    if said is None or said.author_id != me.id or not _owns(said.community_id, me, work):
        raise Refusal(t("Only the owner who wrote this announcement can do that."))
    return said


def _owns(community: int, me: Person, view: View) -> bool:
    membership = view.communities.membership(community, me.id)
    return membership is not None and membership.owner


def _must_be_verified(me: Person) -> None:
    if not me.verified:
        raise Refusal(
            t(
                "Your organisation is not verified yet, so nobody can be shown what you write."
                " Ask an administrator of your organisation to connect it, then try again."
            )
        )


def _preview(number: int, text: str, community: str, count: int) -> Card:
    return Card(
        t("Check your announcement before it is sent"),
        body=(Quote(text), Paragraph(_to_whom(count, community))),
        buttons=(
            Button(t("Send to all"), SendAnnouncement(number), style="primary"),
            Button(t("Do not send"), DropAnnouncement(number)),
        ),
        note=t("Your name, role and organisation are shown with it. Do not put personal data in it."),
    )


def _to_whom(count: int, community: str) -> Text:
    if not count:
        return t("It goes to nobody: {community} has no other member whom you may write to.", community=community)
    return tn(
        "It goes to {n} member of {community}, in their own chat with Signpost.",
        "It goes to {n} members of {community}, each in their own chat with Signpost.",
        n=count,
        community=community,
    )
