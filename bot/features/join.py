"""Join a community, and say whether questions may be brought to you and whether others may find you."""

from bot.command import Command, Verb, ask, registry
from bot.errors import Refusal
from bot.finding import all_communities, find_community, tidy
from bot.text import Text, t, tn
from bot.ui import Button, Card, Fact, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person

YES = frozenset({"yes", "y", "on", "true", "ok", "okay", "ie", "iawn", "ydw", "cewch", "do"})
NO = frozenset({"no", "n", "off", "false", "na", "nage", "nac ydw", "na chewch"})
"""In English and in Welsh, which answers each verb with its own word."""


def _my_role(verb: Verb, me: Person, view: View) -> str:
    return me.role


class Join(Command, name="join", help=t("Join a community"), example="join starting-a-business as policy adviser"):
    """A member of the community. Nobody is told: its owners read who joined when they want to.

    Who joins a community that everybody has left is its owner: somebody must look after it.
    """

    community: str = ask(t("Which community?"), choices=all_communities)
    role: str = ask(t("What is your role?"), after="as", default="", most=80, start=_my_role)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        role = tidy(self.role)
        if role:
            work.people.say_role(me.id, role)
        empty = work.members.is_empty(community.id)
        if not work.communities.join(community.id, me.id, work.now, owner=empty):
            return Reply(page(t("You are already in {community}", community=community.name), community, me, work))
        work.record(me, "join", f"community {community.id}")
        title = t("Welcome to {community}", community=community.name)
        if empty:
            title = t("Welcome to {community}. Nobody else is in it, so you are its owner.", community=community.name)
        return Reply(page(title, community, me, work))


class MayAsk(Command, name="me asked", help=t("Say whether questions may be brought to you"), example="me asked yes"):
    """Questions of the communities you are in may, or may not, be brought to you: up to 3 a week.

    Said with neither yes nor no, nothing changes: it says how things are.
    """

    allowed: str = ask(t("May we bring you questions? (up to 3 a week)"), kind="yes_no", default="", most=80)

    def run(self, me: Person, work: Work) -> Reply:
        yes = _yes_or_no(self.allowed, now=me.asked)
        work.people.allow_asking(me.id, yes)
        if yes:
            said = t("We may bring you questions from your communities, at most 3 a week.")
            undo = Button(t("Stop bringing me questions"), MayAsk("no"))
        else:
            said = t("We do not bring you questions.")
            undo = Button(t("Bring me questions"), MayAsk("yes"))
        return Reply(Card(said, buttons=(undo, _see_me())))


class MayFind(Command, name="me findable", help=t("Say whether others may find you"), example="me findable yes"):
    """Members of your communities may, or may not, find you by what you know.

    Said with neither yes nor no, nothing changes: it says how things are.
    """

    allowed: str = ask(t("May others find you?"), kind="yes_no", default="", most=80)

    def run(self, me: Person, work: Work) -> Reply:
        yes = _yes_or_no(self.allowed, now=me.findable)
        work.people.allow_finding(me.id, yes)
        if not yes:
            shown = Button(t("Let others find me"), MayFind("yes"))
            return Reply(Card(t("Others do not find you, and your name is in no list."), buttons=(shown, _see_me())))
        hide = Button(t("Hide me"), MayFind("no"))
        if me.knows:
            said = t("Members of your communities can find you by your role and what you know.")
            return Reply(Card(said, buttons=(hide, _see_me())))
        knows = Button(t("Say what you know"), registry.verbs["me knows"](), style="primary")
        said = t("Members of your communities can find you. Say what you know, so that they find you for it.")
        return Reply(Card(said, buttons=(knows, hide)))


def _yes_or_no(said: str, *, now: bool) -> bool:
    """What was said, or how it is now where nothing was. Raises Refusal for anything else."""
    word = said.strip(" .!").lower()
    if not word:
        return now
    if word not in YES | NO:
        raise Refusal(t("Say yes or no."), field="allowed")
    return word in YES


def _see_me() -> Button:
    return Button(t("See your profile"), registry.verbs["me"]())


def page(title: Text, community: Community, me: Person, view: View, *, note: Text | None = None) -> Card:
    """The community as its member sees it, with the two things that are off until they are pressed."""
    asks, buttons = [], []
    if not me.asked:
        asks.append(Paragraph(t("May we bring you questions? (up to 3 a week)")))
        buttons.append(Button(t("Yes, bring me questions"), MayAsk("yes"), style="primary"))
    if not me.findable:
        asks.append(Paragraph(t("May others find you?")))
        buttons.append(Button(t("Yes, others may find me"), MayFind("yes")))
    size = view.members.size(community.id)
    question = registry.verbs["ask"].partly(community=community.slug)
    return Card(
        title,
        body=tuple(asks),
        facts=(
            Fact(t("Members"), tn("{n} person", "{n} people", n=size)),
            Fact(t("Service"), community.service),
            Fact(t("Outcome"), community.outcome),
        ),
        buttons=(
            *buttons,
            Button(t("Ask a question"), question),
            Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug)),
        ),
        note=note or t("To leave, say: leave {slug}", slug=community.slug),
    )
