"""Join a community, and say whether questions may be brought to you and whether others may find you."""

from bot.command import Command, ask
from bot.finding import all_communities, find_community
from bot.text import Text, t, tn
from bot.ui import Button, Card, Fact, Paragraph, Reply
from bot.work import Work
from storage.communities import Community
from storage.people import Person


class Join(Command, name="join", help=t("Join a community"), example="join starting-a-business as policy adviser"):
    """A member of the community. Nobody is told: its owners read who joined when they want to."""

    community: str = ask(t("Which community?"), choices=all_communities)
    role: str = ask(t("What is your role?"), after="as", default="", most=80)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        if self.role:
            work.people.say_role(me.id, self.role)
        if not work.communities.join(community.id, me.id, work.now):
            return Reply(_page(t("You are already in {community}", community=community.name), community, me, work))
        work.record(me, "join", f"community {community.id}")
        return Reply(_page(t("Welcome to {community}", community=community.name), community, me, work))


class MayAsk(Command, name="me asked", help=t("Say whether questions may be brought to you"), example="me asked yes"):
    """Questions of the communities you are in may, or may not, be brought to you: up to 3 a week."""

    allowed: str = ask(t("May we bring you questions? (up to 3 a week)"), kind="yes_no", default="")

    def run(self, me: Person, work: Work) -> Reply:
        yes = self.allowed.lower() == "yes"
        work.people.allow_asking(me.id, yes)
        if yes:
            said = t("Questions may be brought to you, at most 3 a week.")
            undo = Button(t("Stop bringing me questions"), MayAsk("no"))
        else:
            said = t("No questions will be brought to you.")
            undo = Button(t("Bring me questions"), MayAsk("yes"))
        return Reply(Card(said, buttons=(undo,), note=t("Say me to see what others see of you.")))


class MayFind(Command, name="me findable", help=t("Say whether others may find you"), example="me findable yes"):
    """Members of your communities may, or may not, find you by what you know."""

    allowed: str = ask(t("May others find you?"), kind="yes_no", default="")

    def run(self, me: Person, work: Work) -> Reply:
        yes = self.allowed.lower() == "yes"
        work.people.allow_finding(me.id, yes)
        if yes:
            said = t("Members of your communities can find you by what you know.")
            undo = Button(t("Hide me"), MayFind("no"))
        else:
            said = t("Nobody can find you by what you know.")
            undo = Button(t("Let others find me"), MayFind("yes"))
        return Reply(Card(said, buttons=(undo,), note=t("Say me knows, then what you know, in one line.")))


def _page(title: Text, community: Community, me: Person, work: Work) -> Card:
    """The community as its member sees it, with the two things that are off until they are pressed."""
    buttons = []
    if not me.asked:
        buttons.append(Button(t("Yes, bring me questions"), MayAsk("yes"), style="primary"))
    if not me.findable:
        buttons.append(Button(t("Yes, others may find me"), MayFind("yes")))
    asks = []
    if not me.asked:
        asks.append(Paragraph(t("May we bring you questions? (up to 3 a week)")))
    if not me.findable:
        asks.append(Paragraph(t("May others find you?")))
    size = work.communities.size(community.id)
    return Card(
        title,
        body=tuple(asks),
        facts=(
            Fact(t("Members"), tn("{n} person", "{n} people", n=size)),
            Fact(t("Service"), community.service),
            Fact(t("Outcome"), community.outcome),
        ),
        buttons=tuple(buttons),
        note=t("To ask its members, say ask and your question. To leave, say leave {slug}.", slug=community.slug),
    )
