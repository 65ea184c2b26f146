"""Whether a community has a spread of organisations and professions."""

from bot.balance import grid_of, missing_from, most_in, most_of, scarcest_in
from bot.professions import Profession
from storage.members import Counted

TAX, WORK = "HMRC", "DWP"


def test_the_grid_has_a_row_for_each_organisation_with_its_professions() -> None:
    rows = grid_of(
        [
            Counted(TAX, "Content designer", 3),
            Counted(WORK, "Policy adviser", 1),
            Counted(TAX, "Interaction designer", 1),
            Counted(WORK, "", 2),
        ]
    )
    assert [(row.organisation, row.members) for row in rows] == [(TAX, 4), (WORK, 3)]
    assert rows[0].professions == ((Profession.DESIGN, 4),)
    assert rows[1].professions == ((Profession.POLICY, 1),)


def test_sixty_of_a_hundred_are_not_too_many_and_one_more_is() -> None:
    assert most_of(grid_of([Counted(TAX, "", 60), Counted(WORK, "", 40)])) is None
    assert most_of(grid_of([Counted(TAX, "", 61), Counted(WORK, "", 39)])) == (TAX, 61)


def test_members_whose_organisation_nobody_vouched_for_are_not_one_organisation() -> None:
    assert most_of(grid_of([Counted("", "", 9), Counted(TAX, "", 1)])) is None


def test_most_of_one_profession_is_counted_among_those_whose_role_is_shown() -> None:
    rows = grid_of([Counted(TAX, "Policy adviser", 2), Counted(WORK, "Helpline manager", 1), Counted(WORK, "", 50)])
    assert most_in(rows) == (Profession.POLICY, 66)
    assert most_in(grid_of([Counted(TAX, "Clown", 5)])) is None
    assert most_in([]) is None


def test_what_is_missing_is_what_is_needed_most() -> None:
    rows = grid_of([Counted(TAX, "Policy adviser", 2), Counted(TAX, "Content designer", 1)])
    assert missing_from(rows) is Profession.OPERATIONS
    every = ("Policy adviser", "Helpline manager", "Designer", "User researcher", "Delivery manager", "Developer")
    whole = grid_of([*(Counted(TAX, role, 2) for role in every), Counted(TAX, "Data analyst", 1)])
    assert missing_from(whole) is None
    assert scarcest_in(whole) is Profession.DATA
