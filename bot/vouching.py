"""What a platform says of an account, and what of it may be believed of its person."""

from bot.locales import TRANSLATED
from bot.work import Work, bucket_of, chat_of, lane_of
from storage.people import Account
from storage.tray import Message

LOOKED_AFTER = "communities-looked-after"
"""The key of what looks for communities that nobody owns: hastened where somebody who may own one has left."""


def ask_platform(account: Account, work: Work) -> None:
    """The account's platform will be asked what it is now."""
    work.owes = True
    chat = chat_of(account)
    work.tray.add(lane_of(chat), Message("profile", account.person_id, bucket=bucket_of(chat, "ask")), work.now)


def proposed(language: str) -> str:
    """The language that a client is set to, where it is one that Signpost speaks beside English; else "", not said."""
    return language if language in TRANSLATED else ""


def propose(account: Account, work: Work, language: str) -> None:
    """The person reads this language where it is a translated one, unless they chose one themselves."""
    if proposed(language):
        work.people.propose_language(account.person_id, language)


def believe(account: Account, work: Work, *, name: str, zone: str, guest: bool, gone: bool) -> None:
    """The person is called what the platform calls them, and is of its organisation unless they are a guest there.

    Only a workspace or tenant that an administrator tied to an organisation can vouch for it. What another account
    of the person was vouched for stays: a guest account takes nothing away, and adds nothing.
    """
    found = work.people.by_account_id(account.id)
    if found is None:
        return
    person = found[0]
    alone = len(work.people.accounts(person.id)) == 1
    installation = work.installations.at(account.platform, account.tenant)
    tied = installation.organisation_id if installation is not None else None
    if guest or tied is None:
        verified = person.verified and not alone
    else:
        verified = True
        person = person if person.verified else person._replace(organisation_id=tied)
    work.people.describe(person, name, zone, verified=verified, active=not gone or not alone)
    if gone and alone:
        work.hasten(LOOKED_AFTER)
