"""Say in which languages you can answer, beside English."""

import pytest

from tests.features.newcomers import modal_of, nothing_was_refused, record_of
from tests.features.telling import fills_in
from tests.town import Town

BOTH = ("amira", "gareth")


@pytest.mark.parametrize(
    ("said", "shown", "kept"),
    [
        ("Welsh, French", "English, Welsh and French", "cy fr"),
        ("Cymraeg a Ffrangeg", "English, Welsh and French", "cy fr"),
        ("français; BSL", "English, French and British Sign Language", "fr bfi"),
        ("English", "English", ""),
        ("none", "English", ""),
    ],
)
async def test_languages_are_typed_in_english_in_welsh_or_in_themselves(
    town: Town, said: str, shown: str, kept: str
) -> None:
    for key in BOTH:
        await town.says(key, f"me languages {said}")
        assert f"You can answer in {shown}." in town.last(key)
        assert (await record_of(town, key)).languages == kept
        await town.says(key, "me more")
        assert shown in town.last(key)


async def test_a_reader_of_welsh_reads_their_names_in_welsh(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me language cymraeg")
        await town.says(key, "me languages Welsh, French")
        assert "Saesneg, Cymraeg a Ffrangeg" in town.last(key)


async def test_they_are_filled_in_on_a_form_that_begins_with_what_they_are(town: Town) -> None:
    await town.says("amira", "me languages Polish, Urdu")
    await town.presses("amira", "Change your languages")
    assert "Polish, Urdu" in str((await modal_of(town, "amira")).json)
    await town.fills("amira", {"Which languages can you answer in?": "Polish"})
    assert (await record_of(town, "amira")).languages == "pl"
    await town.says("gareth", "me more")
    await fills_in(town, "gareth", "Change your languages", {"Which languages can you answer in?": "Welsh"})
    assert (await record_of(town, "gareth")).languages == "cy"
    assert nothing_was_refused(town)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Welsh, Elvish", "No language is called “Elvish” here."),
        ("12", "No language is called “12” here."),
        ("'; drop", "No language is called “'” here."),
        ("de, fr, es, it, pl, ur, pa, bn, gu, ar, so, pt, ro", "Say up to 12 languages."),
        ("x" * 4000, "That is 4000 characters. Use 300 or fewer."),
    ],
)
async def test_what_is_no_language_is_refused_and_nothing_changes(town: Town, said: str, why: str) -> None:
    for key in BOTH:
        before = (await record_of(town, key)).languages
        await town.says(key, f"me languages {said}")
        assert why in town.last(key)
        assert (await record_of(town, key)).languages == before
