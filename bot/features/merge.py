"""Merge your community into another: an owner of each agrees, then everything of the one is the other's.

The old name leads to the other community from then on. Members who were not in it are told, once; nobody else is.
"""

from bot.command import Command, May, ask, registry
from bot.errors import Refusal, Stale
from bot.features.owning import ask_nobody
from bot.finding import all_communities, find_community, who_is
from bot.owned import find_owned, owned, owns
from bot.text import t, tn
from bot.ui import Audience, Button, Card, Fact, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.merging import Merging
from storage.people import Person


class Merge(
    Command,
    name="merge",
    help=t("Merge your community into another"),
    example="merge starting-a-business into employing-someone",
    may=May.OWNER,
):
    """The owner sees what it means. Refused into itself, and into or from what is no open community."""

    community: str = ask(t("Which community ends?"), choices=owned)
    into: str = ask(t("Into which community?"), after="into", choices=all_communities)

    def run(self, me: Person, work: Work) -> Reply:
        one = find_owned(self.community, me, work)
        other = find_community(self.into, work, field="into")
        _must_be_two(one, other, work)
        sends = ProposeMerge(one.id, other.id)
        return Reply(
            Card(
                t("Merge {one} into {other}?", one=one.name, other=other.name),
                body=(
                    Paragraph(
                        t(
                            "Members, owners, questions, showcases and all else become part of {other}.",
                            other=other.name,
                        )
                    ),
                    Paragraph(t("An owner of {other} must agree. After that it cannot be undone.", other=other.name)),
                ),
                facts=(_members(one, work), _members(other, work)),
                buttons=(Button(t("Propose it"), sends, style="primary"),),
                note=t("Only members who are not in {other} yet are told.", other=other.name),
            )
        )


class ProposeMerge(Command):
    """The owners of the other community are asked. Who owns both has agreed for both."""

    community: int
    into: int

    def run(self, me: Person, work: Work) -> Reply:
        one, other = _open(self.community, work), _open(self.into, work)
        if not owns(one.id, me, work):
            raise Refusal(t("Only an owner of {community} can do this.", community=one.name))
        _must_be_two(one, other, work)
        _withdraw(one, me, work)
        number = work.merger.propose(one.id, other.id, me.id, work.now)
        work.record(me, "propose merge", f"community {one.id} into {other.id}")
        if owns(other.id, me, work):
            return _begun(number, me, work)
        owners = work.members.owners(other.id)
        if not owners:
            text = t("{other} has no owner who could agree. Ask again when it has one.", other=other.name)
            raise Refusal(text)
        for owner in owners:
            work.show(owner.id, ("merge", number))
        title = t("The owners of {other} are asked.", other=other.name)
        return Reply(Card(title, note=t("You are told what they say. Until then nothing changes.")), Audience.REPLACE)


class AcceptMerge(Command):
    """The merge begins; only an owner of the community that stays may agree, while its proposer owns the other."""

    merging: int

    def run(self, me: Person, work: Work) -> Reply:
        merging = _waiting(self.merging, me, work)
        proposer = work.people.find(merging.by_id) if merging.by_id else None
        if proposer is None or not owns(merging.community_id, proposer, work):
            raise Stale(t("Who proposed this no longer owns the community. One of its owners can propose it again."))
        reply = _begun(merging.id, me, work)
        one, other = _open_or_not(merging.community_id, work), _open_or_not(merging.into_id, work)
        title = t("{one} is now part of {other}.", one=one.name, other=other.name)
        work.send(proposer.id, Card(title, buttons=(_who_is_in(other),)))
        return reply


class DeclineMerge(Command):
    """Both communities stay as they are; who proposed it is told."""

    merging: int

    def run(self, me: Person, work: Work) -> Reply:
        merging = _waiting(self.merging, me, work)
        if not work.merger.become(merging.id, "proposed", "declined", me.id, work.now):
            raise _answered()
        one, other = _open_or_not(merging.community_id, work), _open_or_not(merging.into_id, work)
        work.record(me, "decline merge", f"community {one.id} into {other.id}")
        work.redraw(("merge", merging.id))
        if merging.by_id:
            title = t("The owners of {other} do not want {one} merged into it.", one=one.name, other=other.name)
            work.send(
                merging.by_id, Card(title, buttons=(_who_is_in(one),), note=t("Both communities stay as they are."))
            )
        return _drawn(merging.id, me, work)


class MoveOn(Command, may=May.SYSTEM):
    """The next part of a community has moved; the part after it follows in a transaction of its own."""

    merging: int

    def run(self, me: Person, work: Work) -> Reply:
        merging = work.merger.get(self.merging)
        one = work.communities.get(merging.community_id) if merging else None
        other = work.communities.today(one)
        if merging is None or other is None or merging.state != "moving":
            return Reply(Card(t("The communities are merged.")))
        if work.merger.move_members(merging, other.id, work.now):
            work.owes = True
        else:
            moved, questions = work.merger.move_records(merging, other.id)
            for question in questions:
                work.redraw(("question", question))
            if not moved:
                work.merger.finish(merging, other.id)
                return Reply(Card(t("The communities are merged.")))
        work.later(MoveOn(merging.id), work.now, key=f"merging-{merging.id}")
        return Reply(Card(t("The communities are being merged.")))


def _begun(number: int, me: Person, work: Work) -> Reply:
    """The one community is part of the other from now on: its name leads there, and its members are on their way."""
    merging = work.merger.get(number)
    if merging is None or not work.merger.become(number, "proposed", "moving", me.id, work.now):
        raise _answered()
    one, other = _open(merging.community_id, work), _open(merging.into_id, work)
    ask_nobody(one.id, work)
    work.stewardship.becomes(one.id, "active", "merged", merged_into=other.id)
    work.merger.hold_both(one.id, other.id)
    work.later(MoveOn(number), work.now, key=f"merging-{number}")
    work.record(me, "merge", f"community {one.id} into {other.id}")
    work.redraw(("merge", number))
    return _drawn(number, me, work)


def _waiting(number: int, me: Person, work: Work) -> Merging:
    """The proposal, which this person may decide: an owner of the community that stays."""
    merging = work.merger.get(number)
    if merging is None or not owns(merging.into_id, me, work):
        raise Refusal(t("Only an owner of the community that stays can decide this."))
    if merging.state != "proposed":
        raise _answered()
    return merging


def _must_be_two(one: Community, other: Community, work: Work) -> None:
    if one.id == other.id:
        text = t("{community} cannot be merged into itself. Choose another community.", community=one.name)
        raise Refusal(text, field="into")
    for merging in work.merger.open(one.id):
        if (merging.community_id, merging.into_id) == (one.id, other.id):
            text = t("This was proposed before. The owners of {other} have not answered yet.", other=other.name)
            raise Refusal(text, field="into")


def _withdraw(community: Community, me: Person, work: Work) -> None:
    """What was proposed for this community before, and nobody has answered, is not proposed any more."""
    for merging in work.merger.open(community.id):
        mine = merging.community_id == community.id
        if mine and work.merger.become(merging.id, "proposed", "withdrawn", me.id, work.now):
            work.redraw(("merge", merging.id))


def _open(number: int, work: Work) -> Community:
    community = work.communities.get(number)
    if community is None or community.state != "active":
        raise Stale(t("One of the two is archived or merged. Say communities to see those that are open."))
    return community


def _open_or_not(number: int, view: View) -> Community:
    community = view.communities.get(number)
    if community is None:
        raise LookupError("A community of a merge is not there.")
    return community


def _answered() -> Stale:
    return Stale(t("This was decided before. Say communities to see them as they are."))


def _members(community: Community, view: View) -> Fact:
    return Fact(t("Members of {community}", community=community.name), view.members.size(community.id))


def _who_is_in(community: Community) -> Button:
    return Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug))


def _drawn(number: int, me: Person, work: Work) -> Reply:
    card = draw_merge(number, me, work)
    if card is None:
        raise LookupError("A merge that was just decided is not there.")
    return Reply(card, Audience.REPLACE)


@registry.drawing("merge")
def draw_merge(number: int, person: Person, view: View) -> Card | None:
    """What an owner of the community that stays is asked, or what was decided."""
    merging = view.merger.get(number)
    if merging is None:
        return None
    one, other = _open_or_not(merging.community_id, view), _open_or_not(merging.into_id, view)
    if merging.state in ("declined", "withdrawn"):
        return Card(t("{one} is not merged into {other}.", one=one.name, other=other.name))
    if merging.state != "proposed":
        note = t("Its members, questions and all else move in the next minutes.")
        title = t("{one} is now part of {other}.", one=one.name, other=other.name)
        return Card(title, buttons=(_who_is_in(other),), note=note)
    proposer = view.people.find(merging.by_id) if merging.by_id else None
    return Card(
        t("Shall {one} become part of {other}?", one=one.name, other=other.name),
        body=(
            Paragraph(t("Proposed by {person}, who owns {one}.", person=who_is(proposer), one=one.name)),
            Paragraph(t("Its members, owners, questions and all else become part of {other}.", other=other.name)),
        )
        if proposer is not None
        else (),
        facts=(_members(one, view), _members(other, view)),
        buttons=(
            Button(t("Agree"), AcceptMerge(number), style="primary"),
            Button(t("Decline"), DeclineMerge(number)),
        ),
        note=t("The first owner who answers decides. It cannot be undone."),
    )


@registry.drawing("merging")
def draw_merging(number: int, person: Person, view: View) -> Card | None:
    """That one's community is part of another, to a member who was not in that."""
    merging = view.merger.get(number)
    if merging is None:
        return None
    one, other = _open_or_not(merging.community_id, view), _open_or_not(merging.into_id, view)
    return Card(
        t("{one} is now part of {other}.", one=one.name, other=other.name),
        body=(
            Paragraph(t("You are a member of {other}. What was asked and answered came with you.", other=other.name)),
        ),
        facts=(
            Fact(t("Outcome"), other.outcome),
            Fact(t("Members"), tn("{n} person", "{n} people", n=view.members.size(other.id))),
        ),
        buttons=(
            _who_is_in(other),
            Button(t("Leave the community"), registry.verbs["leave"].partly(community=other.slug)),
        ),
        note=t("You get this because you were in {one}.", one=one.name),
    )
