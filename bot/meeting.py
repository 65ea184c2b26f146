"""Who it is that speaks: someone known, or someone new."""

from datetime import timedelta

from bot.inbound import Inbound
from bot.trail import note
from bot.vouching import ask_platform, proposed
from bot.work import View, Work
from storage.people import Account, Person

SEEN_AGAIN = timedelta(minutes=10)
"""An account that speaks is noted as seen, for where to reach its person; not more often than this."""


def who_is_it(view: View, inbound: Inbound) -> tuple[Person, Account] | None:
    """The person and account that speak, noted in the view; None for somebody new."""
    account = inbound.account
    found = view.people.by_account(account.platform, account.tenant, account.user)
    view.account = found[1] if found else None
    note(person=found[0].id if found else None)
    return found


def meet(work: Work, inbound: Inbound) -> Person:
    """Who it is. Somebody new starts unverified, in the organisation their workspace or tenant is tied to."""
    found = who_is_it(work, inbound)
    chat = inbound.here.conversation if inbound.here.kind == "direct" else ""
    if found is None:
        return _welcome(work, inbound, chat)
    person, account = found
    moved = chat not in ("", account.chat) or (chat and inbound.here.service_url != account.service_url)
    if moved or work.now - account.seen_at > SEEN_AGAIN:
        url = inbound.here.service_url or account.service_url
        work.people.seen(account.id, work.now, chat=chat or account.chat, service_url=url)
    return person


def _welcome(work: Work, inbound: Inbound, chat: str) -> Person:
    account = inbound.account
    where = (account.platform, account.tenant, account.user)
    installation = work.installations.at(account.platform, account.tenant)
    organisation = installation.organisation_id if installation else None
    language = proposed(inbound.language)
    person = work.people.add(inbound.name or account.user, work.now, organisation=organisation, language=language)
    work.people.add_account(person, where, work.now, chat=chat, service_url=inbound.here.service_url)
    found = who_is_it(work, inbound)
    if found is None:
        raise LookupError("A person who was just added is not there.")
    ask_platform(found[1], work)
    return found[0]
