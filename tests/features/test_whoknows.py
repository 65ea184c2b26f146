"""Finding who knows: only those who let others find them, with the true reason for each, and never a dead end."""

from functools import partial

import pytest

from adapters.local.seen import Json, parts
from bot.work import Work
from tests.features.telling import (
    ASKED,
    agreements_end,
    changes,
    form_is_open,
    is_no_longer_verified,
    nothing_was_refused,
    person,
    sees,
    shown,
)
from tests.town import Town


@pytest.mark.parametrize(
    "said", ["whoknows form design", "who knows about form design?", "Who knows form design", "/whoknows form design"]
)
async def test_it_is_said_in_many_ways(town: Town, said: str) -> None:
    await town.says("amira", said)
    assert "may know about “form design”" in town.last("amira")
    assert "Siân Probert, Interaction designer, CH" in town.last("amira")


async def test_it_finds_people_on_slack_from_teams(town: Town) -> None:
    await town.says("gareth", "who knows about accessibility?")
    assert "1 person may know about “accessibility”" in town.last("gareth")
    assert "Says they know about: form design, bilingual services, accessibility." in town.last("gareth")
    assert town.sees("gareth")[-1].buttons() == ["Ask Siân Probert", "Ask this as a question"]


async def test_reasons_are_what_they_said_what_they_answered_or_their_role(town: Town) -> None:
    await town.says("amira", "whoknows identifier")
    words = town.last("amira")
    assert "Says they know about: APIs, company data, identifiers." in words
    await town.says("amira", "whoknows screener")
    assert (
        "Priya Raman-Kerr, Service designer, DBT\nAnswered 1 question like this, in September 2026."
        in shown_plainly(town)
    )
    await town.says("amira", "whoknows researcher findings")
    assert "Nadia Rahimpour" in town.last("amira")


async def test_what_one_may_not_read_is_no_reason(town: Town) -> None:
    await town.says("gareth", "whoknows buttons in letters")
    assert "Siân Probert, Interaction designer, CH\nAnswered 1 question like this" in town.last("gareth")
    await town.says("amira", "whoknows buttons in letters")
    assert "Siân" not in town.last("amira")  # it was asked in a community that she is not in


def shown_plainly(town: Town) -> str:
    return town.last("amira").replace("*", "")


async def test_a_reason_that_is_only_the_role_says_so(town: Town) -> None:
    sian = await person(town, "sian")
    await changes(town, lambda work: work.people.say_knows(sian.id, ""))
    await changes(town, lambda work: work.people.say_role(sian.id, "Lighthouse keeper"))
    await town.says("amira", "whoknows lighthouses")
    assert "Siân Probert, Lighthouse keeper, CH\nTheir role is close to this." in shown_plainly(town)


async def test_who_hides_is_never_found_whatever_they_said_or_answered(town: Town) -> None:
    await town.says("amira", "whoknows dashboards")
    assert "Yusra" not in town.last("amira")
    sian = await person(town, "sian")
    await changes(town, lambda work: work.people.allow_finding(sian.id, False))
    await town.says("amira", "whoknows form design")
    assert "Siân" not in town.last("amira")


async def test_nobody_finds_themselves(town: Town) -> None:
    await town.says("sian", "whoknows accessibility")
    assert "Siân Probert" not in town.last("sian")


async def test_nobody_is_found_across_organisations_without_an_agreement(town: Town) -> None:
    await agreements_end(town, "sian")
    await town.says("amira", "whoknows form design")
    assert "Siân" not in town.last("amira")
    await town.says("seun", "whoknows accessibility")
    assert "Siân Probert" in town.last("seun")


async def test_who_is_not_verified_finds_nobody_and_is_not_found(town: Town) -> None:
    await is_no_longer_verified(town, "sian")
    await town.says("amira", "whoknows accessibility")
    assert "Siân" not in town.last("amira")
    await town.says("sian", "whoknows content design")
    assert "Nobody you can find knows about “content design” yet." in town.last("sian")


async def test_people_of_other_communities_are_not_found(town: Town) -> None:
    await town.says("amira", "whoknows employer support calls")
    assert "Harpreet" not in town.last("amira")


async def test_no_result_is_no_dead_end(town: Town) -> None:
    await town.says("amira", "whoknows zeppelin maintenance")
    card = town.sees("amira")[-1]
    assert "Nobody you can find knows about “zeppelin maintenance” yet." in card.words()
    assert card.buttons() == ["Ask this as a question", "Tell me when somebody does", "See the communities"]
    await town.presses("amira", "Ask this as a question")
    assert "zeppelin maintenance" in town.last("amira")
    assert sees(town, "amira", "Check your question before it is sent")


@pytest.mark.parametrize("odd", ["the of and", "who is the", "to you, me"])
async def test_words_without_a_topic_are_asked_for_again(town: Town, odd: str) -> None:
    await town.says("amira", f"whoknows {odd}")
    assert "Say what you want to know about, such as whoknows data sharing." in town.last("amira")


@pytest.mark.parametrize("said", ["whoknows", "whoknows ?", "who knows about", "whoknows !!! ..."])
async def test_no_topic_at_all_opens_a_form(town: Town, said: str) -> None:
    await town.says("gareth", said)
    assert "What do you want to know about?" in town.last("gareth")
    await town.fills("gareth", {"What do you want to know about?": "accessibility"})
    assert sees(town, "gareth", "1 person may know about “accessibility”")


@pytest.mark.parametrize("odd", ["z", "'; drop table person; --", "%", "_", "<b>&amp;", "日本語", "🎉", "\\", '"'])
async def test_odd_input_is_answered_in_words(town: Town, odd: str) -> None:
    people = await town.counts("person")
    await town.says("amira", f"whoknows {odd}")
    words = town.last("amira")
    assert "know" in words
    assert "Something went wrong" not in words
    assert await town.counts("person") == people
    assert nothing_was_refused(town)


async def test_what_is_too_long_is_refused_with_its_length(town: Town) -> None:
    await town.says("gareth", f"whoknows {'word ' * 800}")
    assert "That is 3999 characters." in town.last("gareth")


@pytest.mark.parametrize(("key", "said"), [("gareth", "whoknows"), ("amira", "whoknows"), ("amira", "/whoknows")])
async def test_a_long_topic_is_asked_as_a_question_that_is_visibly_cut(town: Town, key: str, said: str) -> None:
    topic = ('wrapped "zeppelins" \\ and more ' * 90).strip()
    await town.says(key, f"{said} {topic}")
    found = town.sees(key)[-1]
    assert "Nobody you can find knows about “wrapped" in found.words()
    assert len(found.words().splitlines()[0]) < 140
    await town.presses(key, "Ask this as a question")
    await form_is_open(town)
    asked = [*town.reads(key), _inputs(town.sees(key)[-1].card)]
    assert any(topic[:800] in words and "…" in words for words in asked)
    assert nothing_was_refused(town)


def _inputs(card: Json | None) -> str:
    """What the fields of a form in Teams say at first."""
    return "".join(str(part.get("value", "")) for part in parts(card))


async def test_plain_text_can_become_a_search(town: Town) -> None:
    await town.says("amira", "somebody for accessibility in forms")
    await town.presses("amira", "Find who knows")
    assert "Siân Probert" in shown(town, "amira", "may know about").words()
    assert not sees(town, "gareth", ASKED)


@pytest.mark.parametrize(
    "said", ["whoknows letters org: DWP", "who knows about letters in DWP?", "whoknows letters at DWP"]
)
async def test_only_people_of_an_organisation_are_found_where_one_is_named(town: Town, said: str) -> None:
    await town.says("amira", said)
    words = town.last("amira")
    assert "Gareth Morlais-Rees, Operations lead, DWP" in words
    assert "Nadia" not in words


async def test_a_sentence_about_somebody_is_read_as_what_they_did(town: Town) -> None:
    await town.says("amira", "whoknows someone in DWP who has done user research with sole traders")
    words = town.last("amira")
    assert "Nobody you can find in DWP knows about “user research with sole traders” yet." in words
    assert "Nadia Rahimpour, User researcher, DfE" in words
    await town.presses("amira", "Ask Nadia Rahimpour")
    assert "It is brought to Nadia Rahimpour (User researcher, DfE)" in town.last("amira")
    assert "someone in DWP who has done user research with sole traders" in town.last("amira")


@pytest.mark.parametrize(
    "said", ["whoknows in DWP", "whoknows someone at DWP", "whoknows anybody org: DWP", "whoknows anyone else in DWP?"]
)
async def test_an_organisation_alone_is_no_topic(town: Town, said: str) -> None:
    await town.says("amira", said)
    assert "such as whoknows data sharing in DWP." in town.last("amira")


async def test_one_word_of_what_an_organisation_is_called_is_no_reason(town: Town) -> None:
    await town.says("gareth", "whoknows DWP")
    assert "Tom" not in town.last("gareth")
    await town.says("tom", "me knows what Work and Pensions does")
    await town.says("gareth", "whoknows DWP")
    assert "Tom Hes" in town.last("gareth")


async def test_who_says_all_of_it_comes_before_who_came_near_it_once(town: Town) -> None:
    await town.says("amira", "whoknows user research")
    card = town.sees("amira")[-1]
    assert card.buttons()[0] == "Ask Nadia Rahimpour"
    assert "Answered 1 question like this" in card.words()


async def test_where_an_organisation_has_nobody_others_are_named(town: Town) -> None:
    await town.says("gareth", "whoknows self-employment in the Intellectual Property Office")
    words = town.last("gareth")
    assert "Nobody you can find in IPO knows about “self-employment” yet." in words
    assert "Others may know:" in words
    assert "Tom Hes" in words
    assert "Tell me when somebody does" in town.sees("gareth")[-1].buttons()


async def test_people_are_found_by_role_step_and_community(town: Town) -> None:
    await town.says("amira", "whoknows journey role: designer")
    assert "Priya Raman-Kerr" in town.last("amira")
    assert "Gareth" not in town.last("amira")
    await town.says("amira", "whoknows company step: search")
    assert "Jakub" not in town.last("amira")
    await town.says("kofi", "whoknows letters community: employing-someone")
    assert "Harpreet" in town.last("kofi")
    assert "Gareth" not in town.last("kofi")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("whoknows letters org: Atlantis", "No organisation is called “Atlantis”."),
        ("whoknows letters community: stopping-a-business", "There is no community called “stopping-a-business”."),
        (
            "whoknows letters in DfE role: zeppelin pilot lang: Welsh",
            "Nobody you can find with org: DfE, role: zeppelin pilot and lang: Welsh knows about “letters” yet.",
        ),
        (
            "whoknows letters role: zeppelin pilot",
            "Nobody you can find with role: zeppelin pilot knows about “letters” yet.",
        ),
    ],
)
async def test_a_filter_that_finds_nothing_says_so(town: Town, said: str, told: str) -> None:
    await town.says("gareth", said)
    assert told in town.last("gareth")


def _knows_zeppelins(number: int, work: Work) -> None:
    work.people.say_knows(number, "zeppelin maintenance")


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_more_than_five_are_shown_as_a_table(town: Town, key: str) -> None:
    numbers = [(await person(town, other)).id for other in ("sian", "seun", "priya", "mei", "tom", "nadia", "kofi")]
    for number in numbers:
        await changes(town, partial(_knows_zeppelins, number))
    await town.says(key, "whoknows zeppelins")
    assert "5 people may know about “zeppelins”" in town.last(key)
    await town.presses(key, "See more")
    words = town.last(key)
    assert words.count("Says they know about: zeppelin maintenance.") == 7
    assert nothing_was_refused(town)


async def test_who_is_found_can_be_asked_first(town: Town) -> None:
    await town.says("amira", "whoknows accessibility")
    await town.presses("amira", "Ask Siân Probert")
    assert "It is brought to Siân Probert (Interaction designer, CH)" in town.last("amira")
    await town.presses("amira", "Send")
    assert sees(town, "sian", "Q-21 from Amira Haddad")


async def test_who_cannot_be_asked_any_more_is_named_so(town: Town) -> None:
    await town.says("amira", "whoknows accessibility")
    sian = await person(town, "sian")
    await changes(town, lambda work: work.people.allow_asking(sian.id, False))
    await town.presses("amira", "Ask Siân Probert")
    assert "Siân Probert cannot be asked in Starting a business now." in town.last("amira")


@pytest.mark.parametrize("lang", ["Welsh", "cy", "Cymraeg"])
async def test_people_are_found_by_the_language_they_answer_in(town: Town, lang: str) -> None:
    await town.says("amira", f"whoknows forms and journeys lang: {lang}")
    words = town.last("amira")
    assert "Siân Probert" in words
    assert "Priya" not in words
