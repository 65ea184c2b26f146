"""The two errors that people see: a refusal in words, and a command that still needs something."""

from bot.text import Text


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


class Unavailable(Exception):
    """The database cannot be reached now. The platform is told to try again (503)."""
