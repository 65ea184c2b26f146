"""Whoever says hi, hello or help, wherever they say it, sees what they can do and nobody else is bothered."""

import pytest

from tests.features.newcomers import arrives, channel_of, nothing_was_refused
from tests.town import Town

HELLO = "Signpost connects you with people who work on the same service."
GREETINGS = (
    "hi",
    "Hello",
    "HELP",
    "Help!",
    "help?",
    "hello.",
    "Hi there",
    "hey 👋",
    "good morning",
    "help me please",
    "?",
)


async def test_every_greeting_is_answered_with_help_on_both_platforms(town: Town) -> None:
    for said in GREETINGS:
        for key in ("amira", "gareth"):
            before = len(town.sees(key))
            await town.says(key, said)
            assert HELLO in town.last(key), said
            assert len(town.sees(key)) == before + 2, said
    assert nothing_was_refused(town)


async def test_the_slash_command_alone_and_with_help_shows_help_to_that_person_only(town: Town) -> None:
    place = channel_of(town, "amira")
    for said in ("/signpost", "/signpost help", "/signpost hi"):
        await town.says("amira", said, place=place)
        assert HELLO in town.last("amira", place)
        assert town.sees("amira", place)[-1].ephemeral
    assert all(HELLO not in words for words in town.reads("kofi", place))


async def test_a_mention_in_a_channel_is_answered_where_only_that_person_sees_it(town: Town) -> None:
    for key, other in (("amira", "kofi"), ("gareth", "tom")):
        place = channel_of(town, key)
        await town.says(key, "@Signpost help", place=place)
        assert any(HELLO in words for words in (*town.reads(key), *town.reads(key, place)))
        assert all(HELLO not in words for words in town.reads(other, place))
    assert nothing_was_refused(town)


async def test_the_slash_picker_of_teams_shows_help_to_that_person_only(town: Town) -> None:
    gareth, place = town.people["gareth"], channel_of(town, "gareth")
    await town.platforms.teams.slash(gareth.tenant, gareth.user, "/help", channel=place)
    await town.quiet()
    assert HELLO in town.last("gareth", place)
    assert all(HELLO not in words for words in town.reads("tom", place))


async def test_help_under_a_question_is_help_and_no_answer_to_it(town: Town) -> None:
    await town.says("gareth", "ask How long does the bilingual form design take? community: starting-a-business")
    await town.presses("gareth", "Send")
    before, answers = len(town.sees("gareth")), await town.counts("answer")
    await town.says("sian", "Help!", thread=town.sees("sian")[-1].id)
    assert await town.counts("answer") == answers
    assert len(town.sees("gareth")) == before


async def test_help_begins_with_a_question_for_members_and_with_communities_for_newcomers(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    await town.says("wanda", "hello")
    assert town.sees("wanda")[-1].buttons() == ["See the communities"]
    await town.says("amira", "hello")
    assert town.sees("amira")[-1].buttons() == ["Ask a question", "See the communities"]


@pytest.mark.parametrize("beside", ["amira", "gareth"])
async def test_somebody_new_is_greeted_by_name_or_by_no_name_but_never_by_an_id(town: Town, beside: str) -> None:
    arrives(town, "wanda", "Wanda Quill", beside=beside)
    for _ in range(2):
        await town.says("wanda", "hi")
        assert town.people["wanda"].user not in town.last("wanda")
    assert "Hello Wanda Quill." in town.last("wanda")


async def test_help_lists_only_what_this_person_may_do(town: Town) -> None:
    await town.says("amira", "help")
    assert "showcase new" not in town.last("amira")
    await town.says("gareth", "help")
    assert "showcase new" in town.last("gareth")


async def test_what_help_says_to_type_is_understood_in_every_language(town: Town) -> None:
    for language in ("english", "cymraeg"):
        for key in ("amira", "gareth"):
            await town.says(key, f"me language {language}")
            await town.says(key, "help")
            assert "\nquestions\n" in town.last(key) and "\nshowcase\n" in town.last(key)
            await town.says(key, "questions")
            assert "Q-" in town.last(key)
