"""The app's manifest offers our commands everywhere, and names nothing that the store refuses."""

import pytest

from adapters.teams.manifest import App, Said, manifest
from tests.adapters.teams.microsoft import APP_ID

APP = App(APP_ID, "https://signpost.example.gov.uk/", "Invented Digital Office")


def test_people_can_type_a_slash_where_others_read_and_are_answered_privately() -> None:
    (bot,) = manifest(APP, [Said("ask", "Ask your community"), Said("help", "See what you can do")])["bots"]
    assert bot["supportsTargetedMessages"] is True
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert [(each["scopes"], each.get("triggers")) for each in bot["commandLists"]] == [
        (["personal"], None),
        (["team", "groupChat"], ["mention", "slash"]),
    ]


def test_a_list_holds_at_most_twelve_commands() -> None:
    (bot,) = manifest(APP, [Said(f"command {n}", "x" * 5000) for n in range(20)])["bots"]
    assert [len(each["commands"]) for each in bot["commandLists"]] == [12, 12]
    assert len(bot["commandLists"][0]["commands"][0]["description"]) == 4000


def test_our_own_address_is_the_only_one_named() -> None:
    found = manifest(APP, [])
    assert found["validDomains"] == ["signpost.example.gov.uk"]
    assert found["developer"]["privacyUrl"] == "https://signpost.example.gov.uk/privacy"


@pytest.mark.parametrize("app", [APP._replace(name="Signpost for Teams"), APP._replace(public_url="http://x.uk")])
def test_what_the_store_refuses_is_refused_here(app: App) -> None:
    with pytest.raises(ValueError, match=r"may not contain|https"):
        manifest(app, [])
