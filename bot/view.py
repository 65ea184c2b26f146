"""What may be asked of the storage inside one transaction: a noun each, the clock, and where the person is."""

from datetime import datetime
from functools import cached_property

from bot.inbound import Here
from storage.announcements import Announcements
from storage.answers import Answers
from storage.browsing import Browsing
from storage.bulletins import Bulletins
from storage.closings import Closings
from storage.communities import Communities
from storage.consents import Consents
from storage.database import Transaction
from storage.health import Health
from storage.installations import Installations
from storage.invitations import Invitations
from storage.members import Members
from storage.merging import Merger
from storage.mirrors import Mirrors
from storage.organisations import Organisations
from storage.owning import Owning
from storage.pairings import Pairings
from storage.people import Account, People
from storage.places import Places
from storage.questions import Questions
from storage.recommending import Recommending
from storage.requests import Requests
from storage.showcases import Showcases
from storage.spreading import Spreading
from storage.stewardship import Stewardship


class View:
    """What may be asked of the storage: one snapshot, the clock, and where the person is. It cannot send."""

    def __init__(self, tx: Transaction, now: datetime, here: Here | None = None) -> None:
        self.tx = tx
        self.now = now
        self.here = here
        self.account: Account | None = None
        """The account that the person speaks from, once dispatch knows them."""
        self.address = ""
        """Where people reach Signpost with a browser, "" where no browser can: what a command's links begin with."""

    @cached_property
    def people(self) -> People:
        return People(self.tx)

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations(self.tx)

    @cached_property
    def installations(self) -> Installations:
        return Installations(self.tx)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self.tx)

    @cached_property
    def communities(self) -> Communities:
        return Communities(self.tx)

    @cached_property
    def browsing(self) -> Browsing:
        return Browsing(self.tx)

    @cached_property
    def members(self) -> Members:
        return Members(self.tx)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.tx)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self.tx)

    @cached_property
    def places(self) -> Places:
        return Places(self.tx)

    @cached_property
    def recommending(self) -> Recommending:
        return Recommending(self.tx)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.tx)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.tx)

    @cached_property
    def mirrors(self) -> Mirrors:
        return Mirrors(self.tx)

    @cached_property
    def showcases(self) -> Showcases:
        return Showcases(self.tx)

    @cached_property
    def announcements(self) -> Announcements:
        return Announcements(self.tx)

    @cached_property
    def owning(self) -> Owning:
        return Owning(self.tx)

    @cached_property
    def closings(self) -> Closings:
        return Closings(self.tx)

    @cached_property
    def merger(self) -> Merger:
        return Merger(self.tx)

    @cached_property
    def stewardship(self) -> Stewardship:
        return Stewardship(self.tx)

    @cached_property
    def spreading(self) -> Spreading:
        return Spreading(self.tx)

    @cached_property
    def bulletins(self) -> Bulletins:
        return Bulletins(self.tx)

    @cached_property
    def health(self) -> Health:
        return Health(self.tx)

    @cached_property
    def pairings(self) -> Pairings:
        return Pairings(self.tx)
