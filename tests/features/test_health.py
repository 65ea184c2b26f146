"""How a community does: its grid, what became of its questions, and warnings that end with what to do."""

from datetime import timedelta

from bot.work import Work
from tests.features.telling import agreements_end, asks, changes, nothing_was_refused, person, sees
from tests.town import START, Town


async def test_it_shows_each_organisation_with_its_professions(town: Town) -> None:
    await town.says("tom", "health starting-a-business")
    words = town.last("tom")
    for has in ("How Starting a business does", "HMRC: 2 people", "design (1) and operations (1)", "DWP: 2 people"):
        assert has in words, words
    assert "Members" in words and "15" in words
    assert nothing_was_refused(town)


async def test_it_is_asked_for_on_slack_and_chosen_from_the_communities_one_owns(town: Town) -> None:
    await town.says("sian", "/signpost health")
    assert "Services in Welsh" in str(town.reads("sian"))
    assert nothing_was_refused(town)


async def test_it_says_how_soon_questions_are_answered_and_by_whom_only_of_five_or_more(town: Town) -> None:
    await town.says("tom", "health starting-a-business")
    words = town.last("tom")
    assert "100% of questions" in words
    assert "5 hours" in words
    await town.says("gareth", "health services-in-welsh")
    assert "too few answers to say" in town.last("gareth")


async def test_a_question_without_an_answer_is_shown_with_its_age_and_after_a_week_it_is_a_warning(town: Town) -> None:
    await asks(town, "amira", "Who keeps the list of forms?")
    await town.passes(timedelta(days=3))
    await town.says("tom", "health starting-a-business")
    assert "Waiting for 3 days." in town.last("tom")
    assert "has waited a week" not in town.last("tom")
    await town.passes(timedelta(days=5))
    await town.says("tom", "health starting-a-business")
    assert "1 question has waited a week or more for an answer." in town.last("tom")
    await town.presses("tom", "Ask the members")
    assert sees(town, "tom", "What do you want to tell the members?")


async def test_too_many_of_one_organisation_is_a_warning_that_names_whom_to_invite(town: Town) -> None:
    tom = await person(town, "tom")

    def gather(work: Work) -> None:
        community = work.communities.find("starting-a-business", "")
        assert community is not None
        for number in range(30):
            one = work.people.add(f"Person {number}", work.now, organisation=tom.organisation_id, verified=True)
            work.communities.join(community.id, one, work.now)

    await changes(town, gather)
    await town.says("tom", "health starting-a-business")
    words = town.last("tom")
    assert "71% of members are from DWP." in words
    await town.presses("tom", "Invite people in product and delivery", on="71% of members")
    assert "Invite people in product and delivery to Starting a business" in town.last("tom")
    assert "join starting-a-business" in town.last("tom")


async def test_who_came_and_left_and_the_showcases_are_there(town: Town) -> None:
    await town.says("marcus", "leave starting-a-business")
    await town.says("tom", "health starting-a-business")
    assert "There was no showcase in 90 days, and none is planned." in town.last("tom")
    await town.says("tom", "showcase new Journey map on 3 December at 2pm")
    await town.presses("tom", "Schedule it")
    await town.says("tom", "health starting-a-business")
    words = town.last("tom")
    assert "Journey map, Thursday 3 December" in words
    assert "There was no showcase" not in words
    assert "Left\n1" in words.replace("*", "")
    await town.passes(timedelta(days=200))
    await town.says("tom", "health starting-a-business")
    assert "There was no showcase in 90 days" in town.last("tom")
    assert "Thursday 3 December 2026" in town.last("tom")
    assert town.clock() > START


async def test_roles_and_questions_of_organisations_without_an_agreement_are_not_shown(town: Town) -> None:
    await asks(town, "amira", "Who keeps the list of forms?")
    await agreements_end(town, "amira")
    await town.passes(timedelta(days=8))
    await town.says("tom", "health starting-a-business")
    words = town.last("tom")
    assert "Who keeps the list" not in words
    assert "Roles are not shown." in words
    assert "1 question has waited" in words


async def test_only_an_owner_of_the_community_sees_it(town: Town) -> None:
    await town.says("amira", "health starting-a-business")
    assert "Only a community owner can do this" in town.last("amira")
    await town.says("gareth", "health starting-a-business")
    assert "Only an owner of Starting a business can do this." in town.last("gareth")
