"""Whose a bot token is."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


class TokenRefused(Exception):
    """Slack does not take the bot token. `str()` is Slack's own error code."""


async def workspace_of(session: aiohttp.ClientSession, token: str, base_url: str) -> tuple[str, str]:
    """The team id and the bot's user id that Slack gives for this token (auth.test). Raises TokenRefused."""
    log = logging.getLogger("signpost.slack.sdk")
    client = AsyncWebClient(token, session=session, base_url=base_url, retry_handlers=[], logger=log)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise TokenRefused(str(error.response.get("error", "unknown"))) from None
    return str(answer["team_id"]), str(answer["user_id"])
