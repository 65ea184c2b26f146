"""What the tray hands over, as calls of Slack's Web API over real HTTP; and every way in which they fail."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from adapters.slack import client
from adapters.slack.client import Slack
from adapters.slack.limits import validate, validate_view
from bot.delivery import NotSent, Parcel, Sent, Uncertain, Undeliverable
from bot.inbound import AccountRef, Address
from bot.text import Reader, t
from bot.ui import Card, Drawable, Quote
from bot.vouching import Profile
from tests.adapters.slack.cards import ANSWER, CARDS, FORMS
from tests.adapters.slack.conftest import NOW, recorded
from tests.adapters.slack.web import SlackWeb, Told

AMIRA = Address("slack", "T0HMRC001", user="U0AMIRA01")
THREAD = Address("slack", "T0HMRC001", user="U0AMIRA01", conversation="D0AMIRA01", thread="1795446000.000200")
CHANNEL = Address("slack", "T0HMRC001", conversation="C0DESIGN1")
SINCE = NOW - timedelta(hours=2)
LONG = Card(t("Q-118"), (Quote("word " * 5000),), buttons=(ANSWER,))


def parcel(address: Address = AMIRA, body: Drawable = CARDS["buttons"], id: int = 41) -> Parcel:
    return Parcel(id, 1, address, body, Reader(), SINCE)


def responding(theirs: SlackWeb, **via: str) -> Address:
    url = f"{theirs.url}response/1"
    return Address(
        "slack", "T0HMRC001", "U0AMIRA01", via={"response_url": url, **via}, until=NOW + timedelta(minutes=1)
    )


async def test_a_card_is_posted_to_the_person_and_the_chat_comes_back(theirs: SlackWeb, slack: Slack) -> None:
    sent = await slack.send(parcel())
    (call,) = theirs.calls
    assert call.method == "chat.postMessage"
    assert call.token == "xoxb-hmrc"
    assert call.arguments["channel"] == "U0AMIRA01"
    assert call.arguments["metadata"] == {"event_type": "signpost", "event_payload": {"outbox": 41}}
    assert call.arguments["unfurl_links"] is False
    assert validate(call.arguments["blocks"], "message") == []
    assert sent == Sent("1795450000.000001", "D0AMIRA01")


async def test_a_thread_is_kept(theirs: SlackWeb, slack: Slack) -> None:
    await slack.send(parcel(THREAD))
    (asked,) = theirs.asked_for("chat.postMessage")
    assert (asked["channel"], asked["thread_ts"]) == ("D0AMIRA01", "1795446000.000200")


async def test_a_long_card_is_several_messages_and_the_first_is_named(theirs: SlackWeb, slack: Slack) -> None:
    sent = await slack.send(parcel(body=LONG))
    asked = theirs.asked_for("chat.postMessage")
    assert len(asked) > 1
    assert sent.message == "1795450000.000001"
    assert [any(block["type"] == "actions" for block in one["blocks"]) for one in asked] == [False] * (
        len(asked) - 1
    ) + [True]
    assert {one["channel"] for one in asked[1:]} == {"D0AMIRA01"}


async def test_the_first_part_of_a_long_card_is_not_posted_again_when_the_second_was_refused(
    theirs: SlackWeb, slack: Slack
) -> None:
    first = Told({"ok": True, "channel": "D0AMIRA01", "ts": "1.000001"})
    theirs.answer("chat.postMessage", first, Told({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3"}))
    with pytest.raises(NotSent):
        await slack.send(parcel(body=LONG))
    sent = await slack.send(parcel(body=LONG))
    asked = theirs.asked_for("chat.postMessage")
    assert sent.message == "1.000001"
    assert asked[0]["blocks"][0]["type"] == "header"
    assert sum(one["blocks"][0]["type"] == "header" for one in asked) == 1


async def test_a_message_is_redrawn_where_it_stands(theirs: SlackWeb, slack: Slack) -> None:
    address = Address("slack", "T0HMRC001", conversation="C0DESIGN1", message="1.5")
    assert await slack.send(parcel(address)) == Sent("1.5", "C0DESIGN1")
    (asked,) = theirs.asked_for("chat.update")
    assert (asked["channel"], asked["ts"]) == ("C0DESIGN1", "1.5")


async def test_a_redrawn_long_card_stays_one_message_with_its_buttons(theirs: SlackWeb, slack: Slack) -> None:
    address = Address("slack", "T0HMRC001", conversation="C0DESIGN1", message="1.5")
    await slack.send(parcel(address, LONG))
    (asked,) = theirs.asked_for("chat.update")
    assert asked["blocks"][-1]["type"] == "actions"


async def test_a_direct_chat_known_only_by_its_user_is_opened_to_redraw_in_it(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("conversations.open", Told({"ok": True, "channel": {"id": "D0AMIRA01"}}))
    address = Address("slack", "T0HMRC001", user="U0AMIRA01", message="1.5")
    assert await slack.send(parcel(address)) == Sent("1.5", "D0AMIRA01")
    assert [call.method for call in theirs.calls] == ["conversations.open", "chat.update"]


async def test_what_is_for_one_person_is_seen_by_them_alone(theirs: SlackWeb, slack: Slack) -> None:
    address = Address("slack", "T0HMRC001", conversation="C0DESIGN1", only_for="U0AMIRA01")
    assert await slack.send(parcel(address)) == Sent("", "C0DESIGN1")
    (asked,) = theirs.asked_for("chat.postEphemeral")
    assert (asked["channel"], asked["user"]) == ("C0DESIGN1", "U0AMIRA01")


async def test_a_response_url_answers_without_a_token(theirs: SlackWeb, slack: Slack) -> None:
    assert await slack.send(parcel(responding(theirs, thread="1.5"))) == Sent()
    (call,) = theirs.calls
    assert (call.method, call.token) == ("/response/1", "")
    assert call.arguments["response_type"] == "ephemeral"
    assert call.arguments["replace_original"] is False
    assert call.arguments["thread_ts"] == "1.5"


async def test_an_ephemeral_message_is_replaced(theirs: SlackWeb, slack: Slack) -> None:
    await slack.send(parcel(responding(theirs, replace="yes")))
    assert theirs.calls[0].arguments["replace_original"] is True


@pytest.mark.parametrize("told", [Told({"ok": False, "error": "used_url"}, 404), Told("expired_url", 404)])
async def test_when_a_response_url_takes_no_more_the_direct_chat_does(
    theirs: SlackWeb, slack: Slack, told: Told
) -> None:
    theirs.answer("/response/1", told)
    sent = await slack.send(parcel(responding(theirs)))
    assert sent.conversation == "D0AMIRA01"
    assert [call.method for call in theirs.calls] == ["/response/1", "chat.postMessage"]


async def test_a_response_url_past_its_time_is_not_tried(theirs: SlackWeb, slack: Slack) -> None:
    past = Address("slack", "T0HMRC001", "U0AMIRA01", via={"response_url": f"{theirs.url}response/1"}, until=NOW)
    await slack.send(parcel(past))
    assert [call.method for call in theirs.calls] == ["chat.postMessage"]


@pytest.mark.parametrize("told", [Told("", 500), Told("slow down", 429, {"Retry-After": "7"})])
async def test_a_response_url_that_refuses_for_now_is_tried_later(theirs: SlackWeb, slack: Slack, told: Told) -> None:
    theirs.answer("/response/1", told)
    with pytest.raises(NotSent):
        await slack.send(parcel(responding(theirs)))


@pytest.mark.parametrize("body", [CARDS["buttons"], FORMS["lines"]])
async def test_an_open_modal_is_redrawn(theirs: SlackWeb, slack: Slack, body: Drawable) -> None:
    shown = Address("slack", "T0HMRC001", user="U0AMIRA01", via={"view": "V1", "origin": '{"channel":"C1"}'})
    assert await slack.send(parcel(shown, body)) == Sent()
    (asked,) = theirs.asked_for("views.update")
    assert asked["view_id"] == "V1"
    assert asked["view"]["private_metadata"] == '{"channel":"C1"}' or body == FORMS["lines"]
    assert validate_view(asked["view"]) == []


async def test_when_the_modal_was_closed_the_direct_chat_says_it(theirs: SlackWeb, slack: Slack) -> None:
    theirs.refuse("views.update", "not_found")
    shown = Address("slack", "T0HMRC001", user="U0AMIRA01", via={"view": "V1"})
    assert (await slack.send(parcel(shown))).conversation == "D0AMIRA01"


LATER: list[tuple[Told, float]] = [
    (Told({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"}), 30.0),
    (Told("Too many", 429, {"Retry-After": "9", "Content-Type": "text/plain"}), 9.0),
    (Told({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "soon"}), 0.0),
    (Told({"ok": False, "error": "ratelimited"}), 0.0),
    (Told({"ok": False, "error": "fatal_error"}), 0.0),
    (Told({"ok": False, "error": "internal_error"}, 500), 0.0),
    (Told({"ok": False, "error": "token_expired"}), 0.0),
    (Told("", 503), 0.0),
    (Told("", 500, {"Content-Type": "application/json"}), 0.0),
    (Told("<html>Bad gateway</html>", 502), 0.0),
    (Told("<html>fine</html>", 200), 0.0),
    (Told("fine", 200, {"Content-Type": "text/plain"}), 0.0),
    (Told("{", 200, {"Content-Type": "application/json"}), 0.0),
    (Told(["a list"], 200), 0.0),
    (Told({"no": "sense"}, 200), 0.0),
]


@pytest.mark.parametrize("at", range(len(LATER)))
async def test_what_slack_refuses_for_now_was_not_sent(theirs: SlackWeb, slack: Slack, at: int) -> None:
    told, after = LATER[at]
    theirs.answer("chat.postMessage", told)
    with pytest.raises(NotSent) as refused:
        await slack.send(parcel())
    assert refused.value.after == after
    assert len(theirs.calls) == 1


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_found",
        "account_inactive",
        "token_revoked",
        "invalid_auth",
        "cannot_dm_bot",
        "invalid_blocks",
        "an_error_of_tomorrow",
    ],
)
async def test_what_will_never_arrive_says_why(theirs: SlackWeb, slack: Slack, code: str) -> None:
    theirs.refuse("chat.postMessage", code)
    with pytest.raises(Undeliverable, match=code):
        await slack.send(parcel())


async def test_a_message_that_is_gone_cannot_be_redrawn(theirs: SlackWeb, slack: Slack) -> None:
    theirs.refuse("chat.update", "message_not_found")
    with pytest.raises(Undeliverable, match="message_not_found"):
        await slack.send(parcel(Address("slack", "T0HMRC001", conversation="C1", message="1.5")))


async def test_without_a_token_nothing_is_sent(theirs: SlackWeb, slack: Slack) -> None:
    with pytest.raises(Undeliverable, match="not_installed"):
        await slack.send(parcel(Address("slack", "T0GONE001", user="U1")))
    assert theirs.calls == []


async def test_a_lost_answer_is_uncertain_and_nothing_is_sent_again_by_itself(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("chat.postMessage", Told(breaks=True))
    with pytest.raises(Uncertain):
        await slack.send(parcel())
    assert len(theirs.calls) == 1


async def test_no_answer_in_time_is_uncertain(theirs: SlackWeb, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST", 0.2)
    theirs.answer("chat.postMessage", Told(hangs=True))
    with pytest.raises(Uncertain, match="timeout"):
        await slack.send(parcel())


async def test_a_redraw_without_an_answer_is_simply_tried_again(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("chat.update", Told(breaks=True))
    with pytest.raises(NotSent):
        await slack.send(parcel(Address("slack", "T0HMRC001", conversation="C1", message="1.5")))


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async def token_for(installation: str) -> str | None:
        return "xoxb"

    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotSent):
            await Slack(session, token_for, "http://127.0.0.1:1/api/").send(parcel())


def history(*outbox: int, **more: Any) -> Told:
    messages = [
        {
            "ts": f"1.{n:06}",
            "text": "x",
            "metadata": {"event_type": "signpost", "event_payload": {"outbox": n}},
        }
        for n in outbox
    ]
    return Told({"ok": True, "messages": [{"ts": "1.9", "text": "hello"}, *messages], **more})


async def test_an_earlier_try_is_found_in_the_direct_chat(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("conversations.open", Told({"ok": True, "channel": {"id": "D0AMIRA01"}}))
    theirs.answer("conversations.history", history(40, 41))
    assert await slack.find_sent(parcel()) == Sent("1.000041", "D0AMIRA01")
    assert theirs.asked_for("conversations.history")[0]["include_all_metadata"] == "1"


async def test_an_earlier_try_in_a_thread_is_looked_for_to_its_end(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("conversations.replies", history(7, response_metadata={"next_cursor": "abc"}), history(41))
    assert await slack.find_sent(parcel(THREAD)) == Sent("1.000041", "D0AMIRA01")
    assert [asked.get("cursor") for asked in theirs.asked_for("conversations.replies")] == [None, "abc"]


async def test_what_never_arrived_is_not_found(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("conversations.replies", history(40))
    assert await slack.find_sent(parcel(THREAD)) is None


async def test_half_of_a_long_card_is_found_and_only_the_rest_is_posted(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("conversations.replies", history(41))
    assert await slack.find_sent(parcel(THREAD, LONG)) is None
    sent = await slack.send(parcel(THREAD, LONG))
    assert sent.message == "1.000041"
    assert all(one["blocks"][0]["type"] != "header" for one in theirs.asked_for("chat.postMessage"))


async def test_a_channel_cannot_be_asked(theirs: SlackWeb, slack: Slack) -> None:
    assert await slack.find_sent(parcel(CHANNEL)) is None
    assert theirs.calls == []


async def test_a_profile_is_what_slack_says(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("users.info", Told(recorded("users_info")))
    found = await slack.profile(AccountRef("slack", "T0HMRC001", "U0AMIRA01"), AMIRA)
    assert found == Profile("Amira Khan", "hmrc.example", "Europe/London", "en")
    assert theirs.asked_for("users.info") == [{"user": "U0AMIRA01", "include_locale": "1"}]


@pytest.mark.parametrize("sign", ["is_restricted", "is_ultra_restricted", "is_stranger"])
async def test_guests_and_strangers_are_guests(theirs: SlackWeb, slack: Slack, sign: str) -> None:
    theirs.answer("users.info", Told({"ok": True, "user": recorded("users_info")["user"] | {sign: True}}))
    found = await slack.profile(AccountRef("slack", "T0HMRC001", "U0AMIRA01"), AMIRA)
    assert (found.guest, found.domain) == (True, "")


async def test_a_person_who_left_is_gone(theirs: SlackWeb, slack: Slack) -> None:
    theirs.answer("users.info", Told({"ok": True, "user": {"id": "U1", "name": "reid", "deleted": True}}))
    assert await slack.profile(AccountRef("slack", "T0HMRC001", "U1"), AMIRA) == Profile("reid", gone=True)


async def test_neither_tokens_nor_words_are_logged_or_in_errors(
    theirs: SlackWeb, slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    theirs.answer("chat.postMessage", Told({"ok": False, "error": "invalid_blocks", "echo": "R&D"}))
    with pytest.raises(Undeliverable) as refused:
        await slack.send(parcel(body=CARDS["quote"]))
    seen = "\n".join(record.getMessage() for record in caplog.records) + repr(refused.value) + str(refused.value)
    assert "xoxb" not in seen
    assert "gov.uk" not in seen
    assert refused.value.__cause__ is None


async def test_messages_to_several_people_share_one_session(theirs: SlackWeb, slack: Slack) -> None:
    await asyncio.gather(*(slack.send(parcel(id=n)) for n in range(1, 9)))
    outboxes = {asked["metadata"]["event_payload"]["outbox"] for asked in theirs.asked_for("chat.postMessage")}
    assert outboxes == set(range(1, 9))
