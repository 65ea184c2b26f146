"""The page of one community: what it is for, who looks after it, and what can be done there."""

from tests.features.entering import WELSH, becomes, is_over
from tests.features.newcomers import arrives, modal_of, nothing_was_refused
from tests.features.telling import agreements_end
from tests.town import Town


async def test_it_says_all_that_its_owners_say_of_it_and_how_many_belong_to_it(town: Town) -> None:
    await becomes(
        town,
        kind="practice",
        purpose="To write well in two languages",
        audience="Anyone who writes in Welsh",
        stage="maturing",
        access="approval",
        suppliers=False,
        supported_by="The Welsh Language Unit",
    )
    for key, said in (("amira", f"/signpost community {WELSH}"), ("tom", "community Services in Welsh")):
        await town.says(key, said)
        for has in (
            "Community of practice",
            "To write well in two languages",
            "Anyone who writes in Welsh",
            "Maturing",
            "An owner approves each request",
            "They cannot join",
            "The Welsh Language Unit",
            "5 people",
            "Gareth Morlais-Rees (Operations lead, DWP)",
            "Siân Probert",
        ):
            assert has in town.last(key), has
        assert town.sees(key)[-1].buttons() == ["Ask to join", "See who is in it"]
    assert nothing_was_refused(town)


async def test_a_member_sees_what_they_can_do_there(town: Town) -> None:
    await town.says("amira", "community starting-a-business")
    buttons = ["Ask a question", "See who is in it", "Invite somebody", "Mute it", "Leave"]
    assert town.sees("amira")[-1].buttons() == buttons
    await town.presses("amira", "See who is in it")
    assert "Starting a business: 15 people" in town.last("amira")


async def test_it_is_reached_by_form_and_from_the_members(town: Town) -> None:
    await town.says("gareth", "community")
    await town.fills("gareth", {"Which community?": "Employing someone"})
    assert any("A new employer gets the first payday right" in words for words in town.reads("gareth"))
    await town.says("amira", "/signpost community")
    await modal_of(town, "amira")
    await town.fills("amira", {"Which community?": "Services in Welsh"})
    assert "Service community" in (await modal_of(town, "amira")).words()
    await town.says("amira", "members")
    await town.presses("amira", "See the community")
    assert "Who can join" in town.last("amira")


async def test_owners_are_named_only_where_they_may_be_found(town: Town) -> None:
    await town.says("sian", "me findable no")
    await town.says("amira", f"community {WELSH}")
    assert "Gareth" in town.last("amira") and "Siân" not in town.last("amira")
    await town.says("sian", f"community {WELSH}")
    assert "Siân Probert" in town.last("sian")
    await agreements_end(town, "amira")
    await town.says("amira", f"community {WELSH}")
    assert "nobody whose name you can see" in town.last("amira")
    arrives(town, "wanda", "Wanda Quill", beside="gareth", guest=True)
    await town.says("wanda", f"community {WELSH}")
    assert "Gareth" not in town.last("wanda")


async def test_one_that_is_archived_says_so_and_cannot_be_joined(town: Town) -> None:
    await is_over(town, WELSH, "archived")
    await town.says("amira", f"community {WELSH}")
    assert "It was archived" in town.last("amira")
    assert town.sees("amira")[-1].buttons() == ["See the communities"]
    await town.says("amira", f"join {WELSH}")
    assert "Services in Welsh was archived. Say communities to see those that are open." in town.last("amira")
    await town.says("gareth", f"leave {WELSH}")
    assert "only owner" not in town.last("gareth")


async def test_one_that_was_merged_leads_to_the_other(town: Town) -> None:
    await is_over(town, WELSH, "merged", into="employing-someone")
    for key in ("amira", "gareth"):
        await town.says(key, f"community {WELSH}")
        assert "Employing someone" in town.last(key)
        await town.says(key, f"join {WELSH}")
        assert "Welcome to Employing someone" in town.last(key)


async def test_by_invitation_there_is_no_way_in_to_press(town: Town) -> None:
    await becomes(town, access="invitation")
    await town.says("amira", f"community {WELSH}")
    assert town.sees("amira")[-1].buttons() == ["See the communities"]
    await town.says("amira", "communities welsh")
    assert "Join" not in town.sees("amira")[-1].buttons()


async def test_who_owns_an_archived_one_reopens_it_from_there_and_is_told_of_no_invitation(town: Town) -> None:
    await is_over(town, WELSH, "archived")
    for key in ("gareth", "sian"):
        await town.says(key, f"community {WELSH}")
        assert town.sees(key)[-1].buttons() == ["Reopen it", "See who is in it"]
        assert "invite" not in town.last(key)
    await town.presses("gareth", "Reopen it")
    assert "Services in Welsh is open again." in town.last("gareth")


async def test_how_to_invite_somebody_is_said_to_who_may(town: Town) -> None:
    for key in ("priya", "gareth"):
        await town.says(key, f"community {WELSH}")
        assert f"You can also say: invite (a name) to {WELSH}" in town.last(key)
    await becomes(town, access="approval")
    await town.says("gareth", f"community {WELSH}")
    assert "Invite somebody" in town.sees("gareth")[-1].buttons()
    await town.says("priya", f"community {WELSH}")
    assert "nvite" not in town.last("priya")
