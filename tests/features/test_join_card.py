"""A card in a channel that everyone there can join from."""

from tests.features.entering import WELSH, becomes, memberships
from tests.features.newcomers import channel_of, modal_of, nothing_was_refused
from tests.town import Town


async def test_anyone_posts_a_card_and_everyone_in_the_channel_joins_from_it(town: Town) -> None:
    for key, other in (("amira", "kofi"), ("nadia", "femi")):
        place = channel_of(town, key)
        await town.says(key, f"@Signpost post card {WELSH}", place=place)
        assert "Join Services in Welsh" in town.last(other, place)
        await town.presses(other, "Join", place=place)
        assert await memberships(town, other) == 1
        assert await memberships(town, key) == 0
    assert nothing_was_refused(town)


async def test_a_slash_command_posts_it_for_all_and_it_names_nobody(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", f"/signpost post card {WELSH}", place=place)
    words = town.last("kofi", place)
    assert "Join Services in Welsh" in words and f"join {WELSH}" in words
    assert not any(person.name in words for person in town.people.values())
    assert nothing_was_refused(town)


async def test_filled_in_from_a_slack_channel_it_is_posted_there_for_all(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "/signpost post card", place=place)
    await modal_of(town, "amira")
    await town.fills("amira", {"Which community?": WELSH})
    assert town.modal("amira") is None
    assert town.last("kofi", place).startswith("Join Services in Welsh")
    await town.presses("kofi", "Join", place=place)
    assert await memberships(town, "kofi") == 1
    assert nothing_was_refused(town)


async def test_a_form_that_teams_shows_in_the_own_chat_gives_the_words_for_the_channel(town: Town) -> None:
    place = channel_of(town, "nadia")
    await town.says("nadia", "@Signpost post card", place=place)
    await town.fills("nadia", {"Which community?": WELSH})
    words = f"@Signpost post card {WELSH}"
    assert f"Nobody else reads this chat. In a channel, say: {words}" in town.last("nadia")
    await town.says("nadia", words, place=place)
    await town.presses("femi", "Join", place=place)
    assert await memberships(town, "femi") == 1
    assert nothing_was_refused(town)


async def test_pressing_twice_joins_once_and_approval_still_asks_the_owners(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", f"@Signpost post card {WELSH}", place=place)
    for _ in range(2):
        await town.presses("kofi", "Join", place=place)
    assert await memberships(town, "kofi") == 1
    await becomes(town, access="approval")
    await town.presses("amira", "Join", place=place)
    assert await memberships(town, "amira") == 0
    assert "wants to join Services in Welsh" in town.last("gareth")


async def test_in_a_direct_chat_it_says_where_to_post_it(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, f"post card {WELSH}")
        assert f"In a channel, say: @Signpost post card {WELSH}" in town.last(key)


async def test_the_card_says_how_one_joins_and_there_is_none_where_only_invited_people_join(town: Town) -> None:
    await becomes(town, access="approval")
    for key in ("amira", "nadia"):
        place = channel_of(town, key)
        await town.says(key, f"@Signpost post card {WELSH}", place=place)
        assert town.sees(key, place)[-1].buttons() == ["Ask to join", "See the community"]
    await becomes(town, access="invitation")
    await town.says("amira", f"@Signpost post card {WELSH}", place=channel_of(town, "amira"))
    assert "nobody could join by a card" in town.last("amira", channel_of(town, "amira"))
    assert "nobody could join by a card" not in town.last("kofi", channel_of(town, "kofi"))
