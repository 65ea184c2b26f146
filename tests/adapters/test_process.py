"""What one running Signpost is put together from reaches the parts that need it."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from adapters.process import Signpost, TeamsSettings
from storage.database import connect
from storage.secrets import Vault, new_key
from tests.adapters.teams.conftest import recorded
from tests.adapters.teams.microsoft import APP_ID, ISSUER, PASSWORD, Microsoft, microsoft

SCOPE = "https://api.botframework.us/.default"


@pytest.fixture
async def theirs() -> AsyncIterator[Microsoft]:
    async with microsoft() as found:
        yield found


@pytest.fixture
async def signpost(theirs: Microsoft, sqlite_url: str) -> AsyncIterator[Signpost]:
    """A Signpost of a government cloud, for one tenant."""
    database = connect(sqlite_url)
    tenant = recorded("message_personal")["channelData"]["tenant"]["id"]
    settings = TeamsSettings(APP_ID, PASSWORD, theirs.metadata_url, theirs.token_url, ISSUER, SCOPE, (tenant,))
    running = Signpost(database, Vault(new_key()), theirs.clock, None, settings)
    yield running
    await running.stop()
    database.close()


async def hears(signpost: Signpost, theirs: Microsoft, tenant: str = "") -> int:
    """The status with which a message of somebody new is answered; what it owes has then been delivered."""
    activity = recorded("message_personal", serviceUrl=theirs.url)
    activity["channelData"]["tenant"]["id"] = tenant or activity["channelData"]["tenant"]["id"]
    assert signpost.teams is not None
    answer = await signpost.teams.handle(json.dumps(activity).encode(), {"Authorization": theirs.sign()})
    await signpost.delivery.settled()
    return answer.status


async def test_our_token_is_asked_for_with_the_scope_of_the_cloud(signpost: Signpost, theirs: Microsoft) -> None:
    assert await hears(signpost, theirs) == 200
    assert [asked["scope"] for asked in theirs.tokens_asked] == [SCOPE]
    assert any(request.method == "POST" for request in theirs.requests)


async def test_a_tenant_that_is_not_named_is_refused(signpost: Signpost, theirs: Microsoft) -> None:
    assert await hears(signpost, theirs, "another-tenant") == 403
    assert theirs.requests == []


async def test_what_is_searched_is_read_once_it_starts_and_no_more_once_it_stopped(signpost: Signpost) -> None:
    await signpost.start()
    index = signpost.delivery._database.index
    while not index.complete:  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(0)
    await signpost.drain()
    assert not [task for task in asyncio.all_tasks() if "Reading" in repr(task)]


async def test_a_platform_without_settings_is_off(signpost: Signpost) -> None:
    assert signpost.slack is None
