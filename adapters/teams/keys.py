"""The keys that Microsoft signs its requests with: loaded when needed, kept for a day, never in the way of others."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jwt
import msgspec

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
"""The public cloud's; government clouds and tests have their own."""

LIFE = timedelta(hours=24)
RENEWAL = timedelta(hours=23)
"""From this age on the set is renewed at the first request; a failure then does no harm before `LIFE` ends."""
BETWEEN_RELOADS = timedelta(minutes=5)
"""So that requests with invented key ids can't make us ask Microsoft over and over."""
AFTER_A_FAILURE = timedelta(seconds=10)
PATIENCE = aiohttp.ClientTimeout(total=5)

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, where nobody passes another clock."""
    return datetime.now(UTC)


class KeysUnavailable(Exception):
    """The keys can't be had now, so nobody can be believed or refused: the platform is told to try again (503)."""


class Key:
    """A public key, and the channels that Microsoft vouches for with it."""

    def __init__(self, public: jwt.PyJWK, endorsements: frozenset[str]) -> None:
        self.public = public
        self.endorsements = endorsements


class Published(msgspec.Struct):
    """What a published key says besides the key itself."""

    kid: str
    endorsements: list[str] = []


class KeySet:
    """The signing keys by id. Source: "Authentication with the Bot Connector API", learn.microsoft.com.

    An unknown id loads them anew, at most every five minutes; only requests with unknown ids wait for that.
    """

    def __init__(self, session: aiohttp.ClientSession, metadata_url: str = METADATA, clock: Clock = now) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._loaded: datetime | None = None
        self._not_before: datetime | None = None
        self._loading = asyncio.Lock()

    async def find(self, key_id: str) -> Key | None:
        """The key with this id, or None if there is none. Raises KeysUnavailable."""
        if self._wants_loading(key_id):
            async with self._loading:
                if self._wants_loading(key_id):
                    await self._load()
        if self._age() > LIFE:
            raise KeysUnavailable("The signing keys could not be loaded.")
        return self._keys.get(key_id)

    def _age(self) -> timedelta:
        return timedelta.max if self._loaded is None else self._clock() - self._loaded

    def _wants_loading(self, key_id: str) -> bool:
        if self._not_before is not None and self._clock() < self._not_before:
            return False
        return key_id not in self._keys or self._age() >= RENEWAL

    async def _load(self) -> None:
        try:
            metadata = await self._fetch(self._metadata_url)
            found = _readable((await self._fetch(str(metadata["jwks_uri"])))["keys"])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
            self._not_before = self._clock() + AFTER_A_FAILURE
            return
        self._keys = found
        self._loaded = self._clock()
        self._not_before = self._loaded + BETWEEN_RELOADS

    async def _fetch(self, url: str) -> dict[str, Any]:
        async with self._session.get(url, timeout=PATIENCE, allow_redirects=False) as response:
            response.raise_for_status()
            return msgspec.json.decode(await response.read(), type=dict[str, Any])


def _readable(entries: list[object]) -> dict[str, Key]:
    """The RSA keys among them; one that can't be read hides none of the others."""
    keys = {}
    for entry in entries:
        try:
            published = msgspec.convert(entry, Published)
            public = jwt.PyJWK(msgspec.convert(entry, dict[str, Any]), algorithm="RS256")
        except (jwt.PyJWTError, ValueError, KeyError, TypeError):
            continue
        keys[published.kid] = Key(public, frozenset(published.endorsements))
    return keys
