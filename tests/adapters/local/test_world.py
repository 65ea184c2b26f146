"""The demo's world is whole: every key leads somewhere, and every id looks like the platform's own."""

import re
from collections import Counter
from uuid import UUID

import pytest

from adapters.local.world import Person, World, load
from bot.text import LANGUAGES


@pytest.fixture(scope="module")
def world() -> World:
    return load()


def test_eight_organisations_are_four_on_slack_and_four_on_teams(world: World) -> None:
    assert len(world.organisations) == 8
    assert Counter(one.platform for one in world.workspaces) == {"slack": 4, "teams": 4}
    assert {one.organisation for one in world.workspaces} == {one.short for one in world.organisations}


def test_sixteen_people_come_from_all_four_professions_and_every_organisation(world: World) -> None:
    assert len(world.people) == 16
    assert Counter(one.profession for one in world.people) == {
        "policy": 4,
        "design": 4,
        "operations": 4,
        "engineering": 4,
    }
    assert set(Counter(one.organisation for one in world.people).values()) == {2}


def test_everyone_works_on_the_platform_of_their_organisation(world: World) -> None:
    for person in world.people:
        assert person.platform == world.workspace(person.organisation).platform


def test_everyone_has_an_address_of_their_own_at_the_domain_of_their_organisation(world: World) -> None:
    addresses = [world.address(person) for person in world.people]
    assert len(set(addresses)) == len(addresses)
    assert world.address(world.person("sian")) == "sian.probert@companieshouse.gov.uk"
    assert all(re.fullmatch(r"[a-z.-]+@[a-z-]+(?:\.[a-z]+)+", address) for address in addresses)


def test_amira_at_hmrc_uses_slack_and_gareth_at_dwp_uses_teams(world: World) -> None:
    amira, gareth = world.person("amira"), world.person("gareth")
    assert (amira.organisation, amira.platform, amira.title) == ("HMRC", "slack", "Content designer")
    assert (gareth.organisation, gareth.platform, gareth.title) == ("DWP", "teams", "Operations lead")
    assert gareth.asked, "the guided steps bring him a question"


def test_ids_look_like_the_platforms_own_and_none_is_used_twice(world: World) -> None:
    for workspace in world.workspaces:
        if workspace.platform == "slack":
            assert re.fullmatch(r"T[A-Z0-9]{8,10}", workspace.tenant)
            assert all(re.fullmatch(r"C[A-Z0-9]{8,10}", one.id) for one in workspace.channels)
        else:
            assert str(UUID(workspace.tenant)) == workspace.tenant
            assert all(re.fullmatch(r"19:[0-9a-f]{32}@thread\.tacv2", one.id) for one in workspace.channels)
    for person in world.people:
        assert looks_right(person), person.user
    ids = [one.tenant for one in world.workspaces] + [one.user for one in world.people]
    ids += [channel.id for one in world.workspaces for channel in one.channels]
    assert len(ids) == len(set(ids))


def looks_right(person: Person) -> bool:
    if person.platform == "slack":
        return re.fullmatch(r"U[A-Z0-9]{8,10}", person.user) is not None
    return str(UUID(person.user)) == person.user


def test_every_language_has_a_catalogue(world: World) -> None:
    assert {person.language for person in world.people} == set(LANGUAGES)


def test_every_community_is_owned_by_two_organisations(world: World) -> None:
    assert world.communities[0].slug == "starting-a-business"
    assert len(world.communities) == 3
    for community in world.communities:
        owners = [world.person(one.person) for one in community.members if one.owner]
        assert len({one.organisation for one in owners}) == 2


def test_all_eight_organisations_are_in_starting_a_business(world: World) -> None:
    members = [world.person(one.person) for one in world.communities[0].members]
    assert {one.organisation for one in members} == {one.short for one in world.organisations}
    assert {one.profession for one in members} == {"policy", "design", "operations", "engineering"}


def test_twenty_questions_are_answered_by_other_members_and_one_answer_is_accepted(world: World) -> None:
    members = {one.slug: {member.person for member in one.members} for one in world.communities}
    assert len(world.questions) == 20
    for question in world.questions:
        assert question.asker in members[question.community]
        assert {answer.by for answer in question.answers} <= members[question.community] - {question.asker}
        assert sum(answer.accepted for answer in question.answers) == 1
        assert all(0 < answer.hours_later < question.days_ago * 24 for answer in question.answers)


def test_most_accepted_answers_come_from_another_organisation(world: World) -> None:
    pairs = [(one.asker, answer.by) for one in world.questions for answer in one.answers if answer.accepted]
    across = sum(world.person(asker).organisation != world.person(by).organisation for asker, by in pairs)
    assert across > len(pairs) / 2


def test_every_two_organisations_have_an_agreement(world: World) -> None:
    assert len(world.agreements) == len(set(map(frozenset, world.agreements))) == 28
