"""Who it is that speaks: someone known, or someone new; and what each is told before anything else is done."""

from datetime import timedelta

from bot.command import Command, registry
from bot.inbound import AccountRef, Here, Inbound
from bot.permission import can_be_reached
from bot.trail import note
from bot.vouching import ask_platform, proposed
from bot.work import View, Work
from storage.people import Account, Person

SEEN_AGAIN = timedelta(minutes=10)
"""An account that speaks is noted as seen, for where to reach its person; not more often than this."""
NOTICE = 1
"""The version of the notice on what is stored: with a higher one, everybody who speaks again is shown it once more."""


def who_is_it(view: View, inbound: Inbound) -> tuple[Person, Account] | None:
    """The person and account that speak, noted in the view; None for somebody new."""
    return _noted(view, inbound.account)


def _noted(view: View, account: AccountRef) -> tuple[Person, Account] | None:
    found = view.people.by_account(account.platform, account.tenant, account.user)
    view.account = found[1] if found else None
    note(person=found[0].id if found else None)
    return found


def acquainted(view: View, inbound: Inbound) -> tuple[Person, Account] | None:
    """The same, where there is nothing to tell them first; None where `meet` has something to do."""
    found = who_is_it(view, inbound)
    return None if found is None or _is_untold(found[0], view) else found


def meet(work: Work, inbound: Inbound) -> Person:
    """Who it is. Somebody new starts unverified, in the organisation their workspace or tenant is tied to.

    Who was not shown this version of the notice has it in their direct chat, beside the answer to what they said.
    """
    person = _found_or_added(work, inbound)
    if _is_untold(person, work):
        _tell(person, work)
    return person


def arrive(work: Work, account: AccountRef, here: Here, name: str = "") -> None:
    """Somebody added Signpost for themselves: they are known, and welcomed unless they were before."""
    found = _noted(work, account)
    person = found[0] if found else _add(work, account, here, name)
    if _is_untold(person, work):
        _tell(person, work)


def _is_untold(person: Person, view: View) -> bool:
    return person.told < NOTICE and can_be_reached(view)


def _tell(person: Person, work: Work) -> None:
    welcome = registry.verbs["welcome"].partly(version=NOTICE)
    if isinstance(welcome, Command):
        welcome.run(person, work)


def _found_or_added(work: Work, inbound: Inbound) -> Person:
    found = who_is_it(work, inbound)
    chat = inbound.here.conversation if inbound.here.kind == "direct" else ""
    if found is None:
        return _add(work, inbound.account, inbound.here, inbound.name, inbound.language)
    person, account = found
    if account.gone:
        ask_platform(account, work)  # it speaks, so it is not: they are back
    moved = chat not in ("", account.chat) or (chat and inbound.here.service_url != account.service_url)
    if moved or work.now - account.seen_at > SEEN_AGAIN:
        url = inbound.here.service_url or account.service_url
        work.people.seen(account.id, work.now, chat=chat or account.chat, service_url=url)
    return person


def _add(work: Work, account: AccountRef, here: Here, name: str, language: str = "") -> Person:
    where = (account.platform, account.tenant, account.user)
    chat = here.conversation if here.kind == "direct" else ""
    installation = work.installations.at(account.platform, account.tenant)
    organisation = installation.organisation_id if installation else None
    person = work.people.add(name or account.user, work.now, organisation=organisation, language=proposed(language))
    work.people.add_account(person, where, work.now, chat=chat, service_url=here.service_url)
    found = _noted(work, account)
    if found is None:
        raise LookupError("A person who was just added is not there.")
    ask_platform(found[1], work)
    return found[0]
