"""The floor: a slack-bolt app that verifies a command and acknowledges it, and does nothing else.

In bolt's efficient configuration: the acknowledgement is not polled for (`process_before_response`), and the
workspace is authorised from memory instead of by `auth.test`. One listener; no access log.
"""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from benchmarks.served import serve
from benchmarks.wire import SIGNING_SECRET, SLACK_TEAM, SLACK_TOKEN

WORKSPACE = AuthorizeResult(
    enterprise_id=None, team_id=SLACK_TEAM, bot_user_id="U0SIGNPOST", bot_id="B0BENCH", bot_token=SLACK_TOKEN
)


async def _authorize() -> AuthorizeResult:
    return WORKSPACE


async def _acknowledge(ack: AsyncAck) -> None:
    await ack("Noted")


if __name__ == "__main__":
    app = AsyncApp(signing_secret=SIGNING_SECRET, authorize=_authorize, process_before_response=True)
    app.command("/signpost")(_acknowledge)
    serve(app.web_app(path="/slack/events"))
