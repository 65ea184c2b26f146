"""Showcases: scheduled in words or by form, checked field by field, counted once, and reminded of once."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.local.seen import View
from tests.everywhere.forging import fills_forged, presses_forged
from tests.features.telling import changes, form_is_open, nothing_was_refused, person, sees, shown
from tests.town import START, Town

NEW = "showcase new Journey map on 3 December at 2pm"
TITLE, DAY, TIME, ZONE = "What will be shown?", "On which day?", "At what time?", "In which time zone?"
FIELDS = {TITLE: "Journey map", DAY: "2026-12-03", TIME: "14:00"}
STARTS = datetime(2026, 12, 3, 14, 0, tzinfo=UTC)
PREVIEW = "Check the showcase before it is scheduled"


async def schedules(town: Town, said: str = NEW) -> None:
    """Tom, who owns Starting a business and uses Teams, scheduled it."""
    await town.says("tom", said)
    await town.presses("tom", "Schedule it")


async def is_coming(town: Town, *keys: str) -> None:
    for key in keys:
        await town.says(key, "showcase")
        await town.presses(key, "I am coming")


def open_modal(town: Town, key: str) -> View:
    view = town.modal(key)
    assert view is not None
    return view


async def test_it_is_previewed_in_words_and_kept_only_once_confirmed(town: Town) -> None:
    await town.says("tom", NEW)
    words = town.last("tom")
    for has in (PREVIEW, "Journey map", "Starting a business", "2pm to 2:45pm GMT, Thursday 3 December"):
        assert has in words
    assert "an hour before, to those who come" in words
    assert "Nobody is sent a message now." in words
    assert await town.counts("showcase") == 0

    await town.presses("tom", "Schedule it")
    assert "The showcase is scheduled" in town.last("tom")
    assert "You are counted as coming." in town.last("tom")
    assert await town.counts("showcase") == 1
    assert nothing_was_refused(town)


async def test_it_is_scheduled_by_form_in_slack(town: Town) -> None:
    await town.says("priya", "/signpost showcase new")
    await form_is_open(town)
    form = open_modal(town, "priya").words()
    assert "Services in Welsh" not in form
    await town.fills("priya", FIELDS)
    preview = open_modal(town, "priya")
    assert "2pm to 2:45pm GMT, Thursday 3 December" in preview.words()
    who = town.people["priya"]
    await town.platforms.slack.press(who.tenant, who.user, preview.id, "Schedule it")
    await town.quiet()
    assert await town.counts("showcase") == 1
    await town.says("amira", "showcase")
    assert "Journey map" in town.last("amira")
    assert nothing_was_refused(town)


async def test_it_is_scheduled_by_form_in_teams(town: Town) -> None:
    await town.says("tom", "showcase new")
    await town.fills("tom", FIELDS)
    await town.presses("tom", "Schedule it")
    assert await town.counts("showcase") == 1
    assert nothing_was_refused(town)


async def test_only_communities_one_owns_are_offered_and_the_only_one_is_taken(town: Town) -> None:
    await town.says("tom", NEW)
    assert "Starting a business" in town.last("tom")
    await town.says("tom", "showcase new Journey map community: employing-someone on 3 December at 2pm")
    assert "Only an owner of Employing someone can schedule a showcase for it." in town.last("tom")


async def test_who_owns_no_community_cannot_schedule_by_words_or_by_a_forged_button(town: Town) -> None:
    await town.says("amira", NEW)
    assert "Only a community owner can do this." in town.last("amira")
    await presses_forged(
        town,
        "amira",
        '{"do":"showcase new","title":"Mine","community":"starting-a-business","date":"2026-12-03","time":"14:00",'
        '"zone":"Europe/London","sure":true}',
    )
    assert await town.counts("showcase") == 0


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("date", "31 November", "That is not a day. Write it like Thursday 3 December or 2026-12-03."),
        ("date", "Monday 3 December", "That is not a day."),
        ("date", "someday", "That is not a day."),
        ("date", "2026-11-22", "That is in the past. Choose a later day."),
        ("date", "0001-01-01", "That is in the past. Choose a later day."),
        ("date", "2028-11-23", "That is more than two years away. Choose an earlier day."),
        ("date", "9999-12-31", "That is more than two years away. Choose an earlier day."),
        ("time", "25:00", "That is not a time. Write it like 2pm or 14:00."),
        ("time", "2", "That is not a time."),
        ("time", "13pm", "That is not a time."),
        ("zone", "Europe/Atlantis", "Signpost does not know that time zone. Write it like Europe/London."),
        ("title", "x" * 151, "That is 151 characters."),
        ("community", "nowhere", "There is no community called “nowhere”."),
        ("community", "services-in-welsh", "Only an owner of Services in Welsh can schedule a showcase for it."),
    ],
)
async def test_each_wrong_field_is_refused_beside_it_and_the_rest_is_kept(
    town: Town, field: str, value: str, why: str
) -> None:
    right = {
        "title": "Journey map",
        "community": "starting-a-business",
        "date": "2026-12-03",
        "time": "14:00",
        "zone": "Europe/London",
    }
    delivered = await fills_forged(town, "priya", '{"do":"showcase new"}', right | {field: value})
    errors = delivered.json["errors"]
    assert list(errors) == [field]
    assert why in errors[field]

    delivered = await fills_forged(town, "tom", '{"do":"showcase new"}', right | {field: value})
    card = str(delivered.json or "") + "".join(str(message.card) for message in town.sees("tom"))
    assert why in card
    for name, kept in right.items():
        assert name == field or kept in card
    assert await town.counts("showcase") == 0


async def test_an_hour_that_the_clocks_skip_in_2027_is_refused_and_the_hour_after_is_not(town: Town) -> None:
    await town.says("tom", "showcase new Early on 28 March 2027 at 1:30am")
    assert "The clocks go forward then, so that time does not exist. Choose another." in "".join(town.reads("tom"))
    await town.says("tom", "showcase new Early on 28 March 2027 at 2:30am")
    assert "2:30am to 3:15am BST, Sunday 28 March 2027" in town.last("tom")


async def test_an_hour_that_the_clocks_skip_on_29_march_2026_is_refused(town: Town) -> None:
    town.clock.move_by(datetime(2026, 3, 20, 9, tzinfo=UTC) - START)
    await town.says("tom", "showcase new Early on 29 March at 1:30am")
    assert "The clocks go forward then" in "".join(town.reads("tom"))


async def test_earlier_today_is_refused_beside_the_time(town: Town) -> None:
    delivered = await fills_forged(
        town,
        "priya",
        '{"do":"showcase new","community":"starting-a-business"}',
        {"title": "Journey map", "date": "2026-11-23", "time": "09:59", "zone": "Europe/London"},
    )
    assert delivered.json["errors"] == {"time": "That is in the past. Choose a later time."}


async def test_a_zone_is_said_in_words_and_shown_where_it_differs(town: Town) -> None:
    await town.says("tom", f"{NEW} zone: new york")
    assert "7pm to 7:45pm GMT, Thursday 3 December, which is 14:00 in New York" in town.last("tom")
    await town.says("tom", NEW)
    assert "which is" not in town.last("tom")


async def test_today_is_the_day_it_is_where_the_showcase_is(town: Town) -> None:
    town.clock.move_by(datetime(2026, 11, 23, 14, 0, tzinfo=UTC) - START)
    await town.says("tom", "showcase new Dawn on today at 11am zone: Sydney")
    assert "midnight to 12:45am GMT, Tuesday 24 November" in town.last("tom")


async def test_change_opens_the_form_with_everything_as_it_was(town: Town) -> None:
    await town.says("priya", "showcase new Journey map on 3 December at 2pm zone: Paris")
    await town.presses("priya", "Change")
    await form_is_open(town)
    form = str(open_modal(town, "priya").json)
    for has in ("Journey map", "'initial_date': '2026-12-03'", "'initial_time': '14:00'"):
        assert has in form
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Europe/Paris'}" in form
    await town.fills("priya", FIELDS | {TIME: "15:00"})
    assert "2pm to 2:45pm GMT" in open_modal(town, "priya").words() or "3pm" in open_modal(town, "priya").words()


async def test_confirming_twice_schedules_once(town: Town) -> None:
    await town.says("tom", NEW)
    await town.presses("tom", "Schedule it")
    await presses_forged(
        town,
        "tom",
        '{"do":"showcase new","title":"Journey map","community":"starting-a-business","date":"2026-12-03",'
        '"time":"14:00","zone":"Europe/London","sure":true}',
    )
    assert "This showcase is scheduled already. Say showcase to see it." in "".join(town.reads("tom"))
    assert await town.counts("showcase") == 1


async def test_members_see_it_in_their_own_time_and_others_do_not(town: Town) -> None:
    await schedules(town)
    await town.says("callum", "showcase")
    assert "3pm to 3:45pm CET, Thursday 3 December. Starting a business. Coming: 1 person." in town.last("callum")
    await town.says("harpreet", "showcase")
    assert "No showcase is planned in your communities." in town.last("harpreet")


async def test_the_next_three_are_listed_soonest_first_without_those_that_began(town: Town) -> None:
    for day in ("24", "27", "25", "26"):
        await schedules(town, f"showcase new Day {day} on {day} November at 2pm")
    await town.says("amira", "showcase")
    words = town.last("amira")
    assert words.index("Day 24") < words.index("Day 25") < words.index("Day 26")
    assert "Day 27" not in words
    await town.passes(timedelta(days=1, hours=5))
    await town.says("amira", "showcase")
    assert "Day 24" not in town.last("amira")
    assert "Day 27" in town.last("amira")


async def test_going_is_counted_once_over_both_platforms_however_often_it_is_said(town: Town) -> None:
    await schedules(town)
    await is_coming(town, "amira", "gareth", "callum")
    await presses_forged(town, "amira", '{"do":"come-to-showcase","showcase":1,"going":true}')
    await town.says("sian", "showcase")
    assert "Coming: 4 people." in town.last("sian")
    await town.presses("amira", "I cannot come")
    assert sees(town, "amira", "You said that you are not coming.")
    await town.says("sian", "showcase")
    assert "Coming: 3 people." in town.last("sian")


async def test_a_person_linked_on_both_platforms_counts_once_and_is_reminded_once(town: Town) -> None:
    await schedules(town)
    await is_coming(town, "amira", "gareth")
    await town.says("amira", "me link")
    code = town.last("amira").split("Your code is ")[1].split()[0]
    await town.says("gareth", f"me link {code}")
    await town.presses("gareth", "Yes, this is me")
    await town.says("sian", "showcase")
    assert "Coming: 2 people." in town.last("sian")
    await town.passes(STARTS - timedelta(hours=1) - town.clock())
    reminded = [words for key in ("amira", "gareth") for words in town.reads(key) if "begins at" in words]
    assert len(reminded) == 1


async def test_those_who_come_are_reminded_an_hour_before_once_in_their_own_time_and_nobody_else(town: Town) -> None:
    await schedules(town)
    await is_coming(town, "amira", "callum", "gareth")
    await town.presses("gareth", "I cannot come")
    await town.passes(STARTS - timedelta(hours=1, minutes=1) - town.clock())
    assert not any(sees(town, key, "begins at") for key in town.people)

    await town.passes(timedelta(minutes=1))
    assert {key for key in town.people if sees(town, key, "Journey map begins at")} == {"tom", "amira", "callum"}
    assert "Journey map begins at 2pm GMT" in shown(town, "amira", "begins at").words()
    assert "Journey map begins at 3pm CET" in shown(town, "callum", "begins at").words()
    assert "You get this because you said that you are coming." in shown(town, "tom", "begins at").words()

    for _ in range(3):
        await town.passes(timedelta(minutes=20))
    assert all(len([words for words in town.reads(key) if "begins at" in words]) <= 1 for key in town.people)


async def test_who_left_the_community_is_neither_counted_nor_reminded(town: Town) -> None:
    await schedules(town)
    await is_coming(town, "amira")
    amira = await person(town, "amira")
    await changes(town, lambda work: work.communities.leave(1, amira.id, work.now))
    await town.says("sian", "showcase")
    assert "Coming: 1 person." in town.last("sian")
    await town.passes(STARTS - timedelta(hours=1) - town.clock())
    assert not sees(town, "amira", "begins at")


async def test_one_scheduled_less_than_an_hour_before_reminds_nobody_and_says_so(town: Town) -> None:
    await town.says("tom", "showcase new Soon on today at 10:30am")
    assert "none, because it begins within the hour" in town.last("tom")
    await town.presses("tom", "Schedule it")
    await is_coming(town, "amira")
    assert "You are reminded an hour before." not in shown(town, "amira", "You said that you are coming.").words()
    await town.passes(timedelta(minutes=10))
    assert not any(sees(town, key, "begins at") for key in town.people)


async def test_a_reminder_that_is_late_by_hours_is_not_sent_after_the_showcase_began(town: Town) -> None:
    await schedules(town)
    await town.passes(STARTS + timedelta(minutes=1) - town.clock())
    assert not any(sees(town, key, "begins at") for key in town.people)


async def test_nobody_comes_to_what_began_or_is_not_theirs(town: Town) -> None:
    await schedules(town)
    await presses_forged(town, "harpreet", '{"do":"come-to-showcase","showcase":1,"going":true}')
    assert "This showcase is for members of its community." in town.last("harpreet")
    await town.says("amira", "showcase")
    town.clock.move_by(STARTS - town.clock())
    await town.presses("amira", "I am coming")
    assert "This showcase has begun or is over. Say showcase to see the next ones." in town.last("amira")
    await presses_forged(town, "amira", '{"do":"come-to-showcase","showcase":99,"going":true}')
    assert await town.counts("attendance") == 1


async def test_where_none_is_planned_the_next_step_depends_on_who_asks(town: Town) -> None:
    await town.says("amira", "showcase")
    assert "Anyone who owns a community can schedule one by saying showcase new." in town.last("amira")
    assert town.sees("amira")[-1].buttons() == []
    await town.says("priya", "showcase")
    assert town.sees("priya")[-1].buttons() == ["Schedule a showcase"]
