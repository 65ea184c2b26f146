"""Notice that somebody left, though no platform said so: a message found nobody, so their platform is asked."""

from bot.command import Command, May
from bot.text import t
from bot.ui import Card, Reply
from bot.vouching import ask_platform
from bot.work import Work
from storage.people import Person


class AskWhetherTheyLeft(Command, may=May.SYSTEM):
    """The platform of each of their accounts is asked what it is now; `bot.vouching` believes what it says."""

    person: int

    def run(self, me: Person, work: Work) -> Reply:
        for account in work.people.accounts(self.person):
            ask_platform(account, work)
        return Reply(Card(t("Their platform is asked whether they left.")))
