"""One's own profile: what others see, and a way to change each line."""

import pytest

from tests.features.newcomers import arrives, arrives_untied, channel_of, modal_of, nothing_was_refused, record_of
from tests.town import Town


async def test_the_profile_shows_what_is_known_and_how_to_change_it(town: Town) -> None:
    for key, said in (("amira", "/signpost me"), ("gareth", "me")):
        await town.says(key, said)
        assert "yes, up to 3 a week" in town.last(key)
        assert town.sees(key)[-1].buttons() == [
            "Change role",
            "Change what you know",
            "Stop bringing me questions",
            "Hide me",
            "More",
            "Cymraeg",
        ]
    assert "Content designer" in town.last("amira") and "HMRC" in town.last("amira")
    assert "Starting a business" in town.last("gareth") and "Services in Welsh" in town.last("gareth")


async def test_the_profile_in_a_channel_is_seen_by_its_person_only(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "@Signpost me", place=place)
    assert "Content designer" in town.last("amira", place)
    assert all("Content designer" not in words for words in town.reads("kofi", place))


async def test_role_and_knowledge_are_typed_on_both_platforms(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me role Head of letters")
        assert "Head of letters" in town.last(key)
        await town.says(key, 'me knows VAT, "tone of voice" & 🐝')
        assert 'VAT, "tone of voice" & 🐝' in town.last(key)
    await town.says("tom", "members starting-a-business")
    assert "Amira Haddad, Head of letters, HMRC" in town.last("tom")
    assert nothing_was_refused(town)


async def test_role_is_changed_on_a_slack_form_that_begins_with_what_it_is(town: Town) -> None:
    await town.says("amira", "me")
    await town.presses("amira", "Change role")
    form = await modal_of(town, "amira")
    assert "Content designer" in str(form.json)
    await town.fills("amira", {"What is your role?": "Head of letters"})
    done = await modal_of(town, "amira")
    assert "Head of letters" in done.words()


async def test_knowledge_is_changed_on_a_teams_form(town: Town) -> None:
    await town.says("gareth", "me")
    await town.presses("gareth", "Change what you know")
    await town.presses("gareth", "Change the line")
    await town.fills("gareth", {"What can people ask you about?": "Letters"})
    assert (await record_of(town, "gareth")).knows == "Letters"
    assert nothing_was_refused(town)


async def test_a_role_is_one_line_without_hidden_marks(town: Town) -> None:
    await town.says("amira", "me role Head\u202e of\n\n letters\u200b")
    assert (await record_of(town, "amira")).role == "Head of letters"


@pytest.mark.parametrize(("verb", "most"), [("me role", 80), ("me knows", 300)])
async def test_a_line_that_is_too_long_is_refused_and_nothing_changes(town: Town, verb: str, most: int) -> None:
    await town.says("gareth", f"{verb} {'x' * 400}")
    assert f"That is 400 characters. Use {most} or fewer." in town.last("gareth")
    assert "x" * 400 not in str(await record_of(town, "gareth"))


async def test_a_press_changes_what_is_asked_and_shown_and_can_be_taken_back(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me")
        await town.presses(key, "Hide me")
        assert not (await record_of(town, key)).findable
        await town.presses(key, "Let others find me")
        assert (await record_of(town, key)).findable
        await town.says(key, "me")
        await town.presses(key, "Stop bringing me questions")
        assert not (await record_of(town, key)).asked
        await town.presses(key, "See your profile")
        assert "Bring me questions" in town.sees(key)[-1].buttons()


async def test_who_is_not_verified_reads_what_that_means_and_who_can_change_it(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira", guest=True)
    arrives_untied(town, "una", "Una Quill")
    for key in ("wanda", "una"):
        await town.says(key, "hi")
        await town.says(key, "me")
        assert "not verified" in town.last(key)
        assert "An administrator of Signpost can tie your workspace to your organisation." in town.last(key)
    await town.says("amira", "me")
    assert "not verified" not in town.last("amira")


async def test_somebody_new_is_never_called_by_an_id(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    await town.says("wanda", "me")
    assert town.people["wanda"].user not in town.last("wanda")
    await town.says("wanda", "me")
    assert "Wanda Quill" in town.last("wanda")
