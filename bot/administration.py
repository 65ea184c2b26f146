"""What administrators set from the command line, each in one transaction, with a sentence of what is true now."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.text import Reader, Text, say
from bot.vouching import ask_platform
from bot.work import Work
from storage.administrators import Administrators
from storage.consents import KINDS, Consents
from storage.database import Transaction
from storage.installations import Installations
from storage.letters import UNDECIDED
from storage.organisations import Organisation, Organisations
from storage.retention import Retention
from storage.tray import Tray
from storage.unlisted import Unlisted

PLATFORMS = ("slack", "teams")
MOST_LINES = 100


class Wrong(Exception):
    """What was asked cannot be done; `str()` says why and what to do, for the person at the terminal.

    `said` is the same for whoever reads it elsewhere, in their own language where it is a Text.
    """

    def __init__(self, said: Text | str) -> None:
        super().__init__(say(said, Reader()))
        self.said = said


def add_organisation(tx: Transaction, name: str, short: str, now: datetime) -> str:
    """There is an organisation with this name and short name. Raises Wrong where one has either."""
    known = Organisations(tx)
    name, short = name.strip(), short.strip()
    if not name or not short or not (name + short).isprintable():
        raise Wrong("An organisation needs a name and a short name, such as HMRC, in letters, digits and signs.")
    if known.named(name) or known.named(short):
        raise Wrong(f"There is an organisation called {name} or {short} already.")
    known.add(name, short, now)
    return f"{name} ({short}) is added."


def tie(tx: Transaction, where: str, organisation: str, now: datetime) -> str:
    """People of this workspace or tenant are of this organisation, those already known too."""
    platform, _, tenant = where.partition(":")
    if platform not in PLATFORMS or not re.fullmatch(r"[\w-]+", tenant, re.ASCII):
        raise Wrong("Say which workspace or tenant: slack:TEAM_ID or teams:TENANT_ID.")
    found = _one(tx, organisation)
    work = Work(tx, now)
    work.installations.tie(platform, tenant, found.id, now)
    for person in work.installations.adopt(platform, tenant, found.id):
        account = work.people.home(person)
        if account is not None:
            ask_platform(account, work)
    return f"People of {where} are of {found.name}."


def agree(tx: Transaction, one: str, other: str, now: datetime) -> str:
    """Questions and names may cross between the two from now on."""
    first, second = _one(tx, one), _one(tx, other)
    if first.id == second.id:
        raise Wrong("An organisation needs no agreement with itself.")
    Consents(tx).both(first.id, second.id, now)
    return f"Questions and names may cross between {first.name} and {second.name}."


def appoint(tx: Transaction, who: str, now: datetime, *, remove: bool = False) -> str:
    """Whoever has this account is told what goes wrong in their organisation, or is not told any more."""
    found = re.fullmatch(rf"({'|'.join(PLATFORMS)}):([\w-]+):([\w-]+)", who, re.ASCII)
    if found is None:
        raise Wrong("Say whose account it is: slack:TEAM_ID:USER_ID or teams:TENANT_ID:USER_ID.")
    work = Work(tx, now)
    known = work.people.by_account(found[1], found[2], found[3])
    if known is None:
        raise Wrong(f"Nobody here has the account {who}. Ask them to say hi to Signpost first.")
    person = known[0]
    organisation = work.organisations.get(person.organisation_id or 0)
    if organisation is None and not remove:
        raise Wrong(f"{who} is of no organisation yet. Say signpost tie for {found[1]}:{found[2]} first.")
    if Administrators(tx).appoint(person.id, not remove):
        work.record(None, "remove administrator" if remove else "appoint administrator", f"person {person.id}")
    if remove or organisation is None:
        return f"{who} is no administrator."
    return f"{who} is an administrator of {organisation.name}."


def health(tx: Transaction) -> tuple[list[str], bool]:
    """What is installed, tied and owed, a line each; and whether nothing is missing."""
    lines, well = [], True
    for found in Installations(tx).all():
        tied = "tied to an organisation" if found.organisation_id else "not tied: say signpost tie"
        state = "active" if found.active else "removed"
        lines.append(f"{found.platform}:{found.tenant} is {state} and {tied}.")
        well = well and found.organisation_id is not None
    if not lines:
        lines.append("Signpost is installed nowhere yet.")
    lines += [
        f"{name} has no administrator to be told of failures: say signpost administrator." for name in _untold(tx)
    ]
    lines += [*_between(tx), *_unlisted(tx)]
    lines += [
        f"{name} is under a legal hold: nothing asked or answered there is deleted." for name in Retention(tx).held()
    ]
    undecided = False
    for name, count, oldest in sorted(Tray(tx).counts()):
        lines.append(f"Messages {name}: {count}, the oldest of {oldest:%Y-%m-%d %H:%M} UTC.")
        undecided = undecided or name in UNDECIDED
    if undecided:
        lines.append("Say signpost tray to see which messages need a decision, and why.")
    return lines, well and not undecided


def _between(tx: Transaction) -> Iterator[str]:
    """What crosses between organisations, and what waits for the other side's word; the first hundred of each."""
    known, consents = {one.id: one.name for one in Organisations(tx).all()}, Consents(tx)
    agreed = consents.agreed()
    for one in agreed[:MOST_LINES]:
        kinds = " and ".join(kind for kind in KINDS if getattr(one, kind))
        yield f"Between {known[one.first_id]} and {known[one.second_id]}, {kinds} cross."
    pairs = {pair for one in agreed for pair in ((one.first_id, one.second_id), (one.second_id, one.first_id))}
    waiting = [one for one in consents.every() if one.kinds and (one.organisation_id, one.other_id) not in pairs]
    for said in waiting[:MOST_LINES]:
        kinds = said.kinds.replace(" ", " and ")
        if said.other_id is None:
            yield f"{known[said.organisation_id]} lets {kinds} cross to every verified organisation."
        else:
            yield f"{known[said.organisation_id]} lets {kinds} cross to {known[said.other_id]}, which has not agreed."
    rest = max(len(agreed) - MOST_LINES, 0) + max(len(waiting) - MOST_LINES, 0)
    if rest:
        yield f"{rest} more agreements are not shown."


def _unlisted(tx: Transaction) -> list[str]:
    """How many organisations wait for an administrator to look at them, in a line; none where none does."""
    count = len(Unlisted(tx).waiting())
    what = "1 organisation that people named waits" if count == 1 else f"{count} organisations that people named wait"
    return [f"{what} to be checked: an administrator says organisations to check."] if count else []


def _untold(tx: Transaction) -> list[str]:
    """Organisations that a workspace or tenant is tied to, where nobody would hear of its failures."""
    tied = {found.organisation_id for found in Installations(tx).all()}
    return [one.name for one in Organisations(tx).all() if one.id in tied and not Administrators(tx).of(one.id)]


def _one(tx: Transaction, said: str) -> Organisation:
    """The one organisation of today that is called so. Raises Wrong, with those that it may be."""
    known = Organisations(tx)
    found = known.named(said)
    if not found:
        raise Wrong(f"There is no organisation called {said}. Add it: signpost organisation add NAME --short SHORT")
    today = known.today(found[0]) if len(found) == 1 else found
    if len(today) != 1:
        meant = ", ".join(one.name for one in today) or "nobody took over its work"
        raise Wrong(f"{said} is not one organisation of today: {meant}. Give the whole name of one.")
    return today[0]
