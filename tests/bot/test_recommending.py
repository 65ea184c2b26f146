"""Which communities are for somebody: at most three, always the same, each with its reason."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recommending import MOST, best_communities
from bot.text import Reader, say
from storage.communities import Community
from storage.people import Person
from storage.recommending import Candidate

ANN = Person(1, "Ann", "Policy adviser", 1, "HMRC", True, "en", "Europe/London", "", False, False, False)


def community(number: int, name: str, audience: str = "") -> Community:
    said = (name, name, "All is well", "service", "", audience, "forming", "open", True, "", "", "active", None, None)
    return Community(number, f"c{number}", *said)


def candidate(number: int, name: str, colleagues: int = 0, roles: Counter[str] | None = None) -> Candidate:
    return Candidate(community(number, name), 10, colleagues, roles or Counter())


def reasons(*candidates: Candidate, services: tuple[str, ...] = (), me: Person = ANN) -> list[tuple[str, str]]:
    found = best_communities(me, services, candidates)
    return [(one.name, say(reason, Reader())) for one, reason in found]


def test_the_service_one_works_on_goes_before_any_number_of_colleagues() -> None:
    found = reasons(
        candidate(1, "Many colleagues", 30), candidate(2, "Starting a business"), services=("Start a business",)
    )
    assert found == [
        ("Starting a business", "You work on Start a business."),
        ("Many colleagues", "30 people from HMRC are in it."),
    ]


def test_the_two_strongest_reasons_are_said() -> None:
    roles = Counter({"Trade policy lead": 3, "Developer": 9})
    found = reasons(candidate(1, "Trade", 7, roles))
    assert found == [("Trade", "7 people from HMRC are in it. 3 people who do your job are in it.")]


def test_who_it_is_for_counts() -> None:
    found = reasons(Candidate(community(1, "A", "Policy people who are new"), 1, 0, Counter()), candidate(2, "B", 1))
    assert found[0] == ("A", "It is for people with a role like yours.")


def test_where_nothing_speaks_for_any_the_largest_are_shown() -> None:
    small, large = candidate(1, "Small"), candidate(2, "Large")._replace(size=99)
    assert reasons(small, large) == [
        ("Large", "It is one of the largest communities."),
        ("Small", "It is one of the largest communities."),
    ]


def test_a_service_without_a_word_that_matters_is_no_reason() -> None:
    assert reasons(candidate(1, "🚀"), services=("🚀", "")) == [("🚀", "It is one of the largest communities.")]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.sampled_from(["A", "Tax", "Grants"])), max_size=20),
    st.randoms(),
)
def test_there_are_at_most_three_always_the_same_in_any_order(
    rows: list[tuple[int, int, str]], any_order: Random
) -> None:
    given_rows = [
        candidate(number, name, colleagues, Counter({"policy": peers}))
        for number, (colleagues, peers, name) in enumerate(rows)
    ]
    first = reasons(*given_rows, services=("Tax",))
    shuffled = list(given_rows)
    any_order.shuffle(shuffled)
    assert reasons(*shuffled, services=("Tax",)) == first
    assert len(first) == min(MOST, len(rows))
