"""What crosses between two organisations: nothing until the administrators of both said so, asked and answered here."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from bot import administration
from bot.features.agree import Agree, AgreeWith, DoNotAgree
from storage import tables
from storage.consents import Consents
from storage.database import Database, Transaction, connect
from storage.organisations import Organisations
from storage.tables import columns, table
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import arrives_untied, modal_of, nothing_was_refused
from tests.features.organisations import administers, lists_are_imported, number_of
from tests.features.telling import sees
from tests.storage.nouns import START
from tests.town import Town

HMRC, DWP = "HM Revenue & Customs", "Department for Work and Pensions"


@pytest.fixture
async def apart(town: Town) -> Town:
    """The demo's world, in which no two organisations have agreed; amira and gareth are administrators."""

    def forget(tx: Transaction) -> None:
        tx.once(delete(table(tables.Agreement)))
        tx.once(delete(table(tables.Consent)))

    await town.database.write(forget)
    await administers(town, "amira", "gareth")
    return town


async def crossing(town: Town) -> list[tuple[bool, bool]]:
    """What crosses between whom now: questions, names."""
    agreed = await town.database.read(lambda tx: Consents(tx).agreed())
    return [(one.questions, one.names) for one in agreed]


async def audited(town: Town, verb: str) -> int:
    """How often the audit has this."""
    a = columns(tables.Audit)
    (found,) = await town.database.read(lambda tx: tx.once(select(func.count()).where(a.verb == verb), int))
    return found


async def test_one_side_asks_and_the_other_agrees_from_slack_to_teams(apart: Town) -> None:
    await apart.says("amira", "/signpost agree DWP")
    assert f"{HMRC} lets questions and names cross to {DWP}." in apart.last("amira")
    assert "Nothing crosses until its administrators agree. They have been asked." in apart.last("amira")
    assert f"May questions and names cross between you and {HMRC}?" in apart.last("gareth")
    assert "Amira Haddad asks for HM Revenue & Customs." in apart.last("gareth")
    assert await crossing(apart) == []
    await apart.says("amira", "members starting-a-business")
    assert "Gareth" not in apart.last("amira")

    await apart.presses("gareth", "Agree")
    assert await crossing(apart) == [(True, True)]
    assert f"{DWP} agreed: questions and names cross between you now." in apart.last("amira")
    assert any(f"Between {DWP} and {HMRC}, questions and names cross now." in words for words in apart.reads("gareth"))
    await apart.says("amira", "members starting-a-business")
    assert "Gareth" in apart.last("amira")
    assert await audited(apart, "agree") == 2
    assert nothing_was_refused(apart)


async def test_one_side_asks_by_form_and_the_other_agrees_from_teams_to_slack(apart: Town) -> None:
    await apart.says("gareth", "agree")
    await apart.fills(
        "gareth",
        {"Which organisation?": "hmrc", "What may cross? (optional)": "Names of people who let others find them"},
    )
    assert f"May names cross between you and {DWP}?" in apart.last("amira")
    await apart.presses("amira", "Agree")
    assert await crossing(apart) == [(False, True)]
    assert f"{HMRC} agreed: names cross between you now." in apart.last("gareth")
    assert nothing_was_refused(apart)


async def test_the_form_opens_as_a_modal_with_what_may_cross_to_choose(apart: Town) -> None:
    await apart.says("amira", "agreements")
    await apart.presses("amira", "Agree with another")
    form = str((await modal_of(apart, "amira")).json)
    assert "Which organisation?" in form and "Names of people who let others find them" in form
    await apart.fills(
        "amira", {"Which organisation?": "DWP", "What may cross?": "Questions, with who asks and answers them"}
    )
    assert f"May questions cross between you and {HMRC}?" in apart.last("gareth")


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("agree DWP only: questions", (True, False)),
        ("agree dwp only: names", (False, True)),
        ("agree Department for Work & Pensions only: questions and names", (True, True)),
        ("agree DWP only: both", (True, True)),
    ],
)
async def test_only_the_kinds_that_both_named_cross(apart: Town, said: str, kinds: tuple[bool, bool]) -> None:
    await apart.says("gareth", "agree HMRC")
    await apart.says("amira", said)
    assert await crossing(apart) == [kinds]


async def test_where_questions_alone_cross_they_are_asked_and_no_names_are_listed(apart: Town) -> None:
    await apart.says("gareth", "agree HMRC only: questions")
    await apart.says("amira", "agree DWP only: questions")
    await apart.says("amira", "members starting-a-business")
    assert "Gareth" not in apart.last("amira")
    await apart.says("amira", "ask How do you hand a caller over to another helpline? community: starting-a-business")
    assert "Gareth" in apart.last("amira")


async def test_where_names_alone_cross_they_are_listed_and_no_questions_are_asked(apart: Town) -> None:
    await apart.says("gareth", "agree HMRC only: names")
    await apart.says("amira", "agree DWP only: names")
    await apart.says("amira", "members starting-a-business")
    assert "Gareth" in apart.last("amira")
    await apart.says("amira", "ask How do you hand a caller over to another helpline? community: starting-a-business")
    assert "Gareth" not in apart.last("amira")


async def test_kinds_that_have_nothing_in_common_let_nothing_cross_and_it_is_said(apart: Town) -> None:
    await apart.says("gareth", "agree HMRC only: names")
    await apart.says("amira", "agree DWP only: questions")
    assert await crossing(apart) == []
    assert "It lets only names cross, so nothing crosses yet." in apart.last("amira")


async def test_to_everyone_is_shown_first_and_crosses_with_each_that_does_the_same(apart: Town) -> None:
    await administers(apart, "sian")
    await apart.says("gareth", "agree everyone")
    assert "Let questions and names cross to every verified organisation?" in apart.last("gareth")
    assert await apart.counts("consent") == 0
    await apart.presses("gareth", "Yes, to everyone")
    assert await crossing(apart) == []
    await apart.says("amira", "agree everyone only: questions")
    await apart.presses("amira", "Yes, to everyone")
    assert "It has an agreement with 1 organisation now." in " ".join(apart.reads("amira"))
    await apart.says("sian", "agree DWP")
    assert sorted(await crossing(apart)) == [(True, False), (True, True)]
    assert not sees(apart, "gareth", "asks for")


async def test_asked_or_answered_twice_nobody_is_told_twice(apart: Town) -> None:
    for _ in range(2):
        await apart.says("amira", "agree DWP")
        assert "They have been asked." in apart.last("amira")
    assert sum("asks for HM Revenue & Customs." in words for words in apart.reads("gareth")) == 1
    asked = AgreeWith(await number_of(apart, "HMRC"), "questions names").pack()
    for _ in range(2):
        await presses_forged(apart, "gareth", asked)
    assert sum("agreed: questions and names cross between you now." in words for words in apart.reads("amira")) == 1
    assert await crossing(apart) == [(True, True)] and await audited(apart, "agree") == 2


async def test_who_says_no_is_heard_once_and_may_agree_later(apart: Town) -> None:
    await apart.says("amira", "agree DWP")
    await apart.presses("gareth", "Do not agree")
    assert f"{DWP} does not agree. Nothing crosses between you." in apart.last("amira")
    await presses_forged(apart, "gareth", DoNotAgree(await number_of(apart, "HMRC")).pack())
    assert any("This was answered before." in words for words in apart.reads("gareth"))
    assert sum("does not agree." in words for words in apart.reads("amira")) == 1
    await apart.says("amira", "agree DWP only: names")
    assert await crossing(apart) == []
    await apart.says("gareth", "agree HMRC")
    assert await crossing(apart) == [(False, True)]


async def test_from_slack_an_administrator_says_no_to_one_in_teams(apart: Town) -> None:
    await apart.says("gareth", "agree HMRC")
    await apart.presses("amira", "Do not agree")
    assert f"{HMRC} does not agree. Nothing crosses between you." in apart.last("gareth")
    assert await crossing(apart) == []


async def test_an_organisation_without_an_administrator_is_said_and_finds_it_once_it_has_one(apart: Town) -> None:
    await apart.says("amira", "agree Companies House")
    assert "It has no administrator here yet." in apart.last("amira")
    await administers(apart, "sian")
    await apart.says("sian", "agreements")
    assert "It lets questions and names cross and waits for your answer." in apart.last("sian")
    await apart.presses("sian", "Agree")
    assert await crossing(apart) == [(True, True)]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("agree HMRC", "Inside your own organisation everything crosses."),
        ("agree Ministry of Bees", "No organisation is called “Ministry of Bees”."),
        ("agree Departmnt for Educaton", "Did you mean Department for Education?"),
        ("agree DWP only: bees", "Say questions, names, or both."),
        ("agree of", "Several are called “of”: Office of Ferries and Office of Fords. Give the whole name."),
        ("agree WBO", "Water & Bridge Office closed. Say which is meant: Bridge Office and Office of Fords."),
        ("agree canal office", "Canal Office closed, and nobody took over its work."),
    ],
)
async def test_what_cannot_be_agreed_is_refused_in_words(apart: Town, tmp_path: Path, said: str, why: str) -> None:
    await lists_are_imported(apart, tmp_path)
    await apart.says("amira", said)
    assert why in apart.last("amira")
    assert await apart.counts("consent") == 0


async def test_who_is_no_administrator_agrees_to_nothing_however_it_is_sent(apart: Town) -> None:
    await apart.says("amira", "agree DWP")
    hmrc, dwp = await number_of(apart, "HMRC"), await number_of(apart, "DWP")
    for verb in (
        AgreeWith(hmrc, "questions names"),
        DoNotAgree(hmrc),
        Agree("HMRC", "names"),
        Agree("everyone", sure=True),
    ):
        await presses_forged(apart, "tom", verb.pack())
        assert any("Only an administrator" in words for words in apart.reads("tom"))
    await presses_forged(apart, "kofi", AgreeWith(dwp, "questions names").pack())
    assert await crossing(apart) == [] and await apart.counts("consent") == 1
    await apart.says("tom", "agree HMRC")
    assert "Only an administrator" in apart.last("tom")


async def test_who_only_says_where_they_are_decides_nothing_for_it(apart: Town) -> None:
    arrives_untied(apart, "una", "Una Quill")
    await apart.says("una", "me organisation DWP")
    await administers(apart, "una")
    await apart.says("amira", "agree DWP")
    for said in ("agree HMRC", "agreements", "end agreement HMRC"):
        await apart.says("una", said)
        assert "Your organisation is not verified yet, so you cannot decide for it." in apart.last("una")
    await presses_forged(apart, "una", AgreeWith(await number_of(apart, "HMRC"), "names").pack())
    assert await crossing(apart) == []


async def test_an_administrator_of_a_third_organisation_answers_for_their_own_alone(apart: Town) -> None:
    await administers(apart, "sian")
    await apart.says("amira", "agree DWP")
    await presses_forged(apart, "sian", AgreeWith(await number_of(apart, "HMRC"), "questions names").pack())
    assert await crossing(apart) == []


async def test_the_doctor_says_what_crosses_and_what_waits(apart: Town) -> None:
    await apart.says("amira", "agree DWP only: names")
    await apart.says("amira", "agree everyone only: questions")
    await apart.presses("amira", "Yes, to everyone")
    lines, _ = await apart.database.read(administration.health)
    assert f"{HMRC} lets names cross to {DWP}, which has not agreed." in lines
    assert f"{HMRC} lets questions cross to every verified organisation." in lines
    await apart.says("gareth", "agree HMRC")
    lines, _ = await apart.database.read(administration.health)
    assert f"Between {HMRC} and {DWP}, names cross." in lines


async def test_both_sides_at_once_in_two_processes_agree_once(database_url: str) -> None:
    def made(tx: Transaction) -> tuple[int, int]:
        known = Organisations(tx)
        return known.add("Office One", "ONE", START), known.add("Office Two", "TWO", START)

    async def gives(database: Database, mine: int, other: int) -> None:
        await database.write(lambda tx: Consents(tx).give(mine, other, "questions names", by=None, now=START))

    first, second = connect(database_url), connect(database_url)
    try:
        one, two = await first.write(made)
        for _ in range(5):
            await asyncio.gather(gives(first, one, two), gives(second, two, one))
            agreed = await first.read(lambda tx: Consents(tx).agreed())
            assert [(found.first_id, found.second_id) for found in agreed] == [(one, two)]
            await asyncio.gather(
                first.write(lambda tx: Consents(tx).end(one, two, START)),
                second.write(lambda tx: Consents(tx).end(two, one, START)),
            )
            assert await first.read(lambda tx: Consents(tx).agreed()) == []
    finally:
        first.close()
        second.close()
