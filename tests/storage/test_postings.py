"""Texts in memory: whatever was put, changed and removed, a search finds what a look through all of them would."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.postings import LENGTH, SATURATION, Postings, counted

anything = settings(deadline=None, max_examples=200)
WORDS = ("tax", "form", "call", "welsh", "data")
texts = st.dictionaries(st.sampled_from(WORDS), st.integers(1, 9), max_size=4)
deeds = st.lists(st.tuples(st.integers(0, 5), texts), max_size=30)


def plain_scores(kept: dict[int, dict[str, int]], wanted: dict[str, float]) -> dict[int, float]:
    """BM25 as it is written down, one text after the other."""
    there = {key: terms for key, terms in kept.items() if terms}
    having = Counter(term for terms in there.values() for term in terms)
    average = sum(sum(terms.values()) for terms in there.values()) / max(len(there), 1)
    rarity = {term: math.log1p((len(there) - having[term] + 0.5) / (having[term] + 0.5)) for term in wanted}
    whole = sum(how * rarity[term] for term, how in wanted.items())
    found = {}
    for key, terms in there.items():
        damping = SATURATION * (1 - LENGTH + LENGTH * sum(terms.values()) / average)
        score = sum(
            how * rarity[term] * (SATURATION + 1) * terms[term] / (terms[term] + damping)
            for term, how in wanted.items()
            if term in terms
        )
        if score > 0:
            found[key] = score / whole
    return found


@anything
@given(deeds, st.dictionaries(st.sampled_from(WORDS), st.floats(0.5, 3), min_size=1))
def test_whatever_was_put_changed_and_removed_it_finds_what_a_look_at_all_would(
    done: list[tuple[int, dict[str, int]]], wanted: dict[str, float]
) -> None:
    postings, kept = Postings[int](), dict[int, dict[str, int]]()
    for key, terms in done:
        postings.put(key, terms)
        kept[key] = terms
    expected = plain_scores(kept, wanted)
    found = {one.key: one.score for one in postings.search(wanted, 100)}
    assert found.keys() == expected.keys()
    assert all(found[key] == pytest.approx(expected[key], rel=1e-4) for key in found)
    assert len(postings) == sum(map(bool, kept.values()))


def test_the_best_come_first_and_no_more_than_were_asked_for() -> None:
    postings = Postings[str]()
    for name, often in (("little", 1), ("much", 5), ("some", 2)):
        postings.put(name, {"tax": often, "filler": 10 - often})
    assert [one.key for one in postings.search({"tax": 1.0}, 2)] == ["much", "some"]


def test_of_what_was_removed_nothing_is_left_not_even_its_words() -> None:
    postings = Postings[str]()
    postings.put("a", {"secret": 1, "tax": 1})
    postings.put("b", {"tax": 1})
    postings.remove("a")
    postings.remove("a")
    assert postings.search({"secret": 1.0}, 10) == []
    assert "secret" not in postings._terms and "secret" not in postings._names
    postings.put("c", {"new": 1})
    assert [one.key for one in postings.search({"new": 1.0}, 10)] == ["c"]


def test_a_search_for_what_nobody_wrote_finds_nothing_and_half_known_words_find_half() -> None:
    postings = Postings[int]()
    assert postings.search({"tax": 1.0}, 10) == []
    postings.put(1, {"tax": 1})
    assert postings.search({"zeppelin": 1.0}, 10) == []
    (whole,) = postings.search({"tax": 1.0}, 10)
    (half,) = postings.search({"tax": 1.0, "zeppelin": 1.0}, 10)
    assert half.score < whole.score / 2


def test_terms_of_a_title_count_as_often_as_is_said() -> None:
    assert counted((["tax", "form"], 3), (["tax"], 1)) == {"tax": 4, "form": 3}
