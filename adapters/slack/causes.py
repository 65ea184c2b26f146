"""Why Slack will never take a message: its own error codes, by what they mean for whoever has to mend it.

Source: the errors of chat.postMessage, chat.postEphemeral, chat.update and conversations.open, docs.slack.dev.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.undeliverable import Cause

_CODES: Final = {
    Cause.NOT_INSTALLED: (
        "not_installed",  # ours: there is no token for this workspace
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "team_not_found",
        "team_access_not_granted",
        "no_permission",
        "not_in_channel",
        "channel_not_found",  # also a channel that the app cannot see
    ),
    Cause.BLOCKED: (
        "messages_tab_disabled",
        "access_denied",
        "ekm_access_denied",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    ),
    Cause.LEFT: ("user_not_found", "users_not_found", "user_disabled", "user_not_in_channel"),
    Cause.ARCHIVED: ("is_archived",),
}
CAUSES: Final[Mapping[str, Cause]] = MappingProxyType(
    {code: cause for cause, codes in _CODES.items() for code in codes}
)
"""What each code means; any other is a refusal that only its own words explain, such as cannot_dm_bot."""


def cause_of(code: str) -> Cause:
    """Why, in our words."""
    return CAUSES.get(code, Cause.REFUSED)
