"""Hide from an organisation, and show yourself to it again."""

from pathlib import Path

import pytest

from adapters.local.seen import Message
from bot.importing import Watch, bring_in
from tests.features.newcomers import nothing_was_refused
from tests.features.organisations import number_of
from tests.features.telling import ASKED, BUSINESS, asks, changes, fills_in, form_is_open, person, prepares, sees
from tests.town import Town

HIDES = "nobody there finds you or sees your name"


def last(town: Town, key: str) -> Message:
    return town.sees(key)[-1]


async def test_who_hides_is_in_no_list_search_or_preview_of_that_organisation(town: Town) -> None:
    await town.says("amira", "whoknows call handover")
    assert "Gareth" in town.last("amira")
    await town.says("gareth", "me hide from HMRC")
    assert f"You hide from HM Revenue & Customs: {HIDES}." in town.last("gareth")
    for said in ("whoknows call handover", f"members {BUSINESS}", f"ask {ASKED} community: {BUSINESS}"):
        await town.says("amira", said)
        assert "Gareth" not in town.last("amira")
    await town.says("priya", "whoknows call handover")
    assert "Gareth" in town.last("priya")
    assert nothing_was_refused(town)


async def test_hiding_works_in_the_other_direction_too(town: Town) -> None:
    await town.says("amira", "me hide from DWP")
    await town.says("gareth", f"members {BUSINESS}")
    assert "Amira" not in town.last("gareth")
    await prepares(town, "amira")
    assert "Gareth" not in town.last("amira")
    await town.presses("amira", "Send")
    await town.says("gareth", "questions")
    assert ASKED not in town.last("gareth")


async def test_who_hides_is_not_called_by_name_from_there(town: Town) -> None:
    said = f"owner Gareth Morlais-Rees community: {BUSINESS}"
    await town.says("gareth", f"me hide from {town.people['priya'].organisation}")
    await town.says("priya", said)
    assert "is asked to own" not in town.last("priya")
    await town.says("gareth", f"me show to {town.people['priya'].organisation}")
    await town.says("priya", said)
    assert "is asked to own" in town.last("priya")


async def test_it_is_pressed_filled_in_and_taken_back(town: Town) -> None:
    for key, other in (("amira", "DWP"), ("gareth", "HMRC")):
        await town.says(key, "me more")
        await fills_in(town, key, "Hide from an organisation", {"From which organisation?": other})
        await town.says(key, "me")
        assert f"yes, but nobody in {other}" in town.last(key)
        await town.says(key, "me more")
        assert other in town.last(key)
        await town.says(key, f"me show to {other}")
        assert "any more." in town.last(key)
        await town.presses(key, "Hide again")
        await town.presses(key, "Do not hide", on=HIDES)
        await town.says(key, "me")
        assert "but nobody in" not in town.last(key)
    assert nothing_was_refused(town)


async def test_one_is_chosen_where_several_are_hidden_from(town: Town) -> None:
    for other in ("HMRC", "Companies House"):
        await town.says("gareth", f"me hide from {other}")
    await town.says("gareth", "me show")
    await form_is_open(town)
    number = await number_of(town, "Companies House")
    await town.fills("gareth", {"To which organisation?": str(number)})
    assert "You do not hide from Companies House any more." in town.last("gareth")
    await town.says("gareth", "me show")
    assert "You do not hide from HM Revenue & Customs any more." in town.last("gareth")


async def test_questions_that_wait_stay_or_are_passed_on(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "me hide from HMRC")
    assert "1 question waits for you. It stays yours, unless you pass it on." in town.last("gareth")
    (on,) = (label for label in last(town, "gareth").buttons() if label.startswith("Answer Q-"))
    await fills_in(town, "gareth", on, {"Your answer": "By the transfer form."})
    assert sees(town, "amira", "By the transfer form.")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("me hide from Narnia", "No organisation is called “Narnia”."),
        ("me hide from '; drop", "No organisation is called"),
        (f"me hide from {'x' * 4000}", "That is 4000 characters. Use 200 or fewer."),
        ("me show to HMRC", "You hide from no organisation."),
    ],
)
async def test_an_organisation_that_is_none_is_refused(town: Town, said: str, why: str) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, said)
        assert why in town.last(key)
    assert await town.counts("hiding") == 0


async def test_who_hides_from_another_is_told_so(town: Town) -> None:
    await town.says("gareth", "me hide from HMRC")
    await town.says("gareth", "me show to Companies House")
    assert "You do not hide from Companies House." in town.last("gareth")
    await town.says("gareth", "me hide from HM Revenue and Customs")
    assert await town.counts("hiding") == 1


async def test_hiding_from_ones_own_organisation_hides_from_colleagues_alone(town: Town) -> None:
    await town.says("gareth", "me hide from DWP")
    await town.says("tom", f"members {BUSINESS}")
    assert "Gareth" not in town.last("tom")
    await town.says("gareth", f"members {BUSINESS}")
    assert "Gareth" in town.last("gareth")
    await town.says("amira", f"members {BUSINESS}")
    assert "Gareth" in town.last("amira")


async def test_what_takes_over_its_work_is_hidden_from_too(town: Town, tmp_path: Path) -> None:
    await town.says("gareth", "me hide from HMRC")
    file = tmp_path / "organisations.csv"
    file.write_text(
        "slug,name,abbreviation,format,parent_slugs,status,closed_status,closed_at,superseded_by\n"
        "tax-office,Tax Office,TAXO,Other,,live,,,\n"
        "hm-revenue-customs,HM Revenue & Customs,HMRC,Other,,closed,replaced,2026-11-01,tax-office\n"
    )
    refused: list[str] = []
    await bring_in(town.database, "organisations", file, Watch(refused.append), town.clock())
    assert refused == []
    taxes = await number_of(town, "Tax Office")
    amira = await person(town, "amira")
    await changes(town, lambda work: work.people.claim(amira.id, taxes, verified=True))
    gareth = await person(town, "gareth")
    await changes(town, lambda work: work.people.claim(gareth.id, taxes, verified=True))
    await town.says("amira", f"members {BUSINESS}")
    assert "Gareth" not in town.last("amira")
    await town.says("gareth", "me show to TAXO")
    await bring_in(town.database, "organisations", file, Watch(refused.append), town.clock())
    await town.says("amira", f"members {BUSINESS}")
    assert "Gareth" in town.last("amira")
