"""Pure: from a role, in whatever words people give it, to the profession it belongs to."""

import re
from enum import StrEnum

from bot.text import Text, t, tn


class Profession(StrEnum):
    """What a community needs a spread of. A role that none of them fits is `OTHER`; no role is too."""

    POLICY = "policy"
    DESIGN = "design"
    OPERATIONS = "operations"
    ENGINEERING = "engineering"
    USER_RESEARCH = "user research"
    PRODUCT_AND_DELIVERY = "product and delivery"
    DATA = "data"
    OTHER = "other"


NAMES: dict[Profession, Text] = {
    Profession.POLICY: t("policy"),
    Profession.DESIGN: t("design"),
    Profession.OPERATIONS: t("operations"),
    Profession.ENGINEERING: t("engineering"),
    Profession.USER_RESEARCH: t("user research"),
    Profession.PRODUCT_AND_DELIVERY: t("product and delivery"),
    Profession.DATA: t("data"),
    Profession.OTHER: t("other roles"),
}
"""What each is called on screen, in the middle of a sentence."""

# The first that fits is meant, so what is more particular stands first: a data engineer works with data, a test
# analyst is no data analyst, and the manager of a service desk keeps technology running. Whole families are placed as
# the Government Digital and Data Profession Capability Framework groups its roles; architecture, IT operations and
# testing are engineering here. The last words of a line are Welsh.
_WORDS = (
    (Profession.OTHER, r"data protection|information rights"),
    (Profession.USER_RESEARCH, r"user research\w*|ux research\w*|researcher|ymchwilydd defnyddwyr"),
    (Profession.POLICY, r"polic(?:y|ies)|legislati\w+|polisi"),
    (Profession.DESIGN, r"technical (?:writer|author)|content|cynnwys"),
    (
        Profession.DATA,
        r"data(?!base)|analytics?|machine learning|statistic\w*|performance analyst|evaluat\w+|dadansoddwr",
    ),
    (
        Profession.ENGINEERING,
        r"develop(?:er|ers|ment operations)|software|engineer\w*|devops|architect\w*|infrastructure|test(?:er|ing|s)?"
        r"|quality assurance|(?:information|cyber) ?security|security (?:analyst|manager|officer)|cyber|technolog\w+"
        r"|technical|it|ict|service desk|service transition|(?:incident|problem|release) manager|command and control"
        r"|chief digital|database|systems? administrator|programmer|network|peiriannydd|datblygwr",
    ),
    (Profession.DESIGN, r"design\w*|accessibility|ux|ui|prototyp\w+|dylun\w+"),
    (
        Profession.OPERATIONS,
        r"operation(?:s|al)?|helplines?|call (?:handler|cent(?:re|er))s?|contact cent(?:re|er)|case ?work\w*"
        r"|work coach\w*|customer|support|processing|front ?line|compliance|gweithred\w+",
    ),
    (
        Profession.PRODUCT_AND_DELIVERY,
        r"products?|delivery|programme|project|portfolio|service (?:owner|manager)|business (?:analy\w+|relationship)"
        r"|scrum|agile|transformation|cynnyrch|cyflawni|cyflenwi",
    ),
    (Profession.DATA, r"analysts?|economist"),
)
_PATTERNS = tuple((profession, re.compile(rf"\b(?:{words})\b")) for profession, words in _WORDS)


def profession_of(role: str) -> Profession:
    """The profession of who has this role: "Trade mark policy adviser" is policy, "Helpline manager" operations."""
    plain = " ".join(role.casefold().replace("-", " ").split())
    return next((profession for profession, pattern in _PATTERNS if pattern.search(plain)), Profession.OTHER)


def same_profession(role: str, other: str) -> bool:
    """Whether two roles are of one profession; where it is none of ours, whether they are the same words."""
    profession = profession_of(role)
    if profession is Profession.OTHER:
        return bool(role.strip()) and role.strip().casefold() == other.strip().casefold()
    return profession is profession_of(other)


def people_in(profession: Profession, n: int) -> Text:
    """So many people of one profession: "9 people in policy"."""
    return tn("{n} person in {profession}", "{n} people in {profession}", n=n, profession=NAMES[profession])
