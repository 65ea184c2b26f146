"""What crosses between organisations, in words; and for whom an administrator decides."""

from bot.errors import Refusal, Stale
from bot.text import Text, t
from bot.work import View
from storage.consents import KINDS, Agreed
from storage.organisations import THERE, Organisation
from storage.people import Person

EVERYONE = frozenset({"everyone", "everybody", "all"})
"""How people type every verified organisation."""
BOTH = " ".join(KINDS)


def is_everyone(said: str) -> bool:
    """Whether every verified organisation is meant."""
    return said.strip(" .!").lower() in EVERYONE


def own_organisation(me: Person, view: View) -> Organisation:
    """The organisation that this administrator decides for. Refused where nobody vouches that they are of it."""
    mine = view.organisations.get(me.organisation_id) if me.verified and me.organisation_id is not None else None
    if mine is None:
        raise Refusal(t("Your organisation is not verified yet, so you cannot decide for it."))
    return mine


def other_organisation(number: int, view: View) -> Organisation:
    """The other one, by the number that a button carries."""
    found = view.organisations.get(number)
    if found is None or found.state not in (*THERE, "closed"):
        raise Stale(t("This organisation is not here any more. Say agreements to see what crosses."))
    return found


def kinds_in(said: str) -> str:
    """The kinds that were named, as they are kept. Raises Refusal where none was."""
    named = said.lower().replace(",", " ").split()
    kinds = [kind for kind in KINDS if {kind, kind.removesuffix("s"), "both"} & set(named)]
    if not kinds:
        raise Refusal(t("Say questions, names, or both."), field="only")
    return " ".join(kinds)


def what(kinds: str) -> Text:
    """The kinds in words, inside a sentence."""
    return {"questions": t("questions"), "names": t("names")}.get(kinds, t("questions and names"))


def meaning(kinds: str) -> Text:
    """What it means for people that these kinds cross."""
    return {
        "questions": t("Questions and answers cross in shared communities, with the names of who asks and answers."),
        "names": t("Members of shared communities see the names of those who let others find them."),
    }.get(kinds, t("Questions, answers, and the names of people who let others find them cross in shared communities."))


def kinds_of(agreed: Agreed) -> str:
    """The kinds of this agreement, as they are kept."""
    return " ".join(kind for kind in KINDS if getattr(agreed, kind))


def other_of(agreed: Agreed, one: int) -> int:
    """With whom the one has this agreement."""
    return agreed.second_id if agreed.first_id == one else agreed.first_id


def crossing(one: int, other: int, view: View) -> str:
    """The kinds that cross between the two now, "" for none."""
    return next((kinds_of(agreed) for agreed in view.consents.of(one) if other_of(agreed, one) == other), "")


def says_of(one: int, other: int | None, view: View) -> str | None:
    """What the one said of the other by name, or of everyone where that is None; None where it said nothing."""
    own = [said for said in view.consents.concerning(one) if said.organisation_id == one and said.other_id == other]
    return own[-1].kinds if own else None
