"""An owner brings past questions and answers without a shell: a private link, a page, a file, a message."""

import re

import pytest
from sqlalchemy import select

from storage import tables
from storage.tables import columns
from tests.features.entering import WELSH, is_over
from tests.features.newcomers import channel_of, modal_of
from tests.features.sending import HEADER, LEASES, PROBATE, asks_for_a_link, link_in, sends
from tests.features.telling import form_is_open, is_no_longer_verified, nothing_was_refused, sees, shown
from tests.town import Town

BUSINESS = "starting-a-business"
a = columns(tables.Audit)


async def audited(town: Town) -> list[str]:
    """What was brought where, by the audit."""
    rows: list[tuple[str]] = await town.database.read(
        lambda tx: tx.once(select(a.subject).where(a.verb == "import questions").order_by(a.id))
    )
    return [subject for (subject,) in rows]


@pytest.mark.parametrize("key", ["priya", "tom"])
async def test_an_owner_types_it_sends_a_file_and_reads_what_was_brought(town: Town, key: str) -> None:
    before = await town.counts("question")
    address = await asks_for_a_link(town, key)
    answer = await sends(address, HEADER + PROBATE + LEASES)
    assert answer.status == 200
    assert "The file is in Starting a business" in answer.text and "2 questions were brought." in answer.text
    await town.quiet()
    assert "2 past questions were brought into Starting a business." in town.last(key)
    assert await town.counts("question") == before + 2
    assert await audited(town) == ["community 1"]
    await town.says("gareth", f"see question {before + 1}")
    assert "Who decides on probate fees?" in town.last("gareth") and "Ask them first." in town.last("gareth")
    await town.presses(key, "See the topics that nobody covers", on="were brought into")
    assert "Starting a business" in town.last(key)
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["priya", "tom"])
async def test_it_is_pressed_on_the_page_of_the_community_by_its_owners_alone(town: Town, key: str) -> None:
    await town.says(key, f"community {BUSINESS}")
    await town.presses(key, "Bring past questions")
    assert link_in(town.last(key))
    await town.says("amira", f"community {BUSINESS}")
    assert "Bring past questions" not in town.sees("amira")[-1].buttons()
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_it_is_pressed_where_a_community_was_just_made(town: Town, key: str) -> None:
    outcome = "Every citizen finds the nearest polling place"
    await town.says(key, f"create Polling places service: Find a polling place outcome: {outcome}")
    await town.presses(key, "Bring past questions")
    answer = await sends(link_in(town.last(key)), HEADER + LEASES)
    assert answer.status == 200
    await town.quiet()
    assert "1 past question was brought into Polling places." in town.last(key)


async def test_it_is_pressed_by_who_has_just_become_an_owner(town: Town) -> None:
    await town.says("tom", f"owner gareth morlais-rees community: {BUSINESS}")
    await town.presses("gareth", "Yes, I will own it")
    await town.presses("gareth", "Bring past questions")
    assert link_in(town.last("gareth"))


async def test_who_owns_several_says_in_a_form_which_on_both_platforms(town: Town) -> None:
    outcome = "Every citizen finds the nearest polling place"
    for key, name in (("priya", "Polling places"), ("tom", "Postal votes")):
        await town.says(key, f"create {name} service: {name} outcome: {outcome}")
        if "Is it one of these?" in town.last(key):
            await town.presses(key, "Start mine all the same")
        await town.says(key, "/signpost import questions" if key == "priya" else "import past questions")
        await form_is_open(town)
        await town.fills(key, {"Which community?": BUSINESS if key == "tom" else "Starting a business"})
    assert link_in((await modal_of(town, "priya")).words() if town.modal("priya") else town.last("priya"))
    assert link_in(town.last("tom"))
    assert nothing_was_refused(town)


async def test_asked_for_in_a_channel_the_link_is_in_the_direct_chat_alone(town: Town) -> None:
    for key, other in (("priya", "callum"), ("tom", "gareth")):
        place = channel_of(town, key)
        await town.says(key, f"@Signpost import questions {BUSINESS}", place=place)
        assert any("/import/" in words for words in town.reads(key))
        assert all("/import/" not in words for who in (key, other) for words in town.reads(who, place))


async def test_only_an_owner_of_that_community_is_given_a_link(town: Town) -> None:
    await town.says("gareth", f"import questions {BUSINESS}")
    assert "Only an owner of Starting a business can do this." in town.last("gareth")
    await town.says("amira", f"import questions {BUSINESS}")
    assert "Only a community owner can do this." in town.last("amira")
    await is_over(town, WELSH, "archived")
    await town.says("gareth", f"import questions {WELSH}")
    assert "Services in Welsh is archived." in town.last("gareth")
    assert await town.counts("link_code") == 0


async def test_an_owner_who_is_not_verified_is_given_no_link(town: Town) -> None:
    await is_no_longer_verified(town, "tom")
    await town.says("tom", f"import questions {BUSINESS}")
    assert "Your organisation is not verified yet" in town.last("tom")


async def test_where_no_browser_reaches_signpost_they_are_told_whom_to_ask(town: Town) -> None:
    town.signpost.dispatch.address = ""
    await town.says("tom", f"import questions {BUSINESS}")
    assert "Ask whoever runs Signpost to bring your questions." in town.last("tom")


async def test_questions_are_in_the_name_of_the_owner_who_brought_them(town: Town) -> None:
    q = columns(tables.Question)
    people = columns(tables.Person)
    for key in ("priya", "tom"):
        address = await asks_for_a_link(town, key)
        rows = f"What does {key} ask about leases?,Nothing.,2025-03-01,,\n"
        assert (await sends(address, HEADER + rows)).status == 200
    kept: list[tuple[int]] = await town.database.read(
        lambda tx: tx.once(select(q.organisation_id).where(q.source == "import").order_by(q.id))
    )
    theirs: list[tuple[str, int]] = await town.database.read(
        lambda tx: tx.once(
            select(people.name, people.organisation_id).where(
                people.name.in_([town.people["priya"].name, town.people["tom"].name])
            )
        )
    )
    of = dict(theirs)
    assert [number for (number,) in kept] == [of[town.people[key].name] for key in ("priya", "tom")]


async def test_the_link_and_the_message_are_in_welsh_for_who_reads_welsh(town: Town) -> None:
    for key in ("priya", "tom"):
        await town.says(key, "me language cymraeg")
        address = await asks_for_a_link(town, key)
        assert "Bring past questions" not in town.last(key)
        answer = await sends(address, HEADER + f"A oes les yn {key}?,Oes.,2025-03-01,,\n")
        assert re.search(r'<html lang="cy">', answer.text) and "The file is in" not in answer.text
        await town.quiet()
        assert "was brought into" not in town.last(key)


async def test_the_same_file_again_is_known_already(town: Town) -> None:
    for expected in ("2 questions were brought.", "2 rows were known already."):
        answer = await sends(await asks_for_a_link(town, "tom"), HEADER + PROBATE + LEASES)
        assert expected in answer.text
    await town.quiet()
    assert sees(town, "tom", "No new question was brought into Starting a business.")
    answer = await sends(
        await asks_for_a_link(town, "tom"), HEADER + LEASES.replace("The estates team.", "A minister.") + LEASES
    )
    assert "1 known question has another answer." in answer.text and "1 row was known already." in answer.text
    await town.quiet()
    assert shown(town, "tom", "1 known question has another answer")
