"""Say yes or no to people who want to join a community you own; both they and the other owners see it at once."""

from bot.arriving import page
from bot.command import Command, May, Query, ask, registry
from bot.errors import Refusal, Stale
from bot.finding import is_shut_to, who
from bot.text import Text, When, t
from bot.ui import Audience, Button, Card, Item, Option, Paragraph, Quote, Reply
from bot.work import View, Work
from storage.people import Person
from storage.requests import Request


def _that_wait(me: Person, view: View) -> list[Option]:
    """The requests that wait for this person, as choices."""
    return [Option(str(one.id), _in_short(one)) for one in view.requests.waiting(viewer=me)]


def _in_short(request: Request) -> Text:
    return t("{person}, {community}", person=request.person, community=request.community)


class Requests(Query, name="requests", help=t("See who wants to join your community"), may=May.OWNER):
    """Up to 20 requests that wait for this owner, the oldest first, each with yes and no."""

    def run(self, me: Person, view: View) -> Reply:
        waiting = view.requests.waiting(viewer=me)
        if not waiting:
            invite = Button(t("Invite somebody"), registry.verbs["invite"]())
            return Reply(Card(t("Nobody waits for your answer."), buttons=(invite,)))
        items = tuple(Item(_asks(one), _since(one), _yes_and_no(one)) for one in waiting)
        return Reply(Card(t("They want to join"), body=items, note=t("They hear your answer in their own tool.")))


class Approve(Command, name="approve", help=t("Let somebody join your community"), example="approve 12", may=May.OWNER):
    """They are a member and are told so, once, however many owners press it; the other owners see it."""

    request: int = ask(t("Which request?"), choices=_that_wait)

    def run(self, me: Person, work: Work) -> Reply:
        request = _waiting(self.request, me, work)
        community = work.communities.get(request.community_id)
        person = work.people.find(request.person_id)
        if community is None or community.state != "active" or person is None:
            raise Stale(t("This request is over: the community is not open, or the person has left."))
        if is_shut_to(person, community):
            raise Refusal(t("{community} is not open to suppliers.", community=community.name), field="request")
        if not work.requests.decide(request.id, "approved", by=me.id, now=work.now):
            raise Stale(t("This request was answered before."))
        if work.communities.join(community.id, person.id, work.now):
            title = t("You are in {community} now: an owner said yes.", community=community.name)
            work.send(person.id, page(title, community, person, work, new=True))
        work.redraw(("join_request", request.id))
        work.record(me, "approve", f"request {request.id}")
        title = t("{person} is in {community} now.", person=request.person, community=request.community)
        see = Button(t("See who is in it"), registry.verbs["members"].partly(community=request.slug))
        return Reply(Card(title, buttons=(see,), note=t("They have been told.")), Audience.REPLACE)


class DeclineRequest(
    Command,
    name="decline request",
    help=t("Say no to somebody who wants to join"),
    example="decline request 12 This one is for people who work on the service",
    may=May.OWNER,
):
    """They are told so in the owner's words, once; the other owners see it. They may ask again after a week."""

    request: int = ask(t("Which request?"), choices=_that_wait)
    words: str = ask(
        t("What do you want to tell them?"), kind="lines", most=1000, hint=t("They see this, and not your name.")
    )

    def run(self, me: Person, work: Work) -> Reply:
        request = _waiting(self.request, me, work)
        if not work.requests.decide(request.id, "declined", by=me.id, now=work.now, answer=self.words):
            raise Stale(t("This request was answered before."))
        work.send(request.person_id, _told_no(request, self.words))
        work.redraw(("join_request", request.id))
        work.record(me, "decline request", f"request {request.id}")
        title = t("{person} is told that they cannot join.", person=request.person)
        others = Button(t("See who else waits"), registry.verbs["requests"]())
        return Reply(Card(title, buttons=(others,)), Audience.REPLACE)


class SayWhy(Command, help=t("Say why you want to join")):
    """The owners see these words beside the person's request, while it waits; only who asked can add them."""

    request: int
    words: str = ask(t("Why do you want to join?"), kind="lines", most=1000)

    def run(self, me: Person, work: Work) -> Reply:
        request = work.requests.record(self.request)
        if request is None or request.person_id != me.id:
            raise Refusal(t("Only the person who asked to join can add to it."))
        if not work.requests.say_why(request.id, self.words):
            raise Stale(t("This request was answered before."))
        work.redraw(("join_request", request.id))
        withdraw = Button(t("Do not ask"), registry.verbs["leave"].partly(community=request.slug))
        title = t("The owners of {community} see what you wrote.", community=request.community)
        return Reply(Card(title, body=(Quote(self.words),), buttons=(withdraw,)))


@registry.drawing("join_request")
def draw_request(number: int, person: Person, view: View) -> Card | None:
    """The request as an owner sees it; what was decided, or that it is over, to who was shown it before."""
    request = view.requests.get(number, viewer=person)
    if request is None:
        mirror = view.mirrors.of(("join_request", number), person.id)
        shown = mirror is not None and mirror.message
        return Card(t("This request to join is over. You do not need to do anything.")) if shown else None
    body = (Quote(request.words),) if request.words else ()
    if request.state != "waiting":
        title = t("{person} asked to join {community}", person=_who(request), community=request.community)
        return Card(title, body=(*body, Paragraph(_became(request, person))))
    return Card(
        _asks(request),
        body=body,
        buttons=_yes_and_no(request),
        note=t("You can also say: approve {number}", number=request.id),
    )


def _waiting(number: int, me: Person, work: Work) -> Request:
    request = work.requests.get(number, viewer=me)
    if request is None:
        raise Refusal(
            t("There is no such request that you can answer. Say requests to see who waits."), field="request"
        )
    if request.state != "waiting":
        raise Stale(t("{what} Say requests to see who waits.", what=_became(request, me)))
    return request


def _who(request: Request) -> Text:
    return who(request.person, request.role, request.organisation)


def _asks(request: Request) -> Text:
    return t("{person} wants to join {community}", person=_who(request), community=request.community)


def _since(request: Request) -> Text:
    return t("They asked on {day}.", day=When(request.asked_at, "day"))


def _yes_and_no(request: Request) -> tuple[Button, ...]:
    decline = Button(t("Decline"), DeclineRequest.partly(request=request.id))
    return Button(t("Approve"), Approve(request.id), style="primary"), decline


def _became(request: Request, me: Person) -> Text:
    if request.state == "withdrawn":
        return t("They do not ask any more.")
    mine = request.decided_by == me.id
    if request.state == "approved":
        return t("You approved it. They are a member.") if mine else t("An owner approved it. They are a member.")
    return t("You declined it. They have been told.") if mine else t("An owner declined it. They have been told.")


def _told_no(request: Request, said: str) -> Card:
    return Card(
        t("An owner of {community} said no to your request to join.", community=request.community),
        body=(Quote(said),),
        buttons=(Button(t("See the communities"), registry.verbs["communities"]()),),
    )
