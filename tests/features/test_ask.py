"""Asking: who will get a question is shown first, and only they get it."""

import re
from datetime import timedelta

import pytest

from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Here, Inbound
from tests.everywhere.forging import presses_forged
from tests.features.telling import (
    ASKED,
    BUSINESS,
    IN_TEAMS,
    agreements_end,
    asks,
    changes,
    consents,
    form_is_open,
    is_no_longer_verified,
    nothing_was_refused,
    people_with,
    person,
    prepares,
    sees,
    shown,
)
from tests.town import Town

_A_MINUTE = timedelta(minutes=1)
_DAYS_8 = timedelta(days=8)
BOTH_WAYS = pytest.mark.parametrize(
    ("asker", "text"), [("amira", ASKED), ("gareth", IN_TEAMS)], ids=["from-slack", "from-teams"]
)


@BOTH_WAYS
async def test_those_shown_before_sending_get_the_question_and_nobody_else(town: Town, asker: str, text: str) -> None:
    await prepares(town, asker, text)
    preview = town.last(asker)
    assert people_with(town, text) == {asker}
    named = {key for key, who in town.people.items() if who.name in preview}
    assert 1 <= len(named) <= 3

    await town.presses(asker, "Send")
    assert people_with(town, text) == {asker, *named}
    assert {town.people[key].organisation for key in named} - {town.people[asker].organisation}
    assert nothing_was_refused(town)


async def test_who_gets_it_sees_who_asks_from_where_and_why_they_were_chosen(town: Town) -> None:
    await asks(town, "amira")
    got = shown(town, "gareth", ASKED)
    assert "Q-21 from Amira Haddad, Content designer, HMRC" in got.words()
    assert "You answered 1 question like this. You say that you know about it." in got.words()
    assert "You are in Starting a business and said we may bring you questions." in got.words()
    assert got.buttons() == ["Answer", "Ask back", "Not for me"]


async def test_the_asker_keeps_one_card_that_says_how_it_stands(town: Town) -> None:
    await asks(town, "amira")
    card = shown(town, "amira", "Q-21: your question in Starting a business")
    assert "Waiting for an answer" in card.words()
    assert "Gareth Morlais-Rees (DWP), Siân Probert (CH) and Kofi Adjei-Marsh (HMRC)" in card.words()
    assert card.buttons() == ["Add more"]


async def test_a_question_asked_with_a_slash_in_a_channel_is_between_the_asker_and_signpost(town: Town) -> None:
    channel = town.platforms.world.workspace("HMRC").channels[0].id
    await town.says("amira", f"/ask {ASKED}", place=channel)
    assert ASKED in town.last("amira", channel)
    assert ASKED not in "".join(town.reads("kofi", channel))
    await town.presses("amira", "Send", place=channel)
    assert "Q-21: your question" in town.last("amira")
    assert ASKED not in "".join(town.reads("kofi", channel))


async def test_a_mention_in_a_teams_channel_is_previewed_to_the_asker_alone(town: Town) -> None:
    channel = town.platforms.world.workspace("DWP").channels[0].id
    await town.says("gareth", f"@Signpost ask {IN_TEAMS} community: {BUSINESS}", place=channel)
    assert "Check your question before it is sent" in town.last("gareth")
    assert not any("Check your question" in words for words in town.reads("tom", channel))


async def test_someone_in_several_communities_is_asked_which_on_slack(town: Town) -> None:
    await town.says("sian", f"/ask {IN_TEAMS}")
    await form_is_open(town)
    form = town.modal("sian")
    assert form is not None
    assert "Which community?" in form.words()
    assert "Services in Welsh" in form.words()
    assert "Employing someone" not in form.words()
    await town.fills("sian", {"What do you want to know?": IN_TEAMS, "Which community?": "Services in Welsh"})
    preview = town.modal("sian")
    assert preview is not None
    who = town.people["sian"]
    await town.platforms.slack.press(who.tenant, who.user, preview.id, "Send")
    await town.quiet()
    assert sees(town, "sian", "Q-21: your question in Services in Welsh")
    assert sees(town, "gareth", IN_TEAMS)


async def test_someone_in_several_communities_is_asked_which_on_teams(town: Town) -> None:
    await town.says("gareth", f"ask {IN_TEAMS}")
    assert "Which community?" in town.last("gareth")
    await town.fills("gareth", {"Which community?": "Services in Welsh"})
    assert sees(town, "gareth", "Check your question before it is sent")
    await town.presses("gareth", "Send", on=IN_TEAMS)
    assert sees(town, "gareth", "Q-21: your question in Services in Welsh")
    assert sees(town, "sian", IN_TEAMS)


async def test_someone_in_one_community_is_not_asked_which(town: Town) -> None:
    await town.says("amira", f"ask {ASKED}")
    assert "Check your question before it is sent" in town.last("amira")
    assert "Starting a business" in town.last("amira")


async def test_asking_a_community_one_is_not_in_says_how_to_join(town: Town) -> None:
    await prepares(town, "amira", community="services-in-welsh")
    assert "You are not in Services in Welsh. Say join services-in-welsh, then ask again." in town.last("amira")
    assert await town.counts("question") == 20


async def test_asking_a_community_that_does_not_exist_says_so(town: Town) -> None:
    await prepares(town, "amira", community="stopping-a-business")
    assert "There is no community called “stopping-a-business”." in town.last("amira")


async def test_an_unverified_person_is_told_why_they_cannot_ask_yet(town: Town) -> None:
    await is_no_longer_verified(town, "amira")
    await prepares(town, "amira")
    assert "Your organisation is not verified yet, so nobody can be shown your question." in town.last("amira")
    assert await town.counts("question") == 20


async def test_a_person_who_is_verified_no_more_cannot_send_what_they_prepared(town: Town) -> None:
    await prepares(town, "amira")
    await is_no_longer_verified(town, "amira")
    await town.presses("amira", "Send")
    assert "Your organisation is not verified yet" in town.last("amira")
    assert people_with(town, ASKED) == {"amira"}


async def test_who_withdraws_consent_between_preview_and_send_is_left_out_and_the_asker_sees_it(town: Town) -> None:
    await prepares(town, "amira")
    await consents(town, "kofi", False)
    await town.presses("amira", "Send")
    assert people_with(town, ASKED) == {"amira", "gareth", "sian"}
    assert sees(town, "amira", "It was not brought to Kofi Adjei-Marsh")
    assert "Gareth Morlais-Rees (DWP) and Siân Probert (CH)" in shown(town, "amira", "Q-21: your").words()


async def test_whose_agreement_ends_between_preview_and_send_is_left_out(town: Town) -> None:
    await prepares(town, "amira")
    await agreements_end(town, "gareth")
    await town.presses("amira", "Send")
    assert people_with(town, ASKED) == {"amira", "kofi", "sian"}
    await town.says("gareth", "questions")
    assert "Q-21" not in town.last("gareth")


async def test_nobody_is_brought_more_than_three_questions_a_week(town: Town) -> None:
    for number in range(4):
        await asks(town, "amira", f"{ASKED} Time {number}")
    assert [f"Time {number}" in "".join(town.reads("gareth")) for number in range(4)] == [True, True, True, False]
    assert not sees(town, "gareth", "Time 3")


async def test_a_question_sent_days_after_its_preview_counts_in_the_week_it_is_brought(town: Town) -> None:
    await prepares(town, "amira", f"{ASKED} Prepared early")
    for number in range(2):
        await asks(town, "kofi", f"{ASKED} Time {number}")
    town.clock.move_by(_DAYS_8)
    await town.presses("amira", "Send", on="Prepared early")
    for number in range(2, 5):
        await asks(town, "kofi", f"{ASKED} Time {number}")
    got = [number for number in range(2, 5) if sees(town, "gareth", f"Time {number}")]
    assert sees(town, "gareth", "Prepared early")
    assert got == [2, 3]


async def test_where_nobody_can_be_asked_the_preview_says_so_and_the_question_still_waits_for_members(
    town: Town,
) -> None:
    for key in town.people:
        await consents(town, key, False)
    await prepares(town, "amira")
    assert "It is brought to nobody" in town.last("amira")
    await town.presses("amira", "Send")
    card = shown(town, "amira", "Q-21: your question")
    assert "Waiting for a member to find it under questions" in card.words()
    assert card.buttons() == ["Find who knows"]
    await town.says("gareth", "questions")
    assert "Q-21" in town.last("gareth")
    await town.presses("amira", "Find who knows", on="Q-21: your question")
    assert sees(town, "amira", "Gareth Morlais-Rees, Operations lead, DWP")


async def test_sending_twice_sends_once(town: Town) -> None:
    await prepares(town, "amira")
    payload = '{"do":"send-question","question":21}'
    await town.presses("amira", "Send")
    before = (await town.counts("mirror"), await town.counts("offer"))
    await presses_forged(town, "amira", payload)
    assert "Q-21 was sent before. Say questions to see where it stands." in town.last("amira")
    assert (await town.counts("mirror"), await town.counts("offer")) == before
    assert len([words for words in town.reads("gareth") if ASKED in words]) == 1


async def test_send_works_for_a_process_that_never_saw_the_preview(town: Town) -> None:
    await prepares(town, "amira")
    amira = town.people["amira"]
    started_again = Dispatch(town.database, town.clock, town.signpost.delivery.wake)
    chat = Address("slack", amira.tenant, user=amira.user)
    here = Here("slack", amira.tenant, "direct")
    account = AccountRef("slack", amira.tenant, amira.user)
    pressed = Inbound("after-restart", account, here, chat, chat, payload='{"do":"send-question","question":21}')
    await started_again.handle(pressed)
    await town.quiet()
    assert people_with(town, ASKED) == {"amira", "gareth", "kofi", "sian"}


async def test_do_not_send_leaves_nothing_for_anyone_and_gives_the_words_back(town: Town) -> None:
    await prepares(town, "amira")
    await town.presses("amira", "Do not send")
    assert "The question was not sent. Nobody saw it." in town.last("amira")
    assert ASKED in town.last("amira")
    await presses_forged(town, "amira", '{"do":"send-question","question":21}')
    assert "You chose not to send this question." in town.last("amira")
    await town.says("gareth", "questions")
    assert not sees(town, "gareth", ASKED)


async def test_nobody_sends_or_drops_what_another_wrote(town: Town) -> None:
    await prepares(town, "amira")
    for payload in ('{"do":"send-question","question":21}', '{"do":"drop-question","question":21}'):
        await presses_forged(town, "kofi", payload)
        assert "There is no question Q-21 that you can see." in town.last("kofi")
    await town.presses("amira", "Send")
    await presses_forged(town, "gareth", '{"do":"drop-question","question":21}')
    assert "Only the person who wrote this question can send it." in town.last("gareth")


async def test_who_left_the_community_cannot_send_what_they_prepared(town: Town) -> None:
    await prepares(town, "amira")
    await town.says("amira", "leave starting-a-business")
    amira = await person(town, "amira")
    await changes(town, lambda work: work.communities.leave(1, amira.id, work.now))
    await town.presses("amira", "Send", on=ASKED)
    assert "You are not in Starting a business." in town.last("amira")
    assert people_with(town, ASKED) == {"amira"}


@pytest.mark.parametrize("asker", ["amira", "kofi"])
async def test_who_blocked_signpost_is_replaced_and_the_asker_sees_by_whom(town: Town, asker: str) -> None:
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await asks(town, asker)
    await town.passes(_A_MINUTE)
    card = shown(town, asker, "Q-21: your question").words()
    assert "Gareth" not in card
    brought = re.findall(
        r"([\w’ -]+) \(\w+\)", card.partition("Brought to")[2].replace("\n", " ").replace(" and ", ",")
    )
    assert len(brought) == 3
    assert len(people_with(town, ASKED)) == 4
    town.platforms.teams.block(gareth.tenant, gareth.user, False)
    await town.passes(_A_MINUTE)
    assert not sees(town, "gareth", ASKED)


async def test_who_took_the_app_away_is_replaced_until_nobody_is_left(town: Town) -> None:
    for key in ("kofi", "sian", "seun", "priya", "mei", "tom", "nadia", "eleni"):
        await consents(town, key, False)
    gareth = town.people["gareth"]
    await town.platforms.teams.uninstall(gareth.tenant, gareth.user)
    await asks(town, "amira")
    await town.passes(_A_MINUTE)
    card = shown(town, "amira", "Q-21: your question")
    assert "Waiting for a member to find it under questions" in card.words()
    assert card.buttons() == ["Find who knows"]


async def test_a_question_that_is_too_long_is_refused_with_its_length(town: Town) -> None:
    await prepares(town, "gareth", "x" * 3001)
    assert "That is 3001 characters." in town.last("gareth")
    assert await town.counts("question") == 20


async def test_what_a_person_writes_is_shown_as_they_wrote_it(town: Town) -> None:
    odd = "Is <b>5 & 6</b> *bold* `x`; drop table question --?"
    await asks(town, "amira", odd)
    for key in people_with(town, "Q-21 from"):
        assert odd in shown(town, key, "Q-21 from").words().replace("\u200b", "").replace("\\", "")
    assert nothing_was_refused(town)


async def test_a_question_that_was_never_sent_is_forgotten_after_a_week(town: Town) -> None:
    await prepares(town, "amira", ASKED)
    sent_before = await town.counts("question")
    town.clock.move_by(timedelta(days=6))
    await town.signpost.schedule.forget()
    assert await town.counts("question") == sent_before
    town.clock.move_by(timedelta(days=2))
    await town.signpost.schedule.forget()
    assert await town.counts("question") == sent_before - 1
    await town.presses("amira", "Send")
    assert "that you can see" in town.last("amira")
