"""Who knows about something: the people whom somebody may find, each for reasons that can be said.

It reads and ranks, so it is for queries, and for commands before their transaction.
"""

import re
from collections.abc import Collection
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
from storage.skills import Said, Skills
from storage.terms import terms

WIDER = (100, 1_000, 10_000)
"""How many people who say that they know about it are looked at, until enough of them may be found."""
LONGEST_NAME = 6
"""Words of an organisation's name that are looked for in a sentence."""
_AT = re.compile(r"\b(?:in|at|from|yn|o)\s+(?=\S)", re.IGNORECASE)


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
    """A person and why: what they say they know that fits best, if anything; how many words of their line about it, and
    of their role, are the topic's; which questions like it they answered that the viewer may read, and when.

    `brought` is how many questions they were brought in the last week.
    """

    person: Person
    skill: Said | None
    said: int
    role: int
    answered: dict[int, datetime]
    brought: int = 0

    @property
    def speaks(self) -> bool:
        """Whether anything can be said for them."""
        return bool(self.skill or self.said or self.role or self.answered)


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
    about = {*terms(wanted.topic), *meant_by(wanted.topic, me, wanted.community, view)}
    for at in range(0, len(found), most * 4):
        known += [one for one in _reasons(found[at : at + most * 4], about, me, view) if one.speaks]
        if len(known) >= most:
            break
    lately = EvidenceLog(view.tx).brought_lately([one.person.id for one in known[:most]], view.now - WEEK)
    return [one._replace(brought=lately.get(one.person.id, 0)) for one in known[:most]]


def _reasons(found: list[tuple[Ranked, Person]], about: Collection[str], me: Person, view: View) -> list[Known]:
    people = [person.id for _, person in found]
    like: Collection[int] = {number for one, _ in found for number in one.like}
    answered = AnsweredQuestions(view.tx).by(people, like, viewer=me)
    skills = Skills(view.tx).matching(people, about, viewer=me)
    return [
        Known(
            person,
            skills.get(person.id),
            len({*terms(person.knows)} & {*about}),
            len({*terms(person.role)} & {*about}),
            answered.get(person.id, {}),
        )
        for _, person in found
    ]


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
