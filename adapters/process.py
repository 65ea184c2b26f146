"""One running Signpost: the core, the platforms that are on, and what serves them, put together from plain values."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters import downloads, uploads
from adapters.metrics import Metrics
from adapters.slack.client import Slack
from adapters.slack.heard import WorkspaceEvent
from adapters.slack.inbound import SlackInbound
from adapters.slack.workspace import TokenRefused, workspace_of
from adapters.teams.activities import TeamsEvent
from adapters.teams.client import Teams
from adapters.teams.connector import Connector
from adapters.teams.inbound import TeamsInbound
from adapters.teams.keys import KeySet
from adapters.teams.tokens import IncomingTokens, OutgoingTokens
from adapters.web import application
from bot.changes import Changes
from bot.clock import ClockWatch
from bot.command import find_features, registry
from bot.delivery import LEASE, Delivery, Platform
from bot.dispatch import Dispatch
from bot.downloads import Downloads
from bot.inbound import Here
from bot.reading import Reading
from bot.schedule import Schedule
from bot.uploads import Uploads
from storage.database import Database, Transaction
from storage.installations import Installations
from storage.secrets import Vault

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

IDLE_SECONDS = 4.0
"""How long a connection of ours stays open unused: less than the quickest common servers keep it (5 s).

One that the other side closes just as we write leaves a POST uncertain, and the message may arrive twice.
"""


@dataclass(frozen=True)
class SlackSettings:
    """How Slack is reached and believed. `bot_token` is kept, encrypted, for the workspace that Slack says it is of."""

    signing_secret: str = field(repr=False)
    api_url: str
    bot_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class TeamsSettings:
    """How Teams is reached and believed. `allowed_tenants` empty: any tenant."""

    app_id: str
    app_password: str = field(repr=False)
    openid_metadata_url: str
    token_url: str
    issuer: str
    scope: str
    allowed_tenants: Collection[str] = ()


class Signpost:
    """Everything but the listening. `start` and `stop` in one event loop; `ticks` says whether timers fire here."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        now: Clock,
        slack: SlackSettings | None,
        teams: TeamsSettings | None,
    ) -> None:
        find_features()
        self._database = database
        self._vault = vault
        self._now = now
        self._slack_settings = slack
        self.metrics = Metrics(CollectorRegistry())
        self.metrics.watch(database, now)
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS))
        platforms: dict[str, Platform] = {}
        self.delivery = Delivery(database, now, platforms, self.metrics.delivered)
        self.dispatch = Dispatch(database, now, self._owed, counted=self.metrics.accepted)
        watch = ClockWatch(database, now, LEASE).look
        self.schedule = Schedule(database, now, self._owed, watch, standing=registry.standing)
        self.changes = Changes(database, now, self._owed)
        self.slack = self._hear_slack(slack, platforms) if slack else None
        self.teams = self._hear_teams(teams, platforms) if teams else None
        self._delivering: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ticking = False

    def _hear_slack(self, settings: SlackSettings, platforms: dict[str, Platform]) -> SlackInbound:
        client = Slack(self.session, self._token, settings.api_url, self._now)
        platforms["slack"] = client
        return SlackInbound(
            settings.signing_secret, self.dispatch.handle, client, on_event=self._slack_event, now=self._now
        )

    def _hear_teams(self, settings: TeamsSettings, platforms: dict[str, Platform]) -> TeamsInbound:
        own = OutgoingTokens(
            self.session, settings.token_url, settings.app_id, settings.app_password, self._now, scope=settings.scope
        )
        client = Teams(Connector(self.session, own, self._now), settings.app_id)
        platforms["teams"] = client
        keys = KeySet(self.session, settings.openid_metadata_url, self._now)
        tokens = IncomingTokens(keys, settings.app_id, settings.issuer, self._now)
        return TeamsInbound(
            tokens, self.dispatch.handle, settings.allowed_tenants, on_event=self._teams_event, saw=client.saw
        )

    def _owed(self) -> None:
        """A commit of this process left something in the tray: it looks at once, and so do the others."""
        self.delivery.wake()
        self._database.tell()

    async def start(self, *, ticks: bool = True, delivers: bool = True) -> None:
        """Delivers what is owed, and fires timers where it `ticks`; the bot token's workspace is known.

        What is searched is read meanwhile: nothing waits for that.
        """
        if self._slack_settings is not None and self._slack_settings.bot_token:
            await self._keep_token(self._slack_settings)
        if delivers:
            self._delivering = asyncio.create_task(self.delivery.run())
            self._listening = asyncio.create_task(self._database.listen(self.delivery.wake))
            self.delivery.wake()
        if ticks:
            self.schedule.start()
            self._ticking = True
        self._reading = asyncio.create_task(Reading(self._database).run())

    async def drain(self) -> None:
        """What is in hand is finished: modals being opened, messages being sent."""
        if self._ticking:
            self.schedule.stop()
            self._ticking = False
        background = {task for task in (self._listening, self._reading) if task is not None}
        if background:
            for task in background:
                task.cancel()
            await asyncio.wait(background)
        if self.slack is not None:
            await self.slack.drain()
        await self.delivery.stop()
        if self._delivering is not None:
            await self._delivering

    async def stop(self) -> None:
        """Drained, and every connection is closed but the database's, which is the caller's."""
        await self.drain()
        await self.session.close()

    def application(
        self,
        ready: Callable[[], Awaitable[str]],
        extra: Sequence[web.AbstractRouteDef] = (),
        *,
        hosts: Sequence[str] = (),
        hears: bool = True,
        address: str = "",
    ) -> web.Application:
        """The web application of this process; where it `hears` no platform, health and metrics alone.

        `address` is where people reach it with a browser; without one nobody is given a file.
        """
        self.dispatch.address = address
        slack, teams = (self.slack, self.teams) if hears else (None, None)
        pages = [*self._private_pages(), *extra] if hears else extra
        return application(slack=slack, teams=teams, ready=ready, metrics=self.metrics, extra_routes=pages, hosts=hosts)

    def _private_pages(self) -> list[web.AbstractRouteDef]:
        given = downloads.routes(Downloads(self._database, self._now))
        return [*given, *uploads.routes(Uploads(self._database, self._now, self._owed))]

    async def _token(self, tenant: str) -> str | None:
        found = await self._database.read(lambda tx: Installations(tx).at("slack", tenant))
        return self._vault.decrypt(found.token) if found and found.active and found.token else None

    async def _keep_token(self, settings: SlackSettings) -> None:
        try:
            team, bot = await workspace_of(self.session, settings.bot_token, settings.api_url)
        except (TokenRefused, aiohttp.ClientError, TimeoutError) as refused:
            log.error("Slack did not say whose the bot token is", extra={"reason": type(refused).__name__})
            return
        stored = self._vault.encrypt(settings.bot_token)

        def write(tx: Transaction) -> None:
            Installations(tx).equip("slack", team, bot=bot, token=stored, now=self._now())

        await self._database.write(write)

    async def _slack_event(self, event: WorkspaceEvent) -> None:
        if event.kind in ("app_uninstalled", "tokens_revoked"):
            await self.changes.removed("slack", event.installation)
        elif event.kind == "user_change" and event.account is not None:
            await self.changes.account_changed(event.account)
        elif event.kind == "app_home_opened" and event.account is not None:
            await self.changes.added(event.account, Here("slack", event.installation, "direct"))

    async def _teams_event(self, event: TeamsEvent) -> None:
        if event.kind == "added":
            await self.changes.installed(event.here)
            if event.here.kind == "direct" and event.account is not None:
                await self.changes.added(event.account, event.here)
