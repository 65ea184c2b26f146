"""The only way in: one transaction, done once, answered once, refused in words; only what may be is done."""

import pytest

from bot.command import Verb, registry
from bot.text import Reader, say
from bot.ui import Card
from bot.work import Work
from storage.database import Unavailable
from tests.bot.asking import dispatch, heard, title
from tests.bot.platform import Office

Verbs = dict[str, type[Verb]]


async def test_somebody_new_is_met_once_and_asked_about(office: Office) -> None:
    for words in ("me", "me role designer", "help"):
        await dispatch(office).handle(heard("New", words))
    await office.delivery().settled()
    assert [account.user for account in office.platform.asked] == ["UNew"]
    found = await office.work(lambda work: work.people.by_account("slack", "T1", "UNew"))
    assert found is not None
    assert (found[0].name, found[0].verified, found[0].asked, found[0].findable) == ("Known Name", False, False, False)
    assert found[1].chat == "DUNew"


async def test_a_query_leaves_no_trace_where_the_response_shows_it(office: Office) -> None:
    await office.person("Ann")
    handled = await dispatch(office).handle(heard("Ann", "help", key="once"))
    assert title(handled)
    assert await office.work(lambda work: work.arrivals.find("once")) is None
    assert await office.states() == []


@pytest.mark.parametrize("said", ["help", "me role designer", "join", "leave nowhere", "what is this about then"])
async def test_what_no_response_shows_becomes_one_message_however_often_it_comes(office: Office, said: str) -> None:
    await office.person("Ann")
    way_in = dispatch(office)
    for _ in range(3):
        handled = await way_in.handle(heard("Ann", said, key="once", in_body=False))
        assert title(handled) == ""
    assert await office.states() == [("reply", "waiting")]
    await office.delivery().settled()
    assert len(office.platform.sent) == 1


@pytest.mark.parametrize("said", ["create Tax outcome: Fair for all service: Tax", "join", "leave nowhere"])
async def test_what_a_response_shows_is_shown_again_when_it_comes_again(office: Office, said: str) -> None:
    await office.person("Ann")
    way_in = dispatch(office)
    first = await way_in.handle(heard("Ann", said, key="once"))
    again = await way_in.handle(heard("Ann", said, key="once"))
    assert title(first) and title(again) == title(first)
    assert (first.repeated, again.repeated) == (False, True)


async def test_what_was_settled_after_the_command_was_to_look_is_asked_rather_than_run_without_looking(
    office: Office, verbs: Verbs
) -> None:
    await office.person("Ann")
    handled = await dispatch(office).handle(heard("Ann", "settle"))
    assert title(handled) == "Settle it"
    assert title(await dispatch(office).handle(heard("Ann", "settle gold"))) == "Ann looked at gold"


async def test_only_those_who_may_give_a_command_can(office: Office, verbs: Verbs) -> None:
    await office.person("Ann")
    way_in = dispatch(office)
    assert "Only a community owner" in title(await way_in.handle(heard("Ann", "owners only")))
    assert "Only an administrator" in title(await way_in.handle(heard("Ann", "admins only")))
    assert "earlier version" in title(await way_in.handle(heard("Ann", payload='{"do":"note","number":1}')))
    await way_in.handle(heard("Ann", "create Tax outcome: Fair for all service: Tax"))
    assert title(await way_in.handle(heard("Ann", "owners only"))) == "Done by an owner"


async def test_help_offers_only_what_the_person_may_do(office: Office, verbs: Verbs) -> None:
    await office.person("Ann")
    way_in = dispatch(office)
    before = str(await way_in.handle(heard("Ann", "help")))
    await way_in.handle(heard("Ann", "create Tax outcome: Fair for all service: Tax"))
    after = str(await way_in.handle(heard("Ann", "help")))
    assert "owners only" not in before and "owners only" in after
    assert "admins only" not in after and "note" not in registry.phrases


async def test_a_command_that_looks_first_runs_with_what_it_found(office: Office, verbs: Verbs) -> None:
    await office.person("Ann")
    assert title(await dispatch(office).handle(heard("Ann", "weigh gold"))) == "Ann looked at gold"
    assert title(await dispatch(office).handle(heard("Stranger", "weigh gold"))) == "Stranger looked at gold"


async def test_what_lacks_a_field_writes_nothing_and_asks_for_it(office: Office, verbs: Verbs) -> None:
    await office.person("Ann")
    handled = await dispatch(office).handle(heard("Ann", "weigh"))
    assert handled.form is not None and [field.name for field in handled.form.fields] == ["what"]
    filled = await dispatch(office).handle(heard("Ann", payload=handled.form.command.pack(), answers={"what": "tin"}))
    assert title(filled) == "Ann looked at tin"


async def test_while_the_database_is_away_nothing_is_answered(office: Office) -> None:
    office.database.close()
    for said in ("help", "me role designer", "leave nowhere"):
        with pytest.raises(Unavailable):
            await dispatch(office).handle(heard("Ann", said))


async def test_a_fault_while_refusing_is_told_as_a_fault(office: Office, verbs: Verbs) -> None:
    await office.person("Ann")
    handled = await dispatch(office).handle(heard("Ann", payload='{"do":"odd"}', answers={"what": "x" * 3001}))
    assert "Something went wrong on our side" in title(handled)


async def test_a_refused_form_keeps_what_was_typed_with_the_error_beside_its_field(office: Office) -> None:
    await office.person("Ann")
    typed = {"community": "…", "service": "Tax", "outcome": "Fair"}
    handled = await dispatch(office).handle(heard("Ann", payload='{"do":"create"}', answers=typed))
    assert handled.reply is None and handled.form is not None
    assert {field.name: field.value for field in handled.form.fields} == typed
    wrong = {field.name: say(field.error, Reader()) for field in handled.form.fields if field.error}
    assert list(wrong) == ["community"]


async def test_a_stale_form_says_so_as_a_card(office: Office) -> None:
    await office.person("Ann")
    handled = await dispatch(office).handle(heard("Ann", payload='{"do":"gone"}', answers={"x": "y"}))
    assert handled.reply is not None and isinstance(handled.reply.body, Card)
    assert "earlier version" in title(handled)


async def test_a_message_from_somebody_else_is_not_given_their_kept_command(office: Office) -> None:
    ann = await office.person("Ann")
    await office.person("Bob")
    number = await office.work(lambda work: _keep(work, ann))
    for name, expected in (("Bob", "no longer kept"), ("Ann", "Known Name")):
        handled = await dispatch(office).handle(heard(name, payload=f'{{"do":"kept","draft":{number}}}'))
        assert (expected in title(handled)) == (name == "Bob")


def _keep(work: Work, person: int) -> int:
    return work.answers.add_draft(person, '{"do":"me role","role":"designer"}', work.now)
