"""What the engine promises, checked on what the database holds and on what the platforms took."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from bot.text import Reader, say
from bot.ui import load_drawable
from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns
from storage.tray import queue_of
from tests.everywhere.chats import PACE, Arrived, Chat, within
from tests.everywhere.deeds import DAYS, Given

UNSETTLED = ("waiting", "sending")
AT_MOST_ONCE = ("reminder", "announcement")


class Message(NamedTuple):
    """One row of the outbox."""

    id: int
    lane: str
    kind: str
    rank: int
    bucket: str
    state: str
    due_at: datetime
    body: str
    mirror_id: int | None

    @property
    def words(self) -> str:
        return say(load_drawable(self.body).title, Reader()) if self.body else ""


class Lane(NamedTuple):
    """One row of the lanes."""

    name: str
    queue: str
    due_at: datetime | None
    leased_until: datetime | None
    next_at: datetime | None


class Rows(NamedTuple):
    """What the database holds."""

    messages: list[Message]
    lanes: list[Lane]
    did: Counter[tuple[str, str]]
    """How often each thing took effect."""
    timers: list[str]
    mirrors: dict[int, str]
    """The mirrors, and the message that each of them is."""
    welcomes: set[int]
    """Those of them that are a welcome."""


TOLD, WELCOME = "told", "welcome"
"""What is written of, and sent to, each person who is new, beside the answer to their command."""
x, a, d, s, r = (columns(one) for one in (tables.Outbox, tables.Lane, tables.Audit, tables.Timer, tables.Mirror))
_MESSAGES = statement(
    select(x.id, x.lane, x.kind, x.rank, x.bucket, x.state, x.due_at, x.body, x.mirror_id).order_by(x.id), Message
)
_LANES = statement(select(a.name, a.queue, a.due_at, a.leased_until, a.next_at), Lane)
_DID = statement(select(d.verb, d.subject, func.count()).group_by(d.verb, d.subject))
_TIMERS = statement(select(s.state), str)
_MIRRORS = statement(select(r.id, r.message))
_WELCOMES = statement(select(r.id).where(r.subject == WELCOME), int)


def rows(tx: Transaction) -> Rows:
    """Everything that the promises are about, at one instant."""
    did = Counter({(verb, subject): count for verb, subject, count in tx.all(_DID)})
    messages, timers, welcomes = tx.all(_MESSAGES), tx.all(_TIMERS), set(tx.all(_WELCOMES))
    return Rows(messages, tx.all(_LANES), did, timers, dict(tx.all(_MIRRORS)), welcomes)


def check_effects(found: Rows, given: Sequence[Given], acknowledged: dict[int, str]) -> None:
    """Every acknowledged command took effect once, every other at most once, and each left all it owes or nothing."""
    assert all(count == 1 for (verb, _), count in found.did.items() if verb not in ("altered", TOLD)), found.did
    owed = Counter(message.words for message in found.messages if message.body)
    assert all(count == 1 for count in owed.values()), owed
    welcomes = [message for message in found.messages if message.mirror_id in found.welcomes]
    shown = Counter(message.lane for message in welcomes if message.state != "undeliverable")  # else once more
    assert all(count == 1 for count in shown.values()), shown
    assert sum(count for (verb, _), count in found.did.items() if verb == TOLD) == len(welcomes)
    for one in given:
        done = found.did[("did", str(one.number))]
        there = [words in owed for words in one.promises()]
        assert done == (one.number in acknowledged and one.leaves_a_trace) or one.number not in acknowledged
        assert all(there) if done or one.number in acknowledged else not any(there) or not one.leaves_a_trace
        assert (f"{one.number} rings" in owed) == (found.did[("rang", str(one.number))] == 1)
    assert sum(found.did[("altered", "1")] for _ in (1,)) == sum(
        found.did[("did", str(one.number))] for one in given if one.deed == "alter"
    )


def check_lanes(found: Rows) -> None:
    """A lane in which something waits is found when it is due, one that is leased has something on its way."""
    by_lane: dict[str, list[Message]] = defaultdict(list)
    for message in found.messages:
        if message.state in UNSETTLED:
            by_lane[message.lane].append(message)
    assert by_lane.keys() <= {lane.name for lane in found.lanes}
    for lane in found.lanes:
        first = min(by_lane[lane.name], key=lambda one: (one.rank, one.id), default=None)
        if lane.leased_until is not None:
            assert lane.due_at == lane.leased_until
            assert any(one.state == "sending" for one in by_lane[lane.name]), lane
        elif first is None:
            assert lane.due_at is None, lane
        else:
            assert lane.queue == queue_of(first.rank, first.bucket), (lane, first)
            assert lane.due_at is not None and lane.due_at <= max(first.due_at, lane.next_at or first.due_at)


def check_settled(found: Rows, settled: dict[int, str]) -> None:
    """What was settled stays as it was settled; `settled` is what was seen of that before."""
    for message in found.messages:
        assert settled.get(message.id, message.state) == message.state
        if message.state not in UNSETTLED:
            settled[message.id] = message.state


def check_arrivals(found: Rows, chat: Chat) -> None:
    """Conversations are in order within a rank, at their pace, and what is drawn anew never shows something older."""
    assert chat.overlaps == []
    ranks = {message.id: message.rank for message in found.messages}
    last: dict[tuple[str, int], int] = {}
    shown: dict[str, str] = {}
    instants: dict[str, list[datetime]] = defaultdict(list)
    for one in chat.arrived:
        where = one.conversation, ranks[one.outbox]
        assert last.get(where, 0) <= one.outbox, f"{one} is out of order"
        last[where] = one.outbox
        assert version(shown.get(one.message, "")) <= version(one.words)
        shown[one.message] = one.words
        instants[one.conversation].append(one.at)
    assert all(within(PACE, taken) for taken in instants.values())


def version(words: str) -> int:
    """The number of changes that the record shows; 0 where the words are no record's."""
    return int(words.removeprefix("altered ")) if words.startswith("altered ") else 0


def check_kept(found: Rows, given: Sequence[Given], chats: Sequence[Chat]) -> None:
    """After a quiet time nothing waits, all was repeated, and each message arrived as often as its kind allows."""
    tolled = Counter(subject.partition(" ")[0] for verb, subject in found.did if verb == "tolled")
    repeats = {str(one.number) for one in given if one.deed == "repeat"}
    assert tolled == {number: DAYS for number in repeats if found.did[("did", number)]}
    assert [message for message in found.messages if message.state in UNSETTLED] == []
    assert [lane for lane in found.lanes if lane.due_at or lane.leased_until] == []
    assert set(found.timers) <= {"fired"}
    posted: dict[int, list[Arrived]] = defaultdict(list)
    for chat in chats:
        for one in chat.arrived:
            if not one.redraw:
                posted[one.outbox].append(one)
    for message in found.messages:
        if message.body:
            chat = next(chat for chat in chats if message.lane.startswith(f"{chat.name}:"))
            check_message(message, posted[message.id], chat, found)


def check_message(message: Message, posted: list[Arrived], chat: Chat, found: Rows) -> None:
    """This message arrived as often as it says, and what is to happen otherwise did so only otherwise."""
    number = message.words.partition(" ")[0]
    failed = message.state == "undeliverable"
    assert failed == (found.did[("another way", number)] == 1) or not message.words.endswith("handed")
    if failed:
        assert message.id in chat.blocked
    elif message.state == "uncertain":
        assert message.kind in AT_MOST_ONCE and len(posted) <= 1
    else:
        assert message.state == "sent" and posted, message
    can_be_asked = chat.answers and ":U" in message.lane
    most = 1 if can_be_asked or message.kind in AT_MOST_ONCE else 1 + sum(one.excused for one in posted[:-1])
    assert len(posted) <= most, posted


def check_mirrors(found: Rows, chats: Sequence[Chat]) -> None:
    """Every mirror shows its record as it is now, and is one message where its platform can be asked."""
    newest = f"altered {found.did[('altered', '1')]}"
    last = {message.mirror_id: message for message in found.messages if message.mirror_id}
    for mirror, message in found.mirrors.items():
        chat = next(chat for chat in chats if last[mirror].lane.startswith(f"{chat.name}:"))
        if last[mirror].state == "undeliverable":
            assert last[mirror].id in chat.blocked
        else:
            words = chat.shown()[message]
            assert mirror in found.welcomes or words == newest
        mine = set(_of(mirror, found))
        posts = [one for one in chat.arrived if one.outbox in mine and not one.redraw]
        excused = sum(one.excused for one in posts[:-1]) if not chat.answers or mine & chat.blocked else 0
        assert len(posts) <= 1 + excused


def _of(mirror: int, found: Rows) -> Iterator[int]:
    return (message.id for message in found.messages if message.mirror_id == mirror)
