"""Ask the members of a community. You see who will get the question before it is sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from bot.command import Command, Considered, May, ask
from bot.errors import Refusal, Stale
from bot.features.similar import item
from bot.finding import all_communities, brief, find_community, find_question, must_admit, my_communities
from bot.matching import choose
from bot.routing import Ranked, consider, ranked
from bot.similar import CLOSE, Similar, similar
from bot.text import Text, listing, t, words
from bot.ui import Audience, Button, Card, Element, Option, Paragraph, Quote, Reply
from bot.work import View, Work
from storage.evidence import EvidenceLog
from storage.people import Person
from storage.questions import Question

WEEK = timedelta(days=7)
ALREADY = 2
"""Answered questions that are shown before another is sent."""
ENOUGH = 20
"""People who may be asked among those considered; with fewer, other members are thought of too."""


def _communities(me: Person, view: View) -> list[Option]:
    """This person's communities; all of them for who is in none, so that the answer says how to join."""
    return my_communities(me, view) or all_communities(me, view)


class Plan(NamedTuple):
    """Who a question would go to, everybody who was considered for it, the best first, what was answered already that
    is like it, and who was wished for and cannot be asked."""

    chosen: list[Person]
    considered: list[Ranked]
    answered: list[Similar]
    missed: Person | None = None


class Ask(Considered[Plan], name="ask", help=t("Ask a question"), example="ask Who looks after the sole trader form?"):
    """The question is kept for its asker alone, with up to three people it would go to; they are shown first.

    `first` is the number of somebody who should be among them, where they may be asked.
    """

    question: str = ask(t("What do you want to know?"), kind="lines", most=3000)
    community: str = ask(t("Which community?"), after="community:", choices=_communities)
    first: int = 0

    def look(self, me: Person, view: View) -> Plan:
        community = find_community(self.community, view)
        found = ranked(self.question, me, community.id, view)
        order = _willing([self.first, *(one.person for one in found)], community.id, me, view)
        missed = None
        if self.first and not any(person.id == self.first for person in order):
            missed = view.members.findable_among([self.first], viewer=me).get(self.first)
        answered = similar(self.question, me, view, ALREADY, least=CLOSE)
        return Plan(choose(order, me), found, answered, missed)

    def run(self, me: Person, work: Work, seen: Plan) -> Reply:
        community = find_community(self.community, work)
        must_admit(me, community)
        _must_be_able_to_ask(me, community.id, community.name, community.slug, work)
        number = work.questions.draft(community.id, me, self.question, work.now)
        for person in seen.chosen:
            work.questions.offer(number, person.id, work.now, state="planned")
        consider(number, seen.considered, work)
        return Reply(_preview(number, self.question, community.name, seen))


class SendQuestion(Command):
    """The question is open: brought to those who were shown and still may be asked, and visible in its community."""

    question: int

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        if question.asker_id != me.id:
            raise Refusal(t("Only the person who wrote this question can send it."))
        _must_be_able_to_ask(me, question.community_id, question.community, "", work)
        if question.state == "draft" and question.organisation_id != me.organisation_id:
            raise Stale(t("Your organisation changed since you wrote this. Say ask and your question to ask it again."))
        if not work.questions.send(question.id, work.now):
            raise _no_draft(question)
        brought = work.questions.brought(question.id)
        shown = [planned.person_id for planned in brought]
        willing = work.members.willing_among(shown, question.community_id, work.now - WEEK, viewer=me)
        work.show(me.id, ("question", question.id))
        left_out = []
        for planned in brought:
            if planned.person_id in willing:
                _bring(question.id, planned.person_id, work)
            else:
                left_out.append(words(planned.name))
        work.record(me, "ask", f"question {question.id}")
        return Reply(_sent(question, left_out, work), Audience.REPLACE)


class DropQuestion(Command):
    """The question that was not sent is gone from its asker's list; nobody saw it."""

    question: int

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        if question.asker_id != me.id:
            raise Refusal(t("Only the person who wrote this question can send it."))
        if question.state != "draft":
            raise _no_draft(question)
        work.questions.become(question.id, "withdrawn")
        again = Button(t("Ask a question"), Ask.partly(community=_slug(question.community_id, work)))
        title = t("The question was not sent. Nobody saw it.")
        return Reply(Card(title, body=(Quote(question.text),), buttons=(again,)), Audience.REPLACE)


class RouteAgain(Command, may=May.SYSTEM):
    """A question could not be delivered to someone: it is brought to another member where there is one."""

    question: int
    person: int

    def run(self, me: Person, work: Work) -> Reply:
        question = work.questions.record(self.question)
        if work.questions.offer_of(self.question, self.person) == "offered":
            work.questions.set_offer(self.question, self.person, "undelivered")
        asker = work.people.find(question.asker_id) if question and question.asker_id else None
        if question is not None and asker is not None and question.state == "open":
            bring_to_another(question, asker, work)
        return Reply(Card(t("The question is brought to someone else.")))


def bring_to_another(question: Question, asker: Person, work: Work) -> bool:
    """Whether someone who was not asked yet is brought the question now; its asker sees who.

    It is the next of those who were considered when it was asked.
    """
    asked = {brought.person_id for brought in work.questions.brought(question.id)}
    considered = EvidenceLog(work.tx).considered_for(question.id)
    willing = _willing(considered, question.community_id, asker, work)
    chosen = choose([person for person in willing if person.id not in asked], asker, 1)
    for person in chosen:
        _bring(question.id, person.id, work)
    work.redraw(("question", question.id))
    return bool(chosen)


def _bring(question: int, person: int, work: Work) -> None:
    work.questions.bring(question, person, work.now)
    work.show(person, ("question", question), otherwise=RouteAgain(question, person))


def _willing(considered: Sequence[int], community: int, asker: Person, view: View) -> list[Person]:
    """Whom the question may be brought to: those considered in their order, then others of the community."""
    since = view.now - WEEK
    among = view.members.willing_among(considered, community, since, viewer=asker)
    first = [among[person] for person in considered if person in among]
    rest = view.members.willing(community, since, viewer=asker) if len(first) < ENOUGH else []
    return [*first, *(person for person in rest if person.id not in among)]


def _must_be_able_to_ask(me: Person, community: int, name: str, slug: str, work: Work) -> None:
    found = work.communities.get(community)
    if found is None or found.state != "active":
        raise Stale(t("{community} is archived, so nothing can be asked there.", community=name))
    if work.communities.membership(community, me.id) is None:
        slug = slug or _slug(community, work)
        text = t("You are not in {community}. Say join {slug}, then ask again.", community=name, slug=slug)
        raise Refusal(text, field="community")
    if not me.verified:
        raise Refusal(
            t(
                "Your organisation is not verified yet, so nobody can be shown your question."
                " Ask an administrator of your organisation to connect it, then ask again."
            )
        )


def _slug(community: int, work: Work) -> str:
    found = work.communities.get(community)
    return found.slug if found else ""


def _no_draft(question: Question) -> Stale:
    if question.state == "withdrawn":
        return Stale(t("You chose not to send this question. Say ask and your question to ask it again."))
    return Stale(t("Q-{number} was sent before. Say questions to see where it stands.", number=question.id))


def _sent(question: Question, left_out: list[Text], work: Work) -> Card:
    body = []
    if work.here is None or work.here.kind != "direct":
        body.append(Paragraph(t("The answer comes to your direct chat with Signpost.")))
    if left_out:
        text = t(
            "It was not brought to {people}: since you saw the list, they cannot be asked.", people=listing(left_out)
        )
        body.append(Paragraph(text))
    title = t("Q-{number} is asked in {community}.", number=question.id, community=question.community)
    return Card(title, body=tuple(body))


def _preview(number: int, text: str, community: str, plan: Plan) -> Card:
    return Card(
        t("Check your question before it is sent"),
        body=(Quote(text), *_already(plan), *_reach(plan, community)),
        buttons=(
            Button(t("Send"), SendQuestion(number), style="primary"),
            Button(t("Do not send"), DropQuestion(number)),
        ),
        note=t("Your name, role and organisation are shown with it. Do not put personal data in it."),
    )


def _already(plan: Plan) -> list[Element]:
    """What may answer it without anybody being asked."""
    if not plan.answered:
        return []
    return [Paragraph(t("This may be answered already:")), *(item(one) for one in plan.answered)]


def _reach(plan: Plan, community: str) -> list[Element]:
    """Who would see it."""
    reach = t("It is brought to nobody: no member you can reach has said yes, or each had enough this week.")
    if plan.chosen:
        reach = t("It is brought to {people}.", people=listing([brief(person) for person in plan.chosen]))
    others = t(
        "Other members of {community} can see it too, in your organisation and in those that agreed with yours.",
        community=community,
    )
    told: list[Element] = [Paragraph(reach), Paragraph(others)]
    if plan.missed is not None:
        text = t("{person} cannot be asked in {community} now.", person=plan.missed.name, community=community)
        told.insert(0, Paragraph(text))
    return told
