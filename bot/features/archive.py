"""Archive a community that has done its work, and reopen it. Its members are told once, with what it came to."""

from bot.command import Command, May, ask, registry
from bot.errors import Refusal, Stale
from bot.features.owning import ask_nobody
from bot.finding import slug_of
from bot.owned import find_owned, owned
from bot.text import t, tn, words
from bot.ui import Audience, Button, Card, Fact, Option, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person


def _archived(me: Person, view: View) -> list[Option]:
    """The archived communities this person owned, as choices."""
    return [Option(one.slug, words(one.name)) for one in view.communities.owned(me.id) if one.state == "archived"]


class Archive(
    Command, name="archive", help=t("Archive your community"), example="archive starting-a-business", may=May.OWNER
):
    """Nothing happens yet: the owner sees what it means, and how many are told."""

    community: str = ask(t("Which community?"), choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        told = work.members.size(community.id) - 1
        return Reply(
            Card(
                t("Archive {community}?", community=community.name),
                body=(
                    Paragraph(t("Nothing can be asked or announced in it. What was answered is kept.")),
                    Paragraph(
                        tn(
                            "{n} other member is told, once. You can reopen it.",
                            "{n} other members are told, once. You can reopen it.",
                            n=told,
                        )
                    ),
                ),
                buttons=(
                    Button(t("Archive it"), ArchiveNow(community.id), style="danger"),
                    Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug)),
                ),
            )
        )


class ArchiveNow(Command):
    """The community is archived: shown to its owners alone. Members are told once. Only an owner may."""

    community: int

    def run(self, me: Person, work: Work) -> Reply:
        community = work.communities.get(self.community)
        membership = work.communities.membership(self.community, me.id)
        if community is None or membership is None or not membership.owner:
            raise Refusal(t("Only an owner of a community can archive it."))
        if not close(community, me, work):
            raise Stale(t("{community} is archived already. Say reopen to open it again.", community=community.name))
        work.record(me, "archive", f"community {community.id}")
        title = t("{community} is archived. Its members are told.", community=community.name)
        return Reply(Card(title, buttons=(Button(t("Reopen it"), Reopen(community.slug)),)), Audience.REPLACE)


class Reopen(
    Command, name="reopen", help=t("Reopen an archived community"), example="reopen starting-a-business", may=May.OWNER
):
    """The community is open again, with the members it had; nobody is told. Only who owned it may."""

    community: str = ask(t("Which community?"), choices=_archived)

    def run(self, me: Person, work: Work) -> Reply:
        community = work.communities.known(slug_of(self.community), self.community.strip())
        membership = work.communities.membership(community.id, me.id) if community else None
        if community is None or membership is None or not membership.owner:
            text = t("You own no archived community called “{name}”.", name=self.community)
            raise Refusal(text, field="community")
        if not work.stewardship.becomes(community.id, "archived", "active"):
            raise Refusal(t("{community} is open already.", community=community.name), field="community")
        work.cancel(_key(community.id))
        work.record(me, "reopen", f"community {community.id}")
        announce = Button(t("Tell all members"), registry.verbs["announce"].partly(community=community.slug))
        members = Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug))
        title = t("{community} is open again.", community=community.name)
        note = t("Its members are in it still. Nobody has been told.")
        return Reply(Card(title, buttons=(announce, members), note=note), Audience.REPLACE)


class SpreadClosing(Command, may=May.SYSTEM):
    """The next 500 members are owed the news; those after them in a transaction of their own."""

    closing: int
    after: int

    def run(self, me: Person, work: Work) -> Reply:
        closing = work.closings.get(self.closing)
        community = work.communities.get(closing.community_id) if closing else None
        if closing is not None and community is not None and community.state == "archived":
            subject = ("closing", closing.id)
            last = work.spread_to_all(subject, community.id, self.after, but=closing.by_id or 0)
            if last is not None:
                work.later(SpreadClosing(closing.id, last), work.now, key=_key(community.id))
        return Reply(Card(t("The members are told.")))


def close(community: Community, by: Person | None, work: Work) -> bool:
    """Whether the community was open and is archived now; its members are on the list to be told.

    Refused while members of another are still moving in: they would be told of a community they never saw.
    """
    if any(merging.state == "moving" for merging in work.merger.open(community.id)):
        text = t(
            "Members of another community are still moving to {community}. Try again later.", community=community.name
        )
        raise Refusal(text)
    if not work.stewardship.becomes(community.id, "active", "archived"):
        return False
    ask_nobody(community.id, work)
    number = work.closings.add(community.id, by.id if by else None, work.now)
    work.later(SpreadClosing(number, 0), work.now, key=_key(community.id))
    return True


def _key(community: int) -> str:
    return f"closing-of-{community}"


@registry.drawing("closing")
def draw_closing(number: int, person: Person, view: View) -> Card | None:
    """What the community came to, to somebody who was in it."""
    closing = view.closings.get(number)
    community = view.communities.get(closing.community_id) if closing else None
    if closing is None or community is None:
        return None
    membership = view.communities.membership(community.id, person.id)
    reopen = Button(t("Reopen it"), Reopen(community.slug))
    why = t("An owner archived it. You can still find what was answered there.")
    if closing.by_id is None:
        why = t("Its last day has passed. You can still find what was answered there.")
    return Card(
        t("{community} is archived", community=community.name),
        body=(Paragraph(why),),
        facts=(
            Fact(t("Members"), tn("{n} person", "{n} people", n=closing.members)),
            Fact(t("Organisations"), closing.organisations),
            Fact(t("Questions asked"), closing.asked),
            Fact(t("Questions answered"), closing.answered),
            Fact(t("Showcases held"), closing.showcases),
        ),
        buttons=(
            *((reopen,) if membership is not None and membership.owner else ()),
            Button(t("See the communities"), registry.verbs["communities"]()),
        ),
        note=t(
            "You get this because you are in {community}. Nothing can be asked there now.", community=community.name
        ),
    )
