"""Who may give which command, by what they are and not by what they say."""

from functools import partial

import pytest

from bot.command import Verb
from bot.errors import Refusal
from bot.permission import allowed, refuse_unless_allowed
from bot.work import Work
from storage.people import Person
from tests.bot.platform import Office

Verbs = dict[str, type[Verb]]


async def _person(office: Office) -> Person:
    number = await office.person("Ann")
    found = await office.work(lambda work: work.people.find(number))
    assert found is not None
    return found


async def test_anyone_may_do_what_is_for_anyone_and_nobody_what_is_for_the_system(office: Office, verbs: Verbs) -> None:
    ann = await _person(office)
    for me in (ann, ann._replace(administrator=True)):
        may = await office.work(partial(_allowed, verbs, me))
        assert may == {"Weigh": True, "Note": False, "AdminsOnly": me.administrator}


def _allowed(verbs: Verbs, me: Person, work: Work) -> dict[str, bool]:
    return {name: allowed(verbs[name], me, work) for name in ("Weigh", "Note", "AdminsOnly")}


async def test_an_owner_is_who_owns_a_community_now(office: Office, verbs: Verbs) -> None:
    ann = await _person(office)

    for owner in (False, True):
        await office.work(partial(_joins, ann, owner))
        assert await office.work(lambda work: allowed(verbs["OwnersOnly"], ann, work)) is owner


def _joins(ann: Person, owner: bool, work: Work) -> None:
    number = work.communities.add(f"tax-{owner}", "Tax", "Tax", "Fair tax", by=ann.id, now=work.now)
    assert number is not None
    work.communities.join(number, ann.id, work.now, owner=owner)


@pytest.mark.parametrize("name", ["OwnersOnly", "AdminsOnly", "Note"])
async def test_who_may_not_is_told_so_in_words(office: Office, verbs: Verbs, name: str) -> None:
    ann = await _person(office)
    verb = verbs[name].partly(number=1) if name == "Note" else verbs[name]()
    with pytest.raises(Refusal) as refused:
        await office.work(lambda work: refuse_unless_allowed(verb, ann, work))
    assert refused.value.text.key.startswith("Only ")
