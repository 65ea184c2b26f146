"""A message as it goes out now: drawn for who reads it, addressed to where they are; and where it ended up."""

from dataclasses import dataclass

import msgspec

from bot.command import registry
from bot.inbound import Address
from bot.text import Reader
from bot.ui import Drawable, load_drawable
from bot.work import View, Work, chat_of, lane_of, reader_of
from storage.mirrors import Mirror
from storage.people import Account
from storage.tray import Owed


@dataclass(frozen=True)
class Outgoing:
    """A message as it goes out now: drawn and addressed; `account` is None for a shared conversation."""

    owed: Owed
    address: Address
    body: Drawable | None
    reader: Reader
    account: Account | None = None


def outgoing(view: View, owed: Owed) -> Outgoing | None:
    """The message as it goes out now; None where its person or record is gone."""
    if owed.mirror_id is not None:
        return _drawn(view, owed, view.mirrors.get(owed.mirror_id))
    person = view.people.find(owed.person_id) if owed.person_id else None
    reader = reader_of(person) if person else Reader()
    if owed.kind == "profile":
        account = _account_in(view, owed)
        return Outgoing(owed, chat_of(account), None, reader, account) if account else None
    address = msgspec.json.decode(owed.address, type=Address)
    if address.until is not None and address.until <= view.now:
        address = msgspec.structs.replace(address, via={}, until=None)
    account = _account_at(view, owed, address)
    over = view.mirrors.at(account.id, address.message) if account and address.message else None
    if over is not None:  # pressed before it was known to have arrived; it shows its record alone (`bot.dispatch`)
        return _drawn(view, owed, over)
    return Outgoing(owed, address, load_drawable(owed.body), reader, account)


def _account_in(view: View, owed: Owed) -> Account | None:
    """The person's account whose direct chat this message waits for: of two, the one that is asked about."""
    known = view.people.accounts(owed.person_id) if owed.person_id else []
    return next((account for account in known if lane_of(chat_of(account)) == owed.lane), None)


def _account_at(view: View, owed: Owed, address: Address) -> Account | None:
    """The person's account whose direct chat this is, wherever they spoke since; None for a shared conversation."""
    for account in view.people.accounts(owed.person_id) if owed.person_id else []:
        known_by_chat = not address.user and account.chat and account.chat == address.conversation
        if account.platform == address.platform and (address.user == account.user or known_by_chat):
            return account
    return None


def _drawn(view: View, owed: Owed, mirror: Mirror | None) -> Outgoing | None:
    found = view.people.by_account_id(mirror.account_id) if mirror else None
    if mirror is None or found is None:
        return None
    person, account = found
    above = view.mirrors.get(mirror.under_id) if mirror.under_id else None
    chat = chat_of(account)
    address = msgspec.structs.replace(
        chat,
        conversation=mirror.conversation or chat.conversation,
        thread=above.message if above else "",
        message=mirror.message,
    )
    body = registry.drawings[mirror.subject](mirror.subject_id, person, view)
    return Outgoing(owed, address, body, reader_of(person), account)


def place(work: Work, ready: Outgoing, message: str, conversation: str, service_url: str) -> None:
    """Where the message ended up is known: its mirror can be redrawn, and the chat found again."""
    mirror, account = ready.owed.mirror_id, ready.account
    if mirror is not None and message and not ready.address.message:
        work.mirrors.place(mirror, conversation or ready.address.conversation, message)
    if account is not None and conversation and not account.chat:
        work.people.seen(account.id, account.seen_at, chat=conversation, service_url=service_url or account.service_url)
