"""Words that are no command: what they may be is asked, a mistyped verb is understood, nothing is lost."""

import asyncio

import pytest

from tests.features.newcomers import channel_of, nothing_was_refused
from tests.town import Town

SENTENCE = "Does anybody keep a list of helpline numbers?"


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_a_sentence_in_the_direct_chat_gets_a_choice_of_what_it_is(town: Town, key: str) -> None:
    await town.says(key, SENTENCE)
    assert town.sees(key)[-1].buttons() == ["Ask this", "Find who knows", "Help"]
    assert SENTENCE in town.last(key)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_a_sentence_with_a_mention_in_a_channel_gets_the_same_choice_privately(town: Town, key: str) -> None:
    place = channel_of(town, key)
    await town.says(key, f"@Signpost {SENTENCE}", place=place)
    seen = (*town.sees(key), *town.sees(key, place))
    assert any(message.buttons() == ["Ask this", "Find who knows", "Help"] for message in seen)
    other = "kofi" if key == "amira" else "tom"
    assert all("Ask this" not in message.buttons() for message in town.sees(other, place))


async def test_ask_this_shows_who_would_get_it_before_anybody_does(town: Town) -> None:
    await town.says("amira", SENTENCE)
    await town.presses("amira", "Ask this")
    assert "Check your question before it is sent" in town.last("amira")
    assert SENTENCE in town.last("amira")
    assert town.reads("gareth") == []
    await town.presses("amira", "Send")
    assert any(SENTENCE in words for words in town.reads("gareth"))


async def test_find_who_knows_looks_for_people_and_asks_nobody(town: Town) -> None:
    await town.says("amira", "Somebody who knows about call handover")
    await town.presses("amira", "Find who knows")
    assert "Gareth Morlais-Rees" in town.last("amira")
    assert town.reads("gareth") == []


async def test_fewer_than_four_words_that_mean_nothing_get_help(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "purple monkey dishwasher")
        assert "Signpost does not know “purple monkey dishwasher”. Here is what you can say." in town.last(key)
        assert "ask Who looks after the sole trader form?" in town.last(key)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("jion services-in-welsh", "join services-in-welsh"),
        ("comunities", "communities"),
        ("me lnik", "me link"),
        ("qestions", "questions"),
        ("whoknow pensions", "whoknows pensions"),
        ("laeve starting-a-business", "leave starting-a-business"),
    ],
)
async def test_a_mistyped_verb_is_met_with_what_was_meant(town: Town, said: str, meant: str) -> None:
    await town.says("amira", said)
    assert f"Did you mean “{meant}”?" in town.last("amira")
    assert town.sees("amira")[-1].buttons() == ["Yes, do that", "Help"]


async def test_yes_does_what_was_meant(town: Town) -> None:
    await town.says("amira", "jion services-in-welsh")
    await town.presses("amira", "Yes, do that")
    assert "Welcome to Services in Welsh" in town.last("amira")
    await town.says("gareth", "jion employing-someone")
    await town.presses("gareth", "Yes, do that")
    assert "Welcome to Employing someone" in town.last("gareth")


async def test_a_mistyped_verb_with_many_words_is_met_with_both_choices(town: Town) -> None:
    await town.says("amira", "jion employing-someone as helpline content designer")
    assert town.sees("amira")[-1].buttons() == ["Yes, do that", "Ask this", "Find who knows", "Help"]


async def test_a_verb_with_a_word_of_politeness_is_the_verb(town: Town) -> None:
    await town.says("amira", "showcase please")
    assert "Did you mean" not in town.last("amira")
    await town.says("amira", "me please!")
    assert "Amira Haddad" in town.last("amira")


async def _offered(town: Town) -> None:
    await town.says("amira", f"ask {SENTENCE}")
    await town.presses("amira", "Send")
    assert SENTENCE in town.last("gareth")


async def test_plain_text_answers_a_question_that_waits_once_that_is_said(town: Town) -> None:
    await _offered(town)
    before = len(town.sees("amira"))
    await town.says("gareth", "Yes, on our shared page.")
    assert "Send this as your answer to Q-21?" in town.last("gareth")
    assert len(town.sees("amira")) == before
    await town.presses("gareth", "Send as my answer")
    assert any("Yes, on our shared page." in words for words in town.reads("amira"))
    assert nothing_was_refused(town)


async def test_pressing_twice_at_once_answers_once(town: Town) -> None:
    await _offered(town)
    await town.says("gareth", "Yes, on our shared page.")
    gareth, card = town.people["gareth"], town.sees("gareth")[-1].id
    press = town.platforms.teams.press
    await asyncio.gather(*(press(gareth.tenant, gareth.user, card, "Send as my answer") for _ in range(2)))
    await town.quiet()
    assert sum("answers Q-21" in words for words in town.reads("amira")) == 1


async def test_even_one_word_can_be_an_answer_where_a_question_waits(town: Town) -> None:
    await _offered(town)
    await town.says("gareth", "Sometimes")
    await town.presses("gareth", "Send as my answer")
    assert any("Sometimes" in words for words in town.reads("amira"))


async def test_a_command_is_never_taken_for_an_answer(town: Town) -> None:
    await _offered(town)
    answers = await town.counts("answer")
    await town.says("gareth", "communities")
    assert "Send this as your answer" not in town.last("gareth")
    assert await town.counts("answer") == answers


async def test_where_two_questions_wait_the_person_says_which_is_answered(town: Town) -> None:
    await _offered(town)
    await town.says("kofi", "ask Which helplines record why people call? community: starting-a-business")
    await town.presses("kofi", "Send")
    await town.says("gareth", "We do, in fourteen reasons.")
    assert "Which question does this answer?" in town.last("gareth")
    await town.presses("gareth", "Send to Q-21")
    assert any("fourteen reasons" in words for words in town.reads("amira"))
    assert all("fourteen reasons" not in words for words in town.reads("kofi"))


@pytest.mark.parametrize(
    "said",
    [
        'Is there "the long guide" about 100% <b>bold</b> & *stars*?',
        "“Curly quotes” and ‘single ones’ – does this come through?",
        "Kto może odpowiedzieć na to pytanie 🤷🏽‍♀️ dziś?",
        "من يعرف هذا الموضوع في وزارتكم؟",
        "מי יודע על הנושא הזה אצלכם?",
        "Braces {like} {0} {these} stay as they are?",
    ],
)
async def test_whatever_is_written_arrives_as_it_was_written(town: Town, said: str) -> None:
    for asker in ("amira", "tom"):
        await town.says(asker, said)
        await town.presses(asker, "Ask this", values={})
        if "Which community?" in town.last(asker):
            await town.fills(asker, {"Which community?": "Starting a business"})
        assert said in town.last(asker), asker
    assert nothing_was_refused(town)


async def test_a_zero_byte_is_dropped_and_breaks_nothing(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "Does a zero\0 byte break anything?")
        assert "Does a zero byte break anything?" in town.last(key)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_text_that_is_too_long_is_refused_in_words_and_nothing_is_kept(town: Town, key: str) -> None:
    await town.says(key, "word " * 800)
    assert "Use 3000 or fewer." in town.last(key)
    assert await town.counts("draft") == 0
    assert nothing_was_refused(town)


async def test_a_slash_with_an_unknown_verb_gets_help_in_a_channel_too(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "/signpost frobnicate", place=place)
    assert "Signpost does not know “frobnicate”." in town.last("amira", place)
