"""Administrators look at organisations that no list holds: right, another one, or none. The first to decide decides."""

import pytest

from bot import administration
from bot.features.unlisted import IsAnother, RefuseOrganisation, TakeIn
from storage.organisations import Organisations
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import arrives_untied, nothing_was_refused, record_of
from tests.features.organisations import administers, number_of
from tests.features.telling import sees
from tests.town import Town

NAME = "Trefwen Town Council"


async def names_one(town: Town, key: str = "una", name: str = NAME) -> int:
    """Somebody new said that they are of an organisation that no list holds: its number."""
    arrives_untied(town, key, f"{key.title()} Quill")
    await town.says(key, f"me organisation {name}")
    await town.presses(key, "It is not listed")
    await town.fills(key, {"What is your organisation called?": name})
    number = (await record_of(town, key)).organisation_id
    assert number is not None
    return number


async def test_with_nothing_to_check_the_list_says_so(town: Town) -> None:
    await administers(town, "amira", "gareth")
    for key in ("amira", "gareth"):
        await town.says(key, "organisations to check")
        assert "No organisation waits to be checked." in town.last(key)


async def test_only_administrators_read_the_list_and_only_they_are_offered_it(town: Town) -> None:
    await names_one(town)
    await administers(town, "gareth")
    for key in ("amira", "tom"):
        await town.says(key, "organisations to check")
        assert "Only an administrator of your organisation can do this." in town.last(key)
        await town.says(key, "help")
        assert "organisations to check" not in town.last(key)
    await town.says("gareth", "help")
    assert "organisations to check" in town.last("gareth")


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_what_is_right_is_an_organisation_from_then_on(town: Town, key: str) -> None:
    await names_one(town)
    await administers(town, key)
    await town.says(key, "organisations to check")
    assert f"Is “{NAME}” an organisation?" in town.last(key)
    assert "1 person says that they are in it. It was named on Monday 23 November." in town.last(key)
    await town.presses(key, "Yes, it is one")
    assert any(f"{NAME} is an organisation here now." in words for words in town.reads(key))
    assert (await record_of(town, "una")).verified is False
    await town.says("tom", f"me organisation {NAME}")
    assert "is verified as your organisation" in town.last("tom")
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_what_is_another_one_moves_its_people_and_is_a_name_of_it(town: Town, key: str) -> None:
    await names_one(town, name="Dept of Work")
    await administers(town, "gareth", "amira")
    await town.says("gareth", "organisations to check")
    await town.presses("gareth", "It is another one")
    await town.fills("gareth", {"Which organisation is it?": "nothing like it"})
    assert any("No organisation is called “nothing like it”." in words for words in town.reads("gareth"))
    await town.says(key, "organisations to check")
    await town.presses(key, "It is another one")
    await town.fills(key, {"Which organisation is it?": "DWP"})
    known = await record_of(town, "una")
    assert (known.organisation, known.verified) == ("DWP", False)
    found = await town.database.read(lambda tx: Organisations(tx).named("dept of work"))
    assert [one.short for one in found] == ["DWP"]


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_what_is_none_is_taken_from_its_people_who_are_asked_again(town: Town, key: str) -> None:
    await names_one(town, name="My Kitchen")
    await administers(town, key)
    await town.says(key, "organisations to check")
    await town.presses(key, "No")
    assert (await record_of(town, "una")).organisation_id is None
    assert "An administrator did not accept “My Kitchen” as an organisation." in town.last("una")
    await town.presses("una", "Say your organisation")
    await town.fills("una", {"Which organisation are you in?": "DfE"})
    assert (await record_of(town, "una")).organisation == "DfE"


async def test_they_come_one_after_the_other_the_oldest_first(town: Town) -> None:
    await names_one(town, "una", "First Council")
    await names_one(town, "ulf", "Second Council")
    await names_one(town, "umi", "Third Council")
    await administers(town, "amira")
    await town.says("amira", "organisations to check")
    assert "Is “First Council”" in town.last("amira") and "2 others wait after it." in town.last("amira")
    await town.presses("amira", "Yes, it is one")
    assert any("Is “Second Council”" in words and "1 other waits after it." in words for words in town.reads("amira"))


async def test_the_first_to_decide_has_decided(town: Town) -> None:
    number = await names_one(town)
    await administers(town, "amira", "gareth")
    for key in ("amira", "gareth"):
        await town.says(key, "organisations to check")
    await town.presses("gareth", "Yes, it is one")
    await town.presses("amira", "No")
    assert any("This was decided before." in words for words in town.reads("amira"))
    assert (await record_of(town, "una")).organisation_id == number
    assert await number_of(town, NAME) == number


async def test_who_is_no_administrator_or_not_verified_decides_nothing(town: Town) -> None:
    number = await names_one(town)
    arrives_untied(town, "ulf", "Ulf Quill")
    await town.says("ulf", "me organisation DWP")
    await administers(town, "ulf")
    before = await record_of(town, "una")
    for verb in (TakeIn(number), RefuseOrganisation(number), IsAnother(number, "DWP")):
        for key, why in (
            ("kofi", "Only an administrator"),
            ("tom", "Only an administrator"),
            ("ulf", "is not verified yet"),
        ):
            await presses_forged(town, key, verb.pack())
            assert any(why in words for words in town.reads(key)), (key, verb)
    assert await record_of(town, "una") == before
    assert not sees(town, "una", "did not accept")


async def test_a_press_for_an_organisation_that_never_waited_changes_nothing(town: Town) -> None:
    await administers(town, "amira")
    hmrc = await number_of(town, "HMRC")
    for number in (hmrc, 0, -7, 999_999):
        await presses_forged(town, "amira", RefuseOrganisation(number).pack())
        assert any("This was decided before." in words for words in town.reads("amira"))
    assert (await record_of(town, "amira")).organisation == "HMRC"


async def test_the_doctor_says_how_many_wait(town: Town) -> None:
    await names_one(town, "una", "First Council")
    lines, _ = await town.database.read(administration.health)
    assert any("1 organisation that people named waits to be checked" in line for line in lines)
    await names_one(town, "ulf", "Second Council")
    lines, _ = await town.database.read(administration.health)
    assert any("2 organisations that people named wait to be checked" in line for line in lines)
