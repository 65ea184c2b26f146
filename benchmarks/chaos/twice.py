"""Nothing is in a chat twice, and no command took effect twice."""

from collections import Counter
from collections.abc import Iterator

from benchmarks.chaos.evidence import Evidence
from benchmarks.chaos.platforms import Post

DONE_BEFORE = ("was sent before", "You are already in", "You are not in", "You sent this to")
"""What Signpost says to those who do something for the second time: nobody does."""
SLOWEST = 3.0
"""Seconds that a platform may take before a request has its effect: whoever made it may be dead by then."""


def duplicated(seen: Evidence) -> tuple[list[str], list[str]]:
    """What was posted twice in one conversation: against the policy, and where it allows it.

    It allows it where a platform cannot be asked (Teams, a response URL), for what is worse never than twice, and
    only after a try of which nothing was heard: its answer was lost, or a process or the database was not there.
    """
    against: list[str] = []
    allowed: list[str] = []
    unanswered = seen.run.platforms.unanswered()
    for chat, posts in seen.chats.items():
        for first, again in _twins(posts):
            may_be = not first.is_reminder and (again.is_aside or "/v3/" in again.exchange.url)
            unheard = id(first.exchange) in unanswered or seen.disturbed(first.at - SLOWEST, again.at)
            later = f"{again.at - first.at:.1f} s later"
            told = f"“{again.title}” is in {chat} again {later}, as {again.message} (message {again.outbox or '?'})."
            (allowed if may_be and unheard else against).append(told)
    return against, allowed


def _twins(posts: list[Post]) -> Iterator[tuple[Post, Post]]:
    """Posts that are one message: by what Slack's metadata says, and by what is written in them."""
    first: dict[tuple[str, ...], Post] = {}
    for post in posts:
        names = [post.identity, *([("outbox", str(post.outbox))] if post.outbox else [])]
        known = next((first[name] for name in names if name in first), None)
        for name in names:
            first.setdefault(name, post)
        if known is not None:
            yield known, post


def done_twice(seen: Evidence) -> Iterator[str]:
    """One command, one effect: in the rows, in the audit, and in what Signpost says."""
    words = Counter({token: len(rows) for token, rows in seen.said.items() if token})
    changes = Counter(f"change of answer {row.answer_id}" for row in seen.rows.versions)
    audited = Counter(f"{row.verb} {row.subject} by person {row.actor_id} in the audit" for row in seen.rows.audit)
    for what, count in (words + changes + audited).items():
        if count > 1:
            yield f"Done once, and there {count} times: {what}."
    for phrase in DONE_BEFORE:
        count = seen.run.platforms.said_so_often(phrase)
        if count:
            yield f"Signpost said “… {phrase} …” {count} times to people who did it once."
