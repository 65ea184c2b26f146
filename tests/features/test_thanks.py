"""Thanks: the asker alone says them, once for each answer, and who answered sees it on the card of their answer."""

import pytest
from sqlalchemy import select

from storage import tables
from storage.tables import columns
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import ASKED, IN_TEAMS, asks, person, sees, shown
from tests.features.test_forget import is_forgotten
from tests.town import Town

SAID = "We agreed one page with the other helpline."
THANK = '{"do":"say-thanks","answer":%d}'


async def thanked(town: Town, key: str) -> int:
    """For how many questions the person was thanked, as the ranking counts it."""
    known, a = await person(town, key), columns(tables.Activity)
    mine = select(a.thanked).where(a.person_id == known.id)
    rows: list[tuple[int]] = await town.database.read(lambda tx: tx.once(mine))
    return sum(count for (count,) in rows)


@pytest.mark.parametrize(
    ("asker", "author", "asked", "called"),
    [
        ("amira", "gareth", ASKED, "Amira Haddad, HMRC"),
        ("gareth", "sian", IN_TEAMS, "Gareth Morlais-Rees, DWP"),
    ],
)
async def test_who_answered_sees_the_thanks_on_their_card_and_gets_no_message(
    town: Town, asker: str, author: str, asked: str, called: str
) -> None:
    await asks(town, asker, asked)
    await town.says(author, f"answer 21 {SAID}")
    before = len(town.sees(author))
    await town.presses(asker, "Say thanks", on=SAID)
    assert f"{called} thanks you for it." in shown(town, author, SAID).words()
    assert len(town.sees(author)) == before
    assert "You thanked them." in shown(town, asker, SAID).words()
    assert shown(town, asker, SAID).buttons() == ["This answers it", "Write back"]
    assert await thanked(town, author) == 1
    assert nothing_was_refused(town)


async def test_an_answer_that_was_accepted_can_be_thanked_for_too(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    assert shown(town, "amira", SAID).buttons() == ["Say thanks", "Write back"]
    await town.presses("amira", "Say thanks")
    assert shown(town, "amira", SAID).buttons() == ["Write back"]
    words = shown(town, "gareth", SAID).words()
    assert "Amira Haddad, HMRC says this answers it." in words and "Amira Haddad, HMRC thanks you for it." in words


async def test_thanking_twice_counts_once_and_redraws_nothing(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "Say thanks")
    seen, kept = town.reads("gareth"), await town.counts("audit")
    await presses_forged(town, "amira", THANK % await town.counts("answer"))
    assert "You thanked them." in shown(town, "amira", SAID).words()
    assert town.reads("gareth") == seen and await town.counts("audit") == kept
    assert await thanked(town, "gareth") == 1


async def test_each_answer_is_thanked_for_and_who_gave_two_counts_once(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 The first half.")
    await town.says("gareth", "answer 21 The second half.")
    for half in ("The first half.", "The second half."):
        await town.presses("amira", "Say thanks", on=half)
        assert "thanks you for it." in shown(town, "gareth", half).words()
    assert await thanked(town, "gareth") == 1
    await town.presses("gareth", "Withdraw", on="The first half.")
    assert await thanked(town, "gareth") == 1
    await town.presses("gareth", "Withdraw", on="The second half.")
    assert await thanked(town, "gareth") == 0


async def test_thanks_go_with_the_answer_though_another_stays(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 The first half.")
    await town.says("gareth", "answer 21 The second half.")
    await town.presses("amira", "Say thanks", on="The first half.")
    await town.presses("gareth", "Withdraw", on="The first half.")
    assert await thanked(town, "gareth") == 0


async def test_nobody_but_the_asker_says_thanks(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    number = await town.counts("answer")
    for key, why in (
        ("gareth", "Only the person who asked can say thanks for an answer."),
        ("sian", "Only the person who asked can say thanks for an answer."),
        ("harpreet", "This answer was withdrawn or is not yours to see."),
    ):
        await presses_forged(town, key, THANK % number)
        assert why in town.last(key)
    assert not sees(town, "gareth", "thanks you for it")
    assert await thanked(town, "gareth") == 0


async def test_there_are_no_thanks_for_a_question_back_or_an_answer_that_is_gone(town: Town) -> None:
    await asks(town, "amira")
    await town.presses("gareth", "Ask back")
    await town.fills("gareth", {"What do you want to say?": "Which helpline?"})
    await presses_forged(town, "amira", THANK % await town.counts("answer"))
    assert sees(town, "amira", "Only the person who asked can say thanks for an answer.")
    await town.says("sian", f"answer 21 {SAID}")
    await town.presses("sian", "Withdraw", on=SAID)
    await presses_forged(town, "amira", THANK % await town.counts("answer"))
    assert sees(town, "amira", "This answer was withdrawn or is not yours to see.")


async def test_a_former_member_cannot_be_thanked_and_is_not_offered_to_be(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await is_forgotten(town, "gareth")
    await town.presses("amira", "This answers it", on=SAID)
    assert "Say thanks" not in shown(town, "amira", SAID).buttons()
    await presses_forged(town, "amira", THANK % await town.counts("answer"))
    assert sees(town, "amira", "Who answered this is not here any more, so nobody would see your thanks.")
