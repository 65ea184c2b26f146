"""What people want to be told about: when somebody knows about something that nobody knew about."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table


class Sought(NamedTuple):
    """What somebody looks for, in their own words: about what, and of which people; "" for whatever it may be."""

    topic: str
    organisation: str = ""
    role: str = ""
    step: str = ""
    community: str = ""
    language: str = ""


class Watch(NamedTuple):
    """That this person is told when somebody is found."""

    id: int
    person_id: int
    sought: Sought
    created_at: datetime


x = columns(tables.Watch)
p = columns(tables.Person)

_WATCH = (x.id, x.person_id, x.topic, x.organisation, x.role, x.step, x.community, x.language, x.created_at)


def _watch(*row: object) -> Watch:
    return Watch(row[0], row[1], Sought(*row[2:8]), row[8])  # type: ignore[arg-type]  # in the order of the columns


_MINE = statement(select(*_WATCH).where(x.person_id == bindparam("person")).order_by(x.id), _watch)
_COUNT = statement(select(func.count()).select_from(table(tables.Watch)).where(x.person_id == bindparam("person")))
_NEXT = statement(
    select(*_WATCH).where(x.looked_at < bindparam("before")).order_by(x.looked_at, x.id).limit(bindparam("most")),
    _watch,
)
_ADD = statement(
    insert(table(tables.Watch))
    .values(
        person_id=bindparam("person"),
        **{name: bindparam(name) for name in Sought._fields},
        created_at=bindparam("now"),
        looked_at=bindparam("now"),
    )
    .returning(x.id)
)
_LOOKED = statement(update(table(tables.Watch)).where(x.id == bindparam("watch")).values(looked_at=bindparam("now")))
_END = statement(delete(table(tables.Watch)).where(x.id == bindparam("watch"), x.person_id == bindparam("person")))


class Watches:
    """Queries about what people want to be told, on one transaction; each person's are their own alone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, person: int, sought: Sought, now: datetime) -> int:
        """The number of the watch: the one that they have already where it is the same."""
        same = next((one for one in self.of(person) if one.sought == sought), None)
        if same is not None:
            return same.id
        number: int = self._tx.value(_ADD, person=person, now=now, **sought._asdict())
        return number

    def of(self, person: int) -> list[Watch]:
        """What this person wants to be told, the oldest first."""
        return self._tx.all(_MINE, person=person)

    def count(self, person: int) -> int:
        """How many things this person wants to be told."""
        count: int = self._tx.value(_COUNT, person=person)
        return count

    def next(self, most: int, before: datetime) -> list[Watch]:
        """Those that were last looked for before then, the longest ago first."""
        return self._tx.all(_NEXT, most=most, before=before)

    def looked(self, watch: int, now: datetime) -> None:
        """It was looked for now."""
        self._tx.run(_LOOKED, watch=watch, now=now)

    def end(self, watch: int, person: int) -> bool:
        """Whether it was this person's and is gone now."""
        return self._tx.run(_END, watch=watch, person=person) == 1
