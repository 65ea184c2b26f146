"""Who is in a community: counts for everyone, names only of those who let this person find them."""

from tests.features.entering import WELSH, becomes, is_over
from tests.features.newcomers import arrives, channel_of, modal_of, nothing_was_refused
from tests.town import Town


async def test_members_see_the_names_of_who_lets_others_find_them(town: Town) -> None:
    for key, said in (("amira", "/signpost members starting-a-business"), ("gareth", "members Starting a business")):
        await town.says(key, said)
        assert "Starting a business: 15 people" in town.last(key)
        assert "Siân Probert, Interaction designer, CH" in town.last(key)
        assert "form design, bilingual services, accessibility" in town.last(key)
        for hidden in ("Eleni", "Yusra"):
            assert hidden not in town.last(key)
        assert town.sees(key)[-1].buttons() == ["Ask a question", "See the community"]
    assert nothing_was_refused(town)


async def test_who_is_in_one_community_need_not_name_it(town: Town) -> None:
    await town.says("amira", "members")
    assert "Starting a business: 15 people" in town.last("amira")


async def test_everyone_else_sees_counts_and_no_name(town: Town) -> None:
    await town.says("amira", "members employing-someone")
    words = town.last("amira")
    assert "TPR (2)" in words and "Policy adviser (1)" in words
    assert not any(person.name in words for person in town.people.values())
    await town.presses("amira", "Join")
    assert "Welcome to Employing someone" in town.last("amira")


async def test_who_hides_is_gone_from_the_list_at_once_and_still_sees_themself(town: Town) -> None:
    await town.says("sian", "me findable no")
    await town.says("gareth", "members services-in-welsh")
    assert "Siân" not in town.last("gareth")
    await town.says("sian", "members services-in-welsh")
    assert "Siân Probert" in town.last("sian")


async def test_a_mention_in_a_channel_names_nobody_to_the_others(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "@Signpost members starting-a-business", place=place)
    assert "Siân Probert" in town.last("amira", place)
    assert all("Siân Probert" not in words for words in town.reads("kofi", place))


async def test_an_unknown_community_is_refused_with_the_nearest(town: Town) -> None:
    await town.says("gareth", "members starting-a-busines")
    assert "Did you mean starting-a-business?" in town.last("gareth")


async def test_guests_are_counted_as_not_verified_and_never_named_to_others(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="kofi", guest=True)
    await town.says("wanda", "join employing-someone as Secret role of a guest")
    await town.says("wanda", "me findable yes")
    for key in ("kofi", "nadia"):
        await town.says(key, "members employing-someone")
        assert "not verified (1)" in town.last(key)
        assert "Wanda" not in town.last(key) and "Secret role" not in town.last(key)
    await town.says("wanda", "members employing-someone")
    assert "Wanda Quill" in town.last("wanda")
    assert "Kofi" not in town.last("wanda") and "Helpline manager" not in town.last("wanda")


async def test_ask_a_question_under_the_list_asks_that_community(town: Town) -> None:
    await town.says("kofi", "members employing-someone")
    await town.presses("kofi", "Ask a question")
    await modal_of(town, "kofi")
    await town.fills("kofi", {"What do you want to know?": "Who writes the letters to new employers?"})
    form = await modal_of(town, "kofi")
    assert "Other members of Employing someone" in form.words()


async def test_who_is_not_in_it_is_offered_the_way_in_that_there_is(town: Town) -> None:
    for access, says in (("approval", ["Ask to join"]), ("invitation", []), ("open", ["Join"])):
        await becomes(town, access=access)
        for key in ("amira", "tom"):
            await town.says(key, f"members {WELSH}")
            assert town.sees(key)[-1].buttons() == [*says, "See the community"]
            assert ("Join to see the names" in town.last(key)) is (access == "open")
    await is_over(town, WELSH, "archived")
    await town.says("tom", f"members {WELSH}")
    assert town.sees("tom")[-1].buttons() == ["See the community"]
    await town.says("sian", f"members {WELSH}")
    assert town.sees("sian")[-1].buttons() == ["See the community"]
