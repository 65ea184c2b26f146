"""Every card and form that anybody can be shown is drawn on both platforms, in both languages, within the limits."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
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
from bot.work import Work
from storage.administrators import Administrators
from storage.database import Transaction, connect
from storage.importing import Imports
from storage.organisations import Organisations
from storage.people import People
from storage.secrets import Vault, new_key
from storage.skills import Skills
from storage.tables import Agreement, Consent, table
from tests.bot.platform import Clock
from tests.everywhere import welsh
from tests.everywhere.blanking import keys_of, visible, without_what_people_wrote
from tests.everywhere.crawling import Crawler
from tests.everywhere.welsh import catalogue_of
from tests.features.frameworks import SKILLS
from tests.features.newcomers import UNTIED

READERS = (Reader("en", "Europe/London"), Reader("cy", "Europe/Paris"))
KEYS = ("amira", "sian", "priya", "gareth", "tom")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Crawler:
    """What five people saw who did everything they could. The tests only read it, so it is done once."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("shown") / "signpost.db")
    database, clock, world = connect(f"sqlite:///{file}"), Clock(), load()
    await database.write(lambda tx: fill(tx, Vault(new_key()), clock(), "http://127.0.0.1:1"))
    people = {person.key: AccountRef(person.platform, world.tenant(person), person.user) for person in world.people}
    people["una"] = AccountRef("teams", UNTIED, "una")
    crawler = Crawler(database, clock, people)
    await database.write(lambda tx: _prepared(Work(tx, clock()), people["mei"], people["jakub"]))
    await database.write(lambda tx: _answered_much(Work(tx, clock()), people["gareth"], people["priya"]))
    try:
        await _do_everything(crawler)
        await database.write(lambda tx: _administered(tx, [people[key] for key in KEYS[:2]]))
        await _between_organisations(crawler)
    finally:
        database.close()
    return crawler


def _prepared(work: Work, owner: AccountRef, administrator: AccountRef) -> None:
    """A community whose owners approve who joins; and one with an owner, and an administrator of their organisation."""
    welsh = work.communities.find("services-in-welsh", "")
    mei, jakub = (work.people.by_account(one.platform, one.tenant, one.user) for one in (owner, administrator))
    assert welsh is not None and mei is not None and jakub is not None
    work.communities.edit(welsh, access="approval")
    said = ("trade-marks", "Trade marks", "Trade marks", "Names are safe")
    marks = work.communities.add(*said, by=mei[0].id, now=work.now)
    assert marks is not None
    work.communities.join(marks, mei[0].id, work.now, owner=True)
    Administrators(work.tx).appoint(jakub[0].id, True)


def _answered_much(work: Work, answerer: AccountRef, asker: AccountRef) -> None:
    """There are skills; somebody answered four questions on a thing, and is soon asked what they still know."""
    for name, description, roles in SKILLS:
        Imports(work.tx).skill(name, work.now, description=description, roles=roles, framework="")
    by, of = (work.people.by_account(one.platform, one.tenant, one.user) for one in (answerer, asker))
    assert by is not None and of is not None
    for place in ("here", "abroad", "online", "on paper"):
        number = work.questions.draft(1, of[0], f"How does barge registration work {place}?", work.now)
        work.questions.send(number, work.now)
        work.answers.add(number, by[0], "It does.", work.now)
    Skills(work.tx).said(by[0].id, work.now - timedelta(days=180))


async def _do_everything(crawler: Crawler) -> None:
    for verb in registry.offered():
        for key in KEYS[:2]:
            await crawler.say(key, verb.name)
            await crawler.say(key, verb.example)
    await crawler.say("priya", "showcase new Sole trader journey on 3 December at 2pm community: starting-a-business")
    await crawler.say("priya", "showcase")
    await crawler.say("gareth", "ask Who tests the forms in Welsh? community: starting-a-business")
    skills = ("me skill user research, expert", "me skill Barges", "me skill Locks, working", "me skills")
    answer = ("Yes, we test them with three people", "asq something", "nothing like it", "/nothing", "questions")
    for words in (*answer, *skills):
        await crawler.say("sian", words)
    for words in ("me link", "me link AAAA-AAAA", "communities zzz", "join no-such-place", "whoknows nothing at all"):
        await crawler.say("tom", words)
    for words in ("requests", "invite Kofi Adjei-Marsh to services-in-welsh", "invite Nobody to services-in-welsh"):
        await crawler.say("gareth", words)
    await crawler.say("mei", "connect trade-marks", place="C0IPO4SAB7")
    await crawler.say("amira", "post card services-in-welsh", place="C0HMRC7SAB")
    await _look_after_communities(crawler)
    for key in ("tom", "gareth", "tom", "gareth"):  # whoever presses all there is has stopped it the first time
        await crawler.say(key, "me intro monthly")
    for days in (0, 10, 1, 41, 7):
        await crawler.pass_time(timedelta(days=days, hours=3))


async def _look_after_communities(crawler: Crawler) -> None:
    """Owners of communities that nobody else has to do with: asked, merged, archived, and past their last day."""
    for key, name, kind in (
        ("seun", "Parking badges", "practice"),
        ("nadia", "Voting rights", "interest"),
        ("femi", "Winter letters", "action until: 1 December 2026"),
    ):
        await crawler.say(key, f"create {name} service: {name} outcome: Nobody is told twice kind: {kind}")
    await crawler.say("seun", "owner Femi Olatayo community: parking-badges")
    await crawler.say("nadia", "owner wanted voting-rights")
    await crawler.say("seun", "merge parking-badges into voting-rights")
    await crawler.say("nadia", "archive voting-rights")


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


def test_every_card_and_form_fits_both_platforms_in_both_languages(shown: Crawler) -> None:
    assert len(shown.seen) > 100
    wrong = [
        (problem, packed[:200])
        for packed, body in shown.seen.items()
        for reader in READERS
        for problem in (*_in_slack(body, reader), *_in_teams(body, reader))
    ]
    assert wrong == []


def test_a_welsh_reader_sees_no_english_but_what_people_wrote(shown: Crawler) -> None:
    reader, kept = READERS[1], catalogue_of("cy")
    said = {key for body in shown.seen.values() for key in keys_of(body)} - registry.verbs.keys()
    untranslated = {key for key in said if kept.get(key) is None}
    left = {
        words
        for body in map(without_what_people_wrote, shown.seen.values())
        for drawn in (message(body, reader), drawn_view(body, reader, "{}"), adaptive_card(body, reader, "message"))
        for words in visible(drawn)
        if welsh.LITTLE.search(words)
    }
    assert (untranslated, left) == (set(), set())


def test_english_that_is_left_on_a_card_is_found() -> None:
    card = without_what_people_wrote(Card(t("The form of {name} is not there", name="The form"), note=t("Help")))
    drawn = (message(card, READERS[1]), adaptive_card(card, READERS[1], "message"))
    assert all(any(welsh.LITTLE.search(said) for said in visible(one)) for one in drawn)
    assert not any("The form of The form" in said for one in drawn for said in visible(one))


def test_all_that_people_can_do_was_done(shown: Crawler) -> None:
    pressable = {name for name, verb in registry.verbs.items() if verb.may is not May.SYSTEM}
    said = {verb.name for verb in registry.offered()}
    assert pressable - said - {verb for _, verb in shown.done} <= {
        "say",
        "kept",
    }  # one is typed, the other stands for what is too long


def test_what_is_shown_is_never_our_fault_nor_a_dead_end(shown: Crawler) -> None:
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
