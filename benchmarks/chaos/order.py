"""Within a conversation messages come in order."""

from collections.abc import Iterator

from benchmarks.chaos.evidence import Evidence, member
from benchmarks.chaos.people import Act


def out_of_order(seen: Evidence) -> Iterator[str]:
    """Within a conversation what is of one rank comes in the order in which it was owed."""
    ranks = {row.id: row.rank for row in seen.rows.outbox}
    for chat, posts in seen.chats.items():
        last: dict[int, int] = {}
        came = dict.fromkeys(
            owed for post in posts if (owed := seen.owed_as.get(id(post)))
        )  # each once, as it came first
        for owed in came:
            rank = ranks.get(owed, 0)
            if owed < last.get(rank, 0):
                yield f"In {chat} message {owed} came after message {last[rank]}."
            last[rank] = max(owed, last.get(rank, 0))
    yield from _answers_out_of_order(seen)


def _answers_out_of_order(seen: Evidence) -> Iterator[str]:
    """What one person answered another came in the order in which it was said."""
    given: dict[tuple[int, str], list[Act]] = {}
    for act in sorted(seen.acts["answer"], key=lambda act: act.acknowledged):
        question = seen.questions.get(act.about)
        if question is not None:
            given.setdefault((act.who.number, member(question.asker_id).chat), []).append(act)
    for (_, chat), acts in given.items():
        came = [post.token for post in seen.chats[chat]]
        places = [came.index(act.token) for act in acts if act.token in came]
        if places != sorted(places):
            yield f"In {chat} the answers of {acts[0].who.name} came in another order than they were given."
