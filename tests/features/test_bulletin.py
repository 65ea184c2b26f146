"""The weekly bulletin for its owners: previewed two days before, with their words, on another day, or not at all."""

import inspect
from datetime import UTC, datetime

import pytest

from bot.features.read_bulletin import preview_day
from bot.work import Work
from storage.health import Asked, Health
from tests.everywhere.forging import presses_forged
from tests.features.days import FRIDAY, MONDAY, it_becomes, things_happen_by_themselves
from tests.features.newcomers import channel_of
from tests.features.telling import (
    asks,
    changes,
    fills_in,
    is_no_longer_verified,
    nothing_was_refused,
    people_with,
    person,
    sees,
    shown,
)
from tests.features.test_undelivered import administers
from tests.town import Town

PREVIEW = "The next bulletin of Starting a business"
SENT = "This week in Starting a business"
WORDS = {"What do you want to tell the members?": "Bring your maps on Thursday."}


async def test_a_connected_channel_has_its_numbers_and_a_way_in_and_nobodys_words(town: Town) -> None:
    await things_happen_by_themselves(town)
    for owner, admin in (("priya", "callum"), ("tom", "gareth")):
        await administers(town, admin)
        await town.says(owner, "@Signpost connect starting-a-business", place=channel_of(town, owner))
        await town.presses(admin, "Connect")
    await it_becomes(town, FRIDAY)
    await fills_in(town, "tom", "Add your words", WORDS, on=PREVIEW)
    await it_becomes(town, MONDAY)
    for key in ("priya", "tom"):
        posted = [words for words in town.reads(key, channel_of(town, key)) if SENT in words]
        assert len(posted) == 1
        assert "15 people" in posted[0]
        assert "Bring your maps" not in posted[0]
    await town.presses("priya", "See the community", place=channel_of(town, "priya"), on=SENT)
    assert nothing_was_refused(town)


async def test_its_owners_see_it_two_days_before_on_both_platforms_and_nobody_else_does(town: Town) -> None:
    await things_happen_by_themselves(town)
    assert people_with(town, PREVIEW) == set()
    await it_becomes(town, FRIDAY)
    assert people_with(town, PREVIEW) == {"priya", "tom"}
    words = shown(town, "tom", PREVIEW).words()
    for has in ("9am GMT, Monday 30 November", "15 people", "HMRC (2)"):
        assert has in words
    assert people_with(town, SENT) == set()
    assert nothing_was_refused(town)


async def test_an_owners_words_are_added_by_form_and_the_other_owner_sees_them(town: Town) -> None:
    await things_happen_by_themselves(town)
    await it_becomes(town, FRIDAY)
    await fills_in(town, "tom", "Add your words", WORDS, on=PREVIEW)
    assert "Bring your maps on Thursday." in shown(town, "tom", PREVIEW).words()
    assert "Bring your maps on Thursday." in shown(town, "priya", PREVIEW).words()
    await fills_in(
        town, "priya", "Change your words", {"What do you want to tell the members?": "No maps."}, on=PREVIEW
    )
    assert "Bring your maps" not in shown(town, "tom", PREVIEW).words()
    await it_becomes(town, MONDAY)
    words = shown(town, "amira", SENT).words()
    assert "No maps." in words
    assert "Priya Raman-Kerr" in words
    assert nothing_was_refused(town)


async def test_it_can_be_seen_at_any_time_typed_and_pressed(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    assert PREVIEW in town.last("tom")
    await town.says("gareth", "bulletin")
    assert "The next bulletin of Services in Welsh" in town.last("gareth")
    await town.says("priya", "/signpost bulletin starting-a-business")
    await fills_in(town, "priya", "Add your words", WORDS)
    await town.says("tom", "bulletin starting-a-business")
    assert "Bring your maps on Thursday." in town.last("tom")
    assert await town.counts("bulletin") == 2
    assert nothing_was_refused(town)


async def test_skipped_nothing_is_sent_and_it_can_be_sent_after_all(town: Town) -> None:
    await things_happen_by_themselves(town)
    await it_becomes(town, FRIDAY)
    await town.presses("priya", "Skip this week", on=PREVIEW)
    skipped = "The bulletin of Starting a business is not sent this week."
    assert sees(town, "priya", skipped) and sees(town, "tom", skipped)

    await town.presses("tom", "Send it after all", on=skipped)
    assert sees(town, "priya", PREVIEW)
    await town.presses("tom", "Skip this week", on=PREVIEW)
    await it_becomes(town, MONDAY)
    assert people_with(town, SENT) == set()
    assert nothing_was_refused(town)


async def test_a_skipped_bulletin_is_not_begun_again_for_the_same_day(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    await town.presses("tom", "Skip this week")
    await town.says("tom", "bulletin starting-a-business")
    assert "Monday 7 December" in town.last("tom")
    await town.presses("tom", "Send it after all", on="is not sent this week")
    assert "was sent or skipped before" in town.last("tom")
    await it_becomes(town, MONDAY)
    assert people_with(town, SENT) == set()


async def test_turned_off_nothing_is_sent_until_it_is_turned_on_for_another_day(town: Town) -> None:
    await things_happen_by_themselves(town)
    await town.says("tom", "bulletin off starting-a-business")
    assert "Starting a business has no weekly bulletin." in town.last("tom")
    await it_becomes(town, FRIDAY)
    await it_becomes(town, MONDAY)
    assert people_with(town, PREVIEW) == people_with(town, SENT) == set()

    await town.says("priya", "bulletin on Thursday community: starting-a-business")
    assert "9am GMT, Thursday 3 December" in town.last("priya")
    await asks(town, "amira")
    await it_becomes(town, datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    assert sees(town, "tom", PREVIEW)
    await it_becomes(town, datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
    assert "amira" in people_with(town, SENT)
    assert nothing_was_refused(town)


async def test_on_another_day_what_was_begun_goes_out_on_that_day(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    await fills_in(town, "tom", "Add your words", WORDS)
    await fills_in(town, "tom", "Change the day", {"On which day?": "WE"}, on="Bring your maps")
    assert "9am GMT, Wednesday 25 November" in town.last("tom")
    await it_becomes(town, datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    assert "Bring your maps on Thursday." in shown(town, "amira", SENT).words()
    assert await town.counts("bulletin") == 1


@pytest.mark.parametrize("said", ["Wednesday", "wed", "WE", "Mercher", "dydd Mercher"])
async def test_the_day_is_said_in_english_or_in_welsh(town: Town, said: str) -> None:
    await town.says("tom", f"bulletin on {said} community: starting-a-business")
    assert "9am GMT, Wednesday 25 November" in town.last("tom")


async def test_a_day_that_is_none_is_refused_beside_the_field(town: Town) -> None:
    await town.says("tom", "bulletin on someday community: starting-a-business")
    assert "Say a day of the week, such as Monday." in town.last("tom")


async def test_only_an_owner_of_that_community_may_see_or_change_it(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    await town.says("amira", "bulletin starting-a-business")
    assert "Only a community owner can do this" in town.last("amira")
    await town.says("gareth", "bulletin off starting-a-business")
    assert "Only an owner of Starting a business can do this." in town.last("gareth")
    for forged in ('{"do":"skip-bulletin","bulletin":1,"skip":true}', '{"do":"add-words","bulletin":1,"words":"x"}'):
        await presses_forged(town, "amira", forged)
        assert "Only an owner of the community can do this." in town.last("amira")
    for forged in ('{"do":"send-bulletin","bulletin":1}', '{"do":"keep-bulletins","after":0}'):
        await presses_forged(town, "tom", forged)
    await it_becomes(town, town.clock())
    assert people_with(town, SENT) == set()


async def test_who_is_not_verified_can_say_nothing_in_it(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    await is_no_longer_verified(town, "tom")
    await fills_in(town, "tom", "Add your words", WORDS)
    assert "Your organisation is not verified yet" in str(town.reads("tom"))
    await town.says("priya", "bulletin starting-a-business")
    assert "Bring your maps" not in town.last("priya")


async def test_who_owns_it_no_more_sees_no_preview(town: Town) -> None:
    await things_happen_by_themselves(town)
    tom = await person(town, "tom")
    community = await changes(town, lambda work: work.communities.find("starting-a-business", ""))
    assert community is not None
    number = community.id

    def steps_down(work: Work) -> None:
        work.communities.set_owner(number, tom.id, False)

    await changes(town, steps_down)
    await it_becomes(town, FRIDAY)
    assert people_with(town, PREVIEW) == {"priya"}


@pytest.mark.parametrize(
    ("day", "preview"),
    [("MO", "FR"), ("TU", "FR"), ("WE", "MO"), ("TH", "TU"), ("FR", "WE"), ("SA", "TH"), ("SU", "FR")],
)
def test_a_preview_comes_two_days_before_and_never_on_a_weekend(day: str, preview: str) -> None:
    assert preview_day(day) == preview


async def test_turned_off_and_on_again_it_keeps_what_is_in_it(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    await fills_in(town, "tom", "Add your words", WORDS, on=PREVIEW)
    await town.says("priya", "bulletin off starting-a-business")
    assert "has no weekly bulletin" in town.last("priya")
    await town.presses("priya", "Turn it on")
    for key in ("priya", "tom"):
        words = shown(town, key, PREVIEW).words()
        assert "Bring your maps on Thursday." in words and "Monday 30 November" in words
    await it_becomes(town, MONDAY)
    assert "Bring your maps on Thursday." in shown(town, "amira", SENT).words()


async def test_a_week_that_was_skipped_stays_so_when_the_day_changes(town: Town) -> None:
    await town.says("tom", "bulletin starting-a-business")
    await town.presses("tom", "Skip this week")
    await town.says("tom", "bulletin on Tuesday community: starting-a-business")
    assert "Tuesday 1 December" in town.last("tom")
    await it_becomes(town, MONDAY)
    assert not sees(town, "amira", SENT)


async def test_the_questions_of_a_community_are_never_gone_through_while_something_is_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing: list[str] = []
    asked = Health.asked

    def watched(self: Health, community: int) -> list[Asked]:
        inside = [frame.function for frame in inspect.stack() if "work" in frame.frame.f_locals]
        writing.extend(inside)
        return asked(self, community)

    monkeypatch.setattr(Health, "asked", watched)
    await things_happen_by_themselves(town)
    await asks(town, "amira")
    await town.says("tom", "bulletin starting-a-business")
    await town.says("tom", "bulletin off starting-a-business")
    await town.presses("tom", "Turn it on")
    await it_becomes(town, FRIDAY)
    await fills_in(town, "tom", "Add your words", WORDS, on=PREVIEW)
    await town.presses("priya", "Skip this week", on=PREVIEW)
    await town.presses("priya", "Send it after all", on="is not sent this week")
    await it_becomes(town, MONDAY)
    assert sees(town, "amira", SENT)
    assert writing == []
