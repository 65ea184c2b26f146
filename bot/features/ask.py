"""Ask the members of a community. You see who will get the question before it is sent."""

from datetime import timedelta

from bot.command import Command, Considered, May, ask
from bot.errors import Refusal, Stale
from bot.finding import brief, find_community, find_question, my_communities
from bot.matching import best_members
from bot.text import listing, t
from bot.ui import Audience, Button, Card, Paragraph, Quote, Reply
from bot.work import View, Work
from storage.people import Person
from storage.questions import Question

WEEK = timedelta(days=7)


class Ask(
    Considered[list[Person]], name="ask", help=t("Ask a question"), example="ask Who looks after the sole trader form?"
):
    """The question is kept for its asker alone, with up to three people it would go to; they are shown first."""

    question: str = ask(t("What do you want to know?"), kind="lines", most=3000)
    community: str = ask(t("Which community?"), after="community:", choices=my_communities)

    def look(self, me: Person, view: View) -> list[Person]:
        community = find_community(self.community, view)
        willing = view.people.willing(community.id, view.now - WEEK, viewer=me)
        return best_members(self.question, me, willing)

    def run(self, me: Person, work: Work, seen: list[Person]) -> Reply:
        community = find_community(self.community, work)
        if work.communities.membership(community.id, me.id) is None:
            text = t(
                "You are not in {community}. Say join {slug} first.", community=community.name, slug=community.slug
            )
            raise Refusal(text, field="community")
        number = work.questions.draft(community.id, me, self.question, work.now)
        for person in seen:
            work.questions.offer(number, person.id, work.now, state="planned")
        return Reply(_preview(number, self.question, community.name, seen, me))


class SendQuestion(Command):
    """The question is open: brought to those who were shown and still may be asked, and visible in its community."""

    question: int

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        if question.asker_id != me.id:
            raise Refusal(t("Only the person who wrote this question can send it."))
        if not work.questions.send(question.id, work.now):
            raise Stale(t("This question was sent before. Say questions to see where it stands."))
        willing = {person.id for person in work.people.willing(question.community_id, work.now - WEEK, viewer=me)}
        work.show(me.id, ("question", question.id))
        for brought in work.questions.brought(question.id):
            if brought.person_id in willing:
                _bring(question.id, brought.person_id, work)
            else:
                work.questions.set_offer(question.id, brought.person_id, "undelivered")
        work.record(me, "ask", f"question {question.id}")
        return Reply(
            Card(
                t("Q-{number} is asked in {community}.", number=question.id, community=question.community),
                body=(Paragraph(t("You will get the answer in your direct chat with Signpost.")),),
            ),
            Audience.REPLACE,
        )


class DropQuestion(Command):
    """The question that was not sent is gone from its asker's list; nobody saw it."""

    question: int

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        if question.asker_id != me.id or question.state != "draft":
            raise Stale(t("This question was sent before. Say questions to see where it stands."))
        work.questions.become(question.id, "withdrawn")
        return Reply(Card(t("The question was not sent.")), Audience.REPLACE)


class RouteAgain(Command, may=May.SYSTEM):
    """A question could not be delivered to someone: it is brought to another member where there is one."""

    question: int
    person: int

    def run(self, me: Person, work: Work) -> Reply:
        work.questions.set_offer(self.question, self.person, "undelivered")
        question = work.questions.record(self.question)
        asker = work.people.find(question.asker_id) if question and question.asker_id else None
        if question is not None and asker is not None and question.state == "open":
            bring_to_another(question, asker, work)
        return Reply(Card(t("The question is brought to someone else.")))


def bring_to_another(question: Question, asker: Person, work: Work) -> bool:
    """Whether someone who was not asked yet is brought the question now; its asker sees who."""
    asked = {brought.person_id for brought in work.questions.brought(question.id)}
    willing = work.people.willing(question.community_id, work.now - WEEK, viewer=asker)
    chosen = best_members(question.text, asker, [person for person in willing if person.id not in asked])[:1]
    for person in chosen:
        _bring(question.id, person.id, work)
    work.redraw(("question", question.id))
    return bool(chosen)


def _bring(question: int, person: int, work: Work) -> None:
    if not work.questions.offer(question, person, work.now):
        work.questions.set_offer(question, person, "offered")
    work.show(person, ("question", question), otherwise=RouteAgain(question, person))


def _preview(number: int, text: str, community: str, seen: list[Person], me: Person) -> Card:
    if seen:
        reach = t("Brought to {people}.", people=listing([brief(person) for person in seen]))
    elif not me.verified:
        reach = t("Your organisation is not verified yet, so nobody in another organisation can see this.")
    else:
        reach = t("Nobody has said yet that we may bring them questions. Members see it when they say questions.")
    others = t("Members of {community} in organisations that agreed with yours can see it.", community=community)
    return Card(
        t("Check your question before it is sent"),
        body=(Quote(text), Paragraph(reach), Paragraph(others)),
        buttons=(
            Button(t("Send"), SendQuestion(number), style="primary"),
            Button(t("Do not send"), DropQuestion(number)),
        ),
        note=t("Your name, role and organisation are shown with it. Do not put personal data in it."),
    )
