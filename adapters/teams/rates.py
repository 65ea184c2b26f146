"""How fast Teams takes messages: in one conversation, and in one tenant.

Source: "Rate limiting for bots in Teams", learn.microsoft.com.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from storage.rates import Limit, Rate

PACE: Final = Rate(timedelta(seconds=2.01), burst=7)
"""One conversation takes 7 messages in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in 1 h: 7 at once and then one each 2.01 s
keep all four."""
TENANT: Final = Limit("all", Rate(timedelta(seconds=1) / 28.9, burst=2))
"""30 requests a second in one tenant: in no second are there more, the burst of two included."""
LIMITS: Final[Mapping[str, Limit]] = dict.fromkeys(("post", "aside", "redraw", "respond", "ask"), TENANT)
"""Whatever the requests are."""
