"""When a person can be asked, in which languages, and from which organisations they hide."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import ORGANISATION, Organisation
from storage.people import Person
from storage.statements import statement
from storage.tables import columns, table

LONDON = "Europe/London"

p = columns(tables.Person)
o = columns(tables.Organisation)
h = columns(tables.Hiding)

_mine = p.id == bindparam("person")
_LIMIT = statement(update(table(tables.Person)).where(_mine).values(weekly=bindparam("to")))
_AWAY = statement(
    update(table(tables.Person)).where(_mine).values(away_from=bindparam("first"), away_until=bindparam("last"))
)
_HOURS = statement(update(table(tables.Person)).where(_mine).values(hours=bindparam("to")))
_WORKING = statement(select(p.id, p.hours, p.zone).where(p.id.in_(bindparam("people", expanding=True))))
_LANGUAGES = statement(update(table(tables.Person)).where(_mine).values(languages=bindparam("to")))
_HIDE = statement(
    insert_or_ignore(table(tables.Hiding)).values(
        person_id=bindparam("person"), organisation_id=bindparam("organisation")
    )
)
_SHOW = statement(
    delete(table(tables.Hiding)).where(
        h.person_id == bindparam("person"), h.organisation_id == bindparam("organisation")
    )
)
_HIDDEN_FROM = statement(
    select(*ORGANISATION)
    .join_from(table(tables.Hiding), table(tables.Organisation), o.id == h.organisation_id)
    .where(h.person_id == bindparam("person"))
    .order_by(o.name, o.id),
    Organisation,
)


def today_of(person: Person, now: datetime) -> date:
    """Which day it is where this person is; in London where their platform named a zone that nobody here knows."""
    return now.astimezone(zone_of(person)).date()


def zone_of(person: Person) -> ZoneInfo:
    """The person's zone; London's where their platform named one that nobody here knows."""
    return zone_called(person.zone)


def zone_called(name: str) -> ZoneInfo:
    """The zone of this name; London's where nobody here knows it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(LONDON)


def is_away(person: Person, now: datetime) -> bool:
    """Whether this is one of the days on which they said that they are away, in their own zone."""
    if person.away_from is None or person.away_until is None:
        return False
    return person.away_from <= today_of(person, now) <= person.away_until


class Availability:
    """What a person says of when they can be asked, on one transaction. They are always asked in English."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def limit(self, person: int, weekly: int) -> None:
        """They are brought at most so many questions in seven days."""
        self._tx.run(_LIMIT, person=person, to=weekly)

    def away(self, person: int, first: date | None, last: date | None) -> None:
        """They are away on these days and those between; never, where they are None."""
        self._tx.run(_AWAY, person=person, first=first, last=last)

    def hours(self, person: int, hours: str) -> None:
        """They work these hours, as `bot.hours` writes them; "" for any."""
        self._tx.run(_HOURS, person=person, to=hours)

    def working(self, people: Sequence[int]) -> dict[int, tuple[str, str]]:
        """When each of these people works, as `bot.hours` writes it, "" for who did not say, and in which zone."""
        found = self._tx.all(_WORKING, people=people) if people else []
        return {person: (hours, zone) for person, hours, zone in found}

    def languages(self, person: int, languages: str) -> None:
        """They answer in these languages beside English: codes with spaces between."""
        self._tx.run(_LANGUAGES, person=person, to=languages)

    def hide(self, person: int, organisation: int) -> bool:
        """Whether they hide from this organisation from now on; False where they did before."""
        return self._tx.run(_HIDE, person=person, organisation=organisation) == 1

    def show(self, person: int, organisation: int) -> bool:
        """Whether they hid from this organisation until now."""
        return self._tx.run(_SHOW, person=person, organisation=organisation) == 1

    def hidden_from(self, person: int) -> list[Organisation]:
        """The organisations that they hide from, by name: for themselves alone."""
        return self._tx.all(_HIDDEN_FROM, person=person)
