"""The communities that a person owns: to choose from, and to find the one that was named or refuse."""

from bot.errors import Refusal
from bot.finding import find_community
from bot.text import t, words
from bot.ui import Option
from bot.work import View
from storage.communities import Community
from storage.people import Person


def owned(me: Person, view: View) -> list[Option]:
    """The communities this person owns, as choices; none that is archived."""
    return [Option(one.slug, words(one.name)) for one in view.communities.owned(me.id) if one.state == "active"]


def owns(community: int, me: Person, view: View) -> bool:
    """Whether this person is one of its owners now."""
    membership = view.communities.membership(community, me.id)
    return membership is not None and membership.owner


def find_owned(said: str, me: Person, view: View) -> Community:
    """The active community with this name, which this person owns. Refused beside the field for everybody else.

    Who owns one that is archived is told how to open it again.
    """
    community = find_community(said, view, archived=True)
    if not owns(community.id, me, view):
        find_community(said, view)
        raise Refusal(t("Only an owner of {community} can do this.", community=community.name), field="community")
    if community.state == "archived":
        text = t("{community} is archived. Say reopen {slug} first.", community=community.name, slug=community.slug)
        raise Refusal(text, field="community")
    return community
