"""See and change more of your profile."""

from tests.features.newcomers import nothing_was_refused
from tests.town import Town


async def test_the_second_card_shows_when_one_can_be_asked_with_a_way_to_change_each_line(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me")
        await town.presses(key, "More")
        for line in ("at most 3 a week", "any time", "English", "no organisation"):
            assert line in town.last(key)
        assert town.sees(key)[-1].buttons() == [
            "Change type",
            "Change the limit",
            "Say when you are away",
            "Change your hours",
            "Change your languages",
            "Hide from an organisation",
        ]
    assert nothing_was_refused(town)


async def test_who_is_away_comes_back_by_a_press(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me away 1 December to 3 December")
        await town.says(key, "me more")
        assert "from Tuesday 1 December to Thursday 3 December" in town.last(key)
        await town.presses(key, "I am not away", on="More of your profile")
        assert "You are back." in town.last(key)
