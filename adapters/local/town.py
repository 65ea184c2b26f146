"""The demo's world on both local platforms, on the paths of one address, with a Signpost that is told of them."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from adapters.local.people_acts import LocalPerson
from adapters.local.seed import bot_token
from adapters.local.slack import LocalSlack
from adapters.local.teams import LocalTeams
from adapters.local.world import World, load
from adapters.process import SlackSettings, TeamsSettings

SLACK, TEAMS = "/local/slack", "/local/teams"


class LocalPlatforms:
    """Both platforms at `address`, with the world's people. `signpost` is where Signpost hears, if elsewhere."""

    def __init__(
        self, address: str, clock: Callable[[], datetime], *, signpost: str = "", world: World | None = None
    ) -> None:
        self.world = world or load()
        signing_secret, app_id, password = secrets.token_hex(16), str(uuid.uuid4()), secrets.token_urlsafe(24)
        home = signpost or address
        self.slack = LocalSlack(
            signing_secret=signing_secret,
            events_url=f"{home}/slack/events",
            public_url=address + SLACK,
            clock=clock,
        )
        self.teams = LocalTeams(
            app_id=app_id,
            app_password=password,
            messages_url=f"{home}/api/messages",
            public_url=address + TEAMS,
            clock=clock,
        )
        self.slack_settings = SlackSettings(signing_secret, self.slack.api_url)
        self.teams_settings = TeamsSettings(
            app_id,
            password,
            self.teams.openid_metadata_url,
            self.teams.token_url,
            self.teams.issuer,
            "https://api.botframework.com/.default",
        )
        self.people = [self._person(key) for key in (person.key for person in self.world.people)]
        self._fill()

    def routes(self) -> list[web.RouteDef]:
        """What to serve at the address."""
        return [*self.slack.routes(), *self.teams.routes()]

    async def stop(self) -> None:
        """The platforms' connections to Signpost are closed."""
        await self.slack.stop()
        await self.teams.stop()

    def _person(self, key: str) -> LocalPerson:
        person = self.world.person(key)
        where = self.world.tenant(person)
        return LocalPerson(key, person.name, person.title, person.organisation, person.platform, where, person.user)

    def _fill(self) -> None:
        for space in self.world.workspaces:
            if space.platform == "slack":
                self.slack.add_workspace(space.tenant, space.name, bot_token(space.tenant))
            else:
                self.teams.add_tenant(space.tenant, space.name)
        for person in self.world.people:
            platform = self.slack if person.platform == "slack" else self.teams
            where, email = self.world.tenant(person), self.world.address(person)
            platform.add_user(where, person.user, person.name, email=email, zone=person.zone)
            platform.set_locale(where, person.user, f"{person.language}-GB")
        for space in self.world.workspaces:
            members = [person.user for person in self.people if person.tenant == space.tenant]
            platform = self.slack if space.platform == "slack" else self.teams
            for channel in space.channels:
                platform.add_channel(space.tenant, channel.id, channel.name, members)
