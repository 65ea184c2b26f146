"""Private links: a page of Signpost's own for one person, for an hour, behind 256 random bits.

Nothing is kept but the digest of a link's token, made with what the link is for, so that it opens nothing else.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from bot.ui import Card, Reply
from bot.work import View, Work
from storage.codes import Codes
from storage.people import Person

GOOD_FOR = timedelta(hours=1)


def link_for(purpose: str, path: str, me: Person, work: Work) -> str:
    """A new address below this path, good once, for this purpose, within the hour, for whoever has it."""
    token = secrets.token_urlsafe(32)
    Codes(work.tx).add(_digest(purpose, token), me.id, work.now + GOOD_FOR)
    return f"{work.address}{path}{token}"


def whose(purpose: str, token: str, view: View) -> Person | None:
    """Whose link this is, while it is good; it stays good. None where it is used, old or unknown, or they are gone."""
    number = Codes(view.tx).giver(_digest(purpose, token), view.now)
    return view.people.find(number) if number else None


def use(purpose: str, token: str, work: Work) -> int | None:
    """The number of the person whose link this is; it is used up. None where it is used, old or unknown."""
    return Codes(work.tx).use(_digest(purpose, token), work.now)


def give_back(purpose: str, token: str, used_at: datetime, work: Work) -> None:
    """The link that was used then is good again until its hour is over: what it was used for was not done."""
    Codes(work.tx).give_back(_digest(purpose, token), used_at)


def in_direct_chat(link: Card, elsewhere: Card, me: Person, work: Work) -> Reply:
    """The card with the link is in their direct chat and nowhere else; asked for in a channel, the reply is another."""
    if work.here is not None and work.here.kind == "direct":
        return Reply(link)
    work.send(me.id, link)
    return Reply(elsewhere)


def _digest(purpose: str, token: str) -> str:
    """Not the digest that a code for linking would have, so that neither can be used for the other."""
    return hashlib.sha256(f"{purpose} {token}".encode()).hexdigest()
