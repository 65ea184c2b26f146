"""What people can type and press in Slack, and what happens to it, through the whole of Signpost."""

from datetime import timedelta

import pytest

from adapters.local.faults import Fault, erring, failing
from storage.installations import Installations
from storage.people import People
from tests.town import Town

ASK = "ask How do you hand a caller over to another helpline? community: starting-a-business"
PREVIEW = "Check your question before it is sent"
SENT = "Q-21 is asked in Starting a business."
USED = Fault(404, body='{"ok":false,"error":"used_url"}')


@pytest.fixture
def channel(town: Town) -> str:
    """The channel #starting-a-business of Amira's workspace."""
    return town.platforms.slack.channels(town.people["amira"].tenant)[0].id


def methods(town: Town) -> list[str]:
    """What Slack was asked for, in order."""
    return [request.method for request in town.platforms.slack.requests]


async def opening(town: Town) -> None:
    """The modal that was being opened is open, or was refused."""
    assert town.signpost.slack is not None
    await town.signpost.slack.drain()


async def test_a_slash_command_in_a_channel_is_answered_to_its_sender_alone(town: Town, channel: str) -> None:
    await town.says("amira", f"/signpost {ASK}", place=channel)
    answered = town.sees("amira", channel)[-1]
    assert PREVIEW in answered.words()
    assert answered.ephemeral
    assert town.reads("kofi", channel) == town.reads("amira") == []


async def test_one_grammar_for_each_command_and_in_the_direct_chat(town: Town, channel: str) -> None:
    await town.says("amira", f"/ask {ASK.removeprefix('ask ')}", place=channel)
    await town.says("amira", ASK)
    await town.says("amira", f"@Signpost {ASK}")
    assert PREVIEW in town.last("amira", channel)
    assert sum(PREVIEW in words for words in town.reads("amira")) == 2


async def test_a_mention_in_a_channel_is_answered_to_its_sender_alone(town: Town, channel: str) -> None:
    await town.says("amira", f"@Signpost {ASK}", place=channel)
    answered = town.sees("amira", channel)[-1]
    assert PREVIEW in answered.words()
    assert answered.ephemeral
    assert not any(PREVIEW in words for words in town.reads("kofi", channel))


async def test_a_mention_in_a_thread_is_answered_in_that_thread(town: Town, channel: str) -> None:
    await town.says("kofi", "Who can help with this?", place=channel)
    above = town.sees("kofi", channel)[-1].id
    await town.says("amira", "@Signpost communities", place=channel, thread=above)
    assert town.sees("amira", channel)[-1].thread == above
    assert "Communities" in town.last("amira", channel)


async def test_a_reply_in_a_channels_thread_without_a_mention_is_not_delivered(town: Town, channel: str) -> None:
    await town.says("kofi", "Who can help with this?", place=channel)
    above = town.sees("kofi", channel)[-1].id
    assert not (await town.says("amira", ASK, place=channel, thread=above)).sent
    assert methods(town) == []


async def test_a_button_in_an_ephemeral_message_redraws_it_through_its_response_url(town: Town, channel: str) -> None:
    await town.says("amira", f"/signpost {ASK}", place=channel)
    shown = town.sees("amira", channel)[-1]
    await town.presses("amira", "Send", place=channel)
    assert SENT in town.last("amira", channel)
    assert town.sees("amira", channel)[-1].id == shown.id
    assert methods(town).count("response_url") == 1
    assert "Q-21: your question in Starting a business" in town.last("amira")


async def test_a_response_url_that_takes_no_more_posts_leaves_the_direct_chat(town: Town, channel: str) -> None:
    await town.says("amira", f"/signpost {ASK}", place=channel)
    town.platforms.slack.faults.next("response_url", USED)
    await town.presses("amira", "Send", place=channel)
    assert PREVIEW in town.last("amira", channel)
    assert any(SENT in words for words in town.reads("amira"))


async def test_after_half_an_hour_a_reply_goes_to_the_direct_chat(town: Town, channel: str) -> None:
    await town.says("amira", f"/signpost {ASK}", place=channel)
    town.platforms.slack.faults.next("response_url", failing(503))
    shown = town.sees("amira", channel)[-1]
    amira = town.people["amira"]
    await town.platforms.slack.press(amira.tenant, amira.user, shown.id, "Send", channel=channel)
    await town.signpost.delivery.settled()
    await town.passes(timedelta(minutes=31))
    assert any(SENT in words for words in town.reads("amira"))
    assert methods(town).count("response_url") == 1


async def test_what_a_command_lacks_is_asked_for_in_a_modal_opened_by_its_trigger(town: Town, channel: str) -> None:
    await town.says("amira", "/signpost ask", place=channel)
    await opening(town)
    modal = town.modal("amira")
    assert modal is not None and modal.title == "Ask a question"
    await town.fills("amira", {"question": "Who rings back?", "community": "starting-a-business"})
    modal = town.modal("amira")
    assert modal is not None and PREVIEW in modal.words()


async def test_an_expired_trigger_leaves_a_card_that_opens_the_form_when_it_is_pressed(
    town: Town, channel: str
) -> None:
    town.platforms.slack.faults.next("views.open", erring("expired_trigger_id"))
    await town.says("amira", "/signpost ask", place=channel)
    await opening(town)
    assert town.modal("amira") is None
    await town.presses("amira", "Fill in", place=channel)
    await opening(town)
    modal = town.modal("amira")
    assert modal is not None and modal.title == "Ask a question"


async def test_an_uninstalled_app_keeps_no_token_and_sends_nothing_there(town: Town) -> None:
    amira = town.people["amira"]
    await town.says("amira", f"/signpost {ASK}")
    await town.presses("amira", "Send")
    town.platforms.slack.reset()
    assert (await town.platforms.slack.event(amira.tenant, {"type": "app_uninstalled"})).ok
    kept = await town.database.read(lambda tx: Installations(tx).at("slack", amira.tenant))
    assert kept is not None and not kept.active and kept.token == ""
    await town.says("gareth", "answer 21 We give the caller a number.")
    assert [request for request in town.platforms.slack.requests if request.token.endswith(amira.tenant)] == []


async def test_a_changed_user_is_asked_about_again(town: Town) -> None:
    amira = town.people["amira"]
    await town.says("amira", "help")
    town.platforms.slack.add_user(amira.tenant, amira.user, "Amira Haddad-Jones", zone="Europe/Paris")
    changed = {"type": "user_change", "user": {"id": amira.user, "team_id": amira.tenant}}
    assert (await town.platforms.slack.event(amira.tenant, changed)).ok
    await town.quiet()
    found = await town.database.read(lambda tx: People(tx).by_account("slack", amira.tenant, amira.user))
    assert found is not None and (found[0].name, found[0].zone) == ("Amira Haddad-Jones", "Europe/Paris")


async def test_an_event_that_comes_again_is_done_once(town: Town) -> None:
    first = await town.says("amira", ASK)
    before = await town.counts("question")
    for _ in range(3):
        again = await town.platforms.slack.redeliver(first)
        assert again.status == 200
        assert again.event_id == first.event_id
    await town.quiet()
    assert await town.counts("question") == before
    assert sum(PREVIEW in words for words in town.reads("amira")) == 1


@pytest.mark.parametrize("words", ["communities", ASK, "Who knows about helplines at night?"])
async def test_who_comes_from_a_workspace_without_the_app_is_told_so(town: Town, channel: str, words: str) -> None:
    slack, amira = town.platforms.slack, town.people["amira"]
    slack.add_user(amira.tenant, "U0STRANGER", "Sam Elsewhere")
    slack.add_channel(amira.tenant, channel, "starting-a-business", [amira.user, "U0STRANGER"])
    mention = {
        "type": "app_mention",
        "user": "U0STRANGER",
        "team": "T0ELSEWHERE",
        "user_team": "T0ELSEWHERE",
        "channel": channel,
        "text": f"<@{slack.bot_user(amira.tenant)}> {words}",
        "ts": "1795428000.000100",
        "event_ts": "1795428000.000100",
    }
    assert (await slack.event(amira.tenant, mention)).ok
    await town.quiet()
    (told,) = slack.seen(amira.tenant, "U0STRANGER", channel)
    assert told.ephemeral
    assert "Your own workspace has not added Signpost" in told.words()
    assert slack.seen(amira.tenant, amira.user, channel) == []
