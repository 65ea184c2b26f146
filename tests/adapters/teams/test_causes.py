"""What each of the connector's refusals means for whoever has to mend it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.teams.client import Teams
from bot.delivery import Parcel, Undeliverable
from bot.inbound import Address
from bot.text import Reader, t
from bot.ui import Card
from bot.undeliverable import Cause
from tests.adapters.teams.microsoft import Microsoft

SINCE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def refused(theirs: Microsoft, teams: Teams, status: int, body: dict[str, Any]) -> Undeliverable:
    """What becomes of a message that is refused like this."""
    theirs.answer(status, body)
    where = Address("teams", "b8b0a4b6-3d8f-4f0e-9f5a-2b7a3f6c1d20", service_url=theirs.url, conversation="a:1Invented")
    with pytest.raises(Undeliverable) as met:
        await teams.send(Parcel(1, 1, where, Card(t("Something for you")), Reader(), SINCE))
    return met.value


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [
        (403, "BotNotInConversationRoster", Cause.NOT_INSTALLED),
        (403, "ForbiddenOperationException", Cause.NOT_INSTALLED),
        (403, "ConversationBlockedByUser", Cause.BLOCKED),
        (403, "MessageWritesBlocked", Cause.BLOCKED),
        (403, "BotDisabledByAdmin", Cause.BLOCKED),
        (404, "ConversationNotFound", Cause.LEFT),
        (404, "MemberNotFoundInConversation", Cause.LEFT),
        (404, "ActivityNotFoundInConversation", Cause.REFUSED),
        (400, "BadArgument", Cause.REFUSED),
        (413, "MessageSizeTooBig", Cause.REFUSED),
        (403, "NotEnoughPermissions", Cause.REFUSED),
        (403, "ACodeOfNextYear", Cause.REFUSED),
    ],
)
async def test_a_refusal_says_why_in_our_words_beside_theirs(
    theirs: Microsoft, teams: Teams, status: int, code: str, cause: Cause
) -> None:
    met = await refused(theirs, teams, status, {"error": {"code": code, "message": "Which form?"}})
    assert (met.cause, str(met)) == (cause, code)


@pytest.mark.parametrize(
    "body",
    [
        {"errorCode": 209, "subCode": "MessageWritesBlocked", "message": "Which form?"},
        {"error": {"code": "Forbidden", "subCode": "MessageWritesBlocked"}},
    ],
)
async def test_that_a_chat_takes_no_messages_is_found_where_they_say_it(
    theirs: Microsoft, teams: Teams, body: dict[str, Any]
) -> None:
    met = await refused(theirs, teams, 403, body)
    assert (met.cause, str(met)) == (Cause.BLOCKED, "MessageWritesBlocked")


@pytest.mark.parametrize("body", [{}, {"error": "no"}, {"error": {"code": "Which form?"}}, {"subCode": 7}])
async def test_a_refusal_without_a_code_is_named_by_its_status(
    theirs: Microsoft, teams: Teams, body: dict[str, Any]
) -> None:
    met = await refused(theirs, teams, 403, body)
    assert (met.cause, str(met)) == (Cause.REFUSED, "403")
