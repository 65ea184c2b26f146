"""People, the accounts they speak from, and the codes that join two accounts."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, false, insert, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import CALLED
from storage.search import Search
from storage.statements import Statement, statement
from storage.tables import columns, table


class Person(NamedTuple):
    """One person as every command knows them. `organisation` is what people call it, "" where none is known."""

    id: int
    name: str
    role: str
    organisation_id: int | None
    organisation: str
    verified: bool
    language: str
    zone: str
    knows: str
    asked: bool
    findable: bool
    administrator: bool
    kind: str = ""
    told: int = 0
    weekly: int = 3
    away_from: date | None = None
    away_until: date | None = None
    hours: str = ""
    languages: str = ""

    @property
    def scope(self) -> dict[str, Any]:
        """The parameters that limit a query to what this person may see."""
        return {"viewer_organisation": self.organisation_id or 0, "viewer_verified": self.verified}


class Account(NamedTuple):
    """One of a person's accounts; `chat` is the direct conversation with Signpost, "" until it is known.

    `domain` is that of the e-mail address which the platform vouches for, "" where it vouches for none.
    """

    id: int
    person_id: int
    platform: str
    tenant: str
    user: str
    chat: str
    service_url: str
    seen_at: datetime
    domain: str = ""
    gone: bool = False


p = columns(tables.Person)
a = columns(tables.Account)
o = columns(tables.Organisation)
m = columns(tables.Membership)

PERSON = (
    p.id,
    p.name,
    p.role,
    p.organisation_id,
    CALLED,
    p.verified,
    p.language,
    p.zone,
    p.knows,
    p.asked,
    p.findable,
    p.administrator,
    p.kind,
    p.told,
    *(p[said] for said in ("weekly", "away_from", "away_until", "hours", "languages")),
)
ACCOUNT = (a.id, a.person_id, a.platform, a.tenant, a.user, a.chat, a.service_url, a.seen_at, a.domain, a.gone)
people = table(tables.Person).outerjoin(table(tables.Organisation), o.id == p.organisation_id)


def _both(*row: Any) -> tuple[Person, Account]:
    return Person(*row[: len(PERSON)]), Account(*row[len(PERSON) :])


def _account(*conditions: ColumnElement[bool]) -> Any:
    return (
        select(*PERSON, *ACCOUNT)
        .select_from(people.join(table(tables.Account), a.person_id == p.id))
        .where(*conditions)
    )


_BY_ACCOUNT = statement(
    _account(a.platform == bindparam("platform"), a.tenant == bindparam("tenant"), a.user == bindparam("user")), _both
)
_HOME = statement(_account(p.id == bindparam("person")).order_by(a.gone, a.seen_at.desc(), a.id.desc()).limit(1), _both)
_ACCOUNT = statement(_account(a.id == bindparam("account")), _both)
_ACCOUNTS = statement(select(*ACCOUNT).where(a.person_id == bindparam("person")).order_by(a.id), Account)
_PERSON = statement(select(*PERSON).select_from(people).where(p.id == bindparam("person"), p.active.is_(True)), Person)
_SAID = ("name", "role", "verified", "language", "zone", "knows", "asked", "findable")
_ADD = statement(
    insert(table(tables.Person))
    .values(
        **{column: bindparam(column) for column in _SAID},
        organisation_id=bindparam("organisation"),
        weekly=3,
        administrator=False,
        active=True,
        created_at=bindparam("now"),
    )
    .returning(p.id)
)
_ADD_ACCOUNT = statement(
    insert_or_ignore(table(tables.Account))
    .values(
        person_id=bindparam("person"),
        platform=bindparam("platform"),
        tenant=bindparam("tenant"),
        user=bindparam("user"),
        chat=bindparam("chat"),
        service_url=bindparam("service_url"),
        seen_at=bindparam("now"),
    )
    .returning(a.id)
)
_SEEN = statement(
    update(table(tables.Account))
    .where(a.id == bindparam("account"))
    .values(seen_at=bindparam("now"), chat=bindparam("to_chat"), service_url=bindparam("to_service_url"))
)
_GONE = statement(update(table(tables.Account)).where(a.id == bindparam("account")).values(gone=bindparam("to_gone")))


def _changed(**values: Any) -> Statement[tuple[Any, ...]]:
    return statement(update(table(tables.Person)).where(p.id == bindparam("person")).values(values))


_SAY_ROLE = _changed(role=bindparam("to"))
_SAY_KNOWS = _changed(knows=bindparam("to"))
_SAY_LANGUAGE = _changed(language=bindparam("to"))
_PROPOSE_LANGUAGE = statement(
    update(table(tables.Person)).where(p.id == bindparam("person"), p.language == "").values(language=bindparam("to"))
)
_stays = case((p.organisation_id == bindparam("to_organisation"), p.administrator), else_=false())
"""Whether they are an administrator: of the organisation that they were appointed in, and of no other."""
_CLAIM = _changed(organisation_id=bindparam("to_organisation"), verified=bindparam("to_verified"), administrator=_stays)
_SAY_KIND = _changed(kind=bindparam("to"))
_ALLOW_ASKING = _changed(asked=bindparam("allowed"))
_ALLOW_FINDING = _changed(findable=bindparam("allowed"))
_DESCRIBE = _changed(
    name=bindparam("to_name"),
    zone=bindparam("to_zone"),
    organisation_id=bindparam("to_organisation"),
    verified=bindparam("to_verified"),
    administrator=_stays,
    active=bindparam("to_active"),
)
_PLACES = statement(
    update(table(tables.Membership))
    .where(m.person_id == bindparam("person"))
    .values(
        role=select(p.role).where(p.id == bindparam("person")).scalar_subquery(),
        organisation_id=select(case((p.verified.is_(True), p.organisation_id)))
        .where(p.id == bindparam("person"))
        .scalar_subquery(),
        active=select(p.active).where(p.id == bindparam("person")).scalar_subquery(),
        findable=select(and_(p.findable, p.verified, p.active)).where(p.id == bindparam("person")).scalar_subquery(),
    )
)
_MOVE_ACCOUNT = statement(
    update(table(tables.Account)).where(a.id == bindparam("account")).values(person_id=bindparam("to_person"))
)
_SAY_DOMAIN = statement(
    update(table(tables.Account))
    .where(a.id == bindparam("account"), a.domain != bindparam("to_domain"))
    .values(domain=bindparam("to_domain"))
)


class People:
    """Queries about people, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def by_account(self, platform: str, tenant: str, user: str) -> tuple[Person, Account] | None:
        """Who speaks from this account, or None where it is new."""
        return self._tx.one(_BY_ACCOUNT, platform=platform, tenant=tenant, user=user)

    def find(self, person: int) -> Person | None:
        """The person with this number, unless they left."""
        return self._tx.one(_PERSON, person=person)

    def home(self, person: int) -> Account | None:
        """The account they were last seen on, a closed one only where they have no other: where messages to them go."""
        found = self._tx.one(_HOME, person=person)
        return found[1] if found else None

    def by_account_id(self, account: int) -> tuple[Person, Account] | None:
        """The person and account with this account number."""
        return self._tx.one(_ACCOUNT, account=account)

    def accounts(self, person: int) -> list[Account]:
        """All their accounts, the oldest first."""
        return self._tx.all(_ACCOUNTS, person=person)

    def add(
        self,
        name: str,
        now: datetime,
        *,
        organisation: int | None = None,
        verified: bool = False,
        **said: Any,
    ) -> int:
        """A new person; nothing may be asked of them and nobody finds them until they say so."""
        details = {
            "role": "",
            "language": "",
            "zone": "Europe/London",
            "knows": "",
            "asked": False,
            "findable": False,
        }
        row = {**details, **said}
        number: int = self._tx.value(_ADD, name=name, now=now, organisation=organisation, verified=verified, **row)
        return number

    def add_account(
        self, person: int, where: tuple[str, str, str], now: datetime, *, chat: str = "", service_url: str = ""
    ) -> int | None:
        """The new account (platform, tenant, user), or None where somebody has it."""
        platform, tenant, user = where
        row = {"platform": platform, "tenant": tenant, "user": user, "chat": chat, "service_url": service_url}
        number: int | None = self._tx.value(_ADD_ACCOUNT, person=person, now=now, **row)
        return number

    def seen(self, account: int, now: datetime, *, chat: str, service_url: str) -> None:
        """This account spoke now, from this direct chat: messages go here from now on."""
        self._tx.run(_SEEN, account=account, now=now, to_chat=chat, to_service_url=service_url)

    def closed(self, account: int, gone: bool) -> None:
        """Its platform says that this account is closed, or that it is not."""
        self._tx.run(_GONE, account=account, to_gone=gone)

    def say_role(self, person: int, role: str) -> None:
        """Their role is what they said, in every community."""
        self._tx.run(_SAY_ROLE, person=person, to=role)
        Search(self._tx).changed("person", person)
        self.place(person)

    def claim(self, person: int, organisation: int | None, *, verified: bool) -> None:
        """They are of this organisation, which an address of theirs vouches for, or which they alone say."""
        self._tx.run(_CLAIM, person=person, to_organisation=organisation, to_verified=verified)
        self.place(person)

    def say_domain(self, account: int, domain: str) -> bool:
        """Whether that is news: the platform vouches for an address at this domain, or for none where it is ""."""
        return self._tx.run(_SAY_DOMAIN, account=account, to_domain=domain) == 1

    def place(self, person: int) -> None:
        """Each of their memberships says their role, their verified organisation, and whether they may be found."""
        self._tx.run(_PLACES, person=person)

    def say_knows(self, person: int, knows: str) -> None:
        """What they know is what they said, one line."""
        self._tx.run(_SAY_KNOWS, person=person, to=knows)
        Search(self._tx).changed("person", person)

    def say_language(self, person: int, language: str) -> None:
        """They read this language ("en", "cy"), whatever their platform proposes."""
        self._tx.run(_SAY_LANGUAGE, person=person, to=language)

    def propose_language(self, person: int, language: str) -> None:
        """They read this language, unless they have chosen one themselves."""
        self._tx.run(_PROPOSE_LANGUAGE, person=person, to=language)

    def say_kind(self, person: int, kind: str) -> None:
        """They are what they said: a civil servant, a contractor or a supplier."""
        self._tx.run(_SAY_KIND, person=person, to=kind)

    def allow_asking(self, person: int, allowed: bool) -> None:
        """Questions may, or may not, be brought to them."""
        self._tx.run(_ALLOW_ASKING, person=person, allowed=allowed)

    def allow_finding(self, person: int, allowed: bool) -> None:
        """Others may, or may not, find them."""
        self._tx.run(_ALLOW_FINDING, person=person, allowed=allowed)
        self.place(person)

    def describe(self, person: Person, name: str, zone: str, *, verified: bool, active: bool) -> None:
        """Their name and zone are what their platform says; verified where it vouches that they are no guest."""
        self._tx.run(
            _DESCRIBE,
            person=person.id,
            to_name=name or person.name,
            to_zone=zone or person.zone,
            to_organisation=person.organisation_id,
            to_verified=verified,
            to_active=active,
        )
        self.place(person.id)

    def move_account(self, account: int, person: int) -> None:
        """The account is this person's from now on."""
        self._tx.run(_MOVE_ACCOUNT, account=account, to_person=person)
