"""Every card and form that anybody can be shown is drawn on both platforms, in both languages, within the limits."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from adapters.local.demo import fill
from adapters.local.world import load
from adapters.slack import limits as slack_limits
from adapters.slack.client import drawn_view
from adapters.slack.modals import Origin
from adapters.slack.render import message, one_message
from adapters.teams import limits as teams_limits
from adapters.teams.render import adaptive_card
from bot.command import May, registry
from bot.inbound import AccountRef
from bot.text import Reader, t
from bot.ui import Card, Drawable, Form
from storage.administrators import Administrators
from storage.database import Transaction, connect
from storage.organisations import Organisations
from storage.people import People
from storage.secrets import Vault, new_key
from storage.tables import Agreement, Consent, table
from tests.bot.platform import Clock
from tests.everywhere.crawling import Crawler
from tests.features.newcomers import UNTIED

READERS = (Reader("en", "Europe/London"), Reader("cy", "Europe/Paris"))
KEYS = ("amira", "sian", "priya", "gareth", "tom")


@pytest.fixture
async def shown(sqlite_url: str) -> Crawler:
    """What five people saw who did everything they could."""
    database, clock, world = connect(sqlite_url), Clock(), load()
    await database.write(lambda tx: fill(tx, Vault(new_key()), clock(), "http://127.0.0.1:1"))
    people = {person.key: AccountRef(person.platform, world.tenant(person), person.user) for person in world.people}
    people["una"] = AccountRef("teams", UNTIED, "una")
    crawler = Crawler(database, clock, people)
    try:
        await _do_everything(crawler)
        await database.write(lambda tx: _administered(tx, [people[key] for key in KEYS[:2]]))
        await _between_organisations(crawler)
    finally:
        database.close()
    return crawler


async def _do_everything(crawler: Crawler) -> None:
    for verb in registry.offered():
        for key in KEYS[:2]:
            await crawler.say(key, verb.name)
            await crawler.say(key, verb.example)
    await crawler.say("priya", "showcase new Sole trader journey on 3 December at 2pm community: starting-a-business")
    await crawler.say("priya", "showcase")
    await crawler.say("gareth", "ask Who tests the forms in Welsh? community: starting-a-business")
    for words in ("Yes, we test them with three people", "asq something", "nothing like it", "/nothing", "questions"):
        await crawler.say("sian", words)
    for words in ("me link", "me link AAAA-AAAA", "communities zzz", "join no-such-place", "whoknows nothing at all"):
        await crawler.say("tom", words)
    await crawler.pass_time(timedelta(days=10, hours=3))


def _administered(tx: Transaction, accounts: list[AccountRef]) -> None:
    """These people are administrators of organisations that agreed to nothing yet; two organisations are called DBT."""
    for model in (Agreement, Consent):
        tx.once(delete(table(model)))
    Organisations(tx).add("Department of Bees and Trees", "DBT", Clock().at)
    for account in accounts:
        found = People(tx).by_account(account.platform, account.tenant, account.user)
        assert found is not None
        Administrators(tx).appoint(found[0].id, True)


async def _between_organisations(crawler: Crawler) -> None:
    """Somebody whom no platform vouches for says where they are; two administrators ask, answer and decide."""
    for words in ("me organisation DBT", "me organisation Trefwen Council"):
        await crawler.say("una", words)
    for words in ("agree Companies House", "agree everyone", "organisations to check"):
        await crawler.say("amira", words)
    for verb in registry.offered():
        if verb.may is May.ADMIN:
            await crawler.say("amira", verb.name)
            await crawler.say("sian", verb.example)
    await crawler.pass_time(timedelta(minutes=1))


async def test_every_card_and_form_fits_both_platforms_in_both_languages(shown: Crawler) -> None:
    assert len(shown.seen) > 100
    wrong = [
        (problem, packed[:200])
        for packed, body in shown.seen.items()
        for reader in READERS
        for problem in (*_in_slack(body, reader), *_in_teams(body, reader))
    ]
    assert wrong == []


async def test_all_that_people_can_do_was_done(shown: Crawler) -> None:
    pressable = {name for name, verb in registry.verbs.items() if verb.may is not May.SYSTEM}
    said = {verb.name for verb in registry.offered()}
    assert pressable - said - {verb for _, verb in shown.done} <= {
        "say",
        "kept",
    }  # one is typed, the other stands for what is too long


async def test_what_is_shown_is_never_our_fault_nor_a_dead_end(shown: Crawler) -> None:
    faults = [packed for packed in shown.seen if "Something went wrong" in packed]
    assert faults == []
    empty = [packed for packed, body in shown.seen.items() if isinstance(body, Form) and not body.fields]
    assert empty == []


def _in_slack(body: Drawable, reader: Reader) -> list[str]:
    problems = []
    for drawn in (*message(body, reader), one_message(body, reader)):
        problems += slack_limits.validate(drawn["blocks"], "message")
        problems += [] if drawn["text"].strip() else ["A message without words."]
    view = drawn_view(body, reader, Origin(_command(body)).written())
    return problems + slack_limits.validate_view(view)


def _in_teams(body: Drawable, reader: Reader) -> list[str]:
    drawn = [adaptive_card(body, reader, place) for place in ("message", "here")]
    return [problem for card in drawn for problem in teams_limits.validate(card)]


def _command(body: Drawable) -> str:
    return "" if isinstance(body, Card) else body.command.pack()


def test_a_card_that_does_not_fit_is_found() -> None:
    drawn = message(Card(t("Help")), READERS[0])[0]
    drawn["blocks"][0]["text"]["text"] = "x" * 4000
    card = adaptive_card(Card(t("Help")), READERS[0], "message")
    card["body"] += [{"type": "Media"}]
    assert slack_limits.validate(drawn["blocks"], "message")
    assert teams_limits.validate(card)
