"""Where somebody stands in a community, from counts alone."""

from bot.standing import Standing, in_words, standing
from bot.text import Reader, say
from storage.members import Counted
from storage.people import Person

ANN = Person(1, "Ann", "Policy adviser", 1, "HMRC", True, "en", "Europe/London", "", False, False, False)
COUNTED = [
    Counted("HMRC", "Policy adviser", 2),
    Counted("HMRC", "Content designer", 5),
    Counted("DWP", "Trade policy lead", 3),
    Counted("DWP", "", 9),
    Counted("", "", 4),
]


def words(stands: Standing, person: Person = ANN) -> list[str]:
    return [say(text, Reader()) for text in in_words(stands, person)]


def test_peers_are_of_the_same_profession_and_colleagues_of_the_same_organisation() -> None:
    assert standing(ANN, COUNTED) == Standing(members=23, peers=5, colleagues=7, elsewhere=3)
    assert words(standing(ANN, COUNTED)) == [
        "You are one of 5 people in policy, and one of 7 people from HMRC.",
        "3 people do your job in other organisations.",
    ]


def test_who_is_not_verified_is_of_no_organisation() -> None:
    ann = ANN._replace(verified=False)
    assert standing(ann, [Counted("", "", 4)]) == Standing(4, 0, 0, 0)
    assert words(Standing(4, 0, 0, 0), ann) == []


def test_a_role_that_fits_no_profession_is_compared_by_its_words() -> None:
    ann = ANN._replace(role="Private Secretary")
    counted = [Counted("HMRC", "private secretary", 1), Counted("DWP", "Private secretary", 2), Counted("DWP", "X", 3)]
    assert standing(ann, counted) == Standing(6, 3, 1, 2)
    assert words(Standing(6, 3, 1, 2), ann) == [
        "You are the only member from HMRC.",
        "2 people do your job in other organisations.",
    ]


def test_who_said_no_role_has_no_peers() -> None:
    assert standing(ANN._replace(role=""), COUNTED).peers == 0
