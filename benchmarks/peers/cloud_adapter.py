"""botbuilder's stock CloudAdapter with authentication on, echoing each message: no storage at all.

Its signing keys, tokens and connector are benchmarks.outside. MSAL accepts https addresses alone, so its requests
are turned to plain HTTP on this machine just before they are sent; that spares the peer a TLS handshake per reply.
Everything else, a new MSAL application and a new token for each reply included, is the stock's own doing.
"""

import os
from typing import Any

import requests
from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import microsoft_app_credentials
from requests.adapters import HTTPAdapter

from benchmarks.served import serve
from benchmarks.wire import APP_ID, APP_PASSWORD, ISSUER, TEAMS_TENANT

OUTSIDE = os.environ.get("OUTSIDE", "")


class Configuration:
    """What the stock authentication reads; the channel's key set is on this machine."""

    APP_TYPE = "SingleTenant"
    APP_ID = APP_ID
    APP_PASSWORD = APP_PASSWORD
    APP_TENANTID = TEAMS_TENANT
    TO_CHANNEL_FROM_BOT_LOGIN_URL = f"https://login.microsoftonline.com/{TEAMS_TENANT}"
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = ISSUER
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = f"{OUTSIDE}/openid"
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = f"{OUTSIDE}/openid"
    OAUTH_URL = OUTSIDE
    CALLER_ID = ""


class ToThisMachine(HTTPAdapter):
    """Sends what is meant for the sign-in service to benchmarks.outside."""

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        request.url = f"{OUTSIDE}{request.path_url}"
        return super().send(request, *args, **named)


StockApplication = vars(microsoft_app_credentials)["ConfidentialClientApplication"]


def local_application(**named: Any) -> Any:
    """The MSAL application that the stock would make, on a session of its own as there."""
    session = requests.Session()
    session.mount("https://", ToThisMachine())
    return StockApplication(**named, http_client=session)


class Echo:
    """Says back what it hears."""

    async def on_turn(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


def application() -> web.Application:
    """The echo bot as Microsoft's samples set it up."""
    vars(microsoft_app_credentials)["ConfidentialClientApplication"] = local_application
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))
    bot = Echo()

    async def messages(request: web.Request) -> web.Response:
        """The stock answers 201 to a message; the channel takes any 2xx."""
        await adapter.process(request, bot)
        return web.Response(status=200)

    served = web.Application()
    served.router.add_post("/api/messages", messages)
    return served


if __name__ == "__main__":
    serve(application())
