"""Why Teams will never take a message: the connector's error codes, by what they mean for whoever has to mend it.

Source: "Messages in bot conversations", status codes; "Send proactive messages" (MessageWritesBlocked),
learn.microsoft.com.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.undeliverable import Cause

CAUSES: Final[Mapping[str, Cause]] = MappingProxyType(
    {
        "BotNotInConversationRoster": Cause.NOT_INSTALLED,
        "BotNotRegistered": Cause.NOT_INSTALLED,
        "ForbiddenOperationException": Cause.NOT_INSTALLED,  # not in their personal scope
        "BotDisabledByAdmin": Cause.BLOCKED,
        "ConversationBlockedByUser": Cause.BLOCKED,
        "MessageWritesBlocked": Cause.BLOCKED,
        "ConversationNotFound": Cause.LEFT,
        "MemberNotFoundInConversation": Cause.LEFT,
    }
)
"""What each code means; any other is a refusal that only its own words explain, such as BadArgument."""


def cause_of(code: str) -> Cause:
    """Why, in our words."""
    return CAUSES.get(code, Cause.REFUSED)
