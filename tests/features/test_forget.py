"""Be forgotten: first what happens, then the choice; what others see is by a former member from then on."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot import records
from bot.administration import Wrong
from bot.features.forget import DrawAnew
from bot.forgetting import forget
from storage.tables import Erasure
from tests.features.newcomers import arrives, channel_of, record_of
from tests.features.telling import ASKED, BUSINESS, asks, changes, nothing_was_refused, person, sees, shown
from tests.storage.nouns import rows
from tests.town import Town

SOON = timedelta(minutes=2)
TWO_DAYS = timedelta(days=2)
FORMER = "a former member"


async def is_forgotten(town: Town, key: str) -> None:
    """The person asked for it and pressed the button, and it was done."""
    await town.says(key, "me forget")
    await town.presses(key, "Forget me")
    await town.passes(SOON)


async def found_in(town: Town, *words: str) -> list[str]:
    """The columns of all tables that hold one of these, but those that are declared to be kept."""
    found = []
    for held in SQLModel.metadata.sorted_tables:
        for row in await rows(town.database, select(held)):
            for column, value in zip(held.c, row, strict=True):
                kept = column.info.get("erase") is Erasure.KEEP
                found += [f"{column}: {value}" for word in words if word in str(value) and not kept]
    return found


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_first_it_is_said_what_happens_and_keep_changes_nothing(town: Town, key: str) -> None:
    before = await record_of(town, key)
    await town.says(key, "me forget")
    card = town.sees(key)[-1]
    assert "This removes your profile" in card.words()
    assert "answer" in card.words() and "the text stays as from a former member" in card.words()
    assert card.buttons() == ["Forget me", "Keep"]
    await town.presses(key, "Keep")
    assert "Nothing was removed." in town.last(key)
    await town.passes(SOON)
    assert await record_of(town, key) == before
    assert nothing_was_refused(town)


async def test_who_is_forgotten_hears_one_last_message_and_others_see_a_former_member(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 Say the name of the helpline first.")
    answered = shown(town, "amira", "Say the name of the helpline first.")
    assert "Gareth" in answered.words()
    await is_forgotten(town, "gareth")
    assert "This is our last message to you." in town.last("gareth")
    now = shown(town, "amira", "Say the name of the helpline first.")
    assert now.id == answered.id
    assert "Gareth" not in now.words() and FORMER in now.words()
    assert "Gareth" not in shown(town, "amira", "Q-21: your question").words()

    await town.presses("amira", "This answers it", on="Say the name of the helpline first.")
    assert FORMER in town.last("amira")
    assert nothing_was_refused(town)


async def test_what_a_forgotten_person_asked_is_kept_with_its_answers_and_closed(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 Say the name of the helpline first.")
    await is_forgotten(town, "amira")
    mine = next(message for message in town.sees("gareth") if message.words().startswith("Q-21 from"))
    assert FORMER in mine.words() and "Amira" not in mine.words()
    assert "You do not need to do anything." in mine.words()
    assert FORMER in shown(town, "gareth", "You answered Q-21").words()
    assert "Amira" not in shown(town, "gareth", "You answered Q-21").words()


async def test_a_question_that_nobody_answered_waits_for_nobody_any_more(town: Town) -> None:
    await asks(town, "amira")
    await is_forgotten(town, "amira")
    assert not any("Amira" in words for words in town.reads("gareth"))
    await town.says("gareth", "questions")
    assert "hand a caller over" not in town.last("gareth")


async def test_no_table_has_anything_of_who_was_forgotten(town: Town) -> None:
    await town.says("gareth", "me knows purple elephants")
    await town.says("gareth", "me services Ferry timetables for purple elephants")
    await asks(town, "amira")
    await town.says("gareth", "answer 21 Say the name of the helpline first.")
    await town.says("gareth", "ask Do purple elephants pay a fare? community: starting-a-business")
    await town.says("gareth", "Something about purple elephants that is no command")
    await town.says("gareth", "me link")
    await is_forgotten(town, "gareth")
    await town.passes(TWO_DAYS)
    gareth = town.people["gareth"]
    assert await found_in(town, gareth.name, gareth.user, "purple elephants") == []


async def test_the_words_of_answers_stay(town: Town) -> None:
    before = await town.counts("answer"), await town.counts("question")
    await is_forgotten(town, "sian")
    assert before == (await town.counts("answer"), await town.counts("question"))


async def test_nobody_finds_or_asks_them_from_the_press_on(town: Town) -> None:
    await town.says("gareth", "me forget")
    await town.presses("gareth", "Forget me")
    await town.says("amira", "whoknows call handover")
    assert "Gareth" not in town.last("amira")
    await town.says("amira", f"ask {ASKED} community: {BUSINESS}")
    assert "Gareth" not in town.last("amira")


async def test_what_is_owed_to_them_is_dropped_and_nothing_more_is_sent(town: Town) -> None:
    await town.says("gareth", "me forget")
    await town.presses("gareth", "Forget me")
    number, seen = (await person(town, "gareth")).id, len(town.sees("gareth"))
    town.clock.move_by(SOON)
    await changes(town, lambda work: work.show(number, ("question", 1)))
    await changes(town, lambda work: work.later(DrawAnew("question", "1"), work.now, key="theirs", person=number))
    await changes(town, lambda work: forget(number, work))
    await town.passes(TWO_DAYS)
    assert len(town.sees("gareth")) == seen
    timers = SQLModel.metadata.tables["timer"]
    assert await rows(town.database, select(timers.c.id).where(timers.c.key == "theirs")) == []


async def test_a_community_they_alone_owned_looks_for_an_owner(town: Town) -> None:
    owner = await becomes_the_only_owner(town)
    await town.says(owner, "me forget")
    assert "A new owner is looked for: you are the only one of Starting a business." in town.last(owner)
    await is_forgotten(town, owner)
    community = await changes(town, lambda work: work.communities.find(BUSINESS, BUSINESS))
    assert community is not None and community.ownerless_since is not None
    assert await town.counts("departure") > 0


async def becomes_the_only_owner(town: Town) -> str:
    """The key of an owner whom the others left alone with the community."""
    found = await changes(town, lambda work: work.communities.find(BUSINESS, BUSINESS))
    assert found is not None
    first, *others = await changes(town, lambda work: work.members.owners(found.id))
    await changes(town, lambda work: [work.communities.set_owner(found.id, other.id, False) for other in others])
    return next(key for key, local in town.people.items() if local.name == first.name)


async def test_who_comes_back_is_new_and_welcomed_again(town: Town) -> None:
    await is_forgotten(town, "amira")
    await town.says("amira", "me")
    assert "Content designer" not in town.last("amira")
    assert sees(town, "amira", "Welcome to Signpost")


async def test_asked_in_a_channel_it_stays_between_them_and_signpost(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "@Signpost me forget", place=place)
    assert all("forget you" not in words for words in town.reads("kofi", place))


async def test_a_person_on_both_tools_is_forgotten_on_both(town: Town) -> None:
    await town.says("amira", "me link")
    code = town.last("amira").split("Your code is ")[1].split()[0]
    await town.says("gareth", f"me link {code}")
    await town.presses("gareth", "Yes, this is me")
    await is_forgotten(town, "amira")
    await town.passes(TWO_DAYS)
    for key in ("amira", "gareth"):
        await town.says(key, "me")
        assert "not said yet" in town.last(key)


async def test_an_administrator_forgets_a_leaver_who_asks_in_writing(town: Town) -> None:
    for key in ("sian", "gareth"):
        local = town.people[key]
        who = f"{local.platform}:{local.tenant}:{local.user.removeprefix('29:')}"
        said = await town.database.write(partial(records.forget_account, who=who, now=town.clock()))
        assert said.startswith(f"{who} is forgotten.")
        with pytest.raises(Wrong, match="There is nothing to forget"):
            await town.database.write(partial(records.forget_account, who=who, now=town.clock()))
    with pytest.raises(Wrong, match="Say whose account it is"):
        await town.database.write(lambda tx: records.forget_account(tx, "sian", town.clock()))


async def test_a_legal_hold_keeps_what_they_wrote_and_says_so(town: Town) -> None:
    for _ in range(2):
        said = await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=True))
        assert said == "Starting a business is under a legal hold."
    await town.says("amira", "me forget")
    assert "under a legal hold" in town.last("amira")
    await town.database.write(lambda tx: records.hold(tx, "Starting a business", town.clock(), on=False))
    await town.says("amira", "me forget")
    assert "Do you want Signpost to forget you?" in town.last("amira")
    with pytest.raises(Wrong, match="no community called nowhere"):
        await town.database.write(lambda tx: records.hold(tx, "nowhere", town.clock(), on=True))


async def test_a_hold_that_comes_in_the_last_minute_keeps_them_and_they_are_told(town: Town) -> None:
    before = (await person(town, "gareth")).id
    await town.says("gareth", "me forget")
    await town.presses("gareth", "Forget me")
    await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=True))
    await town.passes(SOON)
    assert "What you wrote in Starting a business is under a legal hold" in town.last("gareth")
    assert (await person(town, "gareth")).id == before


async def test_somebody_who_wrote_nothing_is_forgotten_too(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    await town.says("wanda", "forget me")
    assert "answer" not in town.last("wanda")
    await town.presses("wanda", "Forget me")
    await town.passes(SOON)
    await town.passes(TWO_DAYS)
    assert await found_in(town, "Wanda", town.people["wanda"].user) == []
