"""The two tokens of Teams: the one a request must carry to be believed, and the one our own requests carry."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import jwt
import msgspec

from adapters.teams.keys import Clock, Key, KeySet, now

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LEEWAY = timedelta(minutes=5)
EARLY = timedelta(minutes=5)
AFTER_A_FAILURE = timedelta(seconds=10)
PATIENCE = aiohttp.ClientTimeout(total=5)


class TokenRefused(Exception):
    """The request is not from Teams, or not for us: 401. `str()` is why, for the log; the sender is not told."""


class TokenUnavailable(Exception):
    """The login service gave us no token now. `str()` is its own error code, never the secret."""


class Claims(msgspec.Struct, frozen=True):
    """What a believed token vouches for, to be held against the activity that came with it."""

    service_url: str
    channels: frozenset[str]

    def must_cover(self, service_url: object, channel: object) -> None:
        """Refuses an activity that names another service, or a channel that the signing key is not endorsed for."""
        if not self.service_url or service_url != self.service_url:
            raise TokenRefused("The service URL is not the token's.")
        if channel not in self.channels:
            raise TokenRefused("The key is not endorsed for the channel.")


class IncomingTokens:
    """Checks who sent a request: RS256 by key id, issuer, audience and time, with five minutes' leeway.

    Source: "Authentication with the Bot Connector API", learn.microsoft.com.
    """

    def __init__(self, keys: KeySet, app_id: str, issuer: str = ISSUER, clock: Clock = now) -> None:
        self._keys = keys
        self._app_id = app_id
        self._issuer = issuer
        self._clock = clock

    async def check(self, authorization: str) -> Claims:
        """What the token in this header vouches for. Raises TokenRefused, or KeysUnavailable."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("There is no bearer token.")
        key = await self._keys.find(_key_id(token))
        if key is None:
            raise TokenRefused("The key is unknown.")
        claims = self._read(token, key)
        self._must_be_now(claims)
        service_url = claims.get("serviceurl")
        return Claims(service_url if isinstance(service_url, str) else "", key.endorsements)

    def _read(self, token: str, key: Key) -> dict[str, Any]:
        """PyJWT's own look at the time is off: it can't be given a clock."""
        try:
            return jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._issuer,
                options={
                    "require": ["exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from None

    def _must_be_now(self, claims: dict[str, Any]) -> None:
        moment, leeway = self._clock().timestamp(), LEEWAY.total_seconds()
        ends, begins = claims["exp"], claims.get("nbf", 0)
        if not isinstance(ends, int | float) or not isinstance(begins, int | float):
            raise TokenRefused("The token's times are no numbers.")
        if not begins - leeway <= moment < ends + leeway:
            raise TokenRefused("The token has expired, or is not valid yet.")


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenRefused(type(error).__name__) from None
    key_id = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(key_id, str):
        raise TokenRefused("The token is not signed with RS256 and a key id.")
    return key_id


class OutgoingTokens:
    """Our own token for the connector, from one authority: asked for once, renewed five minutes before it ends.

    However many send at once, one request is made. Source: "Authentication with the Bot Connector API".
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        app_id: str,
        password: str,
        clock: Clock = now,
        scope: str = SCOPE,
    ) -> None:
        self._session = session
        self._url = url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": password,
            "scope": scope,
        }
        self._clock = clock
        self._token = ""
        self._ends: datetime | None = None
        self._not_before: datetime | None = None
        self._asking = asyncio.Lock()

    async def current(self) -> str:
        """A token that is valid now. Raises TokenUnavailable."""
        if not self._lasts(EARLY):
            async with self._asking:
                if not self._lasts(EARLY):
                    await self._renew()
        return self._token

    def forget(self, token: str) -> None:
        """The connector refused this token: the next request asks for another."""
        if token == self._token:
            self._token, self._ends = "", None

    def _lasts(self, longer: timedelta) -> bool:
        return self._ends is not None and self._clock() + longer < self._ends

    async def _renew(self) -> None:
        """A token that still lasts stays in use when the login service fails."""
        try:
            if self._not_before is not None and self._clock() < self._not_before:
                raise TokenUnavailable("waiting after a failure")
            await self._ask()
        except TokenUnavailable:
            if not self._lasts(timedelta()):
                raise

    async def _ask(self) -> None:
        asked = self._clock()
        self._not_before = asked + AFTER_A_FAILURE
        try:
            async with self._session.post(self._url, data=self._form, timeout=PATIENCE, allow_redirects=False) as got:
                answer = msgspec.json.decode(await got.read(), type=dict[str, Any])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise TokenUnavailable(type(error).__name__) from None
        token = answer.get("access_token")
        if got.status != 200 or not isinstance(token, str):
            raise TokenUnavailable(_code(answer.get("error"), got.status))
        self._token, self._ends = token, asked + timedelta(seconds=_seconds(answer.get("expires_in")))
        self._not_before = None


def _code(error: object, status: int) -> str:
    """OAuth's own error code ("invalid_client"), or the HTTP status; never the sentence beside it."""
    return error if isinstance(error, str) and error.isascii() and len(error) < 60 else str(status)


def _seconds(expires_in: object) -> int:
    """An hour, as Entra gives, unless it says otherwise."""
    return int(expires_in) if isinstance(expires_in, int | str) and str(expires_in).isdecimal() else 3600
