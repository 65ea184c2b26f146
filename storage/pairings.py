"""Introductions: who wants to be introduced and how often, who was to whom, and who leaves out a round."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, literal_column, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.people import PERSON, Person, people
from storage.scope import agreed, crosses, shows, shows_viewer
from storage.statements import statement
from storage.tables import columns, table

p = columns(tables.Person)
m = columns(tables.Membership)
o = columns(tables.Organisation)
g = columns(tables.Pairing)
x = columns(tables.Paired)
h = columns(tables.Hiding)

_CADENCE = statement(select(p.introduced).where(p.id == bindparam("person")), str)
_SET_CADENCE = statement(
    update(table(tables.Person)).where(p.id == bindparam("person")).values(introduced=bindparam("to_cadence"))
)
# Written as the index of those who want to be introduced is, which is small: a parameter would not be known to be.
_ready: tuple[Any, ...] = (
    literal_column("person.introduced <> ''"),
    p.introduced == bindparam("cadence"),
    p.active.is_(True),
    p.verified.is_(True),
    p.organisation_id.is_not(None),
    ~exists(select(x.id).where(x.round == bindparam("round"), x.person_id == p.id)),
)
_READY = statement(select(p.id).where(*_ready).order_by(p.id), int)
_STILL_READY = statement(
    select(*PERSON).select_from(people).where(*_ready, p.id.in_(bindparam("people", expanding=True))).order_by(p.id),
    Person,
)
_these = m.person_id.in_(bindparam("people", expanding=True))
_IN = statement(select(m.person_id, m.community_id).where(_these))
_other = table(tables.Organisation).alias("other")
_AGREED = statement(
    select(o.id, _other.c.id)
    .where(
        o.id.in_(bindparam("organisations", expanding=True)),
        _other.c.id.in_(bindparam("organisations", expanding=True)),
        o.id < _other.c.id,
        agreed(o.id, _other.c.id, "names"),
    )
    .order_by(o.id)
)
_HIDDEN = statement(select(h.person_id, h.organisation_id).where(h.person_id.in_(bindparam("people", expanding=True))))
_partner = table(tables.Paired).alias("partner")
_MET = statement(
    select(x.person_id, _partner.c.person_id)
    .select_from(
        table(tables.Paired)
        .join(table(tables.Pairing), g.id == x.pairing_id)
        .join(_partner, _partner.c.pairing_id == x.pairing_id)
    )
    .where(
        x.person_id.in_(bindparam("people", expanding=True)),
        x.person_id < _partner.c.person_id,
        g.made_at > bindparam("since"),
    )
)
_ADD = statement(
    insert(table(tables.Pairing)).values(round=bindparam("round"), made_at=bindparam("now")).returning(g.id)
)
_ADD_PERSON = statement(
    insert_or_ignore(table(tables.Paired)).values(
        pairing_id=bindparam("pairing"), round=bindparam("round"), person_id=bindparam("person")
    )
)
_IN_ROUND = statement(
    select(x.pairing_id).where(x.round == bindparam("round"), x.person_id == bindparam("person")), int
)
_NO_MORE = statement(
    delete(table(tables.Paired)).where(x.round == bindparam("round"), x.person_id == bindparam("person"))
)
_mine = table(tables.Paired).alias("mine")
_OTHERS = statement(
    select(*PERSON)
    .select_from(people.join(table(tables.Paired), x.person_id == p.id))
    .where(
        x.pairing_id == bindparam("pairing"),
        p.id != bindparam("viewer"),
        p.active.is_(True),
        p.verified.is_(True),
        crosses(p.organisation_id, "names"),
        shows(p.id),
        shows_viewer(p.organisation_id),
        exists(
            select(_mine.c.id).where(
                _mine.c.pairing_id == bindparam("pairing"), _mine.c.person_id == bindparam("viewer")
            )
        ),
    )
    .order_by(p.id),
    Person,
)


class Pairings:
    """Queries about introductions, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def cadence(self, person: int) -> str:
        """How often they want to be introduced: monthly, fortnightly, or "" for never."""
        return self._tx.value(_CADENCE, person=person) or ""

    def set_cadence(self, person: int, cadence: str) -> None:
        """They want to be introduced this often."""
        self._tx.run(_SET_CADENCE, person=person, to_cadence=cadence)

    def ready(self, cadence: str, round: str) -> list[int]:
        """The numbers of those who are to be introduced in this round and were not yet.

        They want to be, their platform vouches for their organisation, and they did not leave it.
        """
        return self._tx.all(_READY, cadence=cadence, round=round)

    def still_ready(self, people: Sequence[int], cadence: str, round: str) -> list[Person]:
        """Those of these people who are: to introduce them to others who are, where names may cross."""
        return self._tx.all(_STILL_READY, people=people, cadence=cadence, round=round)

    def communities(self, people: Sequence[int]) -> dict[int, frozenset[int]]:
        """The communities that each of these people is in."""
        found: dict[int, set[int]] = {person: set() for person in people}
        for person, community in self._tx.all(_IN, people=people):
            found[person].add(community)
        return {person: frozenset(communities) for person, communities in found.items()}

    def agreed(self, organisations: Sequence[int]) -> frozenset[frozenset[int]]:
        """The pairs among these organisations between which names may cross."""
        return frozenset(frozenset(pair) for pair in self._tx.all(_AGREED, organisations=organisations))

    def hidden(self, people: Sequence[int]) -> frozenset[tuple[int, int]]:
        """Each of these people with each organisation that they hide from."""
        return frozenset((person, organisation) for person, organisation in self._tx.all(_HIDDEN, people=people))

    def met(self, people: Sequence[int], since: datetime) -> frozenset[frozenset[int]]:
        """Every pair of people who were introduced since then, of whom these are one."""
        return frozenset(frozenset(pair) for pair in self._tx.all(_MET, people=people, since=since))

    def add(self, people: Sequence[int], round: str, now: datetime) -> int | None:
        """The number of the introduction; None, and nothing is kept, where one of them has one in this round."""
        if any(self.in_round(person, round) is not None for person in people):
            return None
        number: int = self._tx.value(_ADD, round=round, now=now)
        for person in people:
            self._tx.run(_ADD_PERSON, pairing=number, round=round, person=person)
        return number

    def in_round(self, person: int, round: str) -> int | None:
        """The number of what they have in this round: an introduction, or that they leave it out."""
        return self._tx.one(_IN_ROUND, round=round, person=person)

    def leave_out(self, person: int, round: str, now: datetime) -> None:
        """They are introduced to nobody in this round: they have it to themselves."""
        self.add([person], round, now)

    def take_part(self, person: int, round: str) -> None:
        """They do not leave out this round, which is still to come."""
        self._tx.run(_NO_MORE, round=round, person=person)

    def others(self, pairing: int, *, viewer: Person) -> list[Person]:
        """The people whom this viewer was introduced to there and still may see; none for anybody else."""
        return self._tx.all(_OTHERS, pairing=pairing, viewer=viewer.id, **viewer.scope)
