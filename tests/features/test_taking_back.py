"""When an agreement ends, open questions are taken back, brought to someone else, and their askers see it."""

from datetime import timedelta

from storage.questions import Questions
from tests.features.newcomers import nothing_was_refused
from tests.features.organisations import administers
from tests.features.telling import ASKED, asks, sees, shown
from tests.features.test_agree import apart
from tests.town import Town

__all__ = ["apart"]  # a fixture: pytest finds it by its name here

SOON = timedelta(seconds=2)


async def agree(town: Town, first: str, second: str, other: str, kinds: str = "both") -> None:
    """These two administrators' organisations agreed; `other` is what the second's is called."""
    await town.says(first, f"agree {other} only: {kinds}")
    await town.presses(second, "Agree", on="asks for")


async def end(town: Town, key: str, other: str) -> None:
    """The administrator ended it, and what follows has followed."""
    await town.says(key, f"end agreement {other}")
    await town.presses(key, "End it", on="End what crosses")
    for _ in range(3):
        await town.passes(SOON)


async def states(town: Town, question: int) -> dict[str, str]:
    """What became of the offer to each person, by name."""
    brought = await town.database.read(lambda tx: Questions(tx).brought(question))
    return {one.name: one.state for one in brought}


async def test_who_was_brought_it_sees_it_no_more_and_the_asker_sees_who_has_it(apart: Town) -> None:
    await agree(apart, "amira", "gareth", "DWP")
    await asks(apart, "amira")
    assert sees(apart, "gareth", ASKED)
    await end(apart, "gareth", "HMRC")
    assert not sees(apart, "gareth", ASKED)
    assert sees(apart, "gareth", "Q-21 is no longer shared with your organisation.")
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "undelivered"
    mine = shown(apart, "amira", "Q-21: your question").words()
    assert "Gareth" not in mine
    await apart.says("gareth", "questions")
    assert ASKED not in apart.last("gareth")
    assert nothing_was_refused(apart)


async def test_it_is_brought_to_a_third_organisation_that_agreed(apart: Town) -> None:
    await agree(apart, "amira", "gareth", "DWP")
    await asks(apart, "amira")
    await administers(apart, "sian")
    await agree(apart, "amira", "sian", "Companies House")
    await end(apart, "amira", "DWP")
    brought = await states(apart, 21)
    assert any(
        state == "offered" for name, state in brought.items() if name not in ("Gareth Morlais-Rees", "Tom Heskeway")
    )
    assert all(
        state == "undelivered" for name, state in brought.items() if name in ("Gareth Morlais-Rees", "Tom Heskeway")
    )


async def test_what_was_answered_before_stays_readable_and_is_not_waited_on(apart: Town) -> None:
    await agree(apart, "amira", "gareth", "DWP")
    await asks(apart, "amira")
    await apart.says("gareth", "answer 21 By one page that both helplines keep.")
    assert sees(apart, "amira", "By one page that both helplines keep.")
    await end(apart, "amira", "DWP")
    assert sees(apart, "amira", "By one page that both helplines keep.")
    assert "waiting for you to say" not in shown(apart, "amira", "Q-21: your question").words()


async def test_both_directions_are_taken_back(apart: Town) -> None:
    await agree(apart, "amira", "gareth", "DWP")
    await asks(apart, "amira")
    await asks(apart, "gareth", "Who writes content design guidance for sole traders?")
    await end(apart, "amira", "DWP")
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "undelivered"
    assert (await states(apart, 22))["Amira Haddad"] == "undelivered"


async def test_where_only_names_stop_questions_stay_with_those_who_have_them(apart: Town) -> None:
    await agree(apart, "amira", "gareth", "DWP")
    await asks(apart, "amira")
    await apart.says("amira", "agree DWP only: questions")
    await apart.passes(SOON)
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "offered"
    await apart.says("amira", "agree DWP only: names")
    for _ in range(3):
        await apart.passes(SOON)
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "undelivered"


async def test_who_agrees_again_at_once_takes_nothing_back(apart: Town) -> None:
    await agree(apart, "amira", "gareth", "DWP")
    await asks(apart, "amira")
    await apart.says("gareth", "end agreement HMRC")
    await apart.presses("gareth", "End it", on="End what crosses")
    await apart.presses("gareth", "Agree again")
    await apart.passes(SOON)
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "offered"


async def test_questions_of_others_stay_where_they_are(apart: Town) -> None:
    await administers(apart, "sian")
    await agree(apart, "amira", "gareth", "DWP")
    await agree(apart, "gareth", "sian", "Companies House")
    await asks(apart, "sian")
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "offered"
    await end(apart, "amira", "DWP")
    assert (await states(apart, 21))["Gareth Morlais-Rees"] == "offered"
