"""Whose organisation a platform can vouch for: only what an administrator tied, and never a guest's."""

from bot import administration
from bot.inbound import AccountRef
from storage.people import Person
from tests.features.newcomers import UNTIED, arrives, arrives_untied, code_in, record_of
from tests.town import Town


async def links(town: Town, giver: str, taker: str) -> Person:
    """The giver's profile is the taker's too."""
    await town.says(giver, "me link")
    await town.says(taker, f"me link {code_in(town.last(giver))}")
    await town.presses(taker, "Yes, this is me")
    return await record_of(town, taker)


async def test_who_was_met_before_the_tie_is_vouched_for_after_it(town: Town) -> None:
    arrives_untied(town, "early", "Early Bird")
    await town.says("early", "hi")
    assert (await record_of(town, "early")).organisation_id is None

    await town.database.write(lambda tx: administration.tie(tx, f"teams:{UNTIED}", "TPR", town.clock()))
    await town.quiet()
    known = await record_of(town, "early")
    assert (known.organisation, known.verified) == ("TPR", True)


async def test_a_guest_does_not_become_verified_by_an_account_in_an_untied_tenant(town: Town) -> None:
    arrives(town, "visitor", "Visiting Guest", beside="amira", guest=True)
    await town.says("visitor", "/signpost hi")
    assert not (await record_of(town, "visitor")).verified
    arrives_untied(town, "stranger", "Visiting Guest")
    await town.says("stranger", "hi")

    await links(town, "visitor", "stranger")
    await changed(town, "stranger")
    assert not (await record_of(town, "stranger")).verified


async def test_a_guest_account_takes_nothing_from_a_person_vouched_for_elsewhere(town: Town) -> None:
    arrives(town, "helper", "Gareth As Guest", beside="amira", guest=True)
    await town.says("helper", "/signpost hi")
    await links(town, "gareth", "helper")
    await changed(town, "helper")
    known = await record_of(town, "gareth")
    assert (known.organisation, known.verified) == ("DWP", True)


async def changed(town: Town, key: str) -> None:
    """The platform says that this account changed, so it is asked again."""
    person = town.people[key]
    await town.signpost.changes.account_changed(AccountRef(person.platform, person.tenant, person.user))
    await town.quiet()
