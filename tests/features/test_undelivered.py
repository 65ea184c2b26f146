"""Administrators hear what could not be delivered in their organisation, in words, at most once a day."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from adapters.local.faults import erring, failing, lost, refusing
from adapters.slack import limits as slack_limits
from adapters.slack.render import message, one_message
from adapters.teams import limits as teams_limits
from adapters.teams.render import adaptive_card
from bot.administration import appoint, health
from bot.features.undelivered import OF_MESSAGES, OF_PEOPLE, OF_PLACES, Report, drawn
from bot.inbound import Address
from bot.letters import Chosen, decide
from bot.text import Reader, say, t
from bot.ui import Card, Paragraph
from bot.undeliverable import Cause
from bot.work import Work
from config.logging import formatter
from storage import tables
from storage.letters import Brought, Failure
from storage.tables import columns, table
from tests.features.newcomers import channel_of
from tests.features.telling import (
    ASKED,
    BUSINESS,
    IN_TEAMS,
    asks,
    changes,
    consents,
    people_with,
    person,
    sees,
    shown,
)
from tests.town import Town

A_WHILE = timedelta(minutes=16)
A_DAY = timedelta(days=1)
TOLD = "could not be delivered in the last day"
x = columns(tables.Outbox)


async def administers(town: Town, *keys: str) -> None:
    """The command line made them administrators."""
    for local in (town.people[key] for key in keys):
        who = f"{local.platform}:{local.tenant}:{local.user.removeprefix('29:')}"
        said = await town.database.write(partial(appoint, who=who, now=town.clock()))
        assert "is an administrator of" in said


async def letters(town: Town) -> list[tuple[int, str, str, str]]:
    """The number, kind, state and reason of each message that was given up, or is uncertain."""
    found = select(x.id, x.kind, x.state, x.reason).where(x.state.in_(["undeliverable", "dead", "uncertain"]))
    return await town.database.read(lambda tx: tx.once(found.order_by(x.id)))


async def is_sent(town: Town, *keys: str, kind: str = "notice", body: str = "Something for you") -> None:
    """Signpost had a message for each of these, and it went out or was given up."""
    for key in keys:
        await is_owed(town, (await person(town, key)).id, kind, body)
    await town.quiet()


async def is_owed(town: Town, number: int, kind: str = "notice", body: str = "Something for you") -> None:
    """Signpost has a message for this person."""
    await changes(town, lambda work: work.send(number, Card(t(body)), kind=kind))


async def leaves_after_joining(town: Town, user: str, tenant: str) -> int:
    """Somebody whose account is gone by the time Signpost writes to them."""
    town.platforms.slack.faults.next("chat.postMessage", erring("user_not_found"), 99, channel=user)

    def join(work: Work) -> int:
        number = work.people.add("Somebody", work.now)
        work.people.add_account(number, ("slack", tenant, user), work.now)
        return number

    return await changes(town, join)


def told(town: Town, key: str) -> list[str]:
    """What this administrator was told."""
    return [words for words in town.reads(key) if TOLD in words or "may not have arrived" in words]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the production log would say."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


async def test_a_question_for_someone_who_took_the_app_away_goes_to_another_and_administrators_hear(town: Town) -> None:
    await administers(town, "tom", "seun")
    gareth = town.people["gareth"]
    await town.platforms.teams.uninstall(gareth.tenant, gareth.user)
    await asks(town, "amira")
    await town.passes(timedelta(minutes=1))
    card = shown(town, "amira", "Q-21: your question").words()
    assert "Gareth" not in card and len(people_with(town, ASKED)) == 4
    assert told(town, "tom") == []

    await town.passes(A_WHILE)
    (words,) = told(town, "tom")
    assert "1 message to 1 person could not be delivered in the last day" in words
    assert "Signpost is not installed for 1 person." in words
    assert "1 question among them is with someone else now." in words
    assert "say signpost tray" in words
    for secret in ("Gareth", "hand a caller over", "Amira"):
        assert secret not in words
    assert [key for key in town.people if told(town, key)] == ["tom"]
    assert [found[1:] for found in await letters(town)] == [
        ("mirror", "undeliverable", "not_installed BotNotInConversationRoster")
    ]


async def test_a_question_for_someone_who_left_the_workspace_goes_to_another_and_administrators_hear(
    town: Town,
) -> None:
    await administers(town, "seun")
    sian = town.people["sian"]
    town.platforms.slack.faults.next("chat.postMessage", erring("user_disabled"), 99, channel=sian.user)
    await asks(town, "gareth", IN_TEAMS)
    await town.passes(timedelta(minutes=1))
    assert "Siân" not in shown(town, "gareth", "Q-21: your question").words()
    await town.passes(A_WHILE)
    (words,) = told(town, "seun")
    assert "1 message to 1 person" in words
    assert "1 person has left, or their chat with Signpost is gone." in words
    assert [found[3] for found in await letters(town)] == ["left user_disabled"]


async def test_a_question_that_nobody_else_may_be_asked_waits_and_administrators_hear_that(town: Town) -> None:
    await administers(town, "tom")
    for key in ("kofi", "sian", "seun", "priya", "mei", "tom", "nadia", "eleni"):
        await consents(town, key, False)
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await asks(town, "amira")
    await town.passes(timedelta(minutes=1))
    assert "Waiting for a member to find it under questions" in shown(town, "amira", "Q-21: your question").words()
    await town.passes(A_WHILE)
    (words,) = told(town, "tom")
    assert "Signpost is blocked for 1 person." in words
    assert "1 question among them waits for a member to find it under questions." in words


async def test_many_failures_for_many_reasons_are_one_message_with_the_right_counts(town: Town) -> None:
    await administers(town, "amira")
    kofi, tenant = town.people["kofi"], town.people["kofi"].tenant
    for number in range(3):
        await is_owed(town, await leaves_after_joining(town, f"U0GONE{number}", tenant))
    town.platforms.slack.faults.next("chat.postMessage", erring("restricted_action"), 2, channel=kofi.user)
    await is_sent(town, "kofi", "kofi")
    channel = Address("slack", tenant, conversation=channel_of(town, "kofi"))
    town.platforms.slack.archive(tenant, channel.conversation)
    await changes(town, lambda work: work.post(channel, Card(t("News for all")), kind="news"))
    await town.quiet()
    await town.passes(A_WHILE)
    (words,) = told(town, "amira")
    assert "6 messages to 4 people could not be delivered in the last day" in words
    assert "3 people have left, or their chats with Signpost are gone." in words
    assert "Signpost is blocked for 1 person." in words
    assert "1 channel is archived." in words


async def test_administrators_hear_once_a_day_and_of_each_failure_once(town: Town) -> None:
    await administers(town, "tom")
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await is_sent(town, "gareth", "gareth")
    await town.passes(A_WHILE)
    await is_sent(town, "gareth")
    await town.passes(timedelta(hours=12))
    await is_sent(town, "gareth")
    await town.passes(timedelta(hours=11))
    assert ["2 messages to 1 person" in words for words in told(town, "tom")] == [True]

    await town.passes(timedelta(hours=2))
    assert len(told(town, "tom")) == 2
    assert "2 messages to 1 person" in told(town, "tom")[-1]
    await town.passes(A_DAY)
    await town.passes(A_DAY)
    assert len(told(town, "tom")) == 2

    await is_sent(town, "gareth")
    await town.passes(A_WHILE)
    assert len(told(town, "tom")) == 3
    assert "1 message to 1 person" in told(town, "tom")[-1]


async def test_a_reminder_that_may_have_arrived_is_listed_and_not_sent_twice(town: Town) -> None:
    await administers(town, "tom")
    town.platforms.teams.faults.next("send", lost())
    await is_sent(town, "gareth", kind="reminder", body="It begins")
    await town.passes(A_WHILE)
    (words,) = told(town, "tom")
    assert "1 message of the last day may not have arrived" in words
    assert "1 reminder or announcement may have arrived or not. It is not sent twice." in words
    assert sum("It begins" in read for read in town.reads("gareth")) == 1


async def test_that_administrators_cannot_be_told_is_in_the_log_and_told_to_nobody(
    town: Town, log: io.StringIO
) -> None:
    await administers(town, "tom")
    for key in ("gareth", "tom"):
        town.platforms.teams.block(town.people[key].tenant, town.people[key].user)
    await is_sent(town, "gareth")
    for _ in range(3):  # on the fourth day owners are shown their bulletins
        await town.passes(A_DAY)
    assert [found[1] for found in await letters(town)] == ["notice", "undelivered"]
    assert log.getvalue().count("no administrator was told what could not be delivered") == 1


@pytest.mark.parametrize("without", ["administrator", "account", "tie"])
async def test_where_nobody_can_be_told_the_log_and_the_doctor_say_so(
    town: Town, log: io.StringIO, without: str
) -> None:
    tom, gareth = await person(town, "tom"), town.people["gareth"]
    if without != "administrator":
        await administers(town, "tom")
    accounts, installations = table(tables.Account), table(tables.Installation)
    no_account = delete(accounts).where(accounts.c.person_id == tom.id)
    no_tie = update(installations).where(installations.c.tenant == gareth.tenant).values(organisation_id=None)
    if without != "administrator":
        await town.database.write(lambda tx: tx.once(no_account if without == "account" else no_tie))
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await is_sent(town, "gareth", "gareth")
    await town.passes(A_WHILE)
    assert not any(told(town, key) for key in town.people)
    said = [json.loads(line) for line in log.getvalue().splitlines()]
    (warning,) = [line for line in said if line["message"].startswith("no administrator was told")]
    assert (warning["platform"], warning["tenant"]) == ("teams", gareth.tenant)
    assert (warning["messages"], warning["people"], warning["uncertain"]) == (2, 1, 0)

    lines, well = await town.database.read(health)
    assert not well
    assert "Say signpost tray to see which messages need a decision, and why." in lines
    assert any("Messages undeliverable: 2" in line for line in lines)
    nobody = "Department for Work and Pensions has no administrator to be told of failures: say signpost administrator."
    assert (nobody in lines) == (without == "administrator")


async def test_once_the_cause_is_mended_retry_delivers(town: Town) -> None:
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await is_sent(town, "gareth", body="The first")
    town.platforms.teams.block(gareth.tenant, gareth.user, False)
    town.platforms.slack.faults.next("chat.postMessage", erring("account_inactive"))
    await is_sent(town, "amira", body="The second")
    ids = [found[0] for found in await letters(town)]
    town.clock.move_by(timedelta(hours=1))
    said = await decide(town.database, "retry", Chosen(ids), town.clock())
    assert said == "2 messages are tried again now."
    await town.quiet()
    assert "The first" in town.last("gareth") and "The second" in town.last("amira")
    assert await letters(town) == []


async def test_a_retried_message_whose_first_try_arrived_is_found_and_not_sent_again(town: Town) -> None:
    slack = town.platforms.slack
    slack.faults.next("chat.postMessage", lost())
    slack.faults.next("conversations.history", erring("channel_not_found"))
    await is_sent(town, "amira", body="Only once")
    ((number, _, state, reason),) = await letters(town)
    assert (state, reason) == ("undeliverable", "not_installed channel_not_found")
    await decide(town.database, "retry", Chosen([number]), town.clock())
    await town.quiet()
    assert await letters(town) == []
    assert sum("Only once" in words for words in town.reads("amira")) == 1


async def test_an_uncertain_reminder_that_somebody_retries_is_sent(town: Town) -> None:
    town.platforms.teams.faults.next("send", lost())
    await is_sent(town, "gareth", kind="reminder", body="It begins")
    assert await decide(town.database, "retry", Chosen(states=["uncertain"]), town.clock()) == (
        "1 message is tried again now."
    )
    await town.quiet()
    assert sum("It begins" in words for words in town.reads("gareth")) == 2
    assert await letters(town) == []


async def test_what_is_dropped_is_never_sent(town: Town) -> None:
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await is_sent(town, "gareth")
    ((number, *_),) = await letters(town)
    town.platforms.teams.block(gareth.tenant, gareth.user, False)
    assert await decide(town.database, "drop", Chosen([number]), town.clock()) == (
        "1 message is dropped and never sent."
    )
    await town.passes(A_DAY)
    assert town.reads("gareth") == [] and await letters(town) == []


async def test_a_question_that_went_to_someone_else_is_not_shown_by_a_retry(town: Town) -> None:
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await asks(town, "amira", community=BUSINESS)
    await town.passes(timedelta(minutes=1))
    town.platforms.teams.block(gareth.tenant, gareth.user, False)
    await decide(town.database, "retry", Chosen(states=["undeliverable"]), town.clock())
    await town.passes(A_WHILE)
    assert not sees(town, "gareth", ASKED)
    assert await letters(town) == []
    assert not any(told(town, key) for key in town.people)


async def test_after_25_tries_in_vain_administrators_hear_and_a_retry_starts_anew(town: Town) -> None:
    await administers(town, "seun")
    sian = town.people["sian"]
    town.platforms.slack.faults.next("chat.postMessage", failing(500), 25, channel=sian.user)
    await is_owed(town, (await person(town, "sian")).id, body="At last")
    for _ in range(26):
        await town.signpost.delivery.settled()
        town.clock.move_by(timedelta(minutes=11))
    ((number, _, state, _),) = await letters(town)
    assert state == "dead"
    await town.passes(A_WHILE)
    (words,) = told(town, "seun")
    assert "1 message to 1 person" in words
    assert "1 message was tried many times in vain. Tell whoever runs Signpost." in words

    town.platforms.slack.faults.next("chat.postMessage", failing(500), 2, channel=sian.user)
    await decide(town.database, "retry", Chosen([number]), town.clock())
    await town.quiet()
    assert sees(town, "sian", "At last")


@pytest.mark.parametrize("code", ["BadArgument", "ActivityNotFoundInConversation"])
async def test_what_no_code_of_ours_explains_was_refused(town: Town, code: str) -> None:
    await administers(town, "tom")
    town.platforms.teams.faults.next("send", refusing(400, code))
    await is_sent(town, "gareth")
    await town.passes(A_WHILE)
    (words,) = told(town, "tom")
    assert "1 message was refused. Tell whoever runs Signpost." in words
    assert [found[3] for found in await letters(town)] == [f"refused {code}"]


def _reports() -> Iterator[Report]:
    whys = [*Cause, "dead", "uncertain", "undeliverable"]
    for n in (1, 2, 25_000):
        every = tuple(Failure(why, n, n, n) for why in whys)
        yield Report(n, n, every, Brought(n, n))
        yield Report(n, 0, tuple(Failure(why, n, 0, n) for why in whys), Brought(0, n))
        yield Report(0, 0, (Failure("uncertain", n, n, 0),), Brought(0, 0))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_report_is_drawn_on_both_platforms_within_their_limits(language: str) -> None:
    reader = Reader(language)
    for report in _reports():
        card = drawn(report)
        assert all(isinstance(line, Paragraph) for line in card.body) and card.body
        for shown_as in (*message(card, reader), one_message(card, reader)):
            assert slack_limits.validate(shown_as["blocks"], "message") == []
        for place in ("message", "here"):
            assert teams_limits.validate(adaptive_card(card, reader, place)) == []


def test_every_cause_is_said_in_words_in_the_singular_and_the_plural() -> None:
    for texts in (OF_PEOPLE, OF_PLACES, OF_MESSAGES):
        for why, text in texts.items():
            one, many = say(text(1), Reader()), say(text(2), Reader())
            assert "1 " in one and "2 " in many and one != many, why
    for cause in Cause:
        assert cause in OF_PEOPLE or cause in OF_MESSAGES or cause is Cause.REFUSED
