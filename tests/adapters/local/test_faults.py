"""What goes wrong on the local platforms by chance, and where Signpost is faster than they allow."""

from random import Random

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.clock import MovableClock
from adapters.local.faults import Fault, Odds
from adapters.local.rates import Limit, Rates, Window
from adapters.local.slack import LocalSlack
from adapters.local.teams import LocalTeams
from adapters.local.traffic import Delivered
from tests.adapters.local.conftest import AMIRA, BEN, TEAM, Heard, minutes
from tests.adapters.local.small_bot import GARETH, HANA, TENANT, Bot, message


def drawn(odds: Odds, times: int = 10_000) -> list[Fault]:
    chance = Random(7)
    return [found[1] for _ in range(times) if (found := odds.draw(chance)) is not None]


def test_each_fault_comes_as_often_as_its_odds_say() -> None:
    faults = drawn(Odds(failing=0.03, lost=0.03, slow=0.05, limited=0.01))
    met = {
        "failing": [fault for fault in faults if fault.status == 500],
        "lost": [fault for fault in faults if fault.cut and fault.effect],
        "slow": [fault for fault in faults if fault.wait],
        "limited": [fault for fault in faults if fault.status == 429 and "Retry-After" in fault.headers],
    }
    assert {name: round(len(found) / 10_000, 2) for name, found in met.items()} == {
        "failing": 0.03,
        "lost": 0.03,
        "slow": 0.05,
        "limited": 0.01,
    }
    assert sum(map(len, met.values())) == len(faults)


def test_what_is_slow_takes_one_to_three_seconds_and_half_of_it_has_its_effect_first() -> None:
    slow = drawn(Odds(slow=1.0), 1000)
    assert all(1 <= fault.wait <= 3 and not fault.status and not fault.cut for fault in slow)
    assert 400 < sum(fault.effect for fault in slow) < 600


def test_nothing_goes_wrong_by_chance_unless_asked_to() -> None:
    assert drawn(Odds()) == []


async def test_an_answer_that_was_lost_by_chance_is_known_by_its_request(teams: LocalTeams, bot: Bot) -> None:
    chat = await bot.chat()
    teams.faults.by_chance(Odds(lost=1.0), Random(7))
    with pytest.raises(ClientError):
        await bot.call("POST", "conversations", chat, "activities", body=message("Hello"))
    teams.faults.clear()
    assert [one.text for one in teams.seen(TENANT, GARETH)] == ["Hello"]
    assert teams.faults.counts == {"lost": 1}
    assert teams.faults.answers_lost[0] is teams.requests[-1].arguments


async def test_nothing_is_too_fast_until_the_limits_are_to_hold(slack: LocalSlack, client: AsyncWebClient) -> None:
    for number in range(10):
        assert (await client.chat_postMessage(channel=AMIRA, text=f"{number}"))["ok"]


async def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(
    slack: LocalSlack, client: AsyncWebClient, clock: MovableClock
) -> None:
    slack.keep_limits()
    for number in range(5):
        await client.chat_postMessage(channel=AMIRA, text=f"{number}")
    direct = slack.direct(TEAM, AMIRA)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=direct, text="too fast")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert slack.faults.counts["over"] == 1
    assert (await client.chat_postMessage(channel=BEN, text="another conversation"))["ok"]

    clock.move_by(minutes(2 / 60))
    assert (await client.chat_postMessage(channel=direct, text="in time"))["ok"]
    assert "too fast" not in [one.text for one in slack.seen(TEAM, AMIRA)]


async def test_a_workspace_takes_fifty_redraws_a_minute(
    slack: LocalSlack, client: AsyncWebClient, clock: MovableClock
) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="0")
    slack.keep_limits()
    redraw = {"channel": posted["channel"], "ts": posted["ts"]}
    for number in range(50):
        await client.chat_update(**redraw, text=f"{number}")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_update(**redraw, text="one too many")
    assert refused.value.response.headers["Retry-After"] == "60"
    clock.move_by(minutes(1))
    assert (await client.chat_update(**redraw, text="a minute later"))["ok"]


async def test_a_teams_conversation_takes_seven_messages_in_a_second_and_eight_in_two(
    teams: LocalTeams, bot: Bot, clock: MovableClock
) -> None:
    chat, other = await bot.chat(), await bot.chat(HANA)
    teams.keep_limits()

    async def send(to: str) -> int:
        return (await bot.call("POST", "conversations", to, "activities", body=message("Hello")))[0]

    assert [await send(chat) for _ in range(8)] == [201] * 7 + [429]
    assert await send(other) == 201
    clock.move_by(minutes(1.1 / 60))
    assert [await send(chat) for _ in range(2)] == [201, 429]
    clock.move_by(minutes(1 / 60))
    assert await send(chat) == 201


async def test_a_teams_tenant_takes_thirty_requests_a_second(teams: LocalTeams, bot: Bot) -> None:
    chat = await bot.chat()
    teams.keep_limits()
    asked = [(await bot.call("GET", "conversations", chat, "members", GARETH))[0] for _ in range(31)]
    assert asked == [200] * 30 + [429]


def test_what_was_refused_for_haste_does_not_count_against_later_ones(clock: MovableClock) -> None:
    limit = Limit(frozenset({"post"}), lambda arguments, token: token, [Window(2, 10)])
    rates = Rates([limit], clock)
    assert [rates.take("post", {}, "one") for _ in range(4)] == [0, 0, 10, 10]
    clock.move_by(minutes(11 / 60))
    assert [rates.take("post", {}, "one") for _ in range(2)] == [0, 0]


def test_requests_that_count_for_nothing_have_no_limit(clock: MovableClock) -> None:
    rates = Rates([Limit(frozenset({"post"}), lambda arguments, token: "", [Window(1, 10)])], clock)
    assert [rates.take("post", {}, "one") for _ in range(3)] == [0, 0, 0]


async def test_a_carrier_takes_each_delivery_in_the_wires_place(slack: LocalSlack, heard: Heard) -> None:
    once = slack.wire.once
    ways = []

    async def twice(url: str, headers: object, body: bytes) -> Delivered:
        ways.append(url)
        assert isinstance(headers, dict)
        await once(url, headers, body)
        return await once(url, headers, body)

    slack.wire.carrier = twice
    delivered = await slack.say(TEAM, AMIRA, "help")
    assert delivered.ok
    assert [body["event_id"] for body in heard.bodies] == [delivered.event_id] * 2
    assert (ways, len(slack.wire.deliveries)) == ([slack.wire.events_url], 1)
