"""A Signpost that has run for a while: a database with so many questions, and all that grew with them.

Every person asks about once a month, so a database with more questions is an older one with more people in it. What
Signpost forgets in time is as old as it is kept, everything else as old as the questions. Communities have 30 members
at every size, which is what makes the same command comparable; three are large: a third of all people each.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.database import is_postgres, sqlite_file
from storage.schema import upgrade

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""When history ends. Nothing here asks what time it is."""
MEMBERS = 30
LARGE = 3
ORGANISATIONS = 12
DAY = 86_400
MONTH = 30 * DAY
SLOTS = 10
"""Mirrors are numbered by question and slot: its asker, three it was brought to, and both sides of two answers."""
COMING = 8


@dataclass(frozen=True)
class Size:
    """How much there is of everything where so many questions were asked."""

    questions: int

    @property
    def people(self) -> int:
        """Whole communities' worth of people; from 3,000 on, one for every 50 questions."""
        return MEMBERS * -(-max(3_000, self.questions // 50) // MEMBERS)

    @property
    def communities(self) -> int:
        """Communities of 30; the large ones are numbered after them."""
        return max(100, self.questions // 1_000)

    @property
    def showcases(self) -> int:
        """Those that are over; every community has one more to come."""
        return self.questions // 20

    @property
    def seconds_apart(self) -> float:
        """From one question to the next."""
        return MONTH / self.people

    def since(self, days: int) -> int:
        """The first question of the last so many days."""
        return max(1, self.questions - int(days * DAY / self.seconds_apart) + 1)


def slug(community: int) -> str:
    """A community's name as people type it; they are numbered from 0, their rows from 1."""
    return f"community-{community}"


def member(size: Size, community: int, place: int) -> int:
    """The person in this place, 0 to 29, of a community of 30; each third is willing to be asked, from 0 on."""
    return (community * MEMBERS + place) % size.people + 1


def account(person: int) -> tuple[str, str, str]:
    """The platform, tenant and user of a person's one account: half of the organisations are on each platform."""
    organisation = (person - 1) % ORGANISATIONS
    return ("slack" if organisation % 2 else "teams"), f"T{organisation}", f"U{person}"


def coming_showcase(size: Size, community: int) -> int:
    """The showcase of this community that is still to come, more than a year from now."""
    return size.showcases + community + 1


def fill(url: str, questions: int) -> None:
    """The new database at this URL has tables, history and, on PostgreSQL, the statistics that its own vacuum keeps.

    SQLite has none, unless Signpost itself has them gathered.
    """
    upgrade(url)
    write(url, list(_statements(Size(questions), Words(is_postgres(url)))))


def write(url: str, statements: list[str]) -> None:
    """These INSERTs are in the database, by the fastest way that each kind has; PostgreSQL's planner knows the rows."""
    if is_postgres(url):
        _fill_postgres(url, statements)
    else:
        _fill_sqlite(sqlite_file(url), statements)


def _fill_sqlite(file: str, statements: list[str]) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    for faster in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {faster}").fetchall()
    for sql in statements:
        connection.execute(sql)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.close()


def _fill_postgres(url: str, statements: list[str]) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET TIME ZONE 'UTC'")
        for sql in statements:
            connection.execute(sql)
        for (name,) in connection.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        ).fetchall():
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), (SELECT max(id) + 1 FROM \"{name}\"))"
            )
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


@dataclass(frozen=True)
class Words:
    """What the two databases write differently."""

    postgres: bool

    def ago(self, seconds: str) -> str:
        """The instant so many seconds before history ends, as the column keeps it."""
        if self.postgres:
            return f"timestamptz '{NOW.isoformat()}' - ({seconds}) * interval '1 second'"
        return f"strftime('%Y-%m-%d %H:%M:%f000', {NOW.timestamp()} - ({seconds}), 'unixepoch')"


def numbers(first: int, last: int, name: str = "n") -> str:
    """A table of the numbers from first to last in a column i."""
    start = f"SELECT CAST({first} AS bigint) WHERE {first} <= {last}"
    return f"(WITH RECURSIVE r(i) AS ({start} UNION ALL SELECT i + 1 FROM r WHERE i < {last}) SELECT i FROM r) {name}"


def _statements(size: Size, words: Words) -> Iterator[str]:
    """INSERTs in an order in which each refers to what is there."""
    yield from _organisations(words)
    yield from _people(size, words)
    yield from _communities(size, words)
    yield from _questions(size, words)
    yield from _answers(size, words)
    yield from _mirrors(size, words)
    yield from _kept_for_a_time(size, words)
    yield from _showcases(size, words)


def _organisations(words: Words) -> Iterator[str]:
    long_ago = words.ago("100000000")
    every = numbers(1, ORGANISATIONS)
    yield f"""INSERT INTO organisation (id, name, short, created_at)
        SELECT i, 'Organisation ' || i, 'ORG' || i, {long_ago} FROM {every}"""
    yield f"""INSERT INTO agreement (first_id, second_id, agreed_at)
        SELECT n.i, o.i, {long_ago} FROM {every} CROSS JOIN {numbers(1, ORGANISATIONS, "o")} WHERE n.i < o.i"""
    yield f"""INSERT INTO installation
        (platform, tenant, organisation_id, bot, token, service_url, active, created_at)
        SELECT CASE WHEN i % 2 = 0 THEN 'slack' ELSE 'teams' END, 'T' || (i - 1), i, 'B', '', '', true, {long_ago}
        FROM {every}"""


def _people(size: Size, words: Words) -> Iterator[str]:
    every = numbers(1, size.people)
    organisation = f"(i - 1) % {ORGANISATIONS} + 1"
    yield f"""INSERT INTO person (id, name, role, organisation_id, verified, language, zone, knows, asked, findable,
            weekly, administrator, active, created_at)
        SELECT i, 'Person ' || i, 'policy adviser ' || (i % 50), {organisation}, true, 'en', 'Europe/London',
            'registration, company names and topic ' || (i % 200), (i - 1) % 3 = 0, i % 10 = 0,
            3, false, (i - 1) % 90 <> 29, {words.ago("100000000 - i * 1000")} FROM {every}"""
    platform = "CASE WHEN (i - 1) % 2 = 1 THEN 'slack' ELSE 'teams' END"
    tenant = f"'T' || ((i - 1) % {ORGANISATIONS})"
    yield f"""INSERT INTO account (id, person_id, platform, tenant, "user", chat, service_url, seen_at)
        SELECT i, i, {platform}, {tenant}, 'U' || i, 'D' || i, '', {words.ago("i % 2592000")} FROM {every}"""
    yield f"""INSERT INTO lane (name, next_at)
        SELECT {platform} || ':' || {tenant} || ':U' || i, {words.ago("i % 2592000 + 60")} FROM {every}"""


def _communities(size: Size, words: Words) -> Iterator[str]:
    long_ago = words.ago("100000000 - n.i")
    yield f"""INSERT INTO community (id, slug, name, service, outcome, created_by, created_at)
        SELECT i + 1, 'community-' || i, 'Community ' || i, 'Service ' || i, 'People can do it in one go', 1, {long_ago}
        FROM {numbers(0, size.communities + LARGE - 1)}"""
    places = numbers(0, MEMBERS - 1, "p")
    yield f"""INSERT INTO membership (community_id, person_id, owner, joined_at)
        SELECT n.i + 1, (n.i * {MEMBERS} + p.i) % {size.people} + 1, p.i = 0, {long_ago}
        FROM {numbers(0, size.communities - 1)} CROSS JOIN {places}"""
    yield f"""INSERT INTO membership (community_id, person_id, owner, joined_at)
        SELECT {size.communities} + 1 + i % {LARGE}, i, i <= {LARGE}, {long_ago} FROM {numbers(1, size.people)}"""


def _question(size: Size) -> str:
    """Each question i with its community c (from 0) and asker a; people asked are b0, b1, b2, and when, ago."""
    community = f"(i * 7919) % {size.communities}"
    first = f"{community} * {MEMBERS}"
    brought = ", ".join(f"({first} + 3 * ((i / 11 + {3 * k}) % 10)) % {size.people} + 1 AS b{k}" for k in range(3))
    return f"""(SELECT i, {community} AS c, ({first} + 1 + 3 * (i / 7 % 10)) % {size.people} + 1 AS a, {brought},
            ({size.questions} - i) * {size.seconds_apart} AS ago,
            CASE WHEN i % 10 = 0 THEN 'open' WHEN i % 20 = 7 THEN 'withdrawn' ELSE 'answered' END AS state
        FROM {numbers(1, size.questions)}) q"""


def _questions(size: Size, words: Words) -> Iterator[str]:
    every = _question(size)
    asked, answered = words.ago("ago"), words.ago("ago * 0.99")
    yield f"""INSERT INTO question
            (id, community_id, asker_id, organisation_id, text, state, accepted_id, asked_at, answered_at)
        SELECT i, c + 1, a, (a - 1) % {ORGANISATIONS} + 1,
            'Who decides on topic ' || (i % 200) || ' if a company changes its name, number ' || i || '?',
            state, CASE WHEN state = 'answered' THEN 2 * i - 1 END, {asked},
            CASE WHEN state = 'answered' THEN {answered} END FROM {every}"""
    yield f"""INSERT INTO question_version (question_id, text, until)
        SELECT i, 'Who decides on topic ' || (i % 200) || '?', {answered} FROM {every} WHERE i % 20 = 3"""
    for place, state in enumerate(("answered", "offered", "declined")):
        held = f"CASE WHEN state = 'withdrawn' AND {place} = 0 THEN 'offered' ELSE '{state}' END"
        yield f"""INSERT INTO offer (question_id, person_id, state, offered_at)
            SELECT i, b{place}, {held}, {asked} FROM {every}"""


def _answers(size: Size, words: Words) -> Iterator[str]:
    every, written = _question(size), words.ago("ago * 0.995")
    text = "'The team for topic ' || (i % 200) || ' does, within ten days of the request, number ' || i || '.'"
    for number, (author, which) in enumerate((("b0", "i % 20 <> 7"), ("b1", "i % 20 <> 7 AND i % 2 = 0"))):
        yield f"""INSERT INTO answer
                (id, question_id, author_id, organisation_id, kind, text, state, edited, written_at)
            SELECT 2 * i - 1 + {number}, i, {author}, ({author} - 1) % {ORGANISATIONS} + 1, 'answer', {text}, 'sent',
                i % 20 = 5, {written} FROM {every} WHERE {which}"""
    yield f"""INSERT INTO answer_version (answer_id, text, until)
        SELECT 2 * i - 1, {text}, {words.ago("ago * 0.99")} FROM {every} WHERE i % 20 = 5"""


def _mirrors(size: Size, words: Words) -> Iterator[str]:
    every, created = _question(size), words.ago("ago * 0.995")
    said, said_twice = "i % 20 <> 7", "i % 20 <> 7 AND i % 2 = 0"
    slots = [("question", "i", person, "NULL", "true") for person in ("a", "b0", "b1", "b2")]
    slots += [
        ("answer", "2 * i - 1", "b0", f"{SLOTS} * i + 1", said),
        ("answer", "2 * i - 1", "a", f"{SLOTS} * i", said),
    ]
    slots += [
        ("answer", "2 * i", "b1", f"{SLOTS} * i + 2", said_twice),
        ("answer", "2 * i", "a", f"{SLOTS} * i", said_twice),
    ]
    for slot, (subject, number, person, under, which) in enumerate(slots):
        yield f"""INSERT INTO mirror
                (id, subject, subject_id, person_id, account_id, under_id, conversation, message, created_at)
            SELECT {SLOTS} * i + {slot}, '{subject}', {number}, {person}, {person}, {under}, 'D' || {person},
                '1700' || ({SLOTS} * i + {slot}) || '.000100', {created} FROM {every} WHERE {which}"""


def _kept_for_a_time(size: Size, words: Words) -> Iterator[str]:
    """The tray of 30 days, keys and drafts of 7, and the audit, which is kept for ever."""
    month, week = size.since(30), size.since(7)
    lane = f"""CASE WHEN (person_id - 1) % 2 = 1 THEN 'slack' ELSE 'teams' END
        || ':T' || ((person_id - 1) % {ORGANISATIONS}) || ':U' || person_id"""
    for redrawn in ("true", f"id % {SLOTS} < 4"):
        yield f"""INSERT INTO outbox
                (lane, kind, person_id, mirror_id, address, body, otherwise, state, attempt, due_at, reason, created_at)
            SELECT {lane}, 'mirror', person_id, id, '', '', '', 'sent', 1, created_at, '', created_at
            FROM mirror WHERE id >= {SLOTS * month} AND {redrawn} ORDER BY id"""
    every = _question(size)
    for verb, subject, which in (
        ("ask", "question ", "true"),
        ("answer", "answer ", "i % 20 <> 7"),
        ("accept", "answer ", "state = 'answered'"),
    ):
        yield f"""INSERT INTO audit (at, actor_id, verb, subject)
            SELECT {words.ago("ago")}, a, '{verb}', '{subject}' || i FROM {every} WHERE {which}"""
    for kind in range(6):
        key = f"'Ev' || ((i * 2654435761) % 1000003) || '-' || i || '-{kind}'"
        yield f"""INSERT INTO inbound (key, at, reply, reference)
            SELECT {key}, {words.ago("ago")}, '', '' FROM {every} WHERE i >= {week}"""
    yield f"""INSERT INTO draft (person_id, text, written_at)
        SELECT a, 'Words that became nothing yet', {words.ago("ago")} FROM {every} WHERE i >= {week} AND i % 4 = 0"""


def _showcases(size: Size, words: Words) -> Iterator[str]:
    months = size.questions * size.seconds_apart
    over = f"({size.showcases} - i) * {months / max(1, size.showcases)}"
    ahead = f"-{400 * DAY} - i * 60"
    past = f"(SELECT i, (i * 7919) % {size.communities} AS c, {over} AS ago FROM {numbers(1, size.showcases)}) s"
    coming = f"""(SELECT {size.showcases} + i AS i, i - 1 AS c, {ahead} AS ago
        FROM {numbers(1, size.communities)}) s"""
    places = numbers(0, COMING - 1, "p")
    for some, state in ((past, "fired"), (coming, "waiting")):
        yield f"""INSERT INTO showcase
                (id, community_id, title, local, zone, starts_at, minutes, created_by, created_at)
            SELECT i, c + 1, 'Show and tell ' || i, '2026-12-03T14:00', 'Europe/London', {words.ago("ago")}, 45,
                (c * {MEMBERS}) % {size.people} + 1, {words.ago(f"ago + {MONTH}")} FROM {some}"""
        yield f"""INSERT INTO attendance (showcase_id, person_id, going, at)
            SELECT s.i, (s.c * {MEMBERS} + 2 + 3 * p.i) % {size.people} + 1, true, {words.ago(f"ago + {DAY}")}
            FROM {some} CROSS JOIN {places}"""
        yield f"""INSERT INTO timer (key, command, due_at, state)
            SELECT 'showcase-' || i || '-reminder', '{{"do":"remind of showcase","showcase":' || i || '}}',
                {words.ago("ago + 3600")}, '{state}' FROM {some} WHERE ago < {MONTH}"""
