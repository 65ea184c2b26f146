"""Being told when somebody knows: once, only of people one may find, and no longer than one wants."""

from datetime import timedelta

import pytest

from tests.features.telling import changes, nothing_was_refused, person, sees, shown
from tests.town import Town

DAY = timedelta(days=1)
TOPIC = "zeppelin maintenance"
TOLD = "1 person may know about “zeppelin maintenance”"


async def learns(town: Town, key: str, knows: str = TOPIC) -> None:
    known = await person(town, key)
    await changes(town, lambda work: work.people.say_knows(known.id, knows))


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_who_waits_is_told_once_somebody_knows(town: Town, key: str) -> None:
    await town.says(key, f"whoknows {TOPIC}")
    await town.presses(key, "Tell me when somebody does")
    assert f"You are told when somebody you can find knows about “{TOPIC}”." in town.last(key)
    await town.passes(DAY)
    assert not sees(town, key, TOLD)
    await learns(town, "sian")
    await town.passes(DAY)
    told = shown(town, key, TOLD)
    assert "Siân Probert" in told.words()
    await town.passes(DAY)
    assert sum(TOLD in words for words in town.reads(key)) == 1
    assert await town.counts("watch") == 0
    assert nothing_was_refused(town)


async def test_nobody_is_told_of_somebody_they_may_not_find(town: Town) -> None:
    await town.says("amira", f"watch {TOPIC}")
    await learns(town, "yusra")  # nobody may find her
    await learns(town, "harpreet")  # they share no community
    await learns(town, "amira")
    await town.passes(DAY)
    assert not sees(town, "amira", TOLD)
    assert await town.counts("watch") == 1


async def test_somebody_of_one_organisation_is_waited_for(town: Town) -> None:
    await town.says("amira", f"watch {TOPIC} org: DWP")
    await learns(town, "sian")
    await town.passes(DAY)
    assert not sees(town, "amira", TOLD)
    await learns(town, "tom")
    await town.passes(DAY)
    assert "Tom Hes" in shown(town, "amira", "1 person in DWP may know about").words()


async def test_what_one_waits_for_is_listed_and_can_be_ended(town: Town) -> None:
    await town.says("gareth", "watches")
    assert "You wait for nothing." in town.last("gareth")
    await town.says("gareth", f"watch {TOPIC} role: designer")
    await town.says("gareth", f"watch {TOPIC} role: designer")
    assert await town.counts("watch") == 1
    await town.says("gareth", "watches")
    assert "zeppelin maintenance role: designer" in town.last("gareth")
    await town.presses("gareth", "Stop", on="You wait for 1 thing")
    assert sees(town, "gareth", "You are not told of it any more.")
    await learns(town, "sian")
    await town.passes(DAY)
    assert not sees(town, "gareth", TOLD)


async def test_it_ends_after_half_a_year(town: Town) -> None:
    await town.says("amira", f"watch {TOPIC}")
    await town.passes(183 * DAY)
    await town.passes(DAY)
    assert await town.counts("watch") == 0


async def test_nobody_waits_for_more_than_twenty_things(town: Town) -> None:
    for number in range(20):
        await town.says("amira", f"watch zeppelin{number}")
    await town.says("amira", "watch one more zeppelin")
    assert "You wait for 20 things already." in town.last("amira")
    assert await town.counts("watch") == 20


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("watch the of and", "Say what you want to know about, such as whoknows data sharing."),
        ("watch letters org: Atlantis", "No organisation is called “Atlantis”."),
        ("watch letters community: stopping-a-business", "There is no community called “stopping-a-business”."),
        (f"watch {'word ' * 800}", "Use 1000 or fewer."),
    ],
)
async def test_what_could_never_be_found_is_refused(town: Town, said: str, told: str) -> None:
    await town.says("amira", said)
    assert told in town.last("amira")
    assert await town.counts("watch") == 0
