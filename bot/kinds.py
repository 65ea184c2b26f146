"""What the kinds, stages and ways into a community are called on screen."""

from collections.abc import Mapping

from bot.text import Text, t
from bot.ui import Option

KINDS: Mapping[str, Text] = {
    "service": t("Service community"),
    "technology": t("Technology community"),
    "practice": t("Community of practice"),
    "interest": t("Community of interest"),
    "action": t("Community of action"),
    "place": t("Community of place"),
}
STAGES: Mapping[str, Text] = {
    "potential": t("Potential"),
    "forming": t("Forming"),
    "maturing": t("Maturing"),
    "self-sustaining": t("Self-sustaining"),
    "transformation": t("Transformation"),
}
WAYS_IN: Mapping[str, Text] = {
    "open": t("Anyone can join"),
    "approval": t("An owner approves each request"),
    "invitation": t("By invitation"),
}
PEOPLE: Mapping[str, Text] = {
    "civil servant": t("Civil servant"),
    "contractor": t("Contractor"),
    "supplier": t("Supplier"),
}
"""What somebody may be: the kind of member."""


def options(names: Mapping[str, Text]) -> list[Option]:
    """All of them, as choices of a form, in their order."""
    return [Option(value, name) for value, name in names.items()]
