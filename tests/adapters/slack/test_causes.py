"""What each of Slack's refusals means for whoever has to mend it."""

import pytest

from adapters.slack.causes import CAUSES, cause_of
from adapters.slack.client import Slack
from adapters.slack.web_api import LATER
from bot.delivery import Parcel, Undeliverable
from bot.inbound import Address
from bot.text import Reader
from bot.undeliverable import Cause
from tests.adapters.slack.cards import CARDS
from tests.adapters.slack.conftest import NOW
from tests.adapters.slack.web import SlackWeb, Told

AMIRA = Address("slack", "T0HMRC001", user="U0AMIRA01")


async def refused(theirs: SlackWeb, slack: Slack, code: object, address: Address = AMIRA) -> Undeliverable:
    """What becomes of a message that Slack refuses with this code."""
    theirs.answer("chat.postMessage", Told({"ok": False, "error": code}))
    with pytest.raises(Undeliverable) as met:
        await slack.send(Parcel(41, 1, address, CARDS["buttons"], Reader(), NOW))
    return met.value


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("not_in_channel", Cause.NOT_INSTALLED),
        ("channel_not_found", Cause.NOT_INSTALLED),
        ("invalid_auth", Cause.NOT_INSTALLED),
        ("token_revoked", Cause.NOT_INSTALLED),
        ("account_inactive", Cause.NOT_INSTALLED),
        ("messages_tab_disabled", Cause.BLOCKED),
        ("restricted_action", Cause.BLOCKED),
        ("user_not_found", Cause.LEFT),
        ("users_not_found", Cause.LEFT),
        ("user_disabled", Cause.LEFT),
        ("is_archived", Cause.ARCHIVED),
        ("cannot_dm_bot", Cause.REFUSED),
        ("invalid_blocks", Cause.REFUSED),
        ("a_code_of_next_year", Cause.REFUSED),
    ],
)
async def test_a_refusal_says_why_in_our_words_beside_slacks_own(
    theirs: SlackWeb, slack: Slack, code: str, cause: Cause
) -> None:
    met = await refused(theirs, slack, code)
    assert (met.cause, str(met)) == (cause, code)


async def test_a_workspace_that_we_hold_no_token_for_has_not_installed_us(theirs: SlackWeb, slack: Slack) -> None:
    met = await refused(theirs, slack, "never asked", Address("slack", "T0NOBODY1", user="U0AMIRA01"))
    assert (met.cause, str(met)) == (Cause.NOT_INSTALLED, "not_installed")
    assert theirs.calls == []


@pytest.mark.parametrize("code", ["\x1b[2J", "Which form does Mrs Penhaligon need?", "x" * 81])
async def test_what_does_not_look_like_a_code_is_not_repeated(theirs: SlackWeb, slack: Slack, code: str) -> None:
    met = await refused(theirs, slack, code)
    assert (met.cause, str(met)) == (Cause.REFUSED, "refused")


def test_what_passes_by_itself_is_no_cause() -> None:
    assert LATER & CAUSES.keys() == set()
    assert cause_of("") is Cause.REFUSED
