"""One call of Slack's Web API, and what every way it can fail means for the message that was to be sent.

Sources: docs.slack.dev/apis/web-api ("Evaluating responses", "Rate limits"), the errors listed with each method.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NoReturn

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.causes import cause_of
from bot.delivery import NotSent, Uncertain, Undeliverable

TokenFor = Callable[[str], Awaitable[str | None]]

LATER: Final = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "token_expired",
    }
)
"""Error codes that pass by themselves. Any other stays, however often the same call is made."""

_LONGEST_WAIT = 3600.0
_LOOKS_LIKE_A_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


class WebApi:
    """Slack's Web API with each workspace's own token, over one shared session; a call is one request, never two."""

    def __init__(self, session: aiohttp.ClientSession, token_for: TokenFor, base_url: str) -> None:
        self._session = session
        self._token_for = token_for
        # At debug level the SDK logs what it sends, and it takes a logger without a level for one that is.
        log = logging.getLogger("signpost.slack.sdk")
        log.setLevel(logging.WARNING)
        # No retry handler: the SDK's own sends again after a lost connection, and so might post twice.
        self._client = AsyncWebClient(session=session, base_url=base_url, retry_handlers=[], logger=log)
        # The SDK reads a proxy from the environment and ignores NO_PROXY; the session knows both (`trust_env`).
        self._client.proxy = None

    async def call(
        self, installation: str, method: str, arguments: Mapping[str, Any], *, reads: bool = False
    ) -> dict[str, Any]:
        """Slack's answer, which is ok. Undeliverable("not_installed") where we hold no token for the installation."""
        token = await self._token_for(installation)
        if token is None:
            raise _never("not_installed")
        try:
            answer = await self._client.api_call(
                method,
                http_verb="GET" if reads else "POST",
                params=dict(arguments) if reads else None,
                json=None if reads else dict(arguments),
                headers={"Authorization": f"Bearer {token}"},
            )
        except SlackApiError as error:
            _refused(error)
        except (AttributeError, ValueError):
            raise NotSent("not_json") from None  # so the SDK fails on a body of text or a list, or that is no UTF-8
        except aiohttp.ClientError as error:
            _unanswered(error)
        return answer.data if isinstance(answer.data, dict) else {}

    async def respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Posts to a response URL, which takes 5 posts in 30 minutes; Undeliverable when it takes no more."""
        try:
            async with self._session.post(response_url, json=body, allow_redirects=False) as answer:
                text = await answer.text(errors="replace")
                status, headers = answer.status, answer.headers
        except aiohttp.ClientError as error:
            _unanswered(error)
        if status == 429 or status >= 500:
            raise NotSent(f"http_{status}", _wait(headers))
        code = _code(text)
        if status != 200 or code:
            raise _never(code or f"http_{status}")


def _refused(error: SlackApiError) -> NoReturn:
    """Slack answered, and not with ok."""
    answer = error.response
    # The SDK hands over its own answer, or the raw one where the body was not the JSON it claimed to be.
    data = answer.data if isinstance(answer, AsyncSlackResponse) else None
    status = answer.status_code if isinstance(answer, AsyncSlackResponse) else getattr(answer, "status", 200)
    headers = getattr(answer, "headers", {})
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429:
        raise NotSent("ratelimited", _wait(headers), everywhere=True) from None
    if not isinstance(code, str) or not code:
        raise NotSent(f"http_{status}" if status != 200 else "not_json") from None
    if status >= 500 or code in LATER:
        raise NotSent(code, _wait(headers)) from None
    raise _never(code) from None


def _never(code: str) -> Undeliverable:
    """Trying again cannot help. What does not look like a code is not repeated: it is kept, and printed."""
    known = code if _LOOKS_LIKE_A_CODE.fullmatch(code) else "refused"
    return Undeliverable(known, cause_of(known))


def _unanswered(error: aiohttp.ClientError) -> NoReturn:
    """No answer came. Where no connection was made, nothing can have been sent."""
    reason = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        raise NotSent(reason) from None
    if isinstance(error, asyncio.TimeoutError):
        raise Uncertain("timeout") from None
    raise Uncertain(reason) from None


def _wait(headers: Mapping[str, str]) -> float:
    """The seconds that Retry-After asks for; 0 where it says nothing we understand."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else 0.0


def _code(text: str) -> str:
    """The error in a response URL's answer, which is "ok", JSON, or nothing."""
    try:
        answer = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(answer, dict) or answer.get("ok", True):
        return ""
    return str(answer.get("error") or "refused")
