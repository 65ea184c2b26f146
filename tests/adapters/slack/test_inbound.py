"""Everything Slack delivers, as what the core understands; and the core's answer in the form that Slack shows."""

import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.answer import Answer
from adapters.slack.client import Slack
from adapters.slack.heard import WorkspaceEvent
from adapters.slack.inbound import SlackInbound
from adapters.slack.limits import validate, validate_view
from adapters.slack.modals import Origin, read_origin
from bot.inbound import AccountRef, Address, Handled
from bot.text import Reader, t
from bot.ui import Audience, Card, Field, Form, Packed, Reply
from tests.adapters.slack.cards import CARDS, FORMS
from tests.adapters.slack.conftest import NOW, SECRET, Core, Door, encoded, recorded, signed
from tests.adapters.slack.web import Told

READER = Reader()
AMIRA = AccountRef("slack", "T0HMRC001", "U0AMIRA01")
SOON = NOW + timedelta(minutes=30)
ANSWER = '{"c":"answer","question":118}'


def body_of(answer: Answer) -> Any:
    assert answer.status == 200
    return json.loads(answer.body) if answer.body else None


def event(name: str, **changes: Any) -> Any:
    payload = recorded(name)
    return payload | {"event": payload["event"] | changes}


async def test_a_slash_command_is_what_was_typed_after_it(door: Door) -> None:
    await door.say("slash_signpost")
    heard = door.last
    assert heard.said == "ask Can a sole trader register before they have a National Insurance number?"
    assert heard.account == AMIRA
    assert heard.key == "8123456789.812345.0f1e2d3c4b5a"
    assert heard.here.kind == "channel"
    assert heard.body_shows == {Audience.ME, Audience.EVERYONE}
    assert heard.opens_forms
    assert heard.private.via["response_url"].startswith("https://hooks.slack.example/")
    assert heard.private.until == SOON
    assert heard.public == Address("slack", "T0HMRC001", conversation="C0DESIGN1")


async def test_a_short_command_is_the_verb_itself_and_entities_are_read(door: Door) -> None:
    await door.say("slash_ask_in_direct")
    assert door.last.said == "ask Is <90 days> enough for www.gov.uk/set-up-sole-trader & who says so?"


async def test_a_short_command_with_nothing_after_it_is_the_verb_alone(door: Door) -> None:
    await door.say("slash_ask_in_direct", text="  ")
    assert door.last.said == "ask"
    await door.say("slash_signpost", text="")
    assert door.last.said == ""


async def test_a_command_typed_in_a_chat_with_a_colleague_is_never_answered_into_that_chat(door: Door) -> None:
    await door.say("slash_ask_in_direct")
    assert door.last.here.kind == "direct"
    assert door.last.public == Address("slack", "T0HMRC001", user="U0AMIRA01")


@pytest.mark.parametrize(("audience", "seen"), [(Audience.ME, "ephemeral"), (Audience.EVERYONE, "in_channel")])
async def test_a_reply_to_a_command_travels_in_the_response(door: Door, audience: Audience, seen: str) -> None:
    door.core.answer = Handled(READER, reply=Reply(CARDS["buttons"], audience))
    body = body_of(await door.say("slash_signpost"))
    assert body["response_type"] == seen
    assert validate(body["blocks"], "message") == []
    assert door.theirs.calls == []


async def test_a_form_opens_as_a_modal_and_the_response_is_empty(door: Door) -> None:
    door.core.answer = Handled(READER, form=FORMS["lines"])
    assert body_of(await door.say("slash_signpost")) is None
    (asked,) = door.theirs.asked_for("views.open")
    assert asked["trigger_id"] == "8123456789.812345.0f1e2d3c4b5a"
    assert validate_view(asked["view"]) == []
    kept = read_origin(asked["view"]["private_metadata"])
    assert kept == Origin('{"c":"ask"}', "channel", "C0DESIGN1")
    assert door.theirs.calls[0].token == "xoxb-hmrc"


async def test_where_no_modal_can_be_opened_a_button_that_opens_it_is_sent(door: Door) -> None:
    door.theirs.refuse("views.open", "expired_trigger_id")
    door.core.answer = Handled(READER, form=FORMS["lines"])
    url = f"{door.theirs.url}response/1"
    await door.say("slash_signpost", response_url=url)
    (sent,) = door.theirs.asked_for("/response/1")
    assert sent["response_type"] == "ephemeral"
    assert sent["blocks"][-1]["elements"][0]["text"]["text"] == "Fill in"


async def test_a_repeated_command_does_not_use_its_trigger_again(door: Door) -> None:
    door.core.answer = Handled(READER, form=FORMS["lines"], repeated=True)
    assert body_of(await door.say("slash_signpost")) is None
    assert door.theirs.calls == []


async def test_the_answer_does_not_wait_for_the_modal_to_open(door: Door) -> None:
    door.core.answer = Handled(READER, form=FORMS["lines"])
    door.theirs.answer("views.open", Told({"ok": True}, hangs=True))
    body, kind = encoded(recorded("slash_signpost"))
    assert (await door.inbound.handle(body, signed(body, kind))).status == 200
    door.theirs.leave.set()
    await door.inbound.drain()
    assert [call.method for call in door.theirs.calls] == ["views.open"]


async def test_draining_ends_in_time_though_slack_never_answers(door: Door) -> None:
    door.core.answer = Handled(READER, form=FORMS["lines"])
    door.theirs.answer("views.open", Told(hangs=True))
    body, kind = encoded(recorded("slash_signpost"))
    await door.inbound.handle(body, signed(body, kind))
    await door.inbound.drain(0.01)
    door.theirs.leave.set()
    await door.inbound.drain()


async def test_a_press_in_the_direct_chat_is_its_command_in_that_thread(door: Door) -> None:
    await door.say("press_in_direct")
    heard = door.last
    assert heard.payload == ANSWER
    assert heard.said is None
    assert heard.key == "8125456789.812345.aa"
    assert (heard.here.kind, heard.here.thread, heard.here.message) == (
        "direct",
        "1795445000.000100",
        "1795446000.000200",
    )
    via = {"channel": "D0AMIRA01"}
    assert heard.private == Address("slack", "T0HMRC001", user="U0AMIRA01", thread="1795445000.000100", via=via)
    assert heard.original is not None
    assert heard.original.message == "1795446000.000200"
    assert heard.body_shows == frozenset()
    assert heard.opens_forms


async def test_a_press_in_a_channel_is_answered_unseen_or_in_its_thread(door: Door) -> None:
    await door.say("press_in_channel")
    heard = door.last
    assert heard.private.via == {"response_url": "https://hooks.slack.example/actions/T0HMRC001/10/zz"}
    assert heard.public == Address("slack", "T0HMRC001", conversation="C0DESIGN1", thread="1795446100.000300")
    assert heard.original == Address("slack", "T0HMRC001", conversation="C0DESIGN1", message="1795446100.000300")


async def test_an_ephemeral_message_is_redrawn_through_its_response_url(door: Door) -> None:
    await door.say("press_on_ephemeral")
    assert door.last.original is not None
    assert door.last.original.via["replace"] == "yes"
    assert door.last.original.until == SOON


async def test_a_form_after_a_press_opens_with_its_trigger_and_remembers_where_it_came_from(door: Door) -> None:
    door.core.answer = Handled(READER, form=FORMS["lines"])
    await door.say("press_in_direct")
    (asked,) = door.theirs.asked_for("views.open")
    kept = read_origin(asked["view"]["private_metadata"])
    assert (kept.kind, kept.channel, kept.thread, kept.message) == (
        "direct",
        "D0AMIRA01",
        "1795445000.000100",
        "1795446000.000200",
    )


async def test_a_press_inside_a_modal_redraws_that_modal(door: Door) -> None:
    door.core.answer = Handled(READER, form=FORMS["lines"])
    await door.say("press_in_modal")
    (asked,) = door.theirs.asked_for("views.update")
    assert asked["view_id"] == "V0CARD0001"
    assert read_origin(asked["view"]["private_metadata"]).channel == "C0DESIGN1"
    assert door.last.original is not None
    assert door.last.original.via["view"] == "V0CARD0001"
    assert door.last.here.conversation == "C0DESIGN1"


async def test_what_carries_no_command_is_accepted_and_does_nothing(door: Door) -> None:
    action = recorded("press_in_direct")["actions"][0]
    await door.say("press_in_direct", actions=[{k: v for k, v in action.items() if k != "value"}])
    await door.say("press_in_direct", actions=[action | {"type": "static_select"}])
    assert door.core.heard == []


async def test_a_submitted_modal_is_its_command_with_the_answers(door: Door) -> None:
    await door.say("view_submission")
    heard = door.last
    assert heard.payload == ANSWER
    assert heard.answers == {
        "text": "Yes: they can register first & send the number later.",
        "community": "starting-a-business",
        "day": "2026-12-03",
        "start": "14:00",
        "findable": "yes",
        "offers": "",
        "note": "",
    }
    assert heard.body_shows == set(Audience)
    assert (heard.here.kind, heard.here.conversation, heard.here.thread) == (
        "direct",
        "D0AMIRA01",
        "1795445000.000100",
    )


async def test_the_reply_to_a_modal_is_shown_in_its_place(door: Door) -> None:
    door.core.answer = Handled(READER, reply=Reply(CARDS["buttons"]))
    body = body_of(await door.say("view_submission"))
    assert body["response_action"] == "update"
    assert validate_view(body["view"]) == []
    kept = read_origin(body["view"]["private_metadata"])
    assert kept.command == ""
    assert kept.channel == "D0AMIRA01"


async def test_a_modal_whose_reply_is_a_message_closes(door: Door) -> None:
    answer = await door.say("view_submission")
    assert (answer.status, answer.body) == (200, b"")


def submitted(*names: str) -> Any:
    payload = recorded("view_submission")
    values = {name: {name: {"type": "plain_text_input", "value": "typed"}} for name in names}
    return payload | {"view": payload["view"] | {"state": {"values": values}}}


async def test_errors_beside_fields_are_shown_there(door: Door) -> None:
    field = Field("day", t("Day"), "date", error=t("Say a date to come"))
    door.core.answer = Handled(READER, form=Form(t("Schedule"), Packed("{}"), (field,), t("Schedule")))
    body = body_of(await door.deliver(submitted("day")))
    assert body == {"response_action": "errors", "errors": {"day": "Say a date to come"}}


async def test_an_error_about_the_whole_form_stands_above_it_with_what_was_typed(door: Door) -> None:
    field = Field("name", t("Name"), value="typed")
    form = Form(t("Create"), Packed('{"c":"create"}'), (field,), t("Create"), error=t("Taken"))
    door.core.answer = Handled(READER, form=form)
    body = body_of(await door.deliver(submitted("name")))
    assert body["response_action"] == "update"
    assert body["view"]["blocks"][0]["text"]["text"] == "Error: Taken"
    assert body["view"]["blocks"][1]["element"]["initial_value"] == "typed"
    kept = read_origin(body["view"]["private_metadata"])
    assert kept.command == '{"c":"create"}'
    assert kept.channel == "D0AMIRA01"


async def test_a_form_that_now_asks_for_something_else_is_drawn_anew(door: Door) -> None:
    fields = (Field("name", t("Name"), error=t("Too long")), Field("outcome", t("Outcome")))
    door.core.answer = Handled(READER, form=Form(t("Create"), Packed("{}"), fields, t("Create")))
    body = body_of(await door.deliver(submitted("name")))
    assert body["response_action"] == "update"


async def test_what_a_modal_remembers_may_be_long_and_comes_back(door: Door) -> None:
    command = json.dumps({"c": "ask", "text": "What does R&D <relief> cover for a sole trader? " * 70})
    assert len(command) > 3000
    form = Form(t("Ask"), Packed(command), (Field("community", t("Community")),), t("Ask"))
    door.core.answer = Handled(READER, form=form)
    await door.say("slash_signpost")
    view = door.theirs.asked_for("views.open")[0]["view"]
    assert len(view["private_metadata"]) <= 3000
    assert read_origin(view["private_metadata"]).command == command


async def test_a_direct_message_is_what_was_said(door: Door) -> None:
    await door.say("message_im")
    heard = door.last
    assert heard.said == "who knows about R&D relief?"
    assert heard.key == "Ev0IM00001"
    assert (heard.here.kind, heard.here.thread, heard.here.message) == ("direct", "", "1795446400.000500")
    assert heard.private == Address("slack", "T0HMRC001", user="U0AMIRA01", via={"channel": "D0AMIRA01"})
    assert not heard.opens_forms
    assert heard.body_shows == frozenset()


async def test_a_reply_in_a_thread_of_the_direct_chat_is_answered_in_that_thread(door: Door) -> None:
    await door.say("message_im_in_thread")
    assert door.last.said == "Yes, with @gareth and #content-design"
    assert door.last.here.thread == "1795446000.000200"
    assert door.last.private.thread == "1795446000.000200"


async def test_words_with_a_file_and_replies_also_sent_to_the_chat_are_heard(door: Door) -> None:
    await door.say("message_im_file")
    assert door.last.said == "The letter is attached"
    await door.deliver(event("message_im_in_thread", subtype="thread_broadcast"))
    assert len(door.core.heard) == 2


@pytest.mark.parametrize(
    "payload",
    [
        recorded("message_im_bot"),
        recorded("message_im_changed"),
        recorded("reaction_added"),
        event("message_im", user="U0SIGNBOT"),
        event("message_im", user="USLACKBOT"),
        event("message_im", channel_type="channel"),
        event("message_im", subtype="channel_join"),
        event("app_mention", bot_id="B0OTHER01"),
        {"type": "shortcut", "callback_id": "x", "trigger_id": "1", "user": {"id": "U1"}},
        {"type": "view_closed", "view": {"id": "V1", "type": "modal"}, "user": {"id": "U1"}},
        {"type": "block_suggestion", "action_id": "x"},
        {"type": "something_new"},
    ],
)
async def test_what_no_person_said_to_us_is_accepted_and_passed_over(door: Door, payload: Any) -> None:
    answer = await door.deliver(payload)
    assert (answer.status, answer.body) == (200, b"")
    assert door.core.heard == []
    assert door.core.events == []


async def test_a_mention_is_answered_in_its_thread_or_to_its_writer_alone(door: Door) -> None:
    await door.say("app_mention")
    heard = door.last
    assert heard.said == "ask Is @U0GARETH1 right?"
    assert heard.here.kind == "channel"
    assert heard.public == Address("slack", "T0HMRC001", conversation="C0DESIGN1", thread="1795446600.000700")
    assert heard.private == Address("slack", "T0HMRC001", conversation="C0DESIGN1", only_for="U0AMIRA01")


async def test_a_person_from_a_connected_workspace_belongs_to_that_workspace(door: Door) -> None:
    await door.say("app_mention_connect")
    heard = door.last
    assert heard.account == AccountRef("slack", "T0DWP0001", "U0GARETH1")
    assert heard.public.installation == "T0HMRC001"
    assert heard.here.tenant == "T0HMRC001"
    assert heard.said == "I think, help"


async def test_a_person_from_a_connected_organisation_is_never_taken_for_one_of_ours(door: Door) -> None:
    payload = event("app_mention_connect", user_team="E0THEIRS1", team="E0THEIRS1")
    await door.deliver(payload | {"team_id": "T0HMRC001"})
    assert door.last.account.tenant == "E0THEIRS1"
    await door.deliver(event("app_mention", user_team="E0OURS001") | {"enterprise_id": "E0OURS001"})
    assert door.last.account.tenant == "T0HMRC001"


@pytest.mark.parametrize(
    ("name", "happened"),
    [
        ("app_home_opened", WorkspaceEvent("app_home_opened", "Ev0HOME001", "T0HMRC001", AMIRA)),
        ("app_uninstalled", WorkspaceEvent("app_uninstalled", "Ev0GONE001", "T0HMRC001")),
        ("tokens_revoked", WorkspaceEvent("tokens_revoked", "Ev0TOK0001", "T0HMRC001")),
        ("user_change", WorkspaceEvent("user_change", "Ev0USER001", "T0HMRC001", AMIRA)),
        (
            "team_join",
            WorkspaceEvent("team_join", "Ev0USER002", "T0HMRC001", AccountRef("slack", "T0HMRC001", "U0NEW00001")),
        ),
    ],
)
async def test_what_happens_to_the_workspace_is_handed_on(door: Door, name: str, happened: WorkspaceEvent) -> None:
    assert (await door.say(name)).status == 200
    assert door.core.events == [happened]
    assert door.core.heard == []


async def test_the_tokens_of_others_do_not_concern_us(door: Door) -> None:
    await door.deliver(event("tokens_revoked", tokens={"oauth": ["U0AMIRA01"]}))
    assert door.core.events == []


async def test_events_are_accepted_where_nobody_asked_for_them(slack: Slack) -> None:
    inbound = SlackInbound(SECRET, Core().handle, slack, now=lambda: NOW)
    body, kind = encoded(recorded("user_change"))
    assert (await inbound.handle(body, signed(body, kind))).status == 200


@pytest.mark.parametrize(
    "name", ["slash_signpost", "press_in_direct", "view_submission", "message_im", "app_mention", "team_join"]
)
async def test_while_the_database_is_away_slack_is_told_to_try_again(door: Door, name: str) -> None:
    door.core.down = True
    assert (await door.say(name)).status == 503


async def test_a_fault_of_our_own_leaves_as_it_is_for_whoever_answers(slack: Slack) -> None:
    async def fails(inbound: Any) -> Handled:
        raise LookupError("ours")

    inbound = SlackInbound(SECRET, fails, slack, now=lambda: NOW)
    body, kind = encoded(recorded("slash_signpost"))
    with pytest.raises(LookupError, match="ours"):
        await inbound.handle(body, signed(body, kind))


async def test_a_payload_from_socket_mode_takes_the_same_way(door: Door) -> None:
    door.core.answer = Handled(READER, reply=Reply(Card(t("Hello"))))
    body = body_of(await door.inbound.handle_payload(recorded("slash_signpost")))
    assert body["text"] == "Hello"


async def test_a_forged_packing_is_refused(door: Door) -> None:
    action = recorded("press_in_direct")["actions"][0]
    for value in ("z:", "z:!!!!", "z:eJwDAAAA"):
        answer = await door.say("press_in_direct", actions=[action | {"value": value}])
        assert answer.status == 400
    assert door.core.heard == []
