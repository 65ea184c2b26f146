"""A small framework of skills, as an import leaves it."""

from bot.work import Work
from storage.importing import Imports
from tests.features.telling import changes
from tests.town import Town

SKILLS = (
    ("User research methods", "You plan research with users, and choose its methods.", "User researcher"),
    ("Prototyping", "You make prototypes in code and on paper.", "Content designer | Interaction designer"),
    ("Data governance", "You look after how data is kept.", "Data manager"),
    ("Data governance (data architect)", "You look after how data is modelled.", "Data architect"),
    ("Agile working", "You build incrementally, and test what you build.", "Delivery manager"),
)


async def has_skills(town: Town) -> None:
    """The skills of a framework can be chosen."""

    def bring(work: Work) -> None:
        for name, description, roles in SKILLS:
            Imports(work.tx).skill(name, work.now, description=description, roles=roles, framework="Digital and data")

    await changes(town, bring)
