"""Pure: what people say they know, as they type it: how well, and which skill of a framework they mean."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from bot.professions import same_profession
from bot.text import Text, Value, listing, t, tn, words
from storage.skills import LEVELS, Said, Skill, folded
from storage.terms import terms

NAMES: dict[str, Text] = {
    "awareness": t("Awareness"),
    "working": t("Working"),
    "practitioner": t("Practitioner"),
    "expert": t("Expert"),
}
"""Each level as a heading or a choice."""
INSIDE: dict[str, Text] = {
    "awareness": t("awareness"),
    "working": t("working"),
    "practitioner": t("practitioner"),
    "expert": t("expert"),
}
"""Each level in brackets."""
SHOWN = 10
"""Of what somebody knows, in one line of a profile."""
NEAR = 4
"""Skills that somebody may have meant, at most."""
CLEAR = 0.93
"""How alike a mistyped name must be, of 1, to be taken as meant: "user reserch methods" is .97."""
CLOSE = 0.8
"""How alike it must be to be asked about."""

CALLED = {
    **{level: level for level in LEVELS[1:]},
    "ymwybyddiaeth": "awareness",
    "gweithio": "working",
    "ymarferydd": "practitioner",
    "arbenigwr": "expert",
}
"""What people call the levels, in English and Welsh."""
_ANY = "|".join(CALLED)
_BEFORE = re.compile(
    rf"(?:i am |i'm |i’m )?(?:an? )?({_ANY})(?: level)?(?: in| of| with| at| on| mewn| yn| ar|:) +(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_AFTER = re.compile(
    rf"(.*\S)(?:\s*[,;:]\s*| [-–—] | at )(?:an? )?({_ANY})(?: level)?[.!]?|(.*\S)\s*\(({_ANY})\)",
    re.IGNORECASE | re.DOTALL,
)


class Meant(NamedTuple):
    """The skill that is meant, or those that may be, the likeliest first; neither where it is a topic of their own."""

    skill: Skill | None
    near: tuple[Skill, ...] = ()


def read_said(said: str) -> tuple[str, str]:
    """What somebody knows and how well: "user research, practitioner", "expert in VAT registration"; "" for no level.

    A level stands apart: in "agile working" there is none.
    """
    before = _BEFORE.fullmatch(said)
    if before:
        return before.group(2).strip(), CALLED[before.group(1).lower()]
    after = _AFTER.fullmatch(said)
    if after:
        first, one, second, other = after.groups()
        return (first or second).strip(), CALLED[(one or other).lower()]
    return said, ""


def meant(said: str, skills: Sequence[Skill], alike: Sequence[Skill] = ()) -> Meant:
    """Which of the skills these words name: whatever the case, mistyped a little, or where they are asked about.

    `alike` are those that the words mean though they do not name them.
    """
    plain = folded(said)
    named = {folded(skill.name): skill for skill in skills}
    if plain in named:
        return Meant(named[plain])
    likeness = {name: _likeness(plain, name) for name in named}
    clear = [named[name] for name, how in likeness.items() if how >= CLEAR]
    if len(clear) == 1:
        return Meant(clear[0])
    own = frozenset(terms(said))
    within = [skill for skill in skills if own and own <= frozenset(terms(skill.name))]
    within.sort(key=lambda skill: len(skill.name))
    close = sorted((name for name, how in likeness.items() if how >= CLOSE), key=lambda name: -likeness[name])
    near = dict.fromkeys([*within, *(named[name] for name in close), *alike])
    return Meant(None, tuple(near)[:NEAR])


def _likeness(said: str, name: str) -> float:
    matcher = SequenceMatcher(None, said, name, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= CLOSE and matcher.quick_ratio() >= CLOSE else 0.0


def of_role_first(skills: Sequence[Skill], role: str) -> list[Skill]:
    """The skills of somebody's role first, then those of their profession, then the others; each by name."""
    plain = folded(role)

    def place(skill: Skill) -> int:
        roles = [one for one in skill.roles.split(" | ") if one]
        if plain and any(folded(one) in plain for one in roles):
            return 0
        return 1 if any(same_profession(role, one) for one in roles) else 2

    return sorted(skills, key=lambda skill: (place(skill), skill.name.casefold()))


def shown(one: Said) -> Text:
    """What somebody knows and how well: "User research (practitioner)"."""
    return t("{what} ({level})", what=one.words, level=INSIDE[one.level]) if one.level else words(one.words)


def in_a_line(said: Sequence[Said]) -> Value:
    """The first ten things that somebody says they know, the best known first, and how many more there are."""
    if not said:
        return t("not said yet")
    best = best_first(said)
    more = [tn("{n} more thing", "{n} more things", n=len(best) - SHOWN)] if len(best) > SHOWN else []
    return listing([*map(shown, best[:SHOWN]), *more])


def best_first(said: Sequence[Said]) -> list[Said]:
    """By level, the highest first, then by name."""
    return sorted(said, key=lambda one: (-LEVELS.index(one.level), folded(one.words)))
