"""The floor: a slack-bolt app that verifies a command and acknowledges it, and does nothing else.

In bolt's efficient configuration: the acknowledgement is not polled for (`process_before_response`), and the
workspace is authorised from memory instead of by `auth.test`. One listener; no access log.
"""

import os

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from benchmarks.load import HOST
from benchmarks.wire import SIGNING_SECRET, SLACK_TEAM, SLACK_TOKEN

WORKSPACE = AuthorizeResult(
    enterprise_id=None, team_id=SLACK_TEAM, bot_user_id="U0SIGNPOST", bot_id="B0BENCH", bot_token=SLACK_TOKEN
)


async def authorize() -> AuthorizeResult:
    return WORKSPACE


async def acknowledge(ack: AsyncAck) -> None:
    await ack("Noted")


async def ready(request: web.Request) -> web.Response:
    return web.Response(text="ready")


def main() -> None:
    app = AsyncApp(signing_secret=SIGNING_SECRET, authorize=authorize, process_before_response=True)
    app.command("/signpost")(acknowledge)
    application = app.web_app(path="/slack/events")
    application.router.add_get("/readyz", ready)
    web.run_app(application, host=HOST, port=int(os.environ["PORT"]), access_log=None, print=None)


if __name__ == "__main__":
    main()
