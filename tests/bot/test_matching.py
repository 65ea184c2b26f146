"""Who should get a question: at most three, from more than one organisation, always the same, never the asker."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import MOST, choose, shared
from storage.people import Person
from storage.terms import terms

anything = settings(deadline=None)
TOPICS = ("helplines", "form design", "data sharing", "user research", "")


def someone(number: int, organisation: int, knows: str = "") -> Person:
    return Person(number, f"P{number}", "", organisation, "", True, "en", "Europe/London", knows, True, True, False)


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    """Up to 12 willing people of 4 organisations; the asker may be among them."""
    numbers = draw(st.lists(st.integers(1, 20), unique=True, max_size=12))
    return [someone(n, draw(st.integers(1, 4)), draw(st.sampled_from(TOPICS))) for n in numbers]


ASKERS = st.builds(someone, st.integers(1, 20), st.integers(1, 5))


@anything
@given(ASKERS, crowds())
def test_at_most_three_and_at_most_two_of_one_organisation(asker: Person, willing: list[Person]) -> None:
    chosen = choose(willing, asker)
    assert len(chosen) <= MOST
    assert all(count <= 2 for count in Counter(person.organisation_id for person in chosen).values())
    assert len({person.id for person in chosen}) == len(chosen)


@anything
@given(ASKERS, crowds())
def test_never_the_asker_and_only_the_willing(asker: Person, willing: list[Person]) -> None:
    chosen = choose(willing, asker)
    assert asker.id not in {person.id for person in chosen}
    assert set(chosen) <= set(willing)


@anything
@given(ASKERS, crowds())
def test_one_is_of_another_organisation_where_there_is_one(asker: Person, willing: list[Person]) -> None:
    others = [person for person in willing if person.id != asker.id]
    chosen = choose(willing, asker)
    elsewhere = {person for person in others if person.organisation_id != asker.organisation_id}
    assert bool(elsewhere) == bool(elsewhere & set(chosen))
    assert bool(others) == bool(chosen)


@anything
@given(ASKERS, crowds())
def test_they_keep_their_order_and_the_first_is_among_them(asker: Person, willing: list[Person]) -> None:
    chosen = choose(willing, asker)
    assert chosen == sorted(chosen, key=willing.index)
    others = [person for person in willing if person.id != asker.id]
    assert chosen[:1] == others[:1]


@anything
@given(st.text(max_size=200), st.text(max_size=200))
def test_what_two_texts_share_is_the_same_both_ways(one: str, other: str) -> None:
    assert shared(one, other) == shared(other, one) <= len({*terms(one)})
