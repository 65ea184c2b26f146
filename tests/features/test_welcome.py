"""Whoever is new is welcomed once, in their own chat: what is stored, who sees it, and where to begin."""

import pytest
from sqlalchemy import delete, select, update

from adapters.local.faults import erring
from bot import meeting
from storage.services import Services
from storage.tables import Notice, Person, columns, table
from tests.features.newcomers import UNTIED, arrives, arrives_untied, channel_of, modal_of, record_of
from tests.features.telling import ASKED, BUSINESS, changes, form_is_open, nothing_was_refused, person, shown
from tests.storage.nouns import rows
from tests.town import Town

STORED = "may be disclosed under the Freedom of Information Act"
WELCOME = "Welcome to Signpost"
NEW = [("wanda", "amira"), ("wanda", "gareth")]


def told(town: Town, key: str) -> int:
    """How often this person was shown the notice."""
    return sum(STORED in words for words in town.reads(key))


def arrives_in_channel(town: Town, key: str, beside: str) -> str:
    """Somebody new is in a workspace or tenant, and in its first channel."""
    arrives(town, key, "Wanda Quill", beside=beside)
    place, local = channel_of(town, beside), town.people[key]
    if local.platform == "slack":
        found = next(one for one in town.platforms.slack.channels(local.tenant) if one.id == place)
        found.members.add(local.user)
    else:
        chat = next(one for one in town.platforms.teams.channels(local.tenant) if one.id == place)
        chat.members.add(local.user)
    return place


async def asks_for_something(town: Town, key: str) -> bool:
    """Whether a form is open for this person: a modal, or a card with something to fill in."""
    await form_is_open(town)
    return town.modal(key) is not None or any("Input.Text" in str(message.card) for message in town.sees(key))


async def forgets_that_it_told(town: Town, key: str) -> None:
    """The person is of a time before there was a notice."""
    number, n, p = (await person(town, key)).id, columns(Notice), columns(Person)
    await town.database.write(lambda tx: tx.once(delete(table(Notice)).where(n.person_id == number)))
    await town.database.write(lambda tx: tx.once(update(table(Person)).where(p.id == number).values(told=0)))


@pytest.mark.parametrize(("key", "beside"), NEW)
async def test_somebody_new_is_welcomed_once_and_answered_too(town: Town, key: str, beside: str) -> None:
    arrives(town, key, "Wanda Quill", beside=beside)
    await town.says(key, "hi")
    assert told(town, key) == 1
    card = shown(town, key, WELCOME).words()
    assert "the questions and answers you write" in card and "those that agreed with yours" in card
    assert "Signpost connects you with people who work on the same service." in town.last(key)

    await town.says(key, "hi")
    await town.says(key, "me")
    assert told(town, key) == 1
    number = (await record_of(town, key)).id
    mine = select(columns(Notice).version).where(columns(Notice).person_id == number)
    assert await rows(town.database, mine) == [(meeting.NOTICE,)]
    assert nothing_was_refused(town)


@pytest.mark.parametrize(("key", "beside"), NEW)
async def test_the_first_join_takes_at_most_three_interactions_from_hi(town: Town, key: str, beside: str) -> None:
    arrives(town, key, "Wanda Quill", beside=beside)
    interactions = 0
    await town.says(key, "hi")
    interactions += 1
    await town.presses(key, "Join", on=WELCOME)
    interactions += 1
    if await asks_for_something(town, key):
        await town.fills(key, {"What is your role?": "Policy adviser"})
        interactions += 1
    number = (await record_of(town, key)).id
    mine = await changes(town, lambda work: work.communities.mine(number))
    assert len(mine) == 1 and interactions <= 3
    opened = town.modal(key)
    said = [*town.reads(key), opened.words() if opened is not None else ""]
    assert any(f"Welcome to {mine[0].name}" in words for words in said)


@pytest.mark.parametrize(("key", "beside"), NEW)
async def test_up_to_three_communities_are_offered_each_with_the_reason(town: Town, key: str, beside: str) -> None:
    arrives(town, key, "Wanda Quill", beside=beside)
    await town.says(key, "hello")
    card = shown(town, key, WELCOME)
    assert 1 <= card.buttons().count("Join") <= 3
    reasons = ("people are in it.", "is in it.", "one of the largest communities.")
    assert any(reason in card.words() for reason in reasons)


async def test_who_first_speaks_in_a_channel_is_welcomed_where_nobody_else_sees_it(town: Town) -> None:
    for key, beside in (("wanda", "amira"), ("wilf", "gareth")):
        place = arrives_in_channel(town, key, beside)
        await town.says(key, "@Signpost help", place=place)
        assert told(town, key) == 1
        assert all(STORED not in words for other in (beside, "kofi", "tom") for words in town.reads(other))
        assert all(STORED not in words for words in town.reads(beside, place))


async def test_whose_first_words_are_a_question_gets_the_preview_and_the_welcome_beside_it(town: Town) -> None:
    for key in ("amira", "gareth"):
        await forgets_that_it_told(town, key)
        await town.says(key, f"ask {ASKED} community: {BUSINESS}")
        assert told(town, key) == 1
        assert "Check your question before it is sent" in town.last(key)
    assert shown(town, "amira", STORED).buttons().count("Join") > 0


async def test_who_asks_to_join_first_is_in_it_and_welcomed(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", f"join {BUSINESS} as policy adviser")
    assert "Welcome to Starting a business" in town.last("wanda")
    assert told(town, "wanda") == 1


async def test_a_new_version_is_shown_once_more_to_whoever_speaks_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "NOTICE", meeting.NOTICE + 1)
    for key in ("amira", "gareth"):
        for said in ("help", "me", "help"):
            await town.says(key, said)
        assert told(town, key) == 1
        card = shown(town, key, STORED)
        assert "What Signpost keeps about you has changed" in card.words()
        assert "Join" not in card.buttons()
    assert told(town, "kofi") == told(town, "tom") == 0


async def test_a_team_that_gets_signpost_hears_nothing_and_neither_do_its_members(town: Town) -> None:
    gareth, place = town.people["gareth"], arrives_in_channel(town, "wanda", "gareth")
    before = {key: (len(town.sees(key)), len(town.sees(key, place))) for key in ("gareth", "tom", "wanda")}
    await town.platforms.teams.install(gareth.tenant, gareth.user, channel=place)
    await town.quiet()
    assert before == {key: (len(town.sees(key)), len(town.sees(key, place))) for key in before}


async def test_who_adds_signpost_for_themselves_is_welcomed_once(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    wanda = town.people["wanda"]
    for _ in range(2):
        await town.platforms.teams.install(wanda.tenant, wanda.user)
        await town.quiet()
        assert told(town, "wanda") == 1
    await town.says("wanda", "hi")
    assert told(town, "wanda") == 1


async def test_who_opens_signpost_in_slack_is_welcomed_once(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    wanda, amira = town.people["wanda"], town.people["amira"]
    for _ in range(2):
        await town.platforms.slack.open_home(wanda.tenant, wanda.user)
        await town.platforms.slack.open_home(amira.tenant, amira.user)
        await town.quiet()
        assert told(town, "wanda") == 1 and told(town, "amira") == 0
    await town.says("wanda", "hi")
    assert told(town, "wanda") == 1


async def test_a_welcome_that_could_not_be_delivered_comes_the_next_time_they_speak(town: Town) -> None:
    place = arrives_in_channel(town, "wanda", "amira")
    wanda = town.people["wanda"]
    town.platforms.slack.faults.next("chat.postMessage", erring("restricted_action"), 1, channel=wanda.user)
    await town.says("wanda", "/signpost help", place=place)
    assert told(town, "wanda") == 0
    await town.signpost.schedule.tick()
    await town.says("wanda", "hi")
    assert told(town, "wanda") == 1


async def test_somebody_of_no_known_organisation_is_welcomed_too(town: Town) -> None:
    arrives_untied(town, "una", "Una Quill")
    await town.says("una", "hi")
    assert town.people["una"].tenant == UNTIED and told(town, "una") == 1


async def services(town: Town, key: str) -> list[str]:
    """The services that this person said they work on."""
    number = (await record_of(town, key)).id
    return await town.database.read(lambda tx: Services(tx).of(number))


async def test_role_and_services_are_said_on_the_form_of_the_welcome_on_slack(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    await town.says("wanda", "hi")
    await town.presses("wanda", "Say your role and services")
    await modal_of(town, "wanda")
    await town.fills(
        "wanda",
        {"What is your role?": "Policy adviser", "Which services do you work on?": "Register for VAT, Import goods"},
    )
    assert "Register for VAT" in (await modal_of(town, "wanda")).words()
    assert (await record_of(town, "wanda")).role == "Policy adviser"
    assert await services(town, "wanda") == ["Import goods", "Register for VAT"]


async def test_role_and_services_are_said_on_the_form_of_the_welcome_on_teams(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", "hi")
    await town.presses("wanda", "Say your role and services")
    await town.fills(
        "wanda", {"What is your role? (optional)": "Analyst", "Which services do you work on?": "Import goods"}
    )
    assert (await record_of(town, "wanda")).role == "Analyst"
    assert await services(town, "wanda") == ["Import goods"]
    assert nothing_was_refused(town)


async def test_the_community_of_a_service_just_said_is_offered_with_the_answer(town: Town) -> None:
    for key in ("amira", "jakub"):
        await town.says(key, "me services Services in Welsh")
        assert "You work on Services in Welsh." in town.last(key)
        await town.presses(key, "Join")
        assert "Welcome to Services in Welsh" in town.last(key)


async def test_services_are_typed_and_are_the_same_however_they_are_written(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me services Register for VAT; register for vat, Import goods role: Lead")
        assert await services(town, key) == ["Import goods", "Register for VAT"]
        assert (await record_of(town, key)).role == "Lead"
    assert await town.counts("service") == 2
    await town.says("amira", "me services Export goods")
    await town.says("gareth", "me services Export goods")
    assert await town.counts("service") == 1


async def test_what_is_no_name_of_a_service_is_refused_and_nothing_changes(town: Town) -> None:
    for said, why in (
        ("Import goods, ???", "Write the name of a service in letters"),
        ("a1, b2, c3, d4, e5, f6", "Name up to 5 services"),
        ("x" * 130, "Keep the name of each service under 120 characters."),
    ):
        await town.says("amira", f"me services {said}")
        assert why in town.last("amira")
    assert await town.counts("service") == 0
