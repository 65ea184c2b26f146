"""The errors with a meaning: a refusal in words, a stale button, and a database that is away.

Unavailable comes from the storage: the platform is told to try again (503), and nothing was kept.
"""

from bot.text import Text
from storage.database import Unavailable

__all__ = ["Refusal", "Stale", "Unavailable"]


class Refusal(Exception):
    """What happened, then what to do: the person reads it. Nothing was changed.

    `field` names the field of the command it is about, so that a form shows it beside that field.
    """

    def __init__(self, text: Text, field: str = "") -> None:
        super().__init__(text.key)
        self.text = text
        self.field = field


class Stale(Refusal):
    """The button or form is from an earlier state of things; it says so and changes nothing."""
