"""Two people who turn out to be one: everything of the other becomes the kept one's."""

from datetime import datetime

from sqlalchemy import Table, bindparam, delete, exists, or_, select, update
from sqlmodel import SQLModel

from storage.database import Transaction
from storage.people import Person
from storage.statements import Statement, statement
from storage.tables import Answer, Attendance, LinkCode, Membership, Mirror, Offer, Outbox, Question, columns, table
from storage.tables import Person as PersonTable


def _movers() -> list[tuple[Statement[tuple[object, ...]], Statement[tuple[object, ...]]]]:
    """For each column that names a person: move its rows, but where the kept one has the same; then drop those."""
    return [
        (_move(rows, column.name), _drop(rows, column.name))
        for _, rows in sorted(SQLModel.metadata.tables.items())
        for column in rows.c
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def _move(rows: Table, column: str) -> Statement[tuple[object, ...]]:
    names = rows.c[column]
    moved = update(rows).where(names == bindparam("other")).values({column: bindparam("kept")})
    for rule in rows.constraints:
        unique = [part for part in getattr(rule, "columns", ()) if part.name != column]
        if type(rule).__name__ != "UniqueConstraint" or names not in list(getattr(rule, "columns", ())):
            continue
        same = rows.alias("same")
        taken = select(same.c.id).where(same.c[column] == bindparam("kept"), *(same.c[p.name] == p for p in unique))
        moved = moved.where(~taken.exists())
    return statement(moved)


def _drop(rows: Table, column: str) -> Statement[tuple[object, ...]]:
    return statement(delete(rows).where(rows.c[column] == bindparam("other")))


_MOVERS = _movers()
_person = columns(PersonTable)
_member = columns(Membership)
_offer = columns(Offer)
_coming = columns(Attendance)
_mirror = columns(Mirror)
_outbox = columns(Outbox)
_question = columns(Question)
_answer = columns(Answer)
_code = columns(LinkCode)

_OWN = statement(
    update(table(Membership))
    .where(
        _member.person_id == bindparam("kept"),
        _member.community_id.in_(
            select(_member.community_id).where(_member.person_id == bindparam("other"), _member.owner.is_(True))
        ),
    )
    .values(owner=True)
)

_theirs = table(Offer).alias("theirs")
_same_offer = (_theirs.c.person_id == bindparam("other"), _theirs.c.question_id == _offer.question_id)
_OFFERS = statement(
    update(table(Offer))
    .where(
        _offer.person_id == bindparam("kept"),
        exists(select(_theirs.c.id).where(*_same_offer)),
        or_(
            _offer.state.in_(["planned", "undelivered"]),
            exists(select(_theirs.c.id).where(*_same_offer, _theirs.c.state == "answered")),
        ),
    )
    .values(state=select(_theirs.c.state).where(*_same_offer).scalar_subquery())
)
"""Who answered a question as either has answered it; what reached either was brought to them."""

_later = table(Attendance).alias("later")
_said_later = (
    _later.c.person_id == bindparam("other"),
    _later.c.showcase_id == _coming.showcase_id,
    _later.c.at > _coming.at,
)
_COMING = statement(
    update(table(Attendance))
    .where(_coming.person_id == bindparam("kept"), exists(select(_later.c.id).where(*_said_later)))
    .values(going=select(_later.c.going).where(*_said_later).scalar_subquery())
)
"""The last word counts, whichever account it was said from."""

_kept_mirror = table(Mirror).alias("kept_mirror")
_twice = select(_mirror.id).where(
    _mirror.person_id == bindparam("other"),
    exists(
        select(_kept_mirror.c.id).where(
            _kept_mirror.c.person_id == bindparam("kept"),
            _kept_mirror.c.subject == _mirror.subject,
            _kept_mirror.c.subject_id == _mirror.subject_id,
        )
    ),
)
_TWICE = statement(_twice.add_columns(_mirror.subject, _mirror.subject_id).order_by(_mirror.id))
_UNSENT = statement(delete(table(Outbox)).where(_outbox.mirror_id.in_(_twice)))
_LOOSE = statement(update(table(Mirror)).where(_mirror.under_id.in_(_twice)).values(under_id=None))
_OWN_QUESTIONS = statement(
    delete(table(Offer)).where(
        _offer.person_id == bindparam("kept"),
        _offer.question_id.in_(select(_question.id).where(_question.asker_id == bindparam("kept"))),
    )
)
_ASKED = statement(select(_question.id).where(_question.asker_id == bindparam("other"), _question.state == "open"), int)
_SAID = statement(
    select(_answer.id)
    .join_from(table(Answer), table(Question), _question.id == _answer.question_id)
    .where(_answer.author_id == bindparam("other"), _question.state == "open"),
    int,
)
_VOUCH = statement(
    update(table(PersonTable))
    .where(_person.id == bindparam("kept"))
    .values(
        organisation_id=bindparam("organisation"),
        verified=bindparam("verified"),
        administrator=bindparam("administrator"),
        role=bindparam("role"),
        knows=bindparam("knows"),
    )
)
_GONE = statement(delete(table(PersonTable)).where(_person.id == bindparam("other")))
_GIVER = statement(
    select(_code.person_id).where(
        _code.digest == bindparam("digest"), _code.used_at.is_(None), _code.expires_at > bindparam("now")
    ),
    int,
)


def giver_of(tx: Transaction, digest: str, now: datetime) -> int | None:
    """The person whose code this is, while it is good; it stays good. None where it is wrong, used or expired."""
    return tx.one(_GIVER, digest=digest, now=now)


def become_one(tx: Transaction, *, kept: Person, other: Person) -> list[tuple[str, int]]:
    """Accounts, memberships, questions and all else of `other` are of `kept`; where both had the same, once.

    The kept one's own words stay; what it lacks comes from the other, and so does the organisation where only the
    other's is verified. What either allowed stays allowed only where the kept one allowed it.
    Gives the open records (kind and number) that show the person who is gone: they must be drawn again.
    """
    both = {"kept": kept.id, "other": other.id}
    shown = [("question", number) for number in tx.all(_ASKED, other=other.id)]
    shown += [("answer", number) for number in tx.all(_SAID, other=other.id)]
    shown += [(str(kind), int(number)) for _, kind, number in tx.all(_TWICE, **both)]
    for merge in (_OWN, _OFFERS, _COMING, _UNSENT, _LOOSE):
        tx.run(merge, **both)
    for move, drop in _MOVERS:
        tx.run(move, **both)
        tx.run(drop, other=other.id)
    tx.run(_OWN_QUESTIONS, kept=kept.id)
    _describe(tx, kept, other)
    tx.run(_GONE, other=other.id)
    return list(dict.fromkeys(shown))


def _describe(tx: Transaction, kept: Person, other: Person) -> None:
    """An administrator is one of the organisation that vouches for them, and of no other."""
    vouched = other if other.verified and not kept.verified else kept
    tx.run(
        _VOUCH,
        kept=kept.id,
        organisation=vouched.organisation_id,
        verified=vouched.verified,
        administrator=vouched.administrator,
        role=kept.role or other.role,
        knows=kept.knows or other.knows,
    )
