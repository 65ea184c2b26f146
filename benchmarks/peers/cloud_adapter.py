"""botbuilder's stock CloudAdapter with authentication on, echoing each message: no storage at all.

Its signing keys, tokens and connector are benchmarks.outside. MSAL accepts https addresses alone, so its requests
are turned to plain HTTP on this machine just before they are sent; that spares the peer a TLS handshake per reply.
Everything else, a new MSAL application and a new token per reply included, is the stock's own doing.
"""

import os
from typing import Any

import requests
from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import MicrosoftAppCredentials, PasswordServiceClientCredentialFactory
from msal import ConfidentialClientApplication
from requests.adapters import HTTPAdapter

from benchmarks.load import HOST
from benchmarks.wire import APP_ID, APP_PASSWORD, ISSUER, TEAMS_TENANT

OUTSIDE = os.environ.get("OUTSIDE", "")
LOGIN = f"https://login.microsoftonline.com/{TEAMS_TENANT}"


class ToThisMachine(HTTPAdapter):
    """Sends what is meant for the sign-in service to benchmarks.outside."""

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        request.url = f"{OUTSIDE}{request.path_url}"
        return super().send(request, *args, **named)


class LocalCredentials(MicrosoftAppCredentials):
    """The stock credentials, whose MSAL application asks this machine; made when first needed, as the stock does."""

    def get_access_token(self, force_refresh: bool = False) -> str:
        if self.app is None:
            session = requests.Session()
            session.mount("https://", ToThisMachine())
            self.app = ConfidentialClientApplication(
                self.microsoft_app_id, self.microsoft_app_password, authority=LOGIN, http_client=session
            )
        return str(super().get_access_token(force_refresh))


class LocalCredentialFactory(PasswordServiceClientCredentialFactory):
    """Gives out new credentials at every call, as the stock factory does."""

    async def create_credentials(
        self, app_id: str, oauth_scope: str, login_endpoint: str, validate_authority: bool
    ) -> LocalCredentials:
        return LocalCredentials(app_id, self.password, self.tenant_id, oauth_scope)


class Configuration:
    """What the stock authentication reads, with the channel's key set on this machine."""

    TO_CHANNEL_FROM_BOT_LOGIN_URL = LOGIN
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = ISSUER
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = f"{OUTSIDE}/openid"
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = f"{OUTSIDE}/openid"
    OAUTH_URL = OUTSIDE
    CALLER_ID = ""


class Echo(ActivityHandler):
    """Says back what it hears."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


async def ready(request: web.Request) -> web.Response:
    return web.Response(text="ready")


def main() -> None:
    factory = LocalCredentialFactory(APP_ID, APP_PASSWORD, TEAMS_TENANT)
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration(), credentials_factory=factory))
    bot = Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer = await adapter.process(request, bot)
        return web.Response(status=200) if answer is None or answer.status == 201 else answer

    application = web.Application()
    application.router.add_post("/api/messages", messages)
    application.router.add_get("/readyz", ready)
    web.run_app(application, host=HOST, port=int(os.environ["PORT"]), access_log=None, print=None)


if __name__ == "__main__":
    main()
