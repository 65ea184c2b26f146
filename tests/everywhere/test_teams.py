"""What people can type and press in Teams, through the whole of Signpost, as `platforms/teams.md` lists it."""

import pytest

from adapters.local.faults import refusing
from tests.town import Town

GROUP = "19:2f6d1c0a9b8e4d7c8a35e1f0b9d4c6a7@thread.v2"
ASK = "ask How do you hand a caller over to another helpline? community: starting-a-business"
PREVIEW = "Check your question before it is sent"


@pytest.fixture
def channel(town: Town) -> str:
    """The channel “Starting a business” of Gareth's tenant."""
    return town.platforms.teams.channels(town.people["gareth"].tenant)[0].id


@pytest.fixture
def group(town: Town) -> str:
    """A group chat of Gareth's tenant."""
    gareth = town.people["gareth"]
    town.platforms.teams.add_channel(gareth.tenant, GROUP, "Helplines", [gareth.user], kind="groupChat")
    return GROUP


async def picks(town: Town, text: str, channel: str) -> None:
    """Gareth takes a command from the slash picker."""
    gareth = town.people["gareth"]
    sent = await town.platforms.teams.slash(gareth.tenant, gareth.user, text, channel=channel)
    assert sent.ok
    await town.quiet()


@pytest.mark.parametrize("words", ["Hi", "hello!", "Help", "/help", "@Signpost", "signpost help"])
async def test_a_greeting_is_answered_with_what_one_can_do(town: Town, words: str) -> None:
    await town.says("gareth", words)
    assert "Hello Gareth Morlais-Rees." in town.last("gareth")
    assert "Ask a question" in town.sees("gareth")[-1].buttons()
    assert town.platforms.teams.problems == []


@pytest.mark.parametrize("words", ["@Signpost hi", "@Signpost Hello", "@Signpost help", "@Signpost", "help @Signpost"])
async def test_a_greeting_in_a_channel_is_answered_in_the_personal_chat_which_says_why(
    town: Town, channel: str, words: str
) -> None:
    await town.says("gareth", words, place=channel)
    assert town.last("gareth").startswith("This answers what you did in Starting a business.\nHello Gareth")
    assert len(town.sees("gareth", channel)) == 1


@pytest.mark.parametrize("words", [ASK, f"/{ASK}", f"signpost {ASK}", f"  {ASK.replace('ask', 'Ask', 1)} "])
async def test_one_grammar_in_a_personal_chat(town: Town, words: str) -> None:
    await town.says("gareth", words)
    assert PREVIEW in town.last("gareth")
    await town.presses("gareth", "Send")
    assert "Q-21: your question in Starting a business" in town.last("gareth")


@pytest.mark.parametrize("words", [f"@Signpost {ASK}", f"@Signpost /{ASK}", f"{ASK} @Signpost"])
async def test_the_same_by_a_mention_in_a_channel(town: Town, channel: str, words: str) -> None:
    await town.says("gareth", words, place=channel)
    assert PREVIEW in town.last("gareth")
    await town.presses("gareth", "Send")
    assert "Q-21: your question in Starting a business" in town.last("gareth")


async def test_the_same_by_a_mention_in_a_group_chat(town: Town, group: str) -> None:
    await town.says("gareth", f"@Signpost {ASK}", place=group)
    assert town.last("gareth").startswith(f"This answers what you did in a group chat.\n{PREVIEW}")


async def test_words_in_a_channel_without_a_mention_are_not_delivered(town: Town, channel: str) -> None:
    assert not (await town.says("gareth", ASK, place=channel)).sent
    assert town.reads("gareth") == []


async def test_our_name_in_the_middle_of_a_question_stays(town: Town, channel: str) -> None:
    await town.says(
        "gareth", "@Signpost ask Is @Signpost there at night? community: starting-a-business", place=channel
    )
    assert PREVIEW in town.last("gareth")
    assert "Is" in town.last("gareth") and "there at night?" in town.last("gareth")


async def test_a_command_from_the_slash_picker_is_answered_to_its_sender_alone(town: Town, channel: str) -> None:
    gareth = town.people["gareth"]
    tenant = town.platforms.teams
    colleague = next(person for person in tenant.people(gareth.tenant) if person.aad != gareth.user)
    await picks(town, f"/{ASK}", channel)
    assert PREVIEW in town.last("gareth", channel)
    assert town.sees("gareth", channel)[-1].ephemeral
    assert town.reads("gareth") == []
    assert tenant.seen(gareth.tenant, colleague.aad, channel) == []
    await town.presses("gareth", "Send", place=channel)
    assert "Q-21 is asked in Starting a business." in town.last("gareth", channel)
    assert "Q-21: your question in Starting a business" in town.last("gareth")
    assert tenant.problems == []


@pytest.mark.parametrize("status", [400, 403])
async def test_a_targeted_reply_that_is_refused_comes_in_the_personal_chat(
    town: Town, channel: str, status: int
) -> None:
    town.platforms.teams.faults.next("send", refusing(status, "BadArgument"))
    await picks(town, "/communities", channel)
    assert town.last("gareth").startswith("This answers what you did in Starting a business.\nCommunities")


async def test_an_old_client_sends_the_same_by_submit(town: Town) -> None:
    gareth = town.people["gareth"]
    await town.says("gareth", ASK)
    shown = town.sees("gareth")[-1]
    assert (await town.platforms.teams.press_in_old_client(gareth.tenant, gareth.user, shown.id, "Send")).ok
    await town.quiet()
    assert any("Q-21 is asked in Starting a business." in words for words in town.reads("gareth"))
    assert "Q-21: your question in Starting a business" in town.last("gareth")


async def test_an_old_client_gets_a_form_as_a_message_of_its_own(town: Town) -> None:
    gareth = town.people["gareth"]
    await town.says("gareth", "help")
    shown = town.sees("gareth")[-1]
    await town.platforms.teams.press_in_old_client(gareth.tenant, gareth.user, shown.id, "Ask a question")
    await town.quiet()
    await town.fills(
        "gareth", {"What do you want to know?": "Who rings back?", "Which community?": "starting-a-business"}
    )
    assert any(PREVIEW in words for words in town.reads("gareth"))


async def test_installing_welcomes_nobody(town: Town, channel: str) -> None:
    gareth = town.people["gareth"]
    for place in ("", channel):
        assert (await town.platforms.teams.install(gareth.tenant, gareth.user, channel=place)).ok
    joined = {"type": "conversationUpdate", "membersAdded": [{"id": "29:new"}]}
    assert (await town.platforms.teams.event(gareth.tenant, gareth.user, joined, channel=channel)).ok
    await town.quiet()
    assert town.reads("gareth") == town.reads("gareth", channel) == []


async def test_plain_words_under_an_offer_are_met_with_a_choice(town: Town) -> None:
    await town.says("amira", f"/signpost {ASK}")
    await town.presses("amira", "Send")
    await town.says("gareth", "We give the caller a number to quote.")
    assert "Send this as your answer to Q-21?" in town.last("gareth")
    await town.presses("gareth", "Send as my answer")
    assert "We give the caller a number to quote." in town.last("amira")
    assert all(message.thread == "" for message in town.sees("gareth"))


async def test_who_blocked_us_is_passed_over_and_the_asker_sees_who_has_it_instead(town: Town) -> None:
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await town.says("amira", f"/signpost {ASK}")
    preview = town.last("amira")
    assert "Gareth Morlais-Rees" in preview
    await town.presses("amira", "Send")
    await town.signpost.schedule.tick()
    await town.quiet()
    question = next(words for words in town.reads("amira") if "Q-21: your question" in words)
    assert "Gareth" not in question
    assert question.count("(") > preview.count("(") - 1
    assert town.reads("gareth") == []


async def test_who_has_not_added_the_app_is_told_how_where_they_spoke(town: Town, channel: str) -> None:
    gareth = town.people["gareth"]
    await town.platforms.teams.uninstall(gareth.tenant, gareth.user)
    sent = await town.says("gareth", "@Signpost me", place=channel)
    assert sent.ok
    (spoken, told) = town.sees("gareth", channel)
    assert told.thread == spoken.id
    assert "In Teams, open Apps, find Signpost and choose Add." in told.words()
    assert "Morlais-Rees" not in told.words()
    assert town.reads("gareth") == []
