"""Codes that are good once, and for a while: to link two accounts, or behind a private link. Only digests are kept."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table

c = columns(tables.LinkCode)

_good = (c.digest == bindparam("digest_used"), c.used_at.is_(None), c.expires_at > bindparam("now"))
_ADD = statement(
    insert(table(tables.LinkCode)).values(
        digest=bindparam("digest"), person_id=bindparam("person"), expires_at=bindparam("expires")
    )
)
_GIVER = statement(select(c.person_id).where(*_good), int)
_USE = statement(update(table(tables.LinkCode)).where(*_good).values(used_at=bindparam("now")).returning(c.person_id))
_GIVE_BACK = statement(
    update(table(tables.LinkCode))
    .where(c.digest == bindparam("digest_used"), c.used_at == bindparam("at"))
    .values(used_at=None)
)


class Codes:
    """Queries about codes, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, digest: str, person: int, expires: datetime) -> None:
        """A code with this digest is this person's, good once and until it expires."""
        self._tx.run(_ADD, digest=digest, person=person, expires=expires)

    def giver(self, digest: str, now: datetime) -> int | None:
        """The person whose code this is, while it is good; it stays good. None where it is wrong, used or expired."""
        return self._tx.one(_GIVER, digest_used=digest, now=now)

    def use(self, digest: str, now: datetime) -> int | None:
        """The person whose code this is; it is used up. None where it is wrong, used or expired."""
        number: int | None = self._tx.value(_USE, digest_used=digest, now=now)
        return number

    def give_back(self, digest: str, at: datetime) -> None:
        """A code that was used at this instant is good again until it expires: what it was used for was not done."""
        self._tx.run(_GIVE_BACK, digest_used=digest, at=at)
