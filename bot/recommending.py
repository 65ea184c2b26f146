"""Which communities a person may want to join, and why; pure but for the question that is asked of the storage."""

from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from bot.finding import slug_of
from bot.professions import same_profession
from bot.text import Text, t, tn
from bot.work import View
from storage.communities import Community
from storage.people import Person
from storage.recommending import Candidate
from storage.terms import roots

MOST = 3


class Why(NamedTuple):
    """One thing that speaks for a community, and how much it does."""

    weight: float
    text: Text


def recommended(me: Person, services: Sequence[str], view: View) -> list[tuple[Community, Text]]:
    """Up to three communities for somebody who works on these services, who could join and is not in them.

    The best first, each with its reason.
    """
    by_slug = {slug_of(name): name for name in services}
    return best_communities(me, services, view.recommending.candidates(by_slug, viewer=me))


def best_communities(
    me: Person, services: Sequence[str], candidates: Sequence[Candidate]
) -> list[tuple[Community, Text]]:
    """Up to three of them, always the same: by service, role, organisation and what colleagues joined.

    Where fewer have a reason of this person's own, the largest follow.
    """
    judged = [(one, _reasons(me, services, one)) for one in candidates]
    judged.sort(key=lambda row: (-sum(why.weight for why in row[1]), -row[0].size, row[0].community.id))
    return [(one.community, _in_words(reasons)) for one, reasons in judged[:MOST]]


def _reasons(me: Person, services: Sequence[str], one: Candidate) -> list[Why]:
    """What speaks for it, the strongest first. Ten people more count less than the first ten."""
    community, found = one.community, []
    service = next((said for said in services if _same_service(said, community)), None)
    if service is not None:
        found.append(Why(100, t("You work on {service}.", service=service)))
    if me.role and roots(me.role) & roots(community.audience):
        found.append(Why(20, t("It is for people with a role like yours.")))
    if one.colleagues:
        text = tn(
            "{n} person from {organisation} is in it.",
            "{n} people from {organisation} are in it.",
            n=one.colleagues,
            organisation=me.organisation,
        )
        found.append(Why(10 * log2(1 + one.colleagues), text))
    peers = sum(members for role, members in one.roles.items() if same_profession(me.role, role))
    if peers:
        text = tn("{n} person who does your job is in it.", "{n} people who do your job are in it.", n=peers)
        found.append(Why(8 * log2(1 + peers), text))
    return sorted(found, key=lambda why: -why.weight)


def _same_service(said: str, community: Community) -> bool:
    """Whether all words that matter of the one are in the other: "Start a business" is "Starting a business"."""
    mine = roots(said)
    return any(mine and other and (mine <= other or other <= mine) for other in _called(community))


def _called(community: Community) -> tuple[frozenset[str], frozenset[str]]:
    return roots(community.service), roots(community.name)


def _in_words(reasons: Sequence[Why]) -> Text:
    if not reasons:
        return t("It is one of the largest communities.")
    if len(reasons) == 1:
        return reasons[0].text
    return t("{first} {second}", first=reasons[0].text, second=reasons[1].text)
