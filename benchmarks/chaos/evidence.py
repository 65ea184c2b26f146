"""What there is to judge a run by: what people did, what the platforms hold, and the rows, each found by its word."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import msgspec
from sqlmodel import Session, SQLModel, select

from benchmarks.chaos.people import Act
from benchmarks.chaos.platforms import Post, token_in
from benchmarks.chaos.run import Run
from benchmarks.chaos.world import MEMBERS, Member
from bot.inbound import Address
from storage.schema import transaction
from storage.tables import Answer, AnswerVersion, Audit, Membership, Mirror, Offer, Outbox, Question, Timer

PREVIEW = "Check your question before it is sent"
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Rows:
    """Everything in the tables that are looked at, in the order of the ids."""

    questions: Sequence[Question]
    answers: Sequence[Answer]
    versions: Sequence[AnswerVersion]
    offers: Sequence[Offer]
    mirrors: Sequence[Mirror]
    outbox: Sequence[Outbox]
    memberships: Sequence[Membership]
    audit: Sequence[Audit]
    timers: Sequence[Timer]


def rows_of(url: str) -> Rows:
    """The rows as they are now, in one snapshot."""
    with transaction(url, lock=False) as connection, Session(connection, expire_on_commit=False) as session:

        def every(model: type[Row]) -> Sequence[Row]:
            return session.exec(select(model).order_by("id")).all()

        return Rows(
            every(Question),
            every(Answer),
            every(AnswerVersion),
            every(Offer),
            every(Mirror),
            every(Outbox),
            every(Membership),
            every(Audit),
            every(Timer),
        )


def member(person: int | None) -> Member:
    """The member whose row has this id."""
    if person is None:
        raise LookupError("A row that names nobody")
    return MEMBERS[person - 1]


def is_posted(row: Outbox) -> bool:
    """Whether the message, which is no mirror, was to be a new one in the chat."""
    if not row.address:
        return False
    address = msgspec.json.decode(row.address, type=Address)
    return not address.message and "response_url" not in address.via and "view" not in address.via


class Evidence:
    """The run and its rows, and what both look like from each side."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.rows = rows_of(run.store.url)
        self.questions = {row.id: row for row in self.rows.questions}
        self.answers = {row.id: row for row in self.rows.answers}
        self.chats: dict[str, list[Post]] = defaultdict(list)
        for post in sorted(run.people.board, key=lambda post: post.at):
            self.chats[post.chat].append(post)

    @cached_property
    def acts(self) -> Mapping[str, list[Act]]:
        """What was acknowledged, by what it was."""
        found: dict[str, list[Act]] = defaultdict(list)
        for act in self.run.people.acts:
            if act.acknowledged:
                found[act.verb].append(act)
        return found

    @cached_property
    def said(self) -> Mapping[str, list[Question | Answer]]:
        """Questions and answers by their word: one for each, if all is well."""
        found: dict[str, list[Question | Answer]] = defaultdict(list)
        records: list[Question | Answer] = [*self.rows.questions, *self.rows.answers]
        for row in records:
            found[token_in(row.text)].append(row)
        return found

    @cached_property
    def owed_as(self) -> Mapping[int, int]:
        """From a post to the id of the message that owed it, where that can be told by what it shows.

        Slack's metadata says it of every post; a post in Teams is known by the record that it is a mirror of, or by the
        word in it.
        """
        mirrors: dict[int, int] = {}
        said: dict[tuple[str, str], int] = {}
        for row in self.rows.outbox:
            if row.mirror_id is not None:
                mirrors.setdefault(row.mirror_id, row.id)
            elif is_posted(row) and (token := token_in(row.body)):
                said.setdefault((member(row.person_id).chat, token), row.id)
        found = {
            id(post): owed
            for mirror in self.rows.mirrors
            for post in self.posts_of(mirror)[:1]
            if (owed := mirrors.get(mirror.id))
        }
        for chat, posts in self.chats.items():
            for post in posts:
                known = post.outbox or (
                    said.get((chat, post.token)) if post.title == PREVIEW or post.is_reminder else 0
                )
                if known:
                    found[id(post)] = known
        return found

    def token_of(self, mirror: Mirror) -> str:
        """The word of the record that this is a mirror of."""
        records: Mapping[int, Question | Answer] = self.questions if mirror.subject == "question" else self.answers
        return token_in(records[mirror.subject_id].text)

    def posts_of(self, mirror: Mirror) -> list[Post]:
        """Where it was posted, oldest first: once, if all is well. The preview of a question is none of its mirrors."""
        token, chat = self.token_of(mirror), member(mirror.person_id).chat
        return [post for post in self.chats[chat] if post.token == token and post.title != PREVIEW]

    def disturbed(self, since: float, until: float) -> bool:
        """Whether a process or the database was not there at some time between."""
        away = any(began <= until and since <= ended for began, ended in self.run.outages)
        return away or self.run.fleet.disturbed(since, until)
