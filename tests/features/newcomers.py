"""People who are not in the demo's world: they come to a workspace or tenant while a test runs."""

import re

from adapters.local.people_acts import LocalPerson
from adapters.local.seen import View
from storage.people import People, Person
from tests.town import Town

UNTIED = "0d3c1f5e-77aa-4b19-9e02-5c8f1b6d2a90"
"""A tenant that no administrator has tied to an organisation."""


def arrives(town: Town, key: str, name: str, *, beside: str, guest: bool = False, locale: str = "en-GB") -> None:
    """Somebody new is in the same workspace or tenant as that person, and has not spoken to Signpost yet."""
    near = town.people[beside]
    if near.platform == "slack":
        user = f"U0NEW{key.upper()}"
        town.platforms.slack.add_user(near.tenant, user, name, guest=guest)
        town.platforms.slack.set_locale(near.tenant, user, locale)
    else:
        user = f"00000000-0000-4000-8000-{key.encode().hex()[:12]:0>12}"
        town.platforms.teams.add_user(near.tenant, user, name, guest=guest)
        town.platforms.teams.set_locale(near.tenant, user, locale)
    town.people[key] = LocalPerson(key, name, "", near.organisation, near.platform, near.tenant, user)


def arrives_untied(town: Town, key: str, name: str) -> None:
    """Somebody new is in a Teams tenant that is tied to no organisation."""
    if all(person.tenant != UNTIED for person in town.people.values()):
        town.platforms.teams.add_tenant(UNTIED, "An unknown body")
    user = f"00000000-0000-4000-8000-{key.encode().hex()[:12]:0>12}"
    town.platforms.teams.add_user(UNTIED, user, name)
    town.people[key] = LocalPerson(key, name, "", "", "teams", UNTIED, user)


def channel_of(town: Town, key: str) -> str:
    """The first channel of this person's workspace or tenant."""
    person = town.people[key]
    if person.platform == "slack":
        return town.platforms.slack.channels(person.tenant)[0].id
    return town.platforms.teams.channels(person.tenant)[0].id


async def record_of(town: Town, key: str) -> Person:
    """This person as Signpost remembers them."""
    person = town.people[key]
    found = await town.database.read(lambda tx: People(tx).by_account(person.platform, person.tenant, person.user))
    assert found is not None
    return found[0]


def code_in(words: str) -> str:
    """The code that a card shows."""
    found = re.search(r"Your code is (\S+)", words)
    assert found, words
    return found.group(1)


def nothing_was_refused(town: Town) -> bool:
    """Whether both platforms took and showed all that Signpost did."""
    return town.platforms.slack.problems == [] and town.platforms.teams.problems == []


async def modal_of(town: Town, key: str) -> View:
    """The Slack modal on top of this person's screen, once all that is being opened is open."""
    if town.signpost.slack is not None:
        await town.signpost.slack.drain()
    found = town.modal(key)
    assert found is not None, f"no form is open for {key}"
    return found
