"""Saying which organisation one is in: recognised, asked about, confirmed by an address, or not listed."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.features.organisation import BelongTo, proposal
from bot.text import Reader, say
from bot.work import View
from storage.database import Transaction
from storage.people import People
from tests.everywhere.forging import presses_forged, remembered
from tests.features.newcomers import arrives, arrives_untied, code_in, modal_of, nothing_was_refused, record_of
from tests.features.organisations import (
    administers,
    domain_of,
    has_address,
    lists_are_imported,
    number_of,
    platform_is_asked,
)
from tests.town import Town

SOON = timedelta(seconds=2)
KEPT_APART = "so you and people in other organisations do not see each other."


async def guest(town: Town, key: str, *, beside: str = "amira", email: str = "") -> None:
    """Somebody who is a guest in a workspace or tenant has said hello: nobody vouches for them."""
    arrives(town, key, f"{key.title()} Quill", beside=beside, guest=True)
    if email:
        has_address(town, key, email, guest=True)
    await town.says(key, "hi")


async def untied(town: Town, key: str = "una", email: str = "") -> None:
    """Somebody in a tenant that is tied to no organisation has said hello."""
    arrives_untied(town, key, "Una Quill")
    if email:
        has_address(town, key, email)
    await town.says(key, "hi")


@pytest.mark.parametrize(
    "said", ["DWP", "dwp", "Department for Work & Pensions", "the department for work and pensions"]
)
async def test_any_spelling_of_its_name_is_the_organisation_and_is_not_verified(town: Town, said: str) -> None:
    await guest(town, "wanda")
    await untied(town)
    for key in ("wanda", "una"):
        await town.says(key, f"me organisation {said}")
        assert "You say that you are in Department for Work and Pensions." in town.last(key)
        assert KEPT_APART in town.last(key)
        known = await record_of(town, key)
        assert (known.organisation, known.verified) == ("DWP", False)
    await town.says("una", "me")
    assert "DWP (not verified)" in town.last("una")
    assert nothing_was_refused(town)


async def test_what_is_only_said_opens_nothing(town: Town) -> None:
    await untied(town)
    await town.says("una", "me organisation HMRC")
    await town.says("una", "join starting-a-business as caseworker")
    await town.says("una", "members starting-a-business")
    assert "Amira" not in town.last("una")
    await town.says("una", "ask Who is there? community: starting-a-business")
    assert "Your organisation is not verified yet" in town.last("una")


async def test_it_is_asked_by_a_form_on_both_platforms(town: Town) -> None:
    await guest(town, "wanda")
    await untied(town)
    await town.says("wanda", "me")
    await town.presses("wanda", "Say your organisation")
    await town.fills("wanda", {"Which organisation are you in?": "DfE"})
    assert "You say that you are in Department for Education." in (await modal_of(town, "wanda")).words()
    await town.says("una", "me organisation")
    await town.fills("una", {"Which organisation are you in?": "DfE"})
    assert (await record_of(town, "una")).organisation == "DfE"
    assert nothing_was_refused(town)


async def test_one_that_closed_asks_which_successor_and_takes_the_one_that_was_pressed(
    town: Town, tmp_path: Path
) -> None:
    await lists_are_imported(town, tmp_path)
    await guest(town, "wanda")
    await untied(town)
    for key, said in (("wanda", "wbo"), ("una", "River Office")):
        await town.says(key, f"me organisation {said}")
        assert "closed. Which of these are you in now?" in town.last(key)
        assert town.sees(key)[-1].buttons() == ["Bridge Office", "Office of Fords", "It is not listed"]
        await town.presses(key, "Bridge Office")
        known = await record_of(town, key)
        assert (known.organisation, known.verified) == ("BO", False)
    assert nothing_was_refused(town)


async def test_one_that_closed_for_good_leads_on(town: Town, tmp_path: Path) -> None:
    await lists_are_imported(town, tmp_path)
    await untied(town)
    await town.says("una", "me organisation Canal Office")
    assert "Canal Office closed, and nobody took over its work." in town.last("una")
    await town.presses("una", "Another organisation")
    await town.fills("una", {"Which organisation are you in?": "bo"})
    assert (await record_of(town, "una")).organisation == "BO"


async def test_an_abbreviation_of_two_asks_which(town: Town, tmp_path: Path) -> None:
    await lists_are_imported(town, tmp_path)
    await untied(town)
    await town.says("una", "me organisation of")
    assert "Several organisations are called “of”. Which one are you in?" in town.last("una")
    await town.presses("una", "Office of Fords")
    assert "You say that you are in Office of Fords." in town.last("una")


async def test_a_name_that_nobody_knows_is_met_with_those_like_it(town: Town) -> None:
    await untied(town)
    await town.says("una", "me organisation Departmnt for Educaton")
    assert "No organisation is called “Departmnt for Educaton” here." in town.last("una")
    assert town.sees("una")[-1].buttons() == ["Department for Education", "It is not listed"]
    await town.presses("una", "Department for Education")
    assert (await record_of(town, "una")).organisation == "DfE"


@pytest.mark.parametrize("said", ["🐝 hive", "x" * 200, "\u202e flip", "'; drop table person", "HMRC\nDWP"])
async def test_odd_names_are_answered_in_words_and_change_nothing(town: Town, said: str) -> None:
    await untied(town)
    before = await record_of(town, "una")
    await town.says("una", f"me organisation {said}")
    assert "No organisation is called" in town.last("una")
    assert await record_of(town, "una") == before
    assert nothing_was_refused(town)


async def test_who_is_verified_stays_where_they_are(town: Town) -> None:
    for key, own, other in (
        ("amira", "HM Revenue & Customs", "DWP"),
        ("gareth", "Department for Work and Pensions", "CH"),
    ):
        await town.says(key, f"me organisation {own}")
        assert f"You are in {own}, and it is verified." in town.last(key)
        before = await record_of(town, key)
        await town.says(key, f"me organisation {other}")
        assert "is verified as your organisation." in town.last(key)
        assert await record_of(town, key) == before


async def test_an_address_at_its_domain_makes_it_verified_once_it_is_confirmed(town: Town) -> None:
    await untied(town, email="una.quill@digital.DWP.gov.uk")
    assert (await record_of(town, "una")).verified is False
    assert await domain_of(town, "una") == "digital.dwp.gov.uk"
    await town.says("una", "me organisation DWP")
    assert "You are in Department for Work and Pensions. Your e-mail address confirms it." in town.last("una")
    known = await record_of(town, "una")
    assert (known.organisation, known.verified) == ("DWP", True)
    await platform_is_asked(town, "una")
    assert await record_of(town, "una") == known


async def test_who_loses_the_address_is_verified_no_more(town: Town) -> None:
    await untied(town, email="una.quill@dwp.gov.uk")
    await town.says("una", "me organisation DWP")
    has_address(town, "una", "una.quill@elsewhere.example")
    await platform_is_asked(town, "una")
    known = await record_of(town, "una")
    assert (known.organisation, known.verified) == ("DWP", False)


@pytest.mark.parametrize("domain", ["elsewhere.example", "notdwp.gov.uk", "dwp.gov.uk.example", "gov.uk", ""])
async def test_an_address_elsewhere_confirms_nothing(town: Town, domain: str) -> None:
    await untied(town, email=f"una.quill@{domain}" if domain else "")
    await town.says("una", "me organisation DWP")
    assert (await record_of(town, "una")).verified is False


async def test_an_address_of_what_was_split_confirms_none_of_its_successors(town: Town, tmp_path: Path) -> None:
    await lists_are_imported(town, tmp_path)
    await untied(town, email="una@water.example")
    await town.says("una", "me organisation Bridge Office")
    assert (await record_of(town, "una")).verified is False


async def test_an_address_of_what_was_taken_over_whole_confirms_who_took_it_over(town: Town, tmp_path: Path) -> None:
    await lists_are_imported(town, tmp_path)
    await untied(town, email="una@barges.example")
    await town.says("una", "me organisation Bridge Office")
    assert (await record_of(town, "una")).verified is True


@pytest.mark.parametrize("beside", ["amira", "gareth"])
async def test_a_guest_is_not_verified_by_their_address(town: Town, beside: str) -> None:
    await guest(town, "wanda", beside=beside, email="wanda.quill@companieshouse.gov.uk")
    assert await domain_of(town, "wanda") == ""
    await town.says("wanda", "me organisation Companies House")
    assert (await record_of(town, "wanda")).verified is False


async def test_no_address_is_kept_anywhere(town: Town) -> None:
    await untied(town, email="una.secret.quill@dwp.gov.uk")
    await town.says("una", "me organisation DWP")
    assert "una.secret" not in str(await remembered(town))
    person = await record_of(town, "una")
    (account,) = await town.database.read(lambda tx: People(tx).accounts(person.id))
    assert account.domain == "dwp.gov.uk"


async def test_an_address_of_either_of_two_linked_accounts_confirms(town: Town) -> None:
    await untied(town, email="una.quill@companieshouse.gov.uk")
    await guest(town, "wanda")
    await town.says("una", "me link")
    await town.says("wanda", f"me link {code_in(town.last('una'))}")
    await town.presses("wanda", "Yes, this is me")
    await town.says("wanda", "me organisation Companies House")
    assert (await record_of(town, "wanda")).verified is True


async def test_an_administrator_who_moves_is_no_administrator_of_the_other_organisation(town: Town) -> None:
    await untied(town, email="una.quill@dwp.gov.uk")
    await town.says("una", "me organisation HMRC")
    await administers(town, "una")
    assert (await record_of(town, "una")).administrator is True
    await town.says("una", "me organisation DWP")
    known = await record_of(town, "una")
    assert (known.organisation, known.verified, known.administrator) == ("DWP", True, False)


async def test_a_button_for_an_organisation_that_is_none_of_todays_changes_nothing(town: Town, tmp_path: Path) -> None:
    await lists_are_imported(town, tmp_path)
    await untied(town)
    before = await record_of(town, "una")
    closed = await number_of(town, "Water & Bridge Office")
    for number in (closed, 0, -1, 999_999):
        await presses_forged(town, "una", BelongTo(number).pack())
        assert "This organisation cannot be chosen any more." in town.last("una")
    assert await record_of(town, "una") == before


async def test_one_that_is_not_listed_waits_for_an_administrator(town: Town) -> None:
    await guest(town, "wanda")
    await untied(town)
    for key in ("wanda", "una"):
        await town.says(key, "me organisation Trefwen Town Council")
        await town.presses(key, "It is not listed")
        await town.fills(key, {"What is your organisation called?": "Trefwen Town Council"})
        known = await record_of(town, key)
        assert (known.organisation, known.verified) == ("Trefwen Town Council", False)
    assert "It is in no list, so an administrator of Signpost looks at it." in town.last("una")
    assert await town.counts("organisation") == 9
    await town.says("una", "me")
    assert "Trefwen Town Council (not verified)" in town.last("una")
    await town.says("tom", "me organisation Trefwen Town Council")
    assert "No organisation is called" in town.last("tom")
    assert nothing_was_refused(town)


async def test_the_form_for_one_that_is_not_listed_begins_with_what_was_typed(town: Town) -> None:
    await guest(town, "wanda")
    await town.says("wanda", "me organisation Trefwen Council")
    await town.presses("wanda", "It is not listed")
    assert "Trefwen Council" in str((await modal_of(town, "wanda")).json)


async def test_who_names_another_has_one_that_waits_and_not_two(town: Town) -> None:
    await untied(town)
    for name in ("Trefwen Counsil", "Trefwen Council"):
        await town.says("una", f"me organisation {name}")
        await town.presses("una", "It is not listed")
        await town.fills("una", {"What is your organisation called?": name})
    await administers(town, "amira")
    await town.says("amira", "organisations to check")
    assert "Is “Trefwen Council” an organisation?" in town.last("amira")
    assert "Counsil" not in town.last("amira") and "wait after it" not in town.last("amira")


async def test_a_name_that_is_listed_after_all_is_taken_as_that(town: Town) -> None:
    await untied(town)
    await town.says("una", "me organisation Work and Penshuns")
    await town.presses("una", "It is not listed")
    await town.fills("una", {"What is your organisation called?": "DWP"})
    assert (await record_of(town, "una")).organisation == "DWP"
    assert await town.counts("organisation") == 8


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("…", "A name needs at least one letter or number."),
        ("Trefwеn Council", "Write each word of the name in one alphabet"),
    ],
)
async def test_a_name_that_is_none_or_looks_like_another_is_refused_beside_the_field(
    town: Town, name: str, why: str
) -> None:
    await untied(town)
    await town.says("una", "me organisation Trefwen Council")
    await town.presses("una", "It is not listed")
    await town.fills("una", {"What is your organisation called?": name})
    assert any(why in words for words in town.reads("una"))
    assert await town.counts("organisation") == 8


async def proposed(town: Town, key: str) -> tuple[str, list[str]] | None:
    """What is proposed to this person, in words, and the buttons."""
    person = town.people[key]

    def look(tx: Transaction) -> tuple[str, list[str]] | None:
        view = View(tx, town.clock())
        found = view.people.by_account(person.platform, person.tenant, person.user)
        assert found is not None
        view.account = found[1]
        said = proposal(found[0], view)
        return (say(said[0], Reader()), [say(button.label, Reader()) for button in said[1]]) if said else None

    return await town.database.read(look)


async def test_to_whom_nobody_vouches_for_the_domain_of_the_address_is_proposed(town: Town) -> None:
    await untied(town, email="una.quill@dwp.gov.uk")
    assert await proposed(town, "una") == (
        "You seem to be in Department for Work and Pensions.",
        ["Yes, DWP", "Another organisation"],
    )
    dwp = await number_of(town, "DWP")
    await presses_forged(town, "una", BelongTo(dwp).pack())
    assert (await record_of(town, "una")).verified is True
    assert await proposed(town, "una") is None


async def test_several_successors_are_proposed_by_name(town: Town, tmp_path: Path) -> None:
    await lists_are_imported(town, tmp_path)
    await untied(town, email="una@water.example")
    assert await proposed(town, "una") == (
        "You seem to be in one of these: Bridge Office and Office of Fords.",
        ["Bridge Office", "Office of Fords", "Another organisation"],
    )
    await town.says("una", "me organisation Office of Fords")
    assert await proposed(town, "una") is None


async def test_who_works_in_a_tied_workspace_is_verified_and_asked_nothing(town: Town) -> None:
    for beside in ("amira", "gareth"):
        arrives(town, beside[:3], "Wilf Quill", beside=beside)
        await town.says(beside[:3], "hi")
        assert await proposed(town, beside[:3]) is None


async def test_of_whom_nothing_is_known_is_asked_and_who_said_it_is_asked_no_more(town: Town) -> None:
    await untied(town)
    assert await proposed(town, "una") == ("Which organisation are you in?", ["Say your organisation"])
    await town.says("una", "me organisation DfE")
    assert await proposed(town, "una") is None


async def test_what_the_address_says_is_proposed_once_and_settled_with_one_press(town: Town) -> None:
    await untied(town, email="una.quill@dwp.gov.uk")
    await town.passes(SOON)
    proposed = [words for words in town.reads("una") if "You seem to be in Department for Work and Pensions." in words]
    assert len(proposed) == 1 and "Welcome to Signpost" in proposed[0]
    await town.presses("una", "Yes, DWP")
    assert "You are in DWP, and it is verified." in " ".join(town.reads("una"))
    await platform_is_asked(town, "una")
    await town.passes(SOON)
    assert sum("You seem to be in" in words for words in town.reads("una")) == 0
    await town.says("una", "join starting-a-business as caseworker")
    assert "Welcome to Starting a business" in town.last("una")
    assert (await record_of(town, "una")).verified is True


async def test_what_was_settled_meanwhile_is_not_proposed(town: Town) -> None:
    await untied(town, email="una.quill@dwp.gov.uk")
    await town.says("una", "me organisation DWP")
    await town.passes(SOON)
    assert not any("You seem to be in" in words for words in town.reads("una"))


async def test_an_address_of_no_organisation_that_is_known_proposes_nothing(town: Town) -> None:
    await untied(town, email="una.quill@elsewhere.example")
    before = len(town.reads("una"))
    await town.passes(SOON)
    assert len(town.reads("una")) == before
