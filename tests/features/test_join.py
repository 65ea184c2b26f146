"""Joining a community, and the two things that are off until they are said."""

import asyncio
from datetime import timedelta

import pytest

from tests.features.entering import WELSH, memberships
from tests.features.newcomers import arrives, arrives_untied, channel_of, modal_of, nothing_was_refused, record_of
from tests.features.telling import agreements_end, fills_in
from tests.features.test_link import link
from tests.town import Town


async def test_joining_is_typed_said_mentioned_or_pressed_and_always_the_same(town: Town) -> None:
    await town.says("amira", "/signpost join services-in-welsh")
    await town.says("kofi", "join Services in Welsh")
    await town.says("seun", "@Signpost join services-in-welsh", place=channel_of(town, "seun"))
    await town.says("tom", "@Signpost join services-in-welsh", place=channel_of(town, "tom"))
    await town.says("nadia", "communities welsh")
    await town.presses("nadia", "Join")
    for key in ("amira", "kofi", "tom", "nadia"):
        assert "Welcome to Services in Welsh" in town.last(key)
    assert "Welcome to Services in Welsh" in town.last("seun", channel_of(town, "seun"))
    await town.says("nadia", "members services-in-welsh")
    assert "Services in Welsh: 10 people" in town.last("nadia")
    assert nothing_was_refused(town)


async def test_joining_tells_nobody_and_joining_twice_counts_once(town: Town) -> None:
    members = await town.counts("membership")
    for said in ("join services-in-welsh", "join services-in-welsh"):
        await town.says("tom", said)
    assert "You are already in Services in Welsh" in town.last("tom")
    assert "6 people" in town.last("tom")
    assert await town.counts("membership") == members + 1
    assert all(town.reads(key) == [] for key in town.people if key != "tom")


async def test_a_newcomer_is_asked_two_things_and_both_are_off_until_pressed(town: Town) -> None:
    for key, beside in (("wanda", "amira"), ("wilf", "gareth")):
        arrives(town, key, f"{key.title()} Quill", beside=beside)
        await town.says(key, "join starting-a-business as policy adviser")
        assert "May we bring you questions? (up to 3 a week)" in town.last(key)
        assert "May others find you?" in town.last(key)
        new = await record_of(town, key)
        assert (new.asked, new.findable, new.role) == (False, False, "policy adviser")
        await town.presses(key, "Yes, bring me questions")
        assert "We may bring you questions from your communities" in town.last(key)
        await town.presses(key, "Yes, others may find me")
        new = await record_of(town, key)
        assert (new.asked, new.findable) == (True, True)
        assert town.sees(key)[-1].buttons() == ["Say what you know", "Hide me"]
    assert nothing_was_refused(town)


async def test_who_said_yes_before_is_not_asked_again(town: Town) -> None:
    await town.says("amira", "join services-in-welsh")
    assert town.sees("amira")[-1].buttons() == ["Ask a question", "See who is in it"]


async def test_a_mistyped_community_is_met_with_the_nearest(town: Town) -> None:
    await town.says("amira", "join services-in-wlesh")
    assert "Did you mean services-in-welsh?" in town.last("amira")
    await town.says("gareth", "join employing")
    assert "Did you mean employing-someone?" in town.last("gareth")
    await town.says("gareth", "join quantum-knitting")
    assert "There is no community called “quantum-knitting”. Say communities to see them all." in town.last("gareth")


async def test_joining_by_a_slack_form_keeps_the_role_that_was_said(town: Town) -> None:
    await town.says("amira", "/signpost join")
    form = await modal_of(town, "amira")
    assert "Content designer" in str(form.json)
    await town.fills("amira", {"Which community?": "Services in Welsh"})
    done = await modal_of(town, "amira")
    assert "Welcome to Services in Welsh" in done.words()
    assert (await record_of(town, "amira")).role == "Content designer"


async def test_joining_by_a_teams_form_says_the_role_too(town: Town) -> None:
    await town.says("gareth", "join")
    await town.fills("gareth", {"Which community?": "Employing someone", "What is your role?": "Service owner"})
    assert any("Welcome to Employing someone" in words for words in town.reads("gareth"))
    assert (await record_of(town, "gareth")).role == "Service owner"
    assert nothing_was_refused(town)


@pytest.mark.parametrize("verb", ["me asked", "me findable"])
async def test_said_with_neither_yes_nor_no_nothing_changes(town: Town, verb: str) -> None:
    for said in (verb, f"{verb} perhaps"):
        await town.says("amira", said)
        amira = await record_of(town, "amira")
        assert (amira.asked, amira.findable) == (True, True), said
    assert "Say yes or no." in town.last("amira")


async def test_no_is_no_and_yes_is_yes_however_they_are_written(town: Town) -> None:
    for said, wanted in (
        ("me asked No.", False),
        ("me asked YES!", True),
        ("me asked off", False),
        ("me asked y", True),
    ):
        await town.says("gareth", said)
        assert (await record_of(town, "gareth")).asked is wanted, said


async def test_who_said_no_gets_no_question(town: Town) -> None:
    await town.says("gareth", "me asked no")
    await town.says("amira", "ask How do you hand over a call between helplines? community: starting-a-business")
    assert "Gareth" not in town.last("amira")


async def test_a_newcomer_is_verified_once_their_platform_has_said_who_they_are(town: Town) -> None:
    for key, beside in (("wanda", "amira"), ("wilf", "gareth")):
        arrives(town, key, f"{key.title()} Quill", beside=beside)
        await town.says(key, "join starting-a-business as adviser")
        new = await record_of(town, key)
        assert new.verified and new.organisation == town.people[beside].organisation
        assert new.name == f"{key.title()} Quill"


async def test_guests_and_people_of_untied_tenants_join_and_stay_unverified(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira", guest=True)
    arrives(town, "wilf", "Wilf Quill", beside="gareth", guest=True)
    arrives_untied(town, "una", "Una Quill")
    for key in ("wanda", "wilf", "una"):
        await town.says(key, "join starting-a-business as adviser")
        assert "Welcome to Starting a business" in town.last(key)
        assert not (await record_of(town, key)).verified, key


async def test_the_unverified_see_and_get_nothing_from_other_organisations(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira", guest=True)
    arrives_untied(town, "una", "Una Quill")
    for key in ("wanda", "una"):
        await town.says(key, "join starting-a-business as adviser")
        for said in ("me asked yes", "me findable yes", "me knows call handover, helplines"):
            await town.says(key, said)
        await town.says(key, "members starting-a-business")
        assert "Gareth" not in town.last(key) and "Kofi" not in town.last(key)
        assert "Operations lead" not in town.last(key)
        await town.says(key, "who knows about call handover?")
        assert "Gareth" not in town.last(key)
        await town.says(key, "ask Who can hand over a call to another helpline?")
        assert "Your organisation is not verified yet" in town.last(key)
        await town.says(key, "questions")
        assert "Q-" not in town.last(key)
    await town.says("amira", "ask How do you hand over a call between helplines?")
    assert "Quill" not in town.last("amira")
    await town.presses("amira", "Send")
    assert all("Q-" not in words for key in ("wanda", "una") for words in town.reads(key)[-1:])


async def test_who_joins_sees_how_many_are_like_them_and_no_name(town: Town) -> None:
    await town.says("tom", f"join {WELSH}")
    words = town.last("tom")
    assert "You are one of 2 people from DWP." not in words
    assert "You are one of 2 people in policy, and one of 2 people from DWP." in words
    assert "1 person does your job in another organisation." in words
    assert not any(person.name in words for key, person in town.people.items() if key != "tom")


async def test_what_others_do_is_not_counted_where_names_may_not_cross(town: Town) -> None:
    await agreements_end(town, "tom")
    await town.says("tom", f"join {WELSH}")
    words = town.last("tom")
    assert "You are one of 2 people from DWP." in words
    assert "does your job" not in words


async def test_the_next_showcase_is_shown_to_who_joins(town: Town) -> None:
    await town.says("gareth", f"showcase new Bilingual letters on 3 December at 2pm community: {WELSH}")
    await town.presses("gareth", "Schedule it")
    for key in ("amira", "tom"):
        await town.says(key, f"join {WELSH}")
        assert "Bilingual letters, 2pm GMT, Thursday 3 December" in town.last(key)


async def test_the_role_is_asked_for_only_where_it_is_not_known(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    await town.says("wanda", "communities welsh")
    await fills_in(town, "wanda", "Join", {"What is your role?": "Policy adviser"})
    form = await modal_of(town, "wanda")
    assert "Welcome to Services in Welsh" in form.words()
    arrives(town, "wilf", "Wilf Quill", beside="gareth")
    await town.says("wilf", f"join {WELSH}")
    await town.fills("wilf", {"What is your role?": "Work coach"})
    assert any("Welcome to Services in Welsh" in words for words in town.reads("wilf"))
    for key, other in (("wanda", "employing-someone"), ("wilf", "starting-a-business")):
        await town.says(key, f"join {other}")
        assert "Welcome to" in town.last(key)
    assert nothing_was_refused(town)


@pytest.mark.parametrize(("key", "beside"), [("wanda", "amira"), ("wilf", "gareth")])
async def test_a_first_join_takes_at_most_three_steps_after_hi(town: Town, key: str, beside: str) -> None:
    arrives(town, key, f"{key.title()} Quill", beside=beside)
    await town.says(key, "hi")
    steps = 0
    await town.presses(key, "See the communities")
    steps += 1
    await town.presses(key, "Join", on="Services in Welsh")
    steps += 1
    if await memberships(town, key) == 0:
        if beside == "amira":
            await modal_of(town, key)
        await town.fills(key, {"What is your role?": "Content designer"})
        steps += 1
    assert await memberships(town, key, "starting-a-business") + await memberships(town, key) >= 1
    assert steps <= 3
    assert (await record_of(town, key)).verified


async def test_from_two_linked_accounts_at_once_they_are_one_member(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", "hi")
    await link(town, "amira", "wanda")
    await asyncio.gather(town.says("amira", f"join {WELSH}"), town.says("wanda", f"join {WELSH}"))
    said = town.last("amira") + town.last("wanda")
    assert "Welcome to Services in Welsh" in said and "You are already in Services in Welsh" in said
    assert await memberships(town, "amira") == await memberships(town, "wanda") == 1
    await town.passes(timedelta(hours=1))
    assert await memberships(town, "amira") == 1


@pytest.mark.parametrize("name", ["Rocket 🚀 forms", "مجتمع النماذج", "Cymuned ŵŷ", "x" * 80])
async def test_a_name_of_any_letters_is_joined_as_it_is_written(town: Town, name: str) -> None:
    await town.says("amira", f"create {name} service: Forms outcome: Everybody finds the form")
    for key, said in (("gareth", f"join {name}"), ("kofi", f"join {name.upper()}")):
        await town.says(key, said)
        assert "Welcome to" in town.last(key) and name in town.last(key)
        await town.says(key, f"members {name}")
        assert name in town.last(key)
        await town.says(key, f"community {name}")
        assert "Everybody finds the form" in town.last(key)
    assert nothing_was_refused(town)


@pytest.mark.parametrize("verb", ["join", "leave", "members", "community", "mute", "invite Tom Heskeway to"])
async def test_a_name_of_300_characters_is_refused_in_words(town: Town, verb: str) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, f"{verb} {'n' * 300}")
        words = town.last(key)
        assert "There is no community called" in words
        assert "n" * 200 not in words
