"""Inviting people: by name where one can find them, in words to tell where not, and the only way into some."""

import asyncio

import pytest

from tests.features.entering import WELSH, becomes, cards, memberships
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import fills_in
from tests.town import Town

ASKS = "invites you to Services in Welsh"


async def test_who_can_be_found_is_asked_and_joins_by_one_press(town: Town) -> None:
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    assert "Amira Haddad, Content designer, HMRC is invited to Services in Welsh." in town.last("gareth")
    assert "Gareth Morlais-Rees, Operations lead, DWP invites you to Services in Welsh" in town.last("amira")
    await town.presses("amira", "Join")
    assert "Welcome to Services in Welsh" in town.last("amira")

    await town.says("sian", f"/signpost invite tom heskeway to {WELSH}")
    await town.presses("tom", "Join", on=ASKS)
    assert await memberships(town, "tom") == 1
    assert nothing_was_refused(town)


async def test_inviting_by_form_and_from_the_page_of_the_community(town: Town) -> None:
    await town.says("sian", f"community {WELSH}")
    await fills_in(town, "sian", "Invite somebody", {"Who?": "Amira Haddad"})
    assert len(cards(town, "amira", ASKS)) == 1
    await town.says("gareth", f"community {WELSH}")
    await fills_in(town, "gareth", "Invite somebody", {"Who?": "Tom Heskeway"})
    assert len(cards(town, "tom", ASKS)) == 1
    assert nothing_was_refused(town)


async def test_who_cannot_be_found_is_met_with_words_to_tell_them(town: Town) -> None:
    for name in ("Yusra Elmifar", "Nobody Atall", "🚀", "مرحبا"):
        await town.says("gareth", f"invite {name} to {WELSH}")
        assert f"called “{name}”" in town.last("gareth")
        assert f"join {WELSH}" in town.last("gareth")
    assert cards(town, "yusra", ASKS) == []


async def test_inviting_twice_tells_nobody_twice(town: Town) -> None:
    await asyncio.gather(
        town.says("gareth", f"invite Amira Haddad to {WELSH}"), town.says("sian", f"invite Amira Haddad to {WELSH}")
    )
    assert len(cards(town, "amira", ASKS)) == 1
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    assert "Amira Haddad was invited to Services in Welsh before." in town.last("gareth")
    await town.says("gareth", f"invite Priya Raman-Kerr to {WELSH}")
    assert "is in Services in Welsh already." in town.last("gareth")


@pytest.mark.parametrize(("key", "name"), [("amira", "Amira Haddad"), ("tom", "Tom Heskeway")])
async def test_who_says_no_is_not_asked_again_and_nobody_is_told(town: Town, key: str, name: str) -> None:
    await town.says("gareth", f"invite {name} to {WELSH}")
    before = town.reads("gareth")
    await town.presses(key, "Not for me")
    assert "You are not invited to it again. Nobody is told." in town.last(key)
    assert town.reads("gareth") == before
    await town.says("sian", f"invite {name} to {WELSH}")
    assert "was invited to Services in Welsh before." in town.last("sian")


async def test_who_left_can_be_invited_again(town: Town) -> None:
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    await town.presses("amira", "Join")
    await town.says("amira", f"leave {WELSH}")
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    assert len(cards(town, "amira", ASKS)) == 2


async def test_by_invitation_only_who_was_invited_by_an_owner_joins(town: Town) -> None:
    await becomes(town, access="invitation")
    await town.says("amira", f"join {WELSH}")
    assert "Only people whom its owners invite can join Services in Welsh." in town.last("amira")
    await town.says("priya", f"invite Amira Haddad to {WELSH}")
    assert "Only an owner of Services in Welsh can invite people to it." in town.last("priya")
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    await town.presses("amira", "Join", on=ASKS)
    assert await memberships(town, "amira") == 1
    await town.says("gareth", f"invite Yusra Elmifar to {WELSH}")
    assert "must let others find them" in town.last("gareth")


async def test_an_invitation_by_an_owner_needs_no_approval(town: Town) -> None:
    await becomes(town, access="approval")
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    await town.presses("amira", "Join", on=ASKS)
    assert await memberships(town, "amira") == 1
    assert cards(town, "sian", "wants to join") == []


async def test_only_a_member_invites_and_only_the_invited_answers(town: Town) -> None:
    await town.says("amira", f"invite Kofi Adjei-Marsh to {WELSH}")
    assert f"You are not in Services in Welsh. Say join {WELSH} first." in town.last("amira")
    assert cards(town, "kofi", ASKS) == []


async def test_a_supplier_is_not_invited_where_there_are_none(town: Town) -> None:
    await town.says("amira", "me type supplier")
    await becomes(town, suppliers=False)
    await town.says("gareth", f"invite Amira Haddad to {WELSH}")
    assert "not open to suppliers" in town.last("gareth")
    assert cards(town, "amira", ASKS) == []
