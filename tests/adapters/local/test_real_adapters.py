"""The real adapters against the local platforms over HTTP, with a core of one line between them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port

from adapters.local import faults
from adapters.local.clock import MovableClock
from adapters.local.slack import LocalSlack
from adapters.local.slack_wire import SignatureFault
from adapters.local.teams import LocalTeams
from adapters.local.teams_tokens import TokenFault
from adapters.slack.client import Slack
from adapters.slack.inbound import SlackInbound
from adapters.teams.client import Teams
from adapters.teams.connector import Connector
from adapters.teams.inbound import TeamsInbound
from adapters.teams.keys import KeySet
from adapters.teams.tokens import IncomingTokens, OutgoingTokens
from bot.delivery import NotSent, Parcel, Uncertain, Undeliverable
from bot.inbound import AccountRef, Address, Handled, Inbound
from bot.text import Reader, t, words
from bot.ui import Audience, Button, Card, Field, Form, Packed, Reply
from tests.adapters.local.conftest import AMIRA, CHANNEL, SECRET, TEAM, TOKEN, minutes
from tests.adapters.local.small_bot import APP, GARETH, PASSWORD, TENANT
from tests.adapters.local.small_bot import CHANNEL as TEAMS_CHANNEL

READER = Reader()
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
JOIN = Card(t("Join?"), buttons=(Button(t("Join"), Packed('{"join":{}}')), Button(t("Not now"), Packed('{"no":{}}'))))
ASK = Form(t("Ask"), Packed('{"ask":{}}'), (Field("text", t("Your question"), "lines"),), t("Send"))
SIGNATURE_FAULTS: tuple[SignatureFault, ...] = ("bad", "old", "missing")


@dataclass
class House:
    """Both local platforms, both real adapters, and a core that answers with `answer`."""

    slack: LocalSlack
    teams: LocalTeams
    to_slack: Slack
    to_teams: Teams
    heard: list[Inbound] = field(default_factory=list)
    answer: Callable[[Inbound], Handled] = lambda _: Handled(READER)
    opened: Callable[[], Any] | None = None


@pytest.fixture
async def house(clock: MovableClock) -> AsyncIterator[House]:
    port = unused_port()
    here = f"http://127.0.0.1:{port}"
    slack = LocalSlack(
        signing_secret=SECRET, events_url=f"{here}/slack/events", public_url=f"{here}/local/slack", clock=clock
    )
    teams = LocalTeams(
        app_id=APP,
        app_password=PASSWORD,
        messages_url=f"{here}/api/messages",
        public_url=f"{here}/local/teams",
        clock=clock,
    )
    slack.add_workspace(TEAM, "HMRC", TOKEN)
    slack.add_user(TEAM, AMIRA, "Amira Khan", email="amira.khan@hmrc.example")
    slack.add_channel(TEAM, CHANNEL, "policy", [AMIRA])
    teams.add_tenant(TENANT, "DWP")
    teams.add_user(TENANT, GARETH, "Gareth Lloyd", email="gareth.lloyd@dwp.example")
    teams.add_channel(TENANT, TEAMS_CHANNEL, "Operations", [GARETH])
    slack.wire.deadline = teams.wire.deadline = 60.0
    async with ClientSession() as session:
        to_slack = Slack(session, _token_for, slack.api_url, clock)
        outgoing = OutgoingTokens(session, teams.token_url, APP, PASSWORD, clock)
        to_teams = Teams(Connector(session, outgoing, clock), APP, teams.service_url)
        built = House(slack, teams, to_slack, to_teams)

        async def core(inbound: Inbound) -> Handled:
            built.heard.append(inbound)
            return built.answer(inbound)

        keys = KeySet(session, teams.openid_metadata_url, clock)
        from_slack = SlackInbound(SECRET, core, to_slack, now=clock)
        from_teams = TeamsInbound(IncomingTokens(keys, APP, clock=clock), core, saw=to_teams.saw)
        built.opened = from_slack.drain

        async def slack_door(request: web.Request) -> web.Response:
            answer = await from_slack.handle(await request.read(), request.headers)
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

        async def teams_door(request: web.Request) -> web.Response:
            answer = await from_teams.handle(await request.read(), request.headers)
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

        app = web.Application()
        app.add_routes([web.post("/slack/events", slack_door), web.post("/api/messages", teams_door)])
        app.add_routes([*slack.routes(), *teams.routes()])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield built
        await slack.stop()
        await teams.stop()
        await runner.cleanup()
    assert slack.problems + teams.problems == []


async def _token_for(installation: str) -> str | None:
    return TOKEN if installation == TEAM else None


def parcel(address: Address, body: Card | Form = JOIN) -> Parcel:
    return Parcel(7, 1, address, body, READER, SINCE)


async def test_a_slash_command_is_heard_and_answered_privately(house: House) -> None:
    house.answer = lambda _: Handled(READER, Reply(JOIN))
    await house.slack.command(TEAM, AMIRA, text="communities R&D", channel=CHANNEL)
    assert house.heard[0].said == "communities R&D"
    shown = house.slack.seen(TEAM, AMIRA, CHANNEL)[0]
    assert (shown.ephemeral, shown.buttons()) == (True, ["Join", "Not now"])


async def test_a_form_opens_as_a_modal_and_its_answers_come_back(house: House) -> None:
    house.answer = lambda _: Handled(READER, form=ASK)
    await house.slack.command(TEAM, AMIRA, text="ask")
    assert house.opened is not None
    await house.opened()
    view = house.slack.modal(TEAM, AMIRA)
    assert view is not None
    house.answer = lambda _: Handled(READER, Reply(Card(t("Sent"))))
    await house.slack.submit(TEAM, AMIRA, {"Your question": "How?"})
    assert house.heard[-1].answers == {"text": "How?"}
    again = house.slack.modal(TEAM, AMIRA)
    assert again is not None
    assert "Sent" in again.words()


async def test_a_card_sent_in_slack_is_pressed_redrawn_and_found_again(house: House) -> None:
    address = Address("slack", TEAM, AMIRA)
    sent = await house.to_slack.send(parcel(address))
    await house.slack.press(TEAM, AMIRA, sent.message, "Join")
    assert house.heard[0].payload == '{"join":{}}'
    original = house.heard[0].original
    assert original is not None
    await house.to_slack.send(parcel(original, Card(t("Welcome"))))
    shown = house.slack.seen(TEAM, AMIRA)
    assert [(one.words(), one.edited) for one in shown] == [("Welcome", True)]
    assert await house.to_slack.find_sent(parcel(address, Card(t("Welcome")))) == sent


async def test_a_lost_answer_in_slack_is_uncertain_and_can_be_looked_for(house: House) -> None:
    address = Address("slack", TEAM, AMIRA)
    house.slack.faults.next("chat.postMessage", faults.lost())
    with pytest.raises(Uncertain):
        await house.to_slack.send(parcel(address))
    found = await house.to_slack.find_sent(parcel(address))
    assert found is not None
    assert found.message == house.slack.seen(TEAM, AMIRA)[0].id


async def test_slack_says_when_to_try_again_and_when_never(house: House) -> None:
    house.slack.faults.next("chat.postMessage", faults.limited(after=9))
    with pytest.raises(NotSent) as later:
        await house.to_slack.send(parcel(Address("slack", TEAM, AMIRA)))
    assert later.value.after == 9
    for fault in (faults.empty(), faults.html(503)):
        house.slack.faults.next("chat.postMessage", fault)
        with pytest.raises(NotSent):
            await house.to_slack.send(parcel(Address("slack", TEAM, AMIRA)))
    with pytest.raises(Undeliverable):
        await house.to_slack.send(parcel(Address("slack", TEAM, conversation="C0NONE")))


async def test_an_ephemeral_card_is_redrawn_while_its_url_lives(house: House, clock: MovableClock) -> None:
    house.answer = lambda _: Handled(READER, Reply(JOIN))
    await house.slack.command(TEAM, AMIRA, text="communities", channel=CHANNEL)
    house.answer = lambda _: Handled(READER)
    pressed = house.slack.seen(TEAM, AMIRA, CHANNEL)[0].id
    await house.slack.press(TEAM, AMIRA, pressed, "Join", channel=CHANNEL)
    original = house.heard[-1].original
    assert original is not None
    await house.to_slack.send(parcel(original, Card(t("Welcome"))))
    assert [one.words() for one in house.slack.seen(TEAM, AMIRA, CHANNEL)] == ["Welcome"]
    clock.move_by(minutes(31))
    await house.to_slack.send(parcel(original, Card(t("Too late"))))
    assert [one.words() for one in house.slack.seen(TEAM, AMIRA)] == ["Too late"]


async def test_a_mention_in_a_thread_of_slack_is_heard_without_the_mention(house: House) -> None:
    await house.slack.say(TEAM, AMIRA, "Anyone?", channel=CHANNEL)
    thread = house.slack.seen(TEAM, AMIRA, CHANNEL)[0].id
    await house.slack.say(TEAM, AMIRA, "@Signpost ask <this>?", channel=CHANNEL, thread=thread)
    assert (house.heard[0].said, house.heard[0].here.thread) == ("ask <this>?", thread)
    await house.to_slack.send(parcel(house.heard[0].public))
    assert house.slack.seen(TEAM, AMIRA, CHANNEL)[-1].thread == thread


async def test_the_bots_own_words_in_slack_are_not_heard(house: House) -> None:
    sent = await house.to_slack.send(parcel(Address("slack", TEAM, AMIRA)))
    assert (await house.slack.echo(TEAM, AMIRA, sent.message)).ok
    assert house.heard == []


async def test_slack_without_a_right_signature_is_refused(house: House) -> None:
    for fault in SIGNATURE_FAULTS:
        house.slack.spoil_signature(fault)
        assert (await house.slack.say(TEAM, AMIRA, "help")).status == 401
    assert house.heard == []


async def test_slack_says_who_a_person_is(house: House) -> None:
    profile = await house.to_slack.profile(AccountRef("slack", TEAM, AMIRA), Address("slack", TEAM, AMIRA))
    assert (profile.name, profile.domain, profile.zone) == ("Amira Khan", "hmrc.example", "Europe/London")


async def test_a_personal_message_in_teams_is_heard_and_answered(house: House) -> None:
    await house.teams.say(TENANT, GARETH, "ask R&D?")
    assert house.heard[0].said == "ask R&D?"
    assert house.heard[0].account == AccountRef("teams", TENANT, GARETH)
    sent = await house.to_teams.send(parcel(house.heard[0].private))
    shown = house.teams.seen(TENANT, GARETH)[-1]
    assert (shown.id, shown.buttons()) == (sent.message, ["Join", "Not now"])


async def test_a_card_sent_in_teams_is_pressed_and_redrawn(house: House) -> None:
    sent = await house.to_teams.send(parcel(Address("teams", TENANT, GARETH)))
    house.answer = lambda _: Handled(READER, form=ASK)
    await house.teams.press(TENANT, GARETH, sent.message, "Join")
    assert house.heard[0].payload == '{"join":{}}'
    assert house.teams.seen(TENANT, GARETH)[0].buttons() == ["Send"]
    house.answer = lambda _: Handled(READER, Reply(Card(t("Thank you")), Audience.ME))
    await house.teams.submit(TENANT, GARETH, sent.message, {"Your question": "How?"})
    assert house.heard[1].answers == {"text": "How?"}
    assert "Thank you" in house.teams.seen(TENANT, GARETH)[0].words()
    original = Address("teams", TENANT, GARETH, message=sent.message)
    await house.to_teams.send(parcel(original, Card(words("Closed"))))
    assert [one.words() for one in house.teams.seen(TENANT, GARETH)] == ["Closed"]


async def test_an_old_client_of_teams_is_heard_too(house: House) -> None:
    sent = await house.to_teams.send(parcel(Address("teams", TENANT, GARETH)))
    await house.teams.press_in_old_client(TENANT, GARETH, sent.message, "Not now")
    assert house.heard[0].payload == '{"no":{}}'


async def test_the_slash_picker_of_teams_gets_a_private_reply_in_the_channel(house: House) -> None:
    await house.teams.slash(TENANT, GARETH, "/ask How?", channel=TEAMS_CHANNEL)
    assert (house.heard[0].said or "").removeprefix("/") == "ask How?"
    await house.to_teams.send(parcel(house.heard[0].private))
    assert [one.ephemeral for one in house.teams.seen(TENANT, GARETH, TEAMS_CHANNEL)] == [True, True]


async def test_a_mention_in_a_channel_of_teams_is_answered_in_its_thread(house: House) -> None:
    await house.teams.say(TENANT, GARETH, "@Signpost help", channel=TEAMS_CHANNEL)
    assert house.heard[0].said == "help"
    await house.to_teams.send(parcel(house.heard[0].public))
    first, reply = house.teams.seen(TENANT, GARETH, TEAMS_CHANNEL)
    assert reply.thread == first.id


@pytest.mark.parametrize("fault", get_args(TokenFault))
async def test_teams_without_a_right_token_is_refused(house: House, fault: TokenFault) -> None:
    house.teams.spoil_token(fault)
    assert (await house.teams.say(TENANT, GARETH, "help")).status == 401
    house.teams.problems.clear()
    assert house.heard == []


async def test_a_rotated_key_of_teams_is_believed_after_five_minutes_at_most(house: House, clock: MovableClock) -> None:
    await house.teams.say(TENANT, GARETH, "help")
    house.teams.rotate_key()
    clock.move_by(minutes(5.1))
    await house.teams.say(TENANT, GARETH, "help")
    assert len(house.heard) == 2


async def test_a_refused_token_of_ours_is_renewed_and_an_absent_app_is_told(house: House) -> None:
    address = Address("teams", TENANT, GARETH)
    await house.to_teams.send(parcel(address))
    house.teams.expire_tokens()
    with pytest.raises(NotSent):
        await house.to_teams.send(parcel(address))
    await house.to_teams.send(parcel(address))
    house.teams.block(TENANT, GARETH)
    with pytest.raises(Undeliverable, match="MessageWritesBlocked"):
        await house.to_teams.send(parcel(address))


async def test_teams_says_who_a_person_is(house: House) -> None:
    await house.teams.say(TENANT, GARETH, "help")
    profile = await house.to_teams.profile(AccountRef("teams", TENANT, GARETH), Address("teams", TENANT, GARETH))
    assert (profile.name, profile.domain, profile.guest) == ("Gareth Lloyd", "dwp.example", False)
