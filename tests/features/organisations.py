"""What tests of organisations have in common: e-mail addresses, lists that were imported, and administrators."""

from functools import partial
from pathlib import Path

from bot.administration import appoint
from bot.importing import Watch, bring_in
from bot.inbound import AccountRef
from storage.organisations import Organisations
from storage.people import People
from tests.town import Town

LISTED = """slug,name,abbreviation,format,parent_slugs,status,closed_status,closed_at,superseded_by
office-of-ferries,Office of Ferries,OF,Other,,live,,,
office-of-fords,Office of Fords,OF,Other,,live,,,
bridge-office,Bridge Office,BO,Other,,live,,,
water-office,Water & Bridge Office,WBO,Other,,closed,split,2023-02-07,bridge-office|office-of-fords
river-office,River Office,RO,Other,,closed,replaced,2020-01-01,water-office
canal-office,Canal Office,CO,Other,,closed,no_longer_exists,2001,
barge-office,Barge Office,BG,Other,,closed,replaced,2001,bridge-office
"""
DOMAINS = """domain,organisation
bridges.example,Bridge Office
water.example,Water & Bridge Office
barges.example,Barge Office
"""


async def lists_are_imported(town: Town, folder: Path) -> None:
    """Organisations and domains that the demo's world lacks are known."""
    for kind, text in (("organisations", LISTED), ("domains", DOMAINS)):
        file = folder / f"{kind}.csv"
        file.write_text(text)
        refused: list[str] = []
        await bring_in(town.database, kind, file, Watch(refused.append), town.clock())
        assert refused == []


def has_address(town: Town, key: str, email: str, *, guest: bool = False) -> None:
    """The person's platform gives them this address, from the next time that it is asked."""
    person = town.people[key]
    platform = town.platforms.slack if person.platform == "slack" else town.platforms.teams
    platform.add_user(person.tenant, person.user, person.name, email=email, guest=guest)


async def platform_is_asked(town: Town, key: str) -> None:
    """The platform said that this account changed, so it was asked what it is now."""
    person = town.people[key]
    await town.signpost.changes.account_changed(AccountRef(person.platform, person.tenant, person.user))
    await town.quiet()


async def domain_of(town: Town, key: str) -> str:
    """The domain that is kept of this person's account."""
    person = town.people[key]
    found = await town.database.read(lambda tx: People(tx).by_account(person.platform, person.tenant, person.user))
    assert found is not None
    return found[1].domain


async def administers(town: Town, *keys: str) -> None:
    """The command line made them administrators of their organisations."""
    for local in (town.people[key] for key in keys):
        who = f"{local.platform}:{local.tenant}:{local.user.removeprefix('29:')}"
        said = await town.database.write(partial(appoint, who=who, now=town.clock()))
        assert "is an administrator of" in said


async def number_of(town: Town, name: str) -> int:
    """The number of the organisation that is called so."""
    (found,) = await town.database.read(lambda tx: Organisations(tx).named(name))
    return found.id
