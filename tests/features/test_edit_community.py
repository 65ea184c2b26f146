"""An owner changes what the community says of itself: by words or by the form with what is there now."""

import json

import pytest
from sqlalchemy import select

from bot.kinds import STAGES
from bot.text import Reader, say
from storage import tables
from storage.tables import columns
from tests.features.entering import WELSH, is_over
from tests.features.newcomers import modal_of, nothing_was_refused
from tests.features.telling import changes, form_is_open, sees
from tests.town import Town

a = columns(tables.Audit)


async def audited(town: Town) -> list[str]:
    rows: list[tuple[str]] = await town.database.read(
        lambda tx: tx.once(select(a.subject).where(a.verb == "edit").order_by(a.id))
    )
    return [subject for (subject,) in rows]


async def test_what_is_said_changes_and_is_shown_and_nobody_is_messaged(town: Town) -> None:
    await town.says(
        "tom", "community edit starting-a-business purpose: We draw the journey for: everyone access: approval"
    )
    words = town.last("tom")
    for has in ("Starting a business is changed.", "We draw the journey", "everyone", "An owner approves each request"):
        assert has in words
    assert "Anyone can start a business" not in words
    assert all(town.reads(key) == [] for key in town.people if key != "tom")
    assert await audited(town) == ["community 1: access, audience, purpose"]
    assert nothing_was_refused(town)


async def test_a_slack_form_has_what_is_there_now_and_changes_it(town: Town) -> None:
    await town.says("priya", "/signpost community edit starting-a-business")
    form = await modal_of(town, "priya")
    drawn = json.dumps(form.json, ensure_ascii=False)
    assert "Anyone can start a business" in drawn
    await town.fills("priya", {"Name": "Starting up", "Who is it for?": "Anyone who works on it"})
    done = await modal_of(town, "priya")
    assert "Starting up is changed." in done.words()
    await town.says("gareth", "members Starting up")
    assert "Starting up" in town.last("gareth")
    await town.says("gareth", "members starting-a-business")
    assert "Starting up" in town.last("gareth")
    assert nothing_was_refused(town)


async def test_a_teams_form_has_what_is_there_now_and_changes_it(town: Town) -> None:
    await town.says("tom", "community edit")
    card = json.dumps(town.sees("tom")[-1].card, ensure_ascii=False)
    assert "Anyone can start a business" in card
    await town.fills("tom", {"What do its members do together? (optional)": "We draw the journey."})
    assert sees(town, "tom", "Starting a business is changed."), town.reads("tom")
    assert sees(town, "tom", "We draw the journey.")
    assert await audited(town) == ["community 1: purpose"]
    assert nothing_was_refused(town)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("outcome: ...", "Say in one sentence what should be true"),
        ("name: !!!", "A name needs at least one letter or number."),
        ("name: Services in Welsh", "There is a community called “Services in Welsh” already."),
        ("name: " + "x" * 300, "Use 80 or fewer."),
        ("kind: club", "Say one of these: “Service community”, “Technology community”,"),
        (
            "access: secret",
            "Say one of these: “Anyone can join”, “An owner approves each request” and “By invitation”.",
        ),
        ("until: 1 December 2026", "Only a community of action has a last day."),
        ("kind: action", "A community of action ends."),
        ("kind: action until: 1 May 2001", "That day has passed."),
        ("kind: action until: soon", "That is not a date."),
    ],
)
async def test_what_makes_no_sense_is_refused_and_nothing_changes(town: Town, said: str, refused: str) -> None:
    await town.says("tom", f"community edit starting-a-business {said}")
    assert refused in town.last("tom")
    assert await audited(town) == []


async def test_it_becomes_a_community_of_action_and_back(town: Town) -> None:
    await town.says("tom", "community edit starting-a-business kind: action until: 1 May 2027")
    assert "Saturday 1 May 2027" in town.last("tom")
    await town.says("tom", "community edit starting-a-business kind: Community of practice")
    assert "Community of practice" in town.last("tom")
    assert await audited(town) == ["community 1: ends_on, kind", "community 1: ends_on, kind"]


async def test_the_stage_is_what_its_owners_say(town: Town) -> None:
    await town.says("tom", "community stage self-sustaining community: starting-a-business")
    assert "Self-sustaining" in town.last("tom")
    await town.says("priya", "/signpost community stage")
    await modal_of(town, "priya")
    await town.fills("priya", {"At which stage is it?": "Maturing"})
    assert "Maturing" in (await modal_of(town, "priya")).words()
    await town.says("tom", "community stage finished community: starting-a-business")
    assert "Say one of these: “Potential”," in town.last("tom")
    assert await audited(town) == ["community 1: stage", "community 1: stage"]


async def test_only_its_owners_may(town: Town) -> None:
    for said in (
        "community edit starting-a-business name: Mine",
        "community stage maturing community: starting-a-business",
    ):
        await town.says("gareth", said)
        assert "Only an owner of Starting a business can do this." in town.last("gareth")
        await town.says("amira", said)
        assert "Only a community owner can do this." in town.last("amira")


async def test_the_same_again_changes_nothing_and_says_so(town: Town) -> None:
    for _ in range(2):
        await town.says("tom", "community edit starting-a-business for: everyone")
    assert "Nothing is different in Starting a business." in town.last("tom")
    assert await audited(town) == ["community 1: audience"]


async def test_a_choice_is_typed_as_it_stands_on_the_form_in_welsh_too(town: Town) -> None:
    for key in ("tom", "priya"):
        await town.says(key, "me language cymraeg")
        await town.says(key, "community stage unknown community: starting-a-business")
        assert say(STAGES["maturing"], Reader("cy")) in town.last(key)
        assert "maturing" not in town.last(key)
        stage = say(STAGES["maturing" if key == "tom" else "potential"], Reader("cy"))
        await town.says(key, f"community stage {stage} community: starting-a-business")
        assert stage in town.last(key)
    assert await audited(town) == ["community 1: stage", "community 1: stage"]


async def test_an_owner_of_an_archived_community_is_told_how_to_open_it_again(town: Town) -> None:
    await is_over(town, WELSH, "archived")
    for key in ("gareth", "sian"):
        for verb in ("community edit", "health", "bulletin"):
            await town.says(key, f"{verb} {WELSH}")
            assert f"Services in Welsh is archived. Say reopen {WELSH} first." in town.last(key)
    await town.says("tom", f"health {WELSH}")
    assert "Services in Welsh was archived." in town.last("tom")


PURPOSE = "What do its members do together?"


async def opens_the_form(town: Town, key: str) -> None:
    await town.says(key, "/signpost community edit starting-a-business" if key == "priya" else "community edit")
    await form_is_open(town)


def field(town: Town, key: str, label: str) -> str:
    """A field as it is labelled there: Teams says in the label what may be left empty."""
    optional = label in (PURPOSE, "Who is it for?", "Which organisation supports it?", "What is its last day?")
    return f"{label} (optional)" if optional and town.people[key].platform == "teams" else label


async def sends_the_form(town: Town, key: str, answers: dict[str, str]) -> str:
    """The form was sent as it was filled in; what the person sees then."""
    await town.fills(key, {field(town, key, label): said for label, said in answers.items()})
    await form_is_open(town)
    modal = town.modal(key)
    return str(modal.json if modal else town.sees(key)[-1].card) if key == "priya" else str(town.sees(key)[-1].card)


async def says_now(town: Town) -> dict[str, str]:
    community = await changes(town, lambda work: work.communities.find("starting-a-business", ""))
    assert community is not None
    return {name: str(value) for name, value in community._asdict().items()}


@pytest.mark.parametrize(("first", "second"), [("priya", "tom"), ("tom", "priya")])
async def test_of_two_owners_who_save_at_once_neither_loses_what_the_other_changed(
    town: Town, first: str, second: str
) -> None:
    await opens_the_form(town, first)
    await opens_the_form(town, second)
    seen = await sends_the_form(town, first, {PURPOSE: "We draw the journey.", "Who is it for?": "Everyone"})
    assert "somebody else changed" not in seen
    seen = await sends_the_form(town, second, {"Service": "Start up", "Who is it for?": "Everyone"})
    assert "While you wrote, somebody else changed other parts." in seen and "We draw the journey." in seen
    now = await says_now(town)
    assert (now["purpose"], now["audience"], now["service"]) == ("We draw the journey.", "Everyone", "Start up")
    assert await audited(town) == ["community 1: audience, purpose", "community 1: service"]
    assert nothing_was_refused(town)


@pytest.mark.parametrize(("first", "second"), [("priya", "tom"), ("tom", "priya")])
async def test_a_field_that_both_changed_is_said_beside_it_and_sent_again_it_is_theirs(
    town: Town, first: str, second: str
) -> None:
    await opens_the_form(town, first)
    await opens_the_form(town, second)
    changed = {
        PURPOSE: "We draw the journey.",
        "How do people join?": "An owner approves each request",
        "Service": "Start up",
    }
    await sends_the_form(town, first, changed)
    mine = {
        PURPOSE: "We meet on Mondays.",
        "How do people join?": "By invitation",
        "Who is it for?": "Designers",
    }
    seen = await sends_the_form(town, second, mine)
    assert "Somebody else changed this to “We draw the journey.” while you wrote." in seen
    assert "Somebody else changed this to “An owner approves each request” while you wrote." in seen
    assert "We meet on Mondays." in seen and "Designers" in seen
    now = await says_now(town)
    assert (now["purpose"], now["access"], now["audience"]) == ("We draw the journey.", "approval", "")
    seen = await sends_the_form(town, second, {})
    assert "Starting a business is changed." in seen
    now = await says_now(town)
    assert (now["purpose"], now["access"], now["audience"]) == ("We meet on Mondays.", "invitation", "Designers")
    assert now["service"] == "Start up"
    assert nothing_was_refused(town)


async def test_a_field_that_one_emptied_is_said_to_be_empty_and_one_that_is_emptied_stays_so(town: Town) -> None:
    await town.says("tom", "community edit starting-a-business purpose: We draw. for: everyone")
    await opens_the_form(town, "priya")
    await opens_the_form(town, "tom")
    await sends_the_form(town, "priya", {PURPOSE: ""})
    seen = await sends_the_form(town, "tom", {PURPOSE: "We draw more.", "Who is it for?": ""})
    assert "Somebody else emptied this while you wrote." in seen
    await sends_the_form(town, "tom", {})
    now = await says_now(town)
    assert (now["purpose"], now["audience"]) == ("We draw more.", "")


async def test_its_kind_that_one_changed_stays_when_another_changes_its_name(town: Town) -> None:
    await opens_the_form(town, "tom")
    await town.says("priya", "community edit starting-a-business kind: action until: 1 May 2027")
    await sends_the_form(town, "tom", {"Name": "Starting up"})
    now = await says_now(town)
    assert (now["name"], now["kind"], now["ends_on"]) == ("Starting up", "action", "2027-05-01")


async def test_a_form_sent_back_as_it_was_changes_nothing_whatever_happened_meanwhile(town: Town) -> None:
    await opens_the_form(town, "tom")
    await town.says("priya", "community edit starting-a-business name: Starting up access: approval")
    seen = await sends_the_form(town, "tom", {})
    assert "Nothing is different in Starting up." in seen and "An owner approves each request" in seen
    now = await says_now(town)
    assert (now["name"], now["access"]) == ("Starting up", "approval")
