"""What kind of member somebody is, and what a supplier neither joins, reads nor is asked."""

from datetime import timedelta

import pytest

from tests.features.entering import WELSH, becomes, memberships
from tests.features.newcomers import modal_of, nothing_was_refused
from tests.features.telling import ASKED, asks, people_with, person
from tests.features.test_link import link
from tests.town import Town

BUSINESS = "starting-a-business"
SHUT = "is not open to suppliers, and you said that you are one."


async def test_it_is_typed_pressed_and_filled_in_and_shown_in_the_profile(town: Town) -> None:
    await town.says("amira", "/signpost me type contractor")
    assert "Your profile says: Contractor." in town.last("amira")
    await town.says("gareth", "me type Civil Servant.")
    assert (await person(town, "gareth")).kind == "civil servant"
    await town.says("gareth", "me")
    assert "Civil servant" in town.last("gareth")
    await town.presses("gareth", "More")
    await town.presses("gareth", "Change type")
    await town.fills("gareth", {"What are you?": "Supplier"})
    assert (await person(town, "gareth")).kind == "supplier"
    await town.says("amira", "/signpost me type")
    await modal_of(town, "amira")
    await town.fills("amira", {"What are you?": "Civil servant"})
    assert (await person(town, "amira")).kind == "civil servant"
    assert nothing_was_refused(town)


@pytest.mark.parametrize("said", ["me type minister", "me type 🚀 pilot", "me type supplier of forms"])
async def test_anything_else_is_refused_in_words(town: Town, said: str) -> None:
    await town.says("amira", said)
    assert "Say civil servant, contractor or supplier." in town.last("amira")
    assert (await person(town, "amira")).kind == ""


async def test_a_supplier_cannot_join_where_there_are_none_and_can_elsewhere(town: Town) -> None:
    await becomes(town, suppliers=False)
    for key in ("amira", "tom"):
        await town.says(key, "me type supplier")
        await town.says(key, f"join {WELSH}")
        assert SHUT in town.last(key)
        assert await memberships(town, key) == 0
        await town.says(key, "join employing-someone")
        assert "Employing someone" in town.last(key)


async def test_a_supplier_who_was_in_it_reads_nothing_there_any_more(town: Town) -> None:
    await asks(town, "kofi")
    await becomes(town, BUSINESS, suppliers=False)
    await town.says("amira", "me type supplier")
    assert "You read nothing more in Starting a business: suppliers cannot join." in town.last("amira")
    for said in (f"members {BUSINESS}", f"ask Anything? community: {BUSINESS}"):
        await town.says("amira", said)
        assert SHUT in town.last("amira")
    for said in ("questions", "whoknows call handover"):
        await town.says("amira", said)
        assert ASKED not in town.last("amira") and "Gareth" not in town.last("amira")


async def test_nothing_of_it_is_brought_to_a_supplier(town: Town) -> None:
    await becomes(town, BUSINESS, suppliers=False)
    await town.says("gareth", "me type supplier")
    await asks(town, "amira")
    assert "gareth" not in people_with(town, ASKED)
    await town.says("tom", "announce The form changes on Monday")
    await town.presses("tom", "Send to all")
    await town.passes(timedelta(0))
    told = people_with(town, "tells all members of Starting a business")
    assert "gareth" not in told and "amira" in told


async def test_who_is_a_supplier_on_one_tool_is_one_on_both(town: Town) -> None:
    await town.says("amira", "me type supplier")
    await link(town, "gareth", "amira")
    assert (await person(town, "gareth")).kind == "supplier"
