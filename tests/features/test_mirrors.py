"""Mirrors: one question is one record, drawn for each person from what it is now, in place, in their own tool."""

from functools import partial

from bot.command import Draw, registry
from bot.ui import Card
from bot.work import View
from storage.database import Transaction
from storage.people import Person
from tests.features.telling import ASKED, IN_TEAMS, agreements_end, asks, fills_in, nothing_was_refused, person, shown
from tests.town import Town

SAID = "We agreed one page."


async def test_each_person_keeps_one_message_for_a_question_however_often_it_changes(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    await town.presses("gareth", "Withdraw", on=SAID)
    for key in ("gareth", "kofi", "sian"):
        assert len([words for words in town.reads(key) if "Q-21 from Amira Haddad, Content" in words]) == 1
    assert len([words for words in town.reads("amira") if "Q-21: your question" in words]) == 1
    assert nothing_was_refused(town)


async def test_a_question_is_never_an_ephemeral_message(town: Town) -> None:
    await town.says("amira", f"/ask {ASKED}")
    await town.presses("amira", "Send")
    await town.says("gareth", f"answer 21 {SAID}")
    for has in ("Q-21: your question", SAID):
        assert not shown(town, "amira", has).ephemeral
    assert not any(message.ephemeral for message in town.sees("sian"))


async def test_everything_said_hangs_in_one_slack_thread_on_both_sides(town: Town) -> None:
    await town.says("amira", f"/ask {ASKED}")
    await town.presses("amira", "Send")
    await fills_in(town, "sian", "Ask back", {"What do you want to say?": "Which helpline?"}, on="Q-21 from")
    await fills_in(town, "amira", "Write back", {"What do you want to say?": "The employer one."})
    await town.says("sian", SAID, thread=shown(town, "sian", "Q-21 from").id)
    for key in ("amira", "sian"):
        root = next(message for message in town.sees(key) if "Q-21" in message.words() and not message.ephemeral)
        for has in ("Which helpline?", "The employer one.", SAID):
            assert shown(town, key, has).thread == root.id


async def test_who_lost_the_right_to_see_a_question_sees_it_no_more_when_it_changes(town: Town) -> None:
    await asks(town, "amira")
    await agreements_end(town, "gareth")
    await town.says("sian", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    assert ASKED not in "".join(message.words() for message in town.sees("gareth"))
    assert shown(town, "gareth", "Q-21 is no longer shared with your organisation.").buttons() == [
        "See the questions that wait"
    ]


async def test_what_a_person_was_never_shown_is_not_drawn_for_them_after_they_may_not_see_it(town: Town) -> None:
    await asks(town, "amira")
    eleni = await person(town, "eleni")
    await agreements_end(town, "eleni")
    card = await town.database.read(lambda tx: registry.drawings["question"](21, eleni, View(tx, town.clock())))
    assert card is None


async def test_a_record_that_is_not_there_draws_nothing(town: Town) -> None:
    amira = await person(town, "amira")
    for draw in registry.drawings.values():
        assert await town.database.read(partial(_drawn, draw, amira, town)) is None


def _drawn(draw: Draw, reader: Person, town: Town, tx: Transaction) -> Card | None:
    return draw(999, reader, View(tx, town.clock()))


async def test_a_long_question_is_told_in_full_to_those_asked_and_in_a_line_beside_its_answer(town: Town) -> None:
    long = "Or is it not so with you? " * 55
    await asks(town, "gareth", f"{IN_TEAMS} {long.strip()}")
    assert long.strip() in shown(town, "sian", "Q-21 from").words().replace("\n", " ").replace(">", "")
    await town.says("sian", f"answer 21 {SAID}")
    line = next(line for line in shown(town, "gareth", SAID).words().splitlines() if line.startswith("You asked: "))
    assert len(line) <= 101
    assert line.endswith("…")


async def test_one_word_longer_than_a_line_still_says_how_it_begins(town: Town) -> None:
    await asks(town, "gareth", "w" * 400)
    key = next(key for key in town.people if any("Q-21 from" in words for words in town.reads(key)))
    await town.says(key, f"answer 21 {SAID}")
    assert "You asked: wwwww" in shown(town, "gareth", SAID).words()
