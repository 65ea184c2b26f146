"""Choose the language that Signpost writes in: typed, pressed or filled in, on both platforms."""

import pytest

from bot.changes import Changes
from bot.inbound import AccountRef
from tests.features.newcomers import arrives, channel_of, nothing_was_refused, record_of
from tests.features.telling import ASKED, asks, fills_in, form_is_open, sees, shown
from tests.town import Town

WELSH_NOW = "Bydd Signpost yn ysgrifennu atoch chi yn Gymraeg o hyn ymlaen."
ENGLISH_NOW = "Signpost writes to you in English from now on."
BOTH = ("amira", "gareth")


@pytest.mark.parametrize("said", ["cymraeg", "Welsh", "CYMRAEG", "yn Gymraeg"])
async def test_welsh_is_typed_in_either_language_and_answered_in_welsh(town: Town, said: str) -> None:
    for key in BOTH:
        await town.says(key, f"me language {said}")
        assert WELSH_NOW in town.last(key)
        await town.says(key, "shwmae")
        assert "Helo" in town.last(key) and "Gofyn cwestiwn" in town.sees(key)[-1].buttons()


@pytest.mark.parametrize("said", ["me language english", "me iaith saesneg"])
async def test_english_is_typed_in_either_language_and_answered_in_english(town: Town, said: str) -> None:
    for key in BOTH:
        await town.says(key, "me language cymraeg")
        await town.says(key, said)
        assert ENGLISH_NOW in town.last(key)
        await town.says(key, "hi")
        assert "Hello" in town.last(key)


async def test_a_reply_in_the_platforms_own_answer_is_in_the_new_language_too(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "/signpost me language cymraeg", place=place)
    assert WELSH_NOW in town.last("amira", place)
    await town.says("gareth", "@Signpost me language cymraeg", place=channel_of(town, "gareth"))
    assert (await record_of(town, "gareth")).language == "cy"
    assert nothing_was_refused(town)


async def test_the_profile_has_a_button_for_the_other_language_called_by_its_own_name(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me")
        await town.presses(key, "Cymraeg")
        assert WELSH_NOW in town.last(key)
        await town.says(key, "me")
        assert "Rôl" in town.last(key)
        await town.presses(key, "English", on="Rôl")
        assert ENGLISH_NOW in town.last(key)


async def test_the_language_is_chosen_on_a_form(town: Town) -> None:
    await town.says("gareth", "me language")
    await town.fills("gareth", {"Which language?": "Cymraeg"})
    assert WELSH_NOW in town.last("gareth")
    await town.says("amira", "/signpost me language")
    await form_is_open(town)
    await town.fills("amira", {"Which language?": "Cymraeg"})
    form = town.modal("amira")
    assert form is not None and WELSH_NOW in form.words()
    assert nothing_was_refused(town)


async def test_a_language_that_signpost_does_not_write_is_refused_with_those_it_does(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me language klingon")
        assert "Say me language english, or me language cymraeg." in town.last(key)
        assert (await record_of(town, key)).language == "en"


async def test_a_question_crosses_and_each_reads_it_in_their_own_language(town: Town) -> None:
    await town.says("gareth", "me language cymraeg")
    await asks(town, "amira")
    assert sees(town, "amira", "Q-21: your question in Starting a business")
    offered = shown(town, "gareth", "Q-21 gan Amira Haddad, Content designer, HMRC")
    assert ASKED in offered.words()
    assert offered.buttons() == ["Ateb", "Gofyn yn ôl", "Nid i mi"]

    await fills_in(town, "gareth", "Ateb", {"Eich ateb": "Rydym yn rhannu un dudalen."}, on=ASKED)
    assert sees(town, "gareth", "Rydych wedi ateb Q-21 gan Amira Haddad, HMRC")
    assert sees(town, "amira", "Gareth Morlais-Rees, Operations lead, DWP answers Q-21")
    assert sees(town, "amira", "Rydym yn rhannu un dudalen.")
    await town.presses("amira", "This answers it")
    assert sees(town, "gareth", "Mae Amira Haddad, HMRC yn dweud bod hyn yn ei ateb.")
    assert nothing_was_refused(town)


async def test_a_question_from_a_welsh_reader_is_in_english_for_others(town: Town) -> None:
    await town.says("gareth", "me language cymraeg")
    await town.says("gareth", "ask Pwy sy’n profi’r ffurflenni? community: starting-a-business")
    await town.presses("gareth", "Anfon")
    assert sees(town, "gareth", "Q-21: eich cwestiwn yng nghymuned Starting a business")
    to = [key for key in town.people if sees(town, key, "Q-21 from Gareth Morlais-Rees")]
    assert to and all(sees(town, key, "Pwy sy’n profi’r ffurflenni?") for key in to)


async def test_yes_and_no_are_understood_in_welsh(town: Town) -> None:
    for key in BOTH:
        for said, asked in (("ie", True), ("nage", False), ("iawn", True), ("na", False)):
            await town.says(key, f"me asked {said}")
            assert (await record_of(town, key)).asked is asked


@pytest.mark.parametrize("beside", BOTH)
async def test_who_comes_with_a_welsh_client_is_greeted_in_welsh(town: Town, beside: str) -> None:
    arrives(town, "nia", "Nia Prydderch", beside=beside, locale="cy-GB")
    await town.says("nia", "bore da")
    assert "Helo" in town.last("nia")
    assert (await record_of(town, "nia")).language == "cy"


@pytest.mark.parametrize("beside", BOTH)
async def test_who_comes_with_another_client_reads_english_until_they_choose(town: Town, beside: str) -> None:
    arrives(town, "ines", "Inês Duarte", beside=beside, locale="pt-PT")
    await town.says("ines", "hi")
    assert "Hello" in town.last("ines")
    assert (await record_of(town, "ines")).language == ""


@pytest.mark.parametrize("beside", BOTH)
async def test_what_a_person_chose_is_not_changed_by_their_client(town: Town, beside: str) -> None:
    arrives(town, "nia", "Nia Prydderch", beside=beside, locale="cy-GB")
    await town.says("nia", "me language english")
    nia = town.people["nia"]
    changes = Changes(town.database, town.clock, lambda: None)
    await changes.account_changed(AccountRef(nia.platform, nia.tenant, nia.user))
    await town.quiet()
    await town.says("nia", "hi")
    assert "Hello" in town.last("nia")
    assert (await record_of(town, "nia")).language == "en"


@pytest.mark.parametrize("said", ["language Cymraeg", "iaith Cymraeg"])
async def test_the_language_is_chosen_with_the_first_word_that_comes_to_mind(town: Town, said: str) -> None:
    for key in BOTH:
        await town.says(key, said)
        assert WELSH_NOW in town.last(key)
