"""Who knows about something: the people whom somebody may find, each for reasons that can be said.

It reads and ranks, so it is for queries, and for commands before their transaction.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.matching import shared
from bot.routing import WEEK, Ranked, meant_by, ranked
from bot.speaking import ENGLISH
from bot.view import View
from storage.answered import AnsweredQuestions
from storage.evidence import EvidenceLog
from storage.organisations import Organisation
from storage.people import Person
from storage.skills import Said, Skills, best_fit
from storage.terms import terms

WIDER = (100, 1_000, 10_000)
"""How many people who say that they know about it are looked at, until enough of them may be found."""
LONGEST_NAME = 6
"""Words of an organisation's name that are looked for in a sentence."""
ENOUGH = 2
"""Answered questions like it that speak for somebody as much as saying all of it does."""
_AT = re.compile(r"\b(?:in|at|from|yn|o)\s+(?=\S)", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"(?:(?:is there|find|does|do|can|could|has)(?: me)? )?"
    r"(?:(?:some|any|every)(?:body|one)(?: else)?|(?:people|colleagues?|a person)(?= who| that)"
    r"|who(?= (?:can|could|has|knows?|helps?)\b))\b"
    r"(?:,? (?:who|that)\b)?(?: (?:has|have|had|can|could))?(?: ever)?"
    r"(?: (?:done|used|worked (?:on|with|in)|knows?(?: about| of)?|helps?(?: me)? with"
    r"|with experience (?:of|in|with))\b)?",
    re.IGNORECASE,
)
"""How a topic begins that is said as a person."""


class Wanted(NamedTuple):
    """What somebody looks for: about what, and of which people. Each is "" or None for whatever it may be.

    `role` and `step` are words; `community` is a number; `language` is a code ("cy").
    """

    topic: str
    organisation: Organisation | None = None
    role: str = ""
    step: str = ""
    community: int = 0
    language: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for more than a topic."""
        return self != Wanted(self.topic)


class Known(NamedTuple):
    """A person and why: what they say they know that fits best, if anything; whether their line about it, and their
    role, are about the topic; which questions like it they answered that the viewer may read, and when.

    `whole` where all the topic's words are in what they say and in their role. `brought` is how many questions they
    were brought in the last week.
    """

    person: Person
    skill: Said | None
    said: bool
    role: bool
    answered: dict[int, datetime]
    whole: bool = False
    brought: int = 0

    @property
    def speaks(self) -> bool:
        """Whether anything can be said for them."""
        return bool(self.skill or self.said or self.role or self.answered)

    @property
    def speaks_loud(self) -> bool:
        """Whether they say all of it, or answered it more than once: they come before those who come near it once."""
        return self.whole or len(self.answered) >= ENOUGH


class About(NamedTuple):
    """The terms of a topic, and those of what its words mean too, such as the names of an organisation in short."""

    own: frozenset[str]
    meant: frozenset[str]

    def fits(self, text: str) -> bool:
        """Whether the text has a word of the topic, or two of what is meant, which may be one alone: "work" is not the
        Department for Work and Pensions."""
        words = {*terms(text)}
        return bool(words & self.own) or len(words & self.meant) >= (1 if len(self.meant) == 1 else 2)


def who_knows(wanted: Wanted, me: Person, view: View, most: int) -> list[Known]:
    """Up to so many people whom this person may find, the best first, each for a reason that can be said."""
    found: list[Known] = []
    for saying in WIDER:
        people, looked_at = _wanted(wanted, me, view, saying)
        found = _with_reasons(people, wanted, me, view, most)
        if len(found) >= most or looked_at < saying:
            break
    return found


def _wanted(wanted: Wanted, me: Person, view: View, saying: int) -> tuple[list[tuple[Ranked, Person]], int]:
    """The people who are as wanted, and whom this person may find, the best first; and how many were looked at.

    Only those are ranked: there may be few of them among many.
    """
    may: dict[int, Person] = {}
    looked_at: list[int] = []

    def only(people: Collection[int]) -> Collection[int]:
        looked_at.extend(people)
        may.update(_as_wanted(people, wanted, me, view, saying))
        return may

    people = ranked(wanted.topic, me, wanted.community, view, saying=saying, only=only)
    return [(one, may[one.person]) for one in people], len(looked_at)


def _as_wanted(people: Collection[int], wanted: Wanted, me: Person, view: View, saying: int) -> dict[int, Person]:
    """Those of these people who are as wanted, and whom this person may find."""
    numbers = {*people}
    if wanted.step:
        numbers &= {one.person for one in ranked(wanted.step, me, wanted.community, view, saying=saying)}
    if wanted.community:
        numbers &= view.members.among(numbers, wanted.community)
    among = view.members.findable_among(sorted(numbers), viewer=me)
    return {number: person for number, person in among.items() if _is(person, wanted)}


def _is(person: Person, wanted: Wanted) -> bool:
    """Whether they are of the organisation, have the role and answer in the language that are wanted, if any."""
    if wanted.organisation is not None and person.organisation_id != wanted.organisation.id:
        return False
    if wanted.language not in ("", ENGLISH, *person.languages.split()):
        return False
    return not wanted.role or shared(wanted.role, person.role) > 0


def _with_reasons(found: list[tuple[Ranked, Person]], wanted: Wanted, me: Person, view: View, most: int) -> list[Known]:
    """The first of them for whom something speaks that this viewer may know."""
    known: list[Known] = []
    meaning: Mapping[str, float] = meant_by(wanted.topic, me, wanted.community, view)
    about = About(frozenset(terms(wanted.topic)), frozenset(meaning))
    for at in range(0, len(found), most * 4):
        speaking = [one for one in _reasons(found[at : at + most * 4], about, me, view) if one.speaks]
        known += sorted(speaking, key=lambda one: not one.speaks_loud)
        if len(known) >= most:
            break
    lately = EvidenceLog(view.tx).brought_lately([one.person.id for one in known[:most]], view.now - WEEK)
    return [one._replace(brought=lately.get(one.person.id, 0)) for one in known[:most]]


def _reasons(found: Sequence[tuple[Ranked, Person]], about: About, me: Person, view: View) -> list[Known]:
    people = [person.id for _, person in found]
    like = {number for one, _ in found for number in one.like}
    answered = AnsweredQuestions(view.tx).by(people, like, viewer=me)
    skills = Skills(view.tx).saying(people, viewer=me)
    return [_reason(person, about, skills.get(person.id, []), answered.get(person.id, {})) for _, person in found]


def _reason(person: Person, about: About, skills: Sequence[Said], answered: dict[int, datetime]) -> Known:
    fitting = [one for one in skills if about.fits(one.words)]
    best = best_fit(about.own | about.meant, fitting)
    all_said = " ".join([person.knows, person.role, *(one.words for one in fitting)])
    whole = about.own <= {*terms(all_said)}
    return Known(person, best, about.fits(person.knows), about.fits(person.role), answered, whole)


def plain_topic(said: str) -> str:
    """What is asked about, without the words before it: "someone who has done user research" is "user research".

    "" where there is nothing else.
    """
    text = " ".join(said.split()).strip(" ?.!,")
    found = _SOMEBODY.match(text)
    return text[found.end() :].strip(" ,") if found else text


def read_organisation(topic: str, view: View) -> tuple[str, Organisation | None]:
    """The topic without "in DWP", and the one organisation that it names after "in", "at" or "from"; else as it is."""
    for found in list(_AT.finditer(topic))[:3]:
        rest = topic[found.end() :].split()
        for length in range(min(LONGEST_NAME, len(rest)), 0, -1):
            said = " ".join(rest[:length]).strip(".,;:?!")
            named = view.organisations.named(said)
            today = view.organisations.today(named[0]) if len(named) == 1 else []
            if len(today) == 1:
                without = f"{topic[: found.start()]} {' '.join(rest[length:])}"
                return " ".join(without.split()), today[0]
    return topic, None
