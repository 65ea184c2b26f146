"""Two people who turn out to be one: everything of the one who goes becomes the one's who stays."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, case, delete, exists, or_, select, update
from sqlmodel import SQLModel

from storage.database import Transaction
from storage.people import People, Person
from storage.search import Search
from storage.skills import LEVELS
from storage.statements import Statement, statement
from storage.tables import (
    Activity,
    Answer,
    Attendance,
    BusyHour,
    Evidence,
    Membership,
    Mirror,
    Offer,
    Outbox,
    PersonSkill,
    Question,
    columns,
    table,
)
from storage.tables import Person as PersonTable


def _movers() -> list[tuple[Statement[tuple[object, ...]], Statement[tuple[object, ...]]]]:
    """For each column that names a person: move its rows, but where the one who stays has the same; then drop those."""
    return [
        (_move(rows, column.name), _drop(rows, column.name))
        for _, rows in sorted(SQLModel.metadata.tables.items())
        for column in rows.c
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def _move(rows: Table, column: str) -> Statement[tuple[object, ...]]:
    names = rows.c[column]
    moved = update(rows).where(names == bindparam("goes")).values({column: bindparam("stays")})
    for rule in rows.constraints:
        unique = [part for part in getattr(rule, "columns", ()) if part.name != column]
        if type(rule).__name__ != "UniqueConstraint" or names not in list(getattr(rule, "columns", ())):
            continue
        same = rows.alias("same")
        taken = select(same.c.id).where(same.c[column] == bindparam("stays"), *(same.c[p.name] == p for p in unique))
        moved = moved.where(~taken.exists())
    return statement(moved)


def _drop(rows: Table, column: str) -> Statement[tuple[object, ...]]:
    return statement(delete(rows).where(rows.c[column] == bindparam("goes")))


def added_up(rows: Table, same: str, sums: Sequence[str]) -> Statement[tuple[object, ...]]:
    """Where both have a row with the same value in this column, that of the one who stays has the sums of both."""
    other = rows.alias("other")
    theirs = (other.c.person_id == bindparam("goes"), other.c[same] == rows.c[same])
    added = {name: rows.c[name] + select(other.c[name]).where(*theirs).scalar_subquery() for name in sums}
    mine = rows.c.person_id == bindparam("stays")
    return statement(update(rows).where(mine, exists(select(other.c.id).where(*theirs))).values(added))


_MOVERS = _movers()
_person = columns(PersonTable)
_member = columns(Membership)
_offer = columns(Offer)
_coming = columns(Attendance)
_mirror = columns(Mirror)
_outbox = columns(Outbox)
_question = columns(Question)
_answer = columns(Answer)
_evidence = columns(Evidence)

_OWN = statement(
    update(table(Membership))
    .where(
        _member.person_id == bindparam("stays"),
        _member.community_id.in_(
            select(_member.community_id).where(_member.person_id == bindparam("goes"), _member.owner.is_(True))
        ),
    )
    .values(owner=True)
)

_theirs = table(Offer).alias("theirs")
_same_offer = (_theirs.c.person_id == bindparam("goes"), _theirs.c.question_id == _offer.question_id)
_OFFERS = statement(
    update(table(Offer))
    .where(
        _offer.person_id == bindparam("stays"),
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
    _later.c.person_id == bindparam("goes"),
    _later.c.showcase_id == _coming.showcase_id,
    _later.c.at > _coming.at,
)
_COMING = statement(
    update(table(Attendance))
    .where(_coming.person_id == bindparam("stays"), exists(select(_later.c.id).where(*_said_later)))
    .values(going=select(_later.c.going).where(*_said_later).scalar_subquery())
)
"""The last word counts, whichever account it was said from."""

_known = columns(PersonSkill)
_other = table(PersonSkill).alias("other_skill")
_same_skill = (_other.c.person_id == bindparam("goes"), _other.c.folded == _known.folded)


def _height(level: ColumnElement[str]) -> ColumnElement[int]:
    return case(*((level == name, height) for height, name in enumerate(LEVELS)), else_=0)


_HIGHER = statement(
    update(table(PersonSkill))
    .where(
        _known.person_id == bindparam("stays"),
        exists(select(_other.c.id).where(*_same_skill, _height(_other.c.level) > _height(_known.level))),
    )
    .values(level=select(_other.c.level).where(*_same_skill).scalar_subquery())
)
"""What both say they know is known as well as either says."""

_same_mirror = table(Mirror).alias("same_mirror")
_twice = select(_mirror.id).where(
    _mirror.person_id == bindparam("goes"),
    exists(
        select(_same_mirror.c.id).where(
            _same_mirror.c.person_id == bindparam("stays"),
            _same_mirror.c.subject == _mirror.subject,
            _same_mirror.c.subject_id == _mirror.subject_id,
        )
    ),
)
_TWICE = statement(_twice.add_columns(_mirror.subject, _mirror.subject_id).order_by(_mirror.id))
_UNSENT = statement(delete(table(Outbox)).where(_outbox.mirror_id.in_(_twice)))
_LOOSE = statement(update(table(Mirror)).where(_mirror.under_id.in_(_twice)).values(under_id=None))
_OWN_QUESTIONS = statement(
    delete(table(Offer)).where(
        _offer.person_id == bindparam("stays"),
        _offer.question_id.in_(select(_question.id).where(_question.asker_id == bindparam("stays"))),
    )
)
_OWN_EVIDENCE = statement(
    delete(table(Evidence)).where(_evidence.person_id == bindparam("stays"), _evidence.asker_id == bindparam("stays"))
)
_ADDED_UP = [
    added_up(table(Activity), "community_id", ("answered", "accepted", "thanked", "ten_days", "quarter", "half_year")),
    added_up(table(BusyHour), "hour", ("half_year",)),
]
"""What either did in a community, or at an hour, was done by the one who stays."""
_either: list[BindParameter[int]] = [bindparam("stays"), bindparam("goes")]
_ASKED = statement(select(_question.id).where(_question.asker_id.in_(_either), _question.state == "open"), int)
_SAID = statement(
    select(_answer.id)
    .join_from(table(Answer), table(Question), _question.id == _answer.question_id)
    .where(_answer.author_id.in_(_either), _question.state == "open"),
    int,
)
_DESCRIBE = statement(
    update(table(PersonTable))
    .where(_person.id == bindparam("stays"))
    .values(
        **{
            name: bindparam(f"to_{name}")
            for name in (
                *("name", "language", "zone", "asked", "findable", "role", "knows", "kind"),
                *("weekly", "away_from", "away_until", "hours", "languages"),
            )
        },
        organisation_id=bindparam("to_organisation"),
        verified=bindparam("to_verified"),
        administrator=bindparam("to_administrator"),
    )
)
_GONE = statement(delete(table(PersonTable)).where(_person.id == bindparam("goes")))


def become_one(tx: Transaction, *, stays: Person, profile: Person) -> list[tuple[str, int]]:
    """Everything of both is of the one who `stays`, described as `profile`, who is gone; where both had the same, once.

    The profile's own words stay, and what it did not allow is not allowed. What it lacks comes from the other, and so
    does the organisation where only the other's is verified. Which number remains shows nowhere: the one who speaks
    stays, since the reply is theirs. Gives the open records (kind and number) that must be drawn again.
    """
    both = {"stays": stays.id, "goes": profile.id}
    shown = [("question", number) for number in tx.all(_ASKED, **both)]
    shown += [("answer", number) for number in tx.all(_SAID, **both)]
    shown += [(str(kind), int(number)) for _, kind, number in tx.all(_TWICE, **both)]
    for merge in (_OWN, _OFFERS, _COMING, _HIGHER, _UNSENT, _LOOSE, *_ADDED_UP):
        tx.run(merge, **both)
    for move, drop in _MOVERS:
        tx.run(move, **both)
        tx.run(drop, goes=profile.id)
    tx.run(_OWN_QUESTIONS, stays=stays.id)
    tx.run(_OWN_EVIDENCE, stays=stays.id)
    _describe(tx, stays, profile)
    tx.run(_GONE, goes=profile.id)
    Search(tx).changed("person", stays.id, profile.id)
    People(tx).place(stays.id)
    return list(dict.fromkeys(shown))


def _describe(tx: Transaction, stays: Person, profile: Person) -> None:
    """An administrator is one of the organisation that vouches for them, and of no other.

    They are away when the profile is, else when the other is; they speak the languages of both.
    """
    vouched = stays if stays.verified and not profile.verified else profile
    away = profile if profile.away_until else stays
    tx.run(
        _DESCRIBE,
        stays=stays.id,
        to_name=profile.name,
        to_language=profile.language,
        to_zone=profile.zone,
        to_asked=profile.asked,
        to_findable=profile.findable,
        to_role=profile.role or stays.role,
        to_knows=profile.knows or stays.knows,
        to_kind=profile.kind or stays.kind,
        to_weekly=profile.weekly,
        to_away_from=away.away_from,
        to_away_until=away.away_until,
        to_hours=profile.hours or stays.hours,
        to_languages=" ".join(dict.fromkeys(f"{profile.languages} {stays.languages}".split())),
        to_organisation=vouched.organisation_id,
        to_verified=vouched.verified,
        to_administrator=vouched.administrator,
    )
