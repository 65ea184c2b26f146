"""Messages that need somebody: given up, or perhaps arrived. Listed, tried again, dropped, and counted by why."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, distinct, exists, func, literal, select, update

from storage import tables
from storage.database import Transaction
from storage.statements import ConflictInsert, statement
from storage.tables import columns, table
from storage.tray import TRIES, queue_of, woken

UNDECIDED = ("dead", "undeliverable", "uncertain")
"""The states that somebody has to look at: tried in vain, refused for good, and perhaps arrived."""


class Letter(NamedTuple):
    """One message, by its numbers alone. `due_at` is when it was settled, or is to be tried next."""

    id: int
    state: str
    kind: str
    lane: str
    person_id: int | None
    attempt: int
    created_at: datetime
    due_at: datetime
    reason: str


class Failure(NamedTuple):
    """How many messages failed for one reason: to how many people, and in how many conversations of nobody's own.

    `why` is the word that their reason begins with, or for want of one their state.
    """

    why: str
    messages: int
    people: int
    places: int


class Brought(NamedTuple):
    """Of the questions that did not reach someone: how many are with someone else, and how many open ones with none."""

    elsewhere: int
    nowhere: int


class _Place(NamedTuple):
    """What wakes a message's conversation."""

    id: int
    lane: str
    kind: str
    rank: int
    bucket: str


x = columns(tables.Outbox)
a = columns(tables.Lane)
r = columns(tables.Mirror)
q = columns(tables.Question)
f = columns(tables.Offer)

_LISTED = statement(
    select(x.id, x.state, x.kind, x.lane, x.person_id, x.attempt, x.created_at, x.due_at, x.reason)
    .where(x.state == bindparam("state"))
    .order_by(x.created_at.desc(), x.id.desc())
    .limit(bindparam("most")),
    Letter,
)
_STATES = statement(select(x.id, x.state).where(x.id.in_(bindparam("ids", expanding=True))))
_THOSE = statement(
    select(x.id)
    .where(x.state.in_(bindparam("states", expanding=True)), x.due_at <= bindparam("before"), x.id > bindparam("after"))
    .order_by(x.id)
    .limit(bindparam("most")),
    int,
)
_PLACES = statement(
    select(x.id, x.lane, x.kind, x.rank, x.bucket)
    .where(x.id.in_(bindparam("ids", expanding=True)), x.state.in_(UNDECIDED))
    .order_by(x.id),
    _Place,
)
# As many tries again, with numbers that no earlier try had: one that still runs somewhere cannot settle the new one.
_next_round = (x.attempt + TRIES - 1) // TRIES * TRIES
_RETRY = statement(
    update(table(tables.Outbox))
    .where(x.id == bindparam("letter"))
    .values(state=bindparam("to_state"), attempt=_next_round, due_at=bindparam("to_due"), reason="")
)
_WAKE = statement(
    woken(
        ConflictInsert(table(tables.Lane)).values(
            name=bindparam("lane"), queue=bindparam("queue"), due_at=bindparam("now")
        )
    )
)
# It is older than others of its rank, so it is first: the lane does not wait until those are to be tried again.
_GO_FIRST = statement(
    update(table(tables.Lane))
    .where(
        a.name == bindparam("to_lane"),
        a.leased_until.is_(None),
        a.due_at > bindparam("to_due"),
        func.substr(a.queue, 1, 1) >= func.substr(bindparam("to_queue", type_=a.queue.type), 1, 1),
    )
    .values(
        queue=bindparam("to_queue"),
        due_at=case((a.next_at > bindparam("to_due"), a.next_at), else_=bindparam("to_due", type_=a.due_at.type)),
    )
)
_DROP = statement(
    update(table(tables.Outbox))
    .where(x.id.in_(bindparam("ids", expanding=True)), x.state.in_(UNDECIDED))
    .values(state="dropped", due_at=bindparam("to_due"))
)
_failed = (
    x.state.in_(UNDECIDED),
    x.kind.not_in(bindparam("untold", expanding=True)),
    x.due_at >= bindparam("since"),
    func.substr(x.lane, 1, func.length(bindparam("within"))) == bindparam("within"),
)
_TOTAL = statement(
    select(func.count(), func.count(distinct(x.person_id))).where(*_failed, x.state.in_(["dead", "undeliverable"]))
)
_with_someone = exists(select(f.id).where(f.question_id == q.id, f.state.in_(["offered", "answered"])))
_BROUGHT = statement(
    select(
        func.count(distinct(case((_with_someone, q.id)))),
        func.count(distinct(case((and_(q.state == "open", ~_with_someone), q.id)))),
    )
    .select_from(
        table(tables.Outbox)
        .join(table(tables.Mirror), and_(r.id == x.mirror_id, r.subject == "question"))
        .join(table(tables.Question), q.id == r.subject_id)
    )
    .where(*_failed, x.state.in_(["dead", "undeliverable"]), x.otherwise != ""),
    Brought,
)


class Letters:
    """Queries about messages that need somebody, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def listed(self, states: Sequence[str], most: int) -> list[Letter]:
        """Up to so many messages in these states, the newest first."""
        found = [letter for state in states for letter in self._tx.all(_LISTED, state=state, most=most)]
        return sorted(found, key=lambda letter: (letter.created_at, letter.id), reverse=True)[:most]

    def states(self, ids: Collection[int]) -> dict[int, str]:
        """The state of each of these messages; what is not there is left out."""
        return dict(self._tx.all(_STATES, ids=list(ids)))

    def those(self, states: Collection[str], before: datetime, *, after: int, most: int) -> list[int]:
        """The numbers of up to so many messages in these states, settled before then, that follow `after`."""
        return self._tx.all(_THOSE, states=list(states), before=before, after=after, most=most)

    def retry(self, ids: Collection[int], at_most_once: Collection[str], now: datetime) -> None:
        """Those that need somebody are tried again now, with all their tries before them.

        The platform is asked first whether an earlier try arrived; not for kinds that go at most once: whoever tries
        such a one again has decided.
        """
        found = self._tx.all(_PLACES, ids=list(ids))
        states = {kind: "waiting" if kind in at_most_once else "sending" for kind in {one.kind for one in found}}
        self._tx.many(_RETRY, [{"letter": one.id, "to_state": states[one.kind], "to_due": now} for one in found])
        lanes = {(one.lane, queue_of(one.rank, one.bucket)): None for one in found}
        self._tx.many(_WAKE, [{"lane": lane, "queue": queue, "now": now} for lane, queue in lanes])
        self._tx.many(_GO_FIRST, [{"to_lane": lane, "to_queue": queue, "to_due": now} for lane, queue in lanes])

    def drop(self, ids: Collection[int], now: datetime) -> None:
        """Those that need somebody are never sent."""
        self._tx.run(_DROP, ids=list(ids), to_due=now)

    def failures(
        self, within: str, since: datetime, words: Collection[str], *, untold: Collection[str]
    ) -> list[Failure]:
        """What failed since then in lanes that begin with this, by the word of `words` that its reason begins with."""
        reasons: list[Any] = [(x.reason.startswith(f"{word} ", autoescape=True), literal(word)) for word in words]
        why = case((x.state != "undeliverable", x.state), *reasons, else_=x.state).label("why")
        nobodys = case((x.person_id.is_(None), x.lane))
        asked = (
            select(why, func.count(), func.count(distinct(x.person_id)), func.count(distinct(nobodys)))
            .where(*_failed)
            .group_by("why")
            .order_by("why")
        )
        return self._tx.once(asked, Failure, within=within, since=since, untold=list(untold))

    def given_up(self, within: str, since: datetime, *, untold: Collection[str]) -> tuple[int, int]:
        """How many messages were given up since then in these lanes, and to how many people."""
        (total,) = self._tx.all(_TOTAL, within=within, since=since, untold=list(untold))
        return int(total[0]), int(total[1])

    def brought(self, within: str, since: datetime, *, untold: Collection[str]) -> Brought:
        """What became of the questions among them."""
        (found,) = self._tx.all(_BROUGHT, within=within, since=since, untold=list(untold))
        return found
