"""Calls to the Bot Connector, and what each answer means for a message that has to arrive.

Sources: "Bot Connector REST API reference" and "Rate limiting for bots in Teams", learn.microsoft.com.
"""

import asyncio
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote

import aiohttp
import msgspec
from yarl import URL

from adapters.teams.causes import cause_of
from adapters.teams.keys import Clock, now
from adapters.teams.tokens import OutgoingTokens, TokenUnavailable
from bot.delivery import NotSent, Uncertain, Undeliverable

AFTER_NO_TOKEN = 30.0
LONGEST_WAIT = 3600.0
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class Call(msgspec.Struct, frozen=True):
    """One request. `path` are its parts after /v3, not yet quoted; `harmless` to make twice or not."""

    method: Literal["GET", "POST", "PUT"]
    service_url: str
    path: tuple[str, ...]
    body: dict[str, Any] | None = None
    targeted: bool = False
    harmless: bool = False


class Refused(Undeliverable):
    """Undeliverable, with why and with the HTTP status: a targeted message has another road for some of them."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code, cause_of(code))
        self.status = status


class Connector:
    """The connector behind a service URL, which only ever came with a verified token or from the settings."""

    def __init__(self, session: aiohttp.ClientSession, tokens: OutgoingTokens, clock: Clock = now) -> None:
        self._session = session
        self._tokens = tokens
        self._clock = clock

    async def make(self, call: Call, deadline: float) -> dict[str, Any]:
        """The answer of the connector, by this moment of the event loop's clock.

        Raises NotSent, Uncertain (only for a call that is not harmless) or Refused.
        """
        token = await self._token(deadline)
        try:
            async with asyncio.timeout_at(deadline), self._request(call, token) as response:
                if response.status < 300:
                    return _object(await response.read())
                raise self._refusal(response, await response.read(), token)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if call.harmless:
                raise NotSent(type(error).__name__) from None
            raise Uncertain(type(error).__name__) from None

    async def _token(self, deadline: float) -> str:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._tokens.current()
        except TokenUnavailable as unavailable:
            raise NotSent(f"no token: {unavailable}", AFTER_NO_TOKEN) from None
        except TimeoutError:
            raise NotSent("no token in time", AFTER_NO_TOKEN) from None

    def _request(self, call: Call, token: str) -> Any:
        """Redirects are not followed: they would take the token to another host."""
        return self._session.request(
            call.method,
            _address(call),
            data=None if call.body is None else msgspec.json.encode(call.body),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            allow_redirects=False,
        )

    def _refusal(self, response: aiohttp.ClientResponse, body: bytes, token: str) -> NotSent | Refused:
        status, code = response.status, _code(body, response.status)
        if status == 401:
            self._tokens.forget(token)
        if status in (401, 408, 412, 429) or status >= 500:
            return NotSent(code, _wait(response.headers.get("Retry-After", ""), self._clock()))
        return Refused(code, status)


def _address(call: Call) -> URL:
    """Ids hold ":", "@", ";" and "=", all quoted, so that no id can name another path."""
    parts = "/".join(quote(part, safe="") for part in call.path)
    query = "?isTargetedActivity=true" if call.targeted else ""
    return URL(f"{call.service_url.rstrip('/')}/v3/{parts}{query}", encoded=True)


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _code(body: bytes, status: int) -> str:
    """The connector's own error code, else the status; never its sentence, which may quote the message.

    That a chat takes no messages is said in a `subCode` ("Send proactive messages", learn.microsoft.com).
    """
    told = _object(body)
    error = told.get("error")
    inner = error if isinstance(error, dict) else {}
    codes = (inner.get("subCode"), told.get("subCode"), inner.get("code"))
    return next((code for code in codes if isinstance(code, str) and _CODE.fullmatch(code)), str(status))


def _wait(retry_after: str, moment: datetime) -> float:
    """Seconds to wait: the header holds them, or a date (RFC 9110, 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(retry_after)
        return min(max((until - moment).total_seconds(), 0.0), LONGEST_WAIT)
    except (ValueError, TypeError):
        return 0.0
