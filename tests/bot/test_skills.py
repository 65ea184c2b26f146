"""What people say they know, as they type it: how well, and which skill they mean."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.skills import meant, of_role_first, read_said
from storage.skills import Said, Skill, best_fit
from storage.terms import terms

NAMES = ("User research methods", "Agile working", "Agile working (content design)", "Data governance", "Prototyping")
SKILLS = [Skill(number, name, "Content designer" if "content" in name else "") for number, name in enumerate(NAMES, 1)]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def said(words: str, level: str = "") -> Said:
    return Said(1, 1, None, words, level, NOW)


@pytest.mark.parametrize(
    ("typed", "words", "level"),
    [
        ("user research", "user research", ""),
        ("user research, practitioner", "user research", "practitioner"),
        ("user research (Expert)", "user research", "expert"),
        ("user research at working level", "user research", "working"),
        ("user research - awareness.", "user research", "awareness"),
        ("expert in VAT registration", "VAT registration", "expert"),
        ("I am an expert on barges", "barges", "expert"),
        ("working level of Welsh", "Welsh", "working"),
        ("arbenigwr mewn cychod", "cychod", "expert"),
        ("ymchwil, Ymarferydd", "ymchwil", "practitioner"),
        ("agile working", "agile working", ""),
        ("working with suppliers", "suppliers", "working"),
        ("expert systems", "expert systems", ""),
        ("expert", "expert", ""),
        (", expert", ", expert", ""),
    ],
)
def test_a_level_is_read_where_it_stands_apart(typed: str, words: str, level: str) -> None:
    assert read_said(typed) == (words, level)


@pytest.mark.parametrize(
    ("typed", "skill", "near"),
    [
        ("AGILE  working", "Agile working", []),
        ("user reserch methods", "User research methods", []),
        ("user research", None, ["User research methods"]),
        ("agile", None, ["Agile working", "Agile working (content design)"]),
        ("VAT", None, []),
        ("a", None, []),
        ("data govern", None, ["Data governance"]),
    ],
)
def test_a_skill_is_meant_by_its_name_and_asked_about_where_it_may_be(
    typed: str, skill: str | None, near: list[str]
) -> None:
    found = meant(typed, SKILLS)
    assert (found.skill.name if found.skill else None, [one.name for one in found.near]) == (skill, near)


def test_what_a_sentence_means_is_asked_about_after_what_it_names() -> None:
    found = meant("agile", SKILLS, [SKILLS[4]])
    assert [one.name for one in found.near][-1] == "Prototyping"


def test_the_skills_of_the_role_come_first() -> None:
    assert of_role_first(SKILLS, "Senior content designer")[0].name == "Agile working (content design)"
    assert of_role_first(SKILLS, "")[0].name == "Agile working"


def test_of_what_somebody_says_the_closest_fits_and_then_the_higher_level() -> None:
    known = [said("VAT registration", "awareness"), said("VAT", "working"), said("registering VAT", "expert")]
    assert best_fit(terms("How do I register for VAT?"), known) == known[2]
    assert best_fit(terms("VAT"), known) == known[1]
    assert best_fit([], known) is None and best_fit(["vat"], []) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_words_and_a_level_or_none(typed: str) -> None:
    words, level = read_said(typed)
    assert words in typed or words == typed
    assert level in ("", "awareness", "working", "practitioner", "expert")
    meant(words, SKILLS)
