"""What a platform says of an account, and what of it may be believed of its person."""

import msgspec

from bot.command import registry
from bot.leaving import come_back, depart
from bot.locales import TRANSLATED
from bot.work import View, Work, bucket_of, chat_of, lane_of
from storage.organisations import Organisation
from storage.people import Account, Person
from storage.tray import Message


class Profile(msgspec.Struct, frozen=True):
    """What a platform says of an account. A guest is someone from another organisation than the tenant's.

    `domain` is that of the e-mail address it vouches for ("hmrc.gov.uk"), "" where it vouches for none, or for a guest:
    the address itself goes no further than the adapter.
    """

    name: str
    domain: str = ""
    zone: str = ""
    language: str = ""
    guest: bool = False
    gone: bool = False


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


def believe(account: Account, work: Work, said: Profile) -> None:
    """The person is called what the platform calls them, and is of its organisation unless they are a guest there.

    Only a workspace or tenant that an administrator tied to an organisation can vouch for it; or the domain of their
    address, once they have confirmed the organisation that it belongs to. What another account of the person was
    vouched for stays: a guest account takes nothing away, and adds nothing. What a new domain says is proposed to them.
    Who has no account left that is not `gone` is out of routing at once; who has one again is back.
    """
    domain = "" if said.guest else said.domain
    news = work.people.say_domain(account.id, domain)
    found = work.people.by_account_id(account.id)
    if found is None:
        return
    person = found[0]
    work.people.closed(account.id, said.gone)
    accounts = work.people.accounts(person.id)
    alone = len(accounts) == 1
    was, remains = work.people.find(person.id) is not None, not all(known.gone for known in accounts)
    installation = work.installations.at(account.platform, account.tenant)
    tied = installation.organisation_id if installation is not None else None
    if said.guest or tied is None:
        verified = person.verified and (not alone or domain_vouches(domain, person.organisation_id, work))
    else:
        verified = True
        person = person if person.verified else person._replace(organisation_id=tied)
    work.people.describe(person, said.name, said.zone, verified=verified, active=remains)
    if was and not remains:
        depart(person.id, work)
    elif remains and not was:
        come_back(person.id, work)
    if news and not verified and at_domain(domain, work):
        proposal = registry.verbs["propose"].partly()
        work.later(proposal, work.now, key=f"propose-{person.id}", person=person.id)


def at_domain(domain: str, view: View) -> list[Organisation]:
    """The organisations there are today whose people may have addresses at this domain.

    Several took over the work of one that closed: then an address of its says only that it is one of them.
    """
    found = view.organisations.at_domain(domain) if domain else None
    return view.organisations.today(found) if found else []


def domain_vouches(domain: str, organisation: int | None, view: View) -> bool:
    """Whether only people of this organisation have addresses at this domain."""
    return [one.id for one in at_domain(domain, view)] == [organisation]


def addresses_vouch(person: Person, organisation: int, view: View) -> bool:
    """Whether an address of one of the person's accounts vouches that they are of this organisation."""
    return any(domain_vouches(one.domain, organisation, view) for one in view.people.accounts(person.id))
