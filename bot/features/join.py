"""Join a community, and say whether questions may be brought to you and whether others may find you."""

from bot.arriving import enter, page
from bot.asking_to_join import ask_to_join
from bot.command import Command, Verb, ask, registry
from bot.errors import Refusal
from bot.finding import all_communities, find_community, must_admit, tidy
from bot.text import t
from bot.ui import Button, Card, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person

__all__ = ["Join", "MayAsk", "MayFind", "page", "way_in"]

YES = frozenset({"yes", "y", "on", "true", "ok", "okay", "ie", "iawn", "ydw", "cewch", "do"})
NO = frozenset({"no", "n", "off", "false", "na", "nage", "nac ydw", "na chewch"})
"""In English and in Welsh, which answers each verb with its own word."""


def _my_role(verb: Verb, me: Person, view: View) -> str:
    return me.role


class Join(Command, name="join", help=t("Join a community"), example="join starting-a-business as policy adviser"):
    """A member of the community. Nobody is told: its owners read who joined when they want to.

    Where its owners approve who joins, they are asked. Refused: who was not invited, where an invitation is needed;
    a supplier, where it has none. Who joins a community that everybody has left is its owner.
    """

    community: str = ask(t("Which community?"), choices=all_communities)
    role: str = ask(t("What is your role?"), after="as", default="", most=80, start=_my_role, known=True)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_community(self.community, work)
        must_admit(me, community)
        role = tidy(self.role)
        if role and role != me.role:
            work.people.say_role(me.id, role)
            me = me._replace(role=role)
        if not _is_let_in(community, me, work):
            return Reply(ask_to_join(community, me, work))
        return Reply(enter(community, me, work))


def way_in(community: Community) -> tuple[Button, ...]:
    """The button for who is not in it: to join, or to ask; none where it is archived, or only invited people join."""
    if community.state != "active" or community.access == "invitation":
        return ()
    label = t("Join") if community.access == "open" else t("Ask to join")
    return (Button(label, Join.partly(community=community.slug), style="primary"),)


def _is_let_in(community: Community, me: Person, work: Work) -> bool:
    """Whether nobody has to be asked: it is open, or they are in it or invited, or no owner is left to approve."""
    if community.access == "open" or work.communities.membership(community.id, me.id) is not None:
        return True
    if work.invitations.waiting(community.id, me.id) is not None:
        return True
    return community.access == "approval" and work.members.is_empty(community.id)


class MayAsk(Command, name="me asked", help=t("Say whether questions may be brought to you"), example="me asked yes"):
    """Questions of the communities you are in may, or may not, be brought to you: 3 a week, or as you said.

    Said with neither yes nor no, nothing changes: it says how things are.
    """

    allowed: str = ask(t("May we bring you questions?"), kind="yes_no", default="", most=80)

    def run(self, me: Person, work: Work) -> Reply:
        yes = _yes_or_no(self.allowed, now=me.asked)
        work.people.allow_asking(me.id, yes)
        if yes:
            said = t("We may bring you questions from your communities, at most {n} a week.", n=me.weekly)
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
