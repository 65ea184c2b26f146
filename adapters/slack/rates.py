"""How fast Slack takes messages: in one conversation, and in one workspace.

Source: docs.slack.dev/apis/web-api/rate-limits, and the tier named with each method.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from storage.rates import Limit, Rate

MINUTE: Final = timedelta(minutes=1)

PACE: Final = Rate(timedelta(seconds=1), burst=3)
"""One message a second in a conversation, and short bursts."""
LIMITS: Final[Mapping[str, Limit]] = {
    "post": Limit("chat.postMessage", Rate(MINUTE / 288, burst=12)),
    "aside": Limit("chat.postEphemeral", Rate(MINUTE / 90, burst=10)),
    "redraw": Limit("chat.update", Rate(MINUTE / 45, burst=5)),
    "ask": Limit("users.info", Rate(MINUTE / 90, burst=10)),
}
"""For one workspace in any minute, the burst included: several hundred posts (taken as 300), tier 4 (100), tier 3 (50).

Answers through a response URL or in an open modal are no part of these.
"""
