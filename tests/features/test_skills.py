"""Say what you know: skills of a framework and topics in your own words, and if you like how well."""

from datetime import timedelta

import pytest

from storage.search import Search
from storage.skills import Said, Skills, best_fit
from storage.terms import terms
from tests.features.frameworks import has_skills
from tests.features.newcomers import arrives, modal_of, nothing_was_refused
from tests.features.telling import agreements_end, changes, fills_in, form_is_open, person, shown
from tests.town import Town


async def knows(town: Town, key: str) -> list[tuple[str, str, bool]]:
    """What somebody says they know: in which words, at which level, and whether it is a skill of a framework."""
    known = await person(town, key)
    found: list[Said] = await town.database.read(lambda tx: Skills(tx).of(known.id))
    return [(one.words, one.level, one.skill_id is not None) for one in found]


@pytest.mark.parametrize("key", ["amira", "gareth"])
@pytest.mark.parametrize(
    ("said", "words", "level", "listed"),
    [
        ("prototyping", "Prototyping", "", True),
        ("PROTOTYPING, practitioner", "Prototyping", "practitioner", True),
        ("prototyping level:expert", "Prototyping", "expert", True),
        ("prototypeing (working)", "Prototyping", "working", True),
        ("expert in VAT registration", "VAT registration", "expert", False),
        ("VAT registration level: Awareness", "VAT registration", "awareness", False),
        ("agile working", "Agile working", "", True),
        ("C#", "C#", "", False),
    ],
)
async def test_a_skill_or_topic_is_typed_with_a_level_or_without(
    town: Town, key: str, said: str, words: str, level: str, listed: bool
) -> None:
    await has_skills(town)
    await town.says(key, f"me skill {said}")
    assert f"You say that you know about {words}" in town.last(key)
    assert await knows(town, key) == [(words, level, listed)]
    assert nothing_was_refused(town)


async def test_what_may_be_a_skill_is_asked_about_and_nothing_is_kept_before(town: Town) -> None:
    await has_skills(town)
    for key, said in (("amira", "/signpost me skill user research, expert"), ("tom", "me skill user research, expert")):
        await town.says(key, said)
        assert "Did you mean one of these skills?" in town.last(key)
        assert await knows(town, key) == []
    await town.presses("amira", "User research methods")
    assert await knows(town, "amira") == [("User research methods", "expert", True)]
    await town.presses("tom", "Keep it as a topic")
    assert await knows(town, "tom") == [("user research", "expert", False)]
    assert nothing_was_refused(town)


async def test_a_plain_sentence_finds_the_skill_that_it_means(town: Town) -> None:
    await has_skills(town)
    await town.says("gareth", "me skill choose methods to plan research with users")
    assert "Did you mean one of these skills?" in town.last("gareth")
    await town.presses("gareth", "User research methods")
    assert await knows(town, "gareth") == [("User research methods", "", True)]


async def test_a_sentence_that_shares_one_word_with_a_skill_is_a_topic_and_not_asked_about(town: Town) -> None:
    await has_skills(town)
    for key, said in (("amira", "/signpost me skill"), ("gareth", "me skill")):
        await town.says(key, f"{said} keep boats moving on paper charts")
        assert "You say that you know about keep boats moving on paper charts" in town.last(key)


async def test_a_skill_is_chosen_on_a_form_that_has_those_of_the_role_first(town: Town) -> None:
    await has_skills(town)
    await town.says("amira", "/signpost me skill")
    form = str((await modal_of(town, "amira")).json)
    assert form.index("Prototyping") < form.index("Agile working")  # she is a content designer
    assert "Practitioner: you use it without support and share it." in form
    await town.fills("amira", {"What do you know about?": "Prototyping", "How well?": "Working"})
    assert await knows(town, "amira") == [("Prototyping", "working", True)]

    await town.says("gareth", "me skill")
    await town.fills("gareth", {"What do you know about?": "Prototyping"})
    assert await knows(town, "gareth") == [("Prototyping", "", True)]
    assert nothing_was_refused(town)


async def test_a_topic_is_written_on_the_form_where_the_list_lacks_it(town: Town) -> None:
    await has_skills(town)
    for key, field in (("gareth", "f_{}"), ("amira", "{}")):
        skill, own, level = (field.format(name) for name in ("skill", "words", "level"))
        await town.says(key, "/signpost me skill" if key == "amira" else "me skill")
        await form_is_open(town)
        refused = await town.fills(key, {skill: "~"})
        assert "Say in a few words what you know about." in refused.body + "".join(town.reads(key))
        refused = await town.fills(key, {skill: "Prototyping", own: "Barges"})
        assert "You chose a skill too." in refused.body + "".join(town.reads(key))
        refused = await town.fills(key, {skill: "~", own: "x" * 81})
        assert await knows(town, key) == []
        await town.fills(key, {skill: "~", own: "Barges", level: "expert"})
        assert await knows(town, key) == [("Barges", "expert", False)]


async def test_saying_it_again_changes_it_and_keeps_the_level_where_none_is_said(town: Town) -> None:
    await town.says("gareth", "me skill Barges, expert")
    await town.says("gareth", "me skill BARGES")
    assert await knows(town, "gareth") == [("BARGES", "expert", False)]
    await town.says("gareth", "me skill barges (awareness)")
    assert await knows(town, "gareth") == [("barges", "awareness", False)]


async def test_the_list_is_by_level_and_each_can_be_changed_and_removed(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me skill Barges, working")
        await town.says(key, "me skill Locks, expert")
        await town.says(key, "me skills")
        words = town.last(key)
        assert words.index("Expert") < words.index("Locks") < words.index("Working") < words.index("Barges")
        await fills_in(town, key, "Change a level", {"Which one?": "Barges (working)", "How well?": "Practitioner"})
        assert ("Barges", "practitioner", False) in await knows(town, key)
        await town.says(key, "me skills")
        await fills_in(town, key, "Remove one", {"Which one?": "Locks (expert)"})
        assert await knows(town, key) == [("Barges", "practitioner", False)]
    assert nothing_was_refused(town)


async def test_each_press_after_adding_does_what_it_says_and_can_be_undone(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me skill Barges, working")
        await fills_in(town, key, "Change level", {"How well?": "No level"})
        assert await knows(town, key) == [("Barges", "", False)]
        await town.says(key, "me skill Barges, working")
        await town.presses(key, "Remove")
        assert await knows(town, key) == []
        await town.presses(key, "Undo")
        assert await knows(town, key) == [("Barges", "working", False)]
    assert nothing_was_refused(town)


async def test_the_profile_shows_what_is_known_with_its_level(town: Town) -> None:
    await town.says("gareth", "me")
    assert "Skills and topics" in town.last("gareth")
    await town.says("gareth", "me skill Barges, practitioner")
    await town.says("gareth", "me skill Locks")
    await town.says("gareth", "me")
    assert "Barges (practitioner) and Locks" in town.last("gareth")
    for number in range(12):
        await town.says("gareth", f"me skill Ferry {number}")
    await town.says("gareth", "me")
    assert "4 more things" in town.last("gareth")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("me skill !!", "Add something you know"),
        ("me skill ,.", "Add something you know"),
        ("me skill \u200b-", "Add something you know"),
        ("me skill topic: , expert", "Add something you know"),
        ("me skill expert in .", "Say in a few words what you know about."),
        (f"me skill {'x' * 151}", "That is 151 characters. Use 150 or fewer."),
        ("me skill Barges level: guru", "Say awareness, working, practitioner or expert."),
        ("me skill remove Barges", "You do not say that you know about “Barges”. Say me skills to see what you do."),
        ("me skill '; DROP TABLE skill; --", "You say that you know about '; DROP TABLE skill; --."),
        ("me skill .*+?[(", "Add something you know"),
        ("me skill a", "Say in a few words what you know about."),
        ("me skill the of and", "Say in a few words what you know about."),
        ("me skill yr hyn a wn i", "You say that you know about yr hyn a wn i."),
    ],
)
async def test_what_makes_no_sense_is_answered_and_keeps_nothing_odd(town: Town, said: str, told: str) -> None:
    for key in ("gareth", "amira"):
        await town.says(key, said)
        assert told in "\n".join(town.reads(key))
    assert nothing_was_refused(town)


async def test_fifty_things_are_the_most_and_the_next_is_refused(town: Town) -> None:
    known = await person(town, "gareth")

    def many(work: object) -> None:
        for number in range(50):
            Skills(work.tx).say(known.id, f"Lock {number}", None, "", work.now)  # type: ignore[attr-defined]

    await changes(town, many)
    await town.says("gareth", "me skill Barges")
    assert "You say that you know 50 things, which is the most. Remove one first." in town.last("gareth")
    await town.says("gareth", "me skill Lock 7, expert")
    assert ("Lock 7", "expert", False) in await knows(town, "gareth")
    await town.says("gareth", "me skills")
    await town.says("amira", "me skills")
    assert nothing_was_refused(town)


async def test_people_are_found_by_what_they_say_and_the_higher_level_comes_first(town: Town) -> None:
    await town.says("gareth", "me skill Barges, awareness")
    await town.says("amira", "me skill Barges, expert")
    numbers = [(await person(town, key)).id for key in ("amira", "gareth")]
    found = await town.database.read(lambda tx: Search(tx).people("who knows barges?", 5))
    assert [one.key for one in found] == numbers
    await town.says("amira", "me skill remove barges")
    found = await town.database.read(lambda tx: Search(tx).people("who knows barges?", 5))
    assert [one.key for one in found] == numbers[1:]


async def test_who_matches_says_why_and_only_to_those_who_may_find_them(town: Town) -> None:
    for said in ("Barges, working", "Barge insurance, expert", "Locks"):
        await town.says("gareth", f"me skill {said}")
    gareth, amira = await person(town, "gareth"), await person(town, "amira")

    async def why(text: str) -> list[str]:
        found = await town.database.read(lambda tx: Skills(tx).saying([gareth.id], viewer=amira))
        best = best_fit(terms(text), found.get(gareth.id, []))
        return [f"{best.level} {best.words}"] if best else []

    assert await why("Who has insurance for a barge?") == ["expert Barge insurance"]
    assert await why("barges") == ["working Barges"]
    assert await why("helicopters") == []
    await town.says("gareth", "me hide from HMRC")
    assert await why("barges") == []
    await town.says("gareth", "me show to HMRC")
    assert await why("barges") == ["working Barges"]
    await town.says("gareth", "me findable no")
    assert await why("barges") == []
    await town.says("gareth", "me findable yes")
    await agreements_end(town, "gareth")
    assert await why("barges") == []


async def test_somebody_new_says_what_they_know_at_once(town: Town) -> None:
    await has_skills(town)
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    arrives(town, "walter", "Walter Quill", beside="gareth")
    for key in ("wanda", "walter"):
        await town.says(key, "me skill barges")
        assert await knows(town, key)
    assert nothing_was_refused(town)


async def test_who_lets_nobody_find_them_reads_that_nobody_sees_it(town: Town) -> None:
    await town.says("gareth", "me findable no")
    await town.says("gareth", "me asked no")
    await town.says("gareth", "me skill Barges")
    assert "Nobody sees this until you let others find you" in shown(town, "gareth", "Barges").words()
    await town.presses("gareth", "Let others find me")
    await town.says("amira", "whoknows barges")
    assert "Gareth Morlais-Rees" in town.last("amira")


async def test_forgetting_takes_what_they_said_along_and_their_file_has_it(town: Town) -> None:
    await town.says("gareth", "me skill Barges")
    await form_is_open(town)
    before = await town.counts("person_skill")
    await town.says("gareth", "me forget")
    await town.presses("gareth", "Forget me")
    await town.passes(timedelta(minutes=15))
    assert (before, await town.counts("person_skill")) == (1, 0)
    found = await town.database.read(lambda tx: Search(tx).people("barges", 5))
    assert found == []


@pytest.mark.parametrize(
    ("key", "said", "optional"), [("amira", "/signpost me skill", ""), ("gareth", "me skill", " (optional)")]
)
async def test_who_writes_a_topic_on_the_form_need_not_choose_that_it_is_one(
    town: Town, key: str, said: str, optional: str
) -> None:
    await has_skills(town)
    await town.says(key, said)
    await form_is_open(town)
    await town.fills(key, {f"A topic, in your own words{optional}": "Barges", f"How well?{optional}": "Working"})
    assert await knows(town, key) == [("Barges", "working", False)]
