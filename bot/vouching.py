"""What a platform says of an account, and what of it may be believed of its person."""

from bot.leaving import come_back, depart
from bot.work import Work, bucket_of, chat_of, lane_of
from storage.people import Account
from storage.tray import Message


def ask_platform(account: Account, work: Work) -> None:
    """The account's platform will be asked what it is now."""
    work.owes = True
    chat = chat_of(account)
    work.tray.add(lane_of(chat), Message("profile", account.person_id, bucket=bucket_of(chat, "ask")), work.now)


def believe(account: Account, work: Work, *, name: str, zone: str, guest: bool, gone: bool) -> None:
    """The person is called what the platform calls them, and is of its organisation unless they are a guest there.

    Only a workspace or tenant that an administrator tied to an organisation can vouch for it. What another account
    of the person was vouched for stays: a guest account takes nothing away, and adds nothing. Who has no account left
    that is not `gone` is out of routing at once; who has one again is back.
    """
    found = work.people.by_account_id(account.id)
    if found is None:
        return
    person = found[0]
    work.people.closed(account.id, gone)
    accounts = work.people.accounts(person.id)
    alone = len(accounts) == 1
    was, remains = work.people.find(person.id) is not None, not all(known.gone for known in accounts)
    installation = work.installations.at(account.platform, account.tenant)
    tied = installation.organisation_id if installation is not None else None
    if guest or tied is None:
        verified = person.verified and not alone
    else:
        verified = True
        person = person if person.verified else person._replace(organisation_id=tied)
    work.people.describe(person, name, zone, verified=verified, active=remains)
    if was and not remains:
        depart(person.id, work)
    elif remains and not was:
        come_back(person.id, work)
