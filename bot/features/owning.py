"""Be asked to own a community, and say yes or no: by one press, once, whoever else was asked."""

from bot.command import Command, registry
from bot.errors import Refusal, Stale
from bot.finding import who_is
from bot.text import Text, t, tn
from bot.ui import Audience, Button, Card, Fact, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.invitations import Invitation
from storage.owning import HAND_OVER, WANTED
from storage.people import Person


class AcceptOwning(Command):
    """Who was asked owns the community, as a member of it; refused where somebody was sooner or it is closed."""

    invitation: int

    def run(self, me: Person, work: Work) -> Reply:
        asked, community = _asked(self.invitation, me, work)
        if not _is_wanted(asked, community, work):
            raise Stale(t("{community} is looked after. You do not need to do anything.", community=community.name))
        if not work.owning.become(asked.id, "accepted"):
            raise Stale(t("You have answered this before. Say me to see your communities."))
        become_owner(community, me, work)
        by = work.people.find(asked.by_id) if asked.by_id else None
        if asked.kind == HAND_OVER and by is not None:
            work.communities.set_owner(community.id, by.id, False)
            work.record(me, "take over", f"community {community.id} from person {by.id}")
        if by is not None:
            work.send(by.id, _said_yes(asked.kind, me, community))
        return _drawn(asked.id, me, work)


class DeclineOwning(Command):
    """Who was asked does not own the community; the owner who asked is told, so that they ask somebody else."""

    invitation: int

    def run(self, me: Person, work: Work) -> Reply:
        asked, community = _asked(self.invitation, me, work)
        if not work.owning.become(asked.id, "declined"):
            raise Stale(t("You have answered this before. Say me to see your communities."))
        by = work.people.find(asked.by_id) if asked.by_id else None
        if by is not None and asked.kind != WANTED:
            again = Button(t("Ask somebody else"), registry.verbs["owner"].partly(community=community.slug))
            title = t("{person} does not want to own {community}.", person=me.name, community=community.name)
            work.send(by.id, Card(title, buttons=(again,)))
        return _drawn(asked.id, me, work)


def ask_to_own(person: int, community: Community, kind: str, work: Work, *, by: Person | None) -> bool:
    """Whether the person is asked now whether they will own it; False where they have yet to answer that already."""
    number = work.owning.ask(community.id, person, kind, by=by.id if by else None, now=work.now)
    if number is None:
        return False
    work.show(person, ("owning", number))
    return True


def become_owner(community: Community, person: Person, work: Work) -> None:
    """They are a member who owns it; nobody is looked for any more, and others who were asked see that.

    Refused for an account that its platform calls gone: nobody would look after the community.
    """
    if work.people.find(person.id) is None:
        raise Refusal(t("Your account is not active, so you cannot own a community."))
    if not work.communities.join(community.id, person.id, work.now, owner=True):
        work.communities.set_owner(community.id, person.id, True)
    work.record(person, "own", f"community {community.id}")
    for asked in work.owning.waiting(community.id):
        if asked.kind == WANTED or asked.person_id == person.id:
            _lapse(asked, work)
    end_search(community.id, work)


def who_waits(community: Community, owner: Person, view: View) -> tuple[tuple[Paragraph, ...], tuple[Button, ...]]:
    """For its new owner: how many asked to join before and wait, and where to see them. Nothing where nobody does."""
    number = view.requests.number(community.id, viewer=owner)
    if not number:
        return (), ()
    waiting = tn(
        "{n} person wants to join and waits for an owner’s answer.",
        "{n} people want to join and wait for an owner’s answer.",
        n=number,
    )
    return (Paragraph(waiting),), (Button(t("See who wants to join"), registry.verbs["requests"](), style="primary"),)


def end_search(community: int, work: Work) -> None:
    """No owner is looked for; those who were asked, and have not answered, see that they need not."""
    for asked in work.owning.waiting(community):
        if asked.kind == WANTED:
            _lapse(asked, work)
    work.stewardship.stop_looking(community)
    work.cancel(search_key(community))


def ask_nobody(community: int, work: Work) -> None:
    """Nobody is asked any more to own what is no community of its own now."""
    for asked in work.owning.waiting(community):
        _lapse(asked, work)
    end_search(community, work)


def search_key(community: int) -> str:
    """The key of what goes on with the search for an owner."""
    return f"owner-of-{community}"


def _lapse(asked: Invitation, work: Work) -> None:
    if work.owning.become(asked.id, "lapsed"):
        work.redraw(("owning", asked.id))


def _asked(number: int, me: Person, work: Work) -> tuple[Invitation, Community]:
    """What this person was asked and has yet to answer, and the community as it is today."""
    asked = work.owning.get(number)
    if asked is None or asked.person_id != me.id:
        raise Refusal(t("Only the person who was asked can answer this."))
    community = work.communities.get(asked.community_id)
    if community is None or community.state != "active":
        raise Stale(t("This community is closed. Say communities to see those that are open."))
    return asked, community


def _is_wanted(asked: Invitation, community: Community, work: Work) -> bool:
    """Whether they may still say yes: nobody owns it, or who asked them still does."""
    if asked.state != "waiting":
        return asked.state == "accepted"
    by = work.communities.membership(community.id, asked.by_id) if asked.by_id else None
    return (by is not None and by.owner) or not work.members.owners(community.id)


def _drawn(number: int, me: Person, work: Work) -> Reply:
    card = draw_owning(number, me, work)
    if card is None:
        raise LookupError("What was just answered is not there.")
    return Reply(card, Audience.REPLACE)


def _said_yes(kind: str, person: Person, community: Community) -> Card:
    if kind == HAND_OVER:
        title = t("{person} has taken over {community}.", person=person.name, community=community.name)
        note = t("You are still a member, and no longer own it.")
    else:
        title = t("{person} is an owner of {community} too.", person=person.name, community=community.name)
        note = t("You can leave it while it has another owner.")
    leave = Button(t("Leave the community"), registry.verbs["leave"].partly(community=community.slug))
    return Card(title, buttons=(_who_is_in(community), leave), note=note)


@registry.drawing("owning")
def draw_owning(number: int, person: Person, view: View) -> Card | None:
    """What they are asked, or what came of it."""
    asked = view.owning.get(number)
    community = view.communities.get(asked.community_id) if asked else None
    if asked is None or community is None:
        return None
    if asked.state == "waiting":
        return _question(asked, community, view)
    if asked.state == "accepted":
        showcase = Button(t("Schedule a showcase"), registry.verbs["showcase new"].partly())
        title = t("You are an owner of {community}.", community=community.name)
        note = t("Owners look after a community. You can leave it while it has another owner.")
        past = Button(t("Bring past questions"), registry.verbs["import questions"].partly(community=community.slug))
        waiting, see = who_waits(community, person, view)
        return Card(title, body=waiting, buttons=(*see, _who_is_in(community), showcase, past), note=note)
    if asked.state == "declined":
        return Card(t("You said that you do not want to own {community}.", community=community.name))
    over = t("{community} is looked after. You do not need to do anything.", community=community.name)
    mirror = view.mirrors.of(("owning", number), person.id)
    return Card(over) if mirror is not None and mirror.message else None


def _question(asked: Invitation, community: Community, view: View) -> Card:
    size = view.members.size(community.id)
    return Card(
        _title(asked, community, view),
        body=(Paragraph(t("An owner looks after its members and its news. It takes about half an hour a week.")),),
        facts=(
            Fact(t("Service"), community.service),
            Fact(t("Outcome"), community.outcome),
            Fact(t("Members"), tn("{n} person", "{n} people", n=size)),
        ),
        buttons=(
            Button(t("Yes, I will own it"), AcceptOwning(asked.id), style="primary"),
            Button(t("No"), DeclineOwning(asked.id)),
        ),
        note=_why(asked, community),
    )


def _title(asked: Invitation, community: Community, view: View) -> Text:
    by = view.people.find(asked.by_id) if asked.by_id else None
    if asked.kind == WANTED and by is not None:
        return t("{community} looks for another owner. Will you be one?", community=community.name)
    if by is None:
        return t("{community} has no owner. Will you own it?", community=community.name)
    if asked.kind == HAND_OVER:
        return t("{person} asks you to take over {community}.", person=who_is(by), community=community.name)
    return t("{person} asks you to own {community} with them.", person=who_is(by), community=community.name)


def _why(asked: Invitation, community: Community) -> Text:
    if asked.kind == WANTED:
        return t(
            "You get this because you are in {community}. The first who says yes owns it.", community=community.name
        )
    return t("Only you are asked. They are told what you say. Owners see each other’s names.")


def _who_is_in(community: Community) -> Button:
    return Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug))
