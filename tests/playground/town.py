"""A Signpost whose Slack is the local one, and whose Teams is Microsoft's own test client for one of its people."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from adapters.local.clock import MovableClock
from adapters.local.seed import seed
from adapters.local.town import LocalPlatforms
from adapters.local.world import load
from adapters.process import Signpost, TeamsSettings
from adapters.readiness import Readiness
from adapters.teams.tokens import ISSUER, SCOPE
from storage.database import connect
from storage.secrets import Vault, new_key
from tests.adapters.teams.microsoft import APP_ID, PASSWORD, Microsoft, microsoft
from tests.playground.driver import Playground, Someone, playground
from tests.playground.signing import signing_proxy
from tests.town import Town


@asynccontextmanager
async def town_beside_microsoft(url: str, key: str) -> AsyncIterator[tuple[Town, Playground]]:
    """The demo's world on this database, migrated and empty, with the person of that key at the test client.

    Keys and tokens are real; the test client, which can't do tokens, talks through a proxy that signs. The other
    people on Teams are reached at a connector that takes everything. The clock runs, and messages are delivered
    without being waited for, since the test client does not say when the app has answered it.
    """
    clock = MovableClock()
    async with microsoft() as theirs:
        theirs.moment = clock()
        async with _running(url, clock, theirs) as (town, address):
            member = town.people[key]
            someone = Someone(APP_ID, member.tenant, f"29:{key}", member.user, member.name)

            def sign(service_url: str) -> str:
                return theirs.sign(serviceurl=service_url, nbf=clock(), exp=clock() + timedelta(hours=1))

            async with (
                signing_proxy(f"{address}/api/messages", sign) as proxy,
                playground(proxy, someone) as client,
            ):
                yield town, client


@asynccontextmanager
async def _running(url: str, clock: MovableClock, theirs: Microsoft) -> AsyncIterator[tuple[Town, str]]:
    world, vault, database = load(), Vault(new_key()), connect(url)
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    await database.write(lambda tx: seed(world, vault, theirs.url)(tx, clock()))
    platforms = LocalPlatforms(address, clock, world=world)
    settings = TeamsSettings(APP_ID, PASSWORD, theirs.metadata_url, theirs.token_url, ISSUER, SCOPE)
    signpost = Signpost(database, vault, clock, platforms.slack_settings, settings)
    app = signpost.application(Readiness(url, database), platforms.slack.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    await signpost.start()
    try:
        yield Town(database, platforms, signpost, clock), address
    finally:
        await platforms.stop()
        await signpost.stop()
        await runner.cleanup()
        database.close()
