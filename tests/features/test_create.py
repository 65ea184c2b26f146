"""Starting a community: what it is for, who may call it what, and two who do it at once."""

import asyncio
import json

import pytest

from tests.features.newcomers import arrives_untied, channel_of, modal_of, nothing_was_refused
from tests.features.telling import sees
from tests.town import Town

NAME, SERVICE, OUTCOME = (
    "What is it called?",
    "Which service is it for?",
    "What should be true for the people who use the service?",
)
SAID = "create {} service: Renting a home outcome: Nobody waits for a form"


async def test_a_community_is_started_by_typing_saying_or_mentioning(town: Town) -> None:
    said = "create {} service: {} outcome: {}"
    rows = (
        ("amira", "Renting", "Renting a home", "Nobody waits for a form"),
        ("gareth", "Parking", "Blue badges", "People park close by"),
        ("tom", "Voting", "Registering voters", "Everyone who may can vote"),
    )
    for (key, *words), before in zip(rows, ("/signpost ", "", "@Signpost "), strict=True):
        await town.says(key, before + said.format(*words), place=channel_of(town, "tom") if key == "tom" else "")
        assert f"{words[0]} is open. You are its owner." in town.last(key)
        assert f"join {words[0].lower()}" in town.last(key)
        for word in ("1 person", *words[1:]):
            assert word in town.last(key)
    assert nothing_was_refused(town)


async def test_a_slack_form_asks_for_all_three(town: Town) -> None:
    await town.says("amira", "/signpost create")
    await modal_of(town, "amira")
    await town.fills("amira", {NAME: "Renting a home", SERVICE: "Renting", OUTCOME: "Nobody waits."})
    done = await modal_of(town, "amira")
    assert "Renting a home is open. You are its owner." in done.words()
    await town.says("amira", "me")
    assert "Renting a home" in town.last("amira")
    assert nothing_was_refused(town)


async def test_a_teams_form_asks_for_all_three(town: Town) -> None:
    await town.says("gareth", "create")
    await town.fills("gareth", {NAME: "Renting a home", SERVICE: "Renting", OUTCOME: "Nobody waits."})
    assert any("Renting a home is open. You are its owner." in words for words in town.reads("gareth"))
    assert nothing_was_refused(town)


async def test_what_was_typed_before_is_in_the_form(town: Town) -> None:
    await town.says("gareth", "create Renting a home")
    assert '"Renting a home"' in json.dumps(town.sees("gareth")[-1].card)


async def test_the_button_under_an_empty_search_starts_one_of_that_name(town: Town) -> None:
    await town.says("gareth", "communities renting")
    assert "No community has “renting” in its name, service or purpose yet." in town.last("gareth")
    await town.presses("gareth", "Start a community")
    await town.fills("gareth", {NAME: "renting", SERVICE: "Renting", OUTCOME: "Nobody waits."})
    assert any("renting is open." in words for words in town.reads("gareth"))


async def test_a_refused_slack_form_says_why_beside_the_field_and_can_be_sent_again(town: Town) -> None:
    await town.says("amira", "/signpost create")
    await modal_of(town, "amira")
    await town.fills("amira", {NAME: "Services in Welsh!", SERVICE: "Renting", OUTCOME: "Nobody waits."})
    form = await modal_of(town, "amira")
    assert form.errors == {
        "community": "There is a community called “Services in Welsh” already. Say join services-in-welsh to join it."
    }
    await town.fills("amira", {NAME: "Renting", SERVICE: "Renting", OUTCOME: "Nobody waits."})
    done = await modal_of(town, "amira")
    assert "Renting is open." in done.words()


async def test_a_refused_teams_form_keeps_what_was_typed_and_says_why(town: Town) -> None:
    await town.says("gareth", "create")
    await town.fills("gareth", {NAME: "?!", SERVICE: "Renting a home", OUTCOME: "Nobody waits."})
    form = town.sees("gareth")[-1]
    assert "A name needs at least one letter or number." in form.words()
    for typed in ('"?!"', '"Renting a home"', '"Nobody waits."'):
        assert typed in json.dumps(form.card), typed
    await town.fills("gareth", {NAME: "Renting", SERVICE: "Renting a home", OUTCOME: "Nobody waits."})
    assert any("Renting is open." in words for words in town.reads("gareth"))
    assert nothing_was_refused(town)


@pytest.mark.parametrize(
    "same",
    ["Services in Welsh", "SERVICES IN WELSH", "services-in-welsh", "Ｓervices in Welsh", "🏴 Services\u202e in Welsh"],
)
async def test_a_name_that_is_taken_is_refused_however_it_is_written(town: Town, same: str) -> None:
    await town.says("amira", SAID.format(same))
    assert "There is a community called “Services in Welsh” already." in town.last("amira")
    assert await town.counts("community") == 3


async def test_a_name_that_only_looks_like_another_is_refused(town: Town) -> None:
    cyrillic_a = "\u0430"
    await town.says("amira", SAID.format(f"Starting {cyrillic_a} business"))
    await town.says("gareth", SAID.format(f"St{cyrillic_a}rting a business"))
    assert "Write each word of the name in one alphabet" in town.last("gareth")


@pytest.mark.parametrize("empty", ["!!!", "🚀🚀", "…", "---", "\u202e\u200b!", "❤️"])
async def test_a_name_without_a_letter_or_number_is_refused(town: Town, empty: str) -> None:
    await town.says("amira", SAID.format(f'"{empty}"'))
    assert "A name needs at least one letter or number." in town.last("amira")
    assert await town.counts("community") == 3


async def test_a_name_of_300_characters_is_refused_in_words(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, SAID.format("A" * 300))
        assert "That is 300 characters. Use 80 or fewer." in town.last(key)
    assert await town.counts("community") == 3


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("🚀 Growth & jobs", "growth-jobs"),
        ("الخدمات الرقمية", "الخدمات-الرقمية"),
        ("हिन्दी सेवाएँ", "हिन्दी-सेवाएँ"),
        ("Żółć i ÉCOLE", "żółć-i-école"),
        ("Braces {name} 100%", "braces-name-100"),
    ],
)
async def test_a_name_of_any_script_is_kept_and_found_on_both_platforms(town: Town, name: str, slug: str) -> None:
    await town.says("amira", SAID.format(name))
    assert f"{name} is open. You are its owner." in town.last("amira")
    await town.says("gareth", f"join {slug}")
    assert f"Welcome to {name}" in town.last("gareth")
    await town.says("tom", f"join {name.upper()}")
    assert f"Welcome to {name}" in town.last("tom")
    await town.says("nadia", f"communities {name.rsplit(maxsplit=1)[-1].upper()}")
    assert name in town.last("nadia")
    assert nothing_was_refused(town)


async def test_marks_that_turn_the_text_around_are_taken_out_of_a_name(town: Town) -> None:
    await town.says("amira", SAID.format("Renting\u202e\u2066 a\u200b home"))
    assert "Renting a home is open." in town.last("amira")


async def test_two_people_who_start_the_same_community_at_once_get_one(town: Town) -> None:
    await asyncio.gather(town.says("amira", SAID.format("Renting")), town.says("gareth", SAID.format("Renting")))
    said = [town.last("amira"), town.last("gareth")]
    assert sum("Renting is open. You are its owner." in words for words in said) == 1
    assert sum("There is a community called “Renting” already." in words for words in said) == 1
    assert await town.counts("community") == 4


async def test_nobody_else_is_told_of_a_new_community(town: Town) -> None:
    await town.says("amira", SAID.format("Renting"))
    assert all(town.reads(key) == [] for key in town.people if key != "amira")


async def test_a_new_owner_who_is_new_here_is_asked_the_two_things_too(town: Town) -> None:
    arrives_untied(town, "una", "Una Quill")
    await town.says("una", SAID.format("Renting"))
    assert "May we bring you questions? (up to 3 a week)" in town.last("una")
    assert "May others find you?" in town.last("una")


LIKE = "create Setting up a company service: Register a company outcome: Founders can trade without delay"


@pytest.mark.parametrize("key", ["harpreet", "kofi"])
async def test_one_that_means_the_same_is_offered_first_and_nothing_is_made(town: Town, key: str) -> None:
    await town.says(key, LIKE)
    assert "Is it one of these?" in town.last(key)
    assert "Starting a business" in town.last(key)
    assert await town.counts("community") == 3
    if key == "harpreet":
        await town.presses(key, "Join")
        assert "Welcome to Starting a business" in town.last(key)
    else:
        assert "Members" in town.sees(key)[-1].buttons()  # he is in it already
    assert await town.counts("community") == 3
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_started_all_the_same_it_has_all_that_was_said(town: Town, key: str) -> None:
    await town.says(key, LIKE + " purpose: We draw it together for: Everyone access: invitation suppliers: no")
    await town.presses(key, "Start mine all the same")
    for words in (
        "Setting up a company is open. You are its owner.",
        "We draw it together",
        "By invitation",
        "Suppliers may not join",
    ):
        assert sees(town, key, words), words
    assert await town.counts("community") == 4
    assert nothing_was_refused(town)


async def test_a_slack_form_offers_what_is_like_it_too(town: Town) -> None:
    await town.says("amira", "/signpost create")
    await modal_of(town, "amira")
    await town.fills("amira", {NAME: "New businesses", SERVICE: "Registering a firm", OUTCOME: "Nobody waits."})
    assert "Is it one of these?" in (await modal_of(town, "amira")).words()
    assert await town.counts("community") == 3


@pytest.mark.parametrize("outcome", ["...", "🚀", "Better"])
async def test_an_outcome_that_is_no_sentence_is_refused_with_an_example(town: Town, outcome: str) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, f"create Renting service: Renting a home outcome: {outcome}")
        assert "Say in one sentence what should be true" in town.last(key)
        assert "people can start trading without delay" in town.last(key)
    assert await town.counts("community") == 3


async def test_its_owner_is_asked_for_a_second_owner_and_one_from_elsewhere_is_asked_by_name(town: Town) -> None:
    await town.says("amira", SAID.format("Renting"))
    assert "Ask somebody from another organisation to own it too" in town.last("amira")
    await town.presses("amira", "Ask a second owner")
    await modal_of(town, "amira")
    await town.fills("amira", {"Who?": "Gareth Morlais-Rees"})
    assert "asks you to own Renting with them." in town.last("gareth")
    await town.presses("gareth", "Yes, I will own it")
    await town.says("gareth", "archive renting")
    assert "Archive Renting?" in town.last("gareth")
    assert nothing_was_refused(town)


@pytest.mark.parametrize("kind", ["practice", "Community of practice", "COMMUNITY OF PRACTICE"])
async def test_its_kind_is_read_as_people_say_it(town: Town, kind: str) -> None:
    await town.says("gareth", SAID.format("Renting") + f" kind: {kind}")
    assert "Community of practice" in town.last("gareth")
    await town.says("amira", SAID.format("Parking") + " kind: club")
    assert "Say one of these: “Service community”, “Technology community”" in town.last("amira")


@pytest.mark.parametrize("name", ["Startìng a Bùsiness", "5tarting a busine55", "Startingabusiness"])
async def test_one_that_looks_like_another_is_met_with_that_one(town: Town, name: str) -> None:
    for key in ("harpreet", "jakub"):
        await town.says(key, f"create {name} service: Paying duty on beer outcome: Brewers pay the right duty once")
        assert "Is it one of these?" in town.last(key) and "Starting a business" in town.last(key)
    assert await town.counts("community") == 3


async def test_a_word_in_letters_that_look_latin_is_refused_beside_latin_ones(town: Town) -> None:
    said = "service: Paying duty on beer outcome: Brewers pay the right duty once"
    for key in ("harpreet", "jakub"):
        await town.says(key, f"create Brewing \u0430 beer {said}")
        assert "Write each word of the name in one alphabet" in town.last(key)
    await town.says("jakub", f"create Robota z \u043b\u044e\u0434\u044c\u043c\u0438 {said}")
    assert "is open. You are its owner." in town.last("jakub")
