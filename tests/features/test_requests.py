"""Communities whose owners approve who joins: they are asked, one of them answers, and everyone concerned sees it."""

import asyncio
from datetime import timedelta

import pytest

from bot.work import Work
from tests.features.entering import WELSH, becomes, cards, memberships
from tests.features.newcomers import arrives, nothing_was_refused
from tests.features.telling import agreements_end, changes, fills_in, people_with
from tests.town import Town

ASKS = "wants to join Services in Welsh"
WORDS = "What do you want to tell them?"


async def asked(town: Town, key: str = "amira") -> None:
    """The owners approve who joins, and this person has asked."""
    await becomes(town, access="approval")
    await town.says(key, f"join {WELSH}")
    assert "You asked to join Services in Welsh. The answer comes here." in town.last(key)


async def test_every_owner_is_asked_and_nobody_else_and_they_are_no_member_yet(town: Town) -> None:
    await asked(town)
    assert people_with(town, ASKS) == {"gareth", "sian"}
    for key in ("gareth", "sian"):
        assert "Amira Haddad, Content designer, HMRC wants to join Services in Welsh" in town.last(key)
        assert town.sees(key)[-1].buttons() == ["Approve", "Decline"]
    assert await memberships(town, "amira") == 0
    assert nothing_was_refused(town)


async def test_an_owner_approves_and_the_person_and_the_other_owner_see_it(town: Town) -> None:
    for key, owner, other in (("amira", "gareth", "sian"), ("tom", "sian", "gareth")):
        await asked(town, key)
        await town.presses(owner, "Approve")
        assert "You are in Services in Welsh now: an owner said yes." in town.last(key)
        assert "An owner approved it. They are a member." in cards(town, other, "asked to join")[-1].words()
        assert cards(town, other, "asked to join")[-1].buttons() == []
        assert "You approved it." in cards(town, owner, "asked to join")[-1].words()
        assert await memberships(town, key) == 1
    assert nothing_was_refused(town)


async def test_approving_is_typed_too_and_needs_no_number_where_one_waits(town: Town) -> None:
    await asked(town)
    await town.says("sian", "approve")
    assert "Amira Haddad is in Services in Welsh now." in town.last("sian")
    await asked(town, "tom")
    number = cards(town, "gareth", "approve ")[-1].words().rpartition("approve ")[2].split()[0]
    await town.says("gareth", f"approve {number}")
    assert await memberships(town, "tom") == 1


async def test_declining_asks_for_words_and_the_person_reads_them_without_a_name(town: Town) -> None:
    await asked(town)
    await fills_in(town, "gareth", "Decline", {WORDS: "This one is for people who work in Welsh."})
    told = town.last("amira")
    assert "An owner of Services in Welsh said no to your request to join." in told
    assert "This one is for people who work in Welsh." in told
    assert "Gareth" not in told
    assert "An owner declined it." in cards(town, "sian", "asked to join")[-1].words()
    await asked(town, "kofi")
    await fills_in(town, "sian", "Decline", {WORDS: "Not yet."}, on="Kofi")
    assert "Not yet." in town.last("kofi")
    assert await memberships(town, "amira") + await memberships(town, "kofi") == 0
    assert nothing_was_refused(town)


async def test_declining_is_typed_with_the_words(town: Town) -> None:
    await asked(town)
    number = cards(town, "gareth", "approve ")[-1].words().rpartition("approve ")[2].split()[0]
    await town.says("gareth", f"decline request {number} Ask us again in spring")
    assert "Ask us again in spring" in town.last("amira")


async def test_approving_twice_from_two_platforms_at_once_happens_once(town: Town) -> None:
    await asked(town)
    await asyncio.gather(town.presses("gareth", "Approve"), town.presses("sian", "Approve"))
    assert await memberships(town, "amira") == 1
    assert len(cards(town, "amira", "an owner said yes")) == 1
    said = " ".join(town.reads("gareth") + town.reads("sian"))
    assert "An owner approved it. They are a member." in said
    assert nothing_was_refused(town)


async def test_approving_and_declining_at_once_is_one_answer(town: Town) -> None:
    await asked(town)
    await town.presses("sian", "Decline")
    await asyncio.gather(town.presses("gareth", "Approve"), town.fills("sian", {WORDS: "No."}))
    answers = cards(town, "amira", "said yes") + cards(town, "amira", "said no")
    assert len(answers) == 1
    assert await memberships(town, "amira") == len(cards(town, "amira", "said yes"))


async def test_asking_twice_asks_the_owners_once(town: Town) -> None:
    await asked(town)
    await town.says("amira", f"join {WELSH}")
    assert len(cards(town, "gareth", ASKS)) == 1
    assert await town.counts("join_request") == 1


@pytest.mark.parametrize("who", ["amira", "tom"])
async def test_who_asked_can_say_why_and_stop_asking(town: Town, who: str) -> None:
    await asked(town, who)
    await fills_in(town, who, "Add a few words", {"Why do you want to join?": "I write letters in Welsh."})
    for key in ("gareth", "sian"):
        assert "I write letters in Welsh." in cards(town, key, ASKS)[-1].words()
    await town.says(who, f"leave {WELSH}")
    assert "You do not ask to join Services in Welsh any more." in town.last(who)
    assert cards(town, "gareth", ASKS) == []
    await town.says("gareth", "requests")
    assert "Nobody waits for your answer." in town.last("gareth")


async def test_a_no_holds_for_a_week_and_then_the_owners_are_asked_anew(town: Town) -> None:
    await asked(town)
    await fills_in(town, "gareth", "Decline", {WORDS: "Not now."})
    await town.says("amira", f"join {WELSH}")
    assert "You can ask again from Monday 30 November." in town.last("amira")
    await town.passes(timedelta(days=7, minutes=1))
    await town.says("amira", f"join {WELSH}")
    assert cards(town, "gareth", ASKS)[-1].buttons() == ["Approve", "Decline"]


async def test_only_the_owners_can_answer_whatever_they_press(town: Town) -> None:
    await asked(town)
    for key in ("priya", "amira"):
        await town.says(key, "approve 1")
        assert await memberships(town, "amira") == 0
    await town.says("priya", "requests")
    assert "Nobody waits for your answer." in town.last("priya")


async def test_owners_see_all_who_wait_in_one_list(town: Town) -> None:
    for key in ("amira", "tom"):
        await asked(town, key)
    await town.says("gareth", "requests")
    assert "Amira Haddad" in town.last("gareth") and "Tom Heskeway" in town.last("gareth")
    await town.presses("gareth", "Approve", on="They want to join")
    await town.says("sian", "/signpost requests")
    assert town.last("sian").count(ASKS) == 1


async def test_who_is_not_verified_or_has_no_agreement_is_told_why_nobody_is_asked(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira", guest=True)
    await becomes(town, access="approval")
    await town.says("wanda", f"join {WELSH} as adviser")
    assert "Your organisation is not verified yet" in town.last("wanda")
    await agreements_end(town, "amira")
    await town.says("amira", f"join {WELSH}")
    assert "No owner of Services in Welsh can be asked" in town.last("amira")
    assert people_with(town, ASKS) == set()


async def test_an_owner_whose_agreement_ended_can_no_longer_answer(town: Town) -> None:
    await asked(town)
    await agreements_end(town, "gareth")
    await town.presses("gareth", "Approve")
    assert "There is no such request that you can answer." in town.last("gareth")
    await town.presses("sian", "Approve")
    assert await memberships(town, "amira") == 1
    assert "This request to join is over." in " ".join(town.reads("gareth"))


async def test_an_empty_community_that_needs_approval_is_no_dead_end(town: Town) -> None:
    await town.says("amira", "create Alone service: Nothing yet outcome: Somebody comes")
    await becomes(town, "alone", access="approval")
    await town.says("amira", "leave alone")
    await town.says("gareth", "join alone")
    assert "Nobody else is in it, so you are its owner." in town.last("gareth")


WAITS = "1 person wants to join and waits for an owner’s answer."


@pytest.mark.parametrize(("key", "name"), [("tom", "Tom Heskeway"), ("kofi", "Kofi Adjei-Marsh")])
async def test_a_new_owner_is_told_how_many_waited_before_and_sees_them_by_a_press(
    town: Town, key: str, name: str
) -> None:
    await asked(town)
    await town.says("gareth", f"owner {name} community: {WELSH}")
    await town.presses(key, "Yes, I will own it")
    assert WAITS in cards(town, key, "You are an owner of Services in Welsh.")[-1].words()
    assert people_with(town, ASKS) == {"gareth", "sian"}

    await town.presses(key, "See who wants to join")
    assert "Amira Haddad, Content designer, HMRC wants to join Services in Welsh" in town.last(key)
    await town.presses(key, "Approve")
    assert await memberships(town, "amira") == 1
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["sian", "gareth"])
async def test_who_takes_a_community_that_nobody_owns_is_told_too(town: Town, key: str) -> None:
    await asked(town)

    def nobody_owns_it(work: Work) -> None:
        community = work.communities.find(WELSH, "")
        assert community is not None
        for owner in work.members.owners(community.id):
            work.communities.set_owner(community.id, owner.id, False)

    await changes(town, nobody_owns_it)
    await town.says(key, f"own {WELSH}")
    assert "You are the owner of Services in Welsh." in town.last(key) and WAITS in town.last(key)
    await town.presses(key, "See who wants to join")
    assert ASKS in town.last(key)


async def test_where_nobody_whom_they_may_see_waits_a_new_owner_is_told_of_nobody(town: Town) -> None:
    await asked(town)
    await agreements_end(town, "amira")
    await town.says("gareth", f"owner Tom Heskeway community: {WELSH}")
    await town.presses("tom", "Yes, I will own it")
    (card,) = cards(town, "tom", "You are an owner of Services in Welsh.")
    assert "wants to join" not in card.words() and "See who wants to join" not in card.buttons()
