"""Organisations: what they are called, what they were before, and the e-mail domains that are theirs alone."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table


class Organisation(NamedTuple):
    """A department, agency or public body. `short` is its abbreviation, "" where it has none."""

    id: int
    name: str
    short: str
    state: str

    @property
    def called(self) -> str:
        """What people call it."""
        return self.short or self.name


o = columns(tables.Organisation)
n = columns(tables.OrganisationName)
d = columns(tables.OrganisationDomain)
s = columns(tables.OrganisationSuccession)

ORGANISATION = (o.id, o.name, o.short, o.state)
CALLED = func.coalesce(func.nullif(o.short, ""), o.name, "")
"""What people call the organisation of a row, "" where there is none."""
MOST_SUCCESSIONS = 10
"""How often one organisation after another is followed to what there is today."""

_ALL = statement(select(*ORGANISATION).order_by(o.name), Organisation)
_GET = statement(select(*ORGANISATION).where(o.id == bindparam("organisation")), Organisation)
THERE = ("listed", "known")
"""The states of organisations that there are today and that somebody checked."""
_strength = case((o.state == "closed", 3), else_=0) + case((n.kind == "name", 0), (n.kind == "short", 1), else_=2)
_NAMED = statement(
    select(_strength, *ORGANISATION)
    .join_from(table(tables.Organisation), table(tables.OrganisationName), n.organisation_id == o.id)
    .where(n.folded == bindparam("folded"), o.state.in_((*THERE, "closed")))
    .order_by(o.name, o.id),
    lambda strength, *row: (strength, Organisation(*row)),
)
_called = table(tables.OrganisationName).join(table(tables.Organisation), n.organisation_id == o.id)
_NEAR = statement(
    select(n.said)
    .select_from(_called)
    .where(n.folded.like(bindparam("like"), escape="/"), o.state.in_(THERE))
    .order_by(func.length(n.folded), n.folded)
    .limit(5),
    str,
)
_ALIKE = statement(
    select(n.folded, n.said)
    .select_from(_called)
    .where(
        n.folded.like(bindparam("like"), escape="/"),
        func.length(n.folded).between(bindparam("shortest"), bindparam("longest")),
        o.state.in_(THERE),
    )
    .order_by(n.folded)
    .limit(1000)
)
_ADD = statement(
    insert_or_ignore(table(tables.Organisation))
    .values(
        name=bindparam("name"),
        short=bindparam("short"),
        state=bindparam("state"),
        created_at=bindparam("now"),
    )
    .returning(o.id)
)
ADD_NAME = statement(
    insert_or_ignore(table(tables.OrganisationName)).values(
        organisation_id=bindparam("organisation"),
        folded=bindparam("folded"),
        said=bindparam("said"),
        kind=bindparam("kind"),
    )
)
_STRENGTHEN = statement(
    update(table(tables.OrganisationName))
    .where(
        n.organisation_id == bindparam("organisation"),
        n.folded == bindparam("folded"),
        or_(n.kind == "alias", and_(n.kind == "short", bindparam("to_kind") == "name")),
    )
    .values(kind=bindparam("to_kind"))
)
_SUCCESSORS = statement(
    select(*ORGANISATION)
    .join_from(table(tables.Organisation), table(tables.OrganisationSuccession), s.successor_id == o.id)
    .where(s.predecessor_id.in_(bindparam("organisations", expanding=True)))
    .order_by(o.name),
    Organisation,
)
_AT_DOMAIN = statement(
    select(*ORGANISATION)
    .join_from(table(tables.Organisation), table(tables.OrganisationDomain), d.organisation_id == o.id)
    .where(d.domain == bindparam("domain")),
    Organisation,
)
_OWN_DOMAIN = statement(
    insert_or_ignore(table(tables.OrganisationDomain)).values(
        domain=bindparam("domain"), organisation_id=bindparam("organisation")
    )
)


def folded(said: str) -> str:
    """How a name is compared: "HM Revenue & Customs" is "hm revenue and customs", with or without a "the" before it.

    Her or His Majesty's is HM, as GOV.UK writes it.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", said).casefold()).replace("&", " and ")
    plain = re.sub(r"[’'`.]", "", plain)
    plain = re.sub(r"^(?:the )+", "", " ".join(re.findall(r"\w+", plain)))
    return re.sub(r"^(?:her|his) majestys\b", "hm", plain)


def _literal(said: str) -> str:
    """For LIKE, with "/" as its escape: the signs stand for themselves."""
    return re.sub(r"([/%_])", r"/\1", said)


class Organisations:
    """Queries about organisations, on one transaction. That they exist is open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def all(self) -> list[Organisation]:
        """Every organisation, by name."""
        return self._tx.all(_ALL)

    def get(self, organisation: int) -> Organisation | None:
        """The organisation with this number."""
        return self._tx.one(_GET, organisation=organisation)

    def named(self, said: str) -> list[Organisation]:
        """The organisations that are meant by this: one, or several that are called the same.

        One that there is goes before one that closed, and a name before an abbreviation, before an alias.
        """
        found = self._tx.all(_NAMED, folded=folded(said))
        best = min((strength for strength, _ in found), default=0)
        return [organisation for strength, organisation in found if strength == best]

    def near(self, said: str) -> list[str]:
        """Up to 5 names that have these words in them, the shortest first; then those that are spelt much like it."""
        plain = folded(said)
        if not plain:
            return []
        within = self._tx.all(_NEAR, like=f"%{_literal(plain)}%")
        about = {"shortest": len(plain) - 3, "longest": len(plain) + 3}
        alike: dict[str, str] = dict(self._tx.all(_ALIKE, like=f"{_literal(plain[0])}%", **about))
        spelt = [alike[one] for one in get_close_matches(plain, alike, n=5, cutoff=0.6)]
        return list(dict.fromkeys([*within, *spelt]))[:5]

    def today(self, organisation: Organisation) -> list[Organisation]:
        """What there is today of it: itself, or where it closed, whatever took over its work, however many steps on."""
        found, seen = [organisation], {organisation.id}
        there: dict[int, Organisation] = {}
        for _ in range(MOST_SUCCESSIONS):
            there |= {one.id: one for one in found if one.state != "closed"}
            closed = [one.id for one in found if one.state == "closed"]
            if not closed:
                break
            found = [one for one in self._tx.all(_SUCCESSORS, organisations=closed) if one.id not in seen]
            seen |= {one.id for one in found}
        return sorted(there.values(), key=lambda one: one.name)

    def at_domain(self, domain: str) -> Organisation | None:
        """Whose people alone have addresses at this domain, or at one above it: hmrc.gov.uk for digital.hmrc.gov.uk."""
        labels = domain.strip(". ").lower().split(".")
        for first in range(len(labels) - 1):
            found = self._tx.one(_AT_DOMAIN, domain=".".join(labels[first:]))
            if found is not None:
                return found
        return None

    def add(self, name: str, short: str, now: datetime, *, state: str = "known") -> int:
        """The new organisation, which resolves by its name and its abbreviation."""
        number: int = self._tx.value(_ADD, name=name, short=short, state=state, now=now)
        self.call(number, [(name, "name"), (short, "short")])
        return number

    def call(self, organisation: int, names: Sequence[tuple[str, str]]) -> None:
        """The organisation resolves by these names too, each with its kind: name, short, alias.

        A name that it has already keeps the stronger of the two kinds.
        """
        for said, kind in names:
            known = {"organisation": organisation, "folded": folded(said)}
            if known["folded"] and not self._tx.run(ADD_NAME, **known, said=said, kind=kind) and kind != "alias":
                self._tx.run(_STRENGTHEN, **known, to_kind=kind)

    def own_domain(self, organisation: int, domain: str) -> bool:
        """Whether the domain is theirs now; False where it is somebody's already."""
        return self._tx.run(_OWN_DOMAIN, organisation=organisation, domain=domain.lower()) == 1
