"""What was acknowledged has its effect, and everybody whom it concerns has it in their chat."""

from collections import Counter
from collections.abc import Iterator

from benchmarks.chaos.evidence import Evidence, is_posted, member
from benchmarks.chaos.people import Act
from benchmarks.chaos.platforms import token_in
from benchmarks.chaos.world import CLUBS, COMMUNITIES, REMINDS, club, coming, show
from storage.tables import Mirror

AT_MOST_ONCE = ("reminder", "announcement")


def lost(seen: Evidence) -> Iterator[str]:
    """What was acknowledged and has no effect, or owed to somebody and is not in their chat."""
    yield from _lost_effects(seen)
    yield from _lost_visits(seen)
    yield from _lost_mirrors(seen)
    yield from _lost_changes(seen)
    yield from _lost_messages(seen)
    yield from _lost_reminders(seen)


def _lost_effects(seen: Evidence) -> Iterator[str]:
    for verb in ("ask", "send", "answer", "ask back", "write back"):
        for act in seen.acts[verb]:
            rows = seen.said.get(act.token, [])
            if not rows:
                yield f"{_told(act)} was acknowledged and left no row."
            elif verb == "send" and rows[0].state == "draft":
                yield f"{_told(act)} was acknowledged, and the question is a draft."
            elif verb == "ask" and not any(post.token == act.token for post in seen.chats[act.who.chat]):
                yield f"{_told(act)} was acknowledged, and its preview is not in the chat."


def _lost_visits(seen: Evidence) -> Iterator[str]:
    there = {(row.person_id, row.community_id) for row in seen.rows.memberships}
    left = {(act.who.number, act.token) for act in seen.acts["leave"]}
    undecided = {(act.who.number, act.token) for act in seen.run.people.acts if not act.acknowledged}
    numbers = {club(number): COMMUNITIES + number + 1 for number in range(CLUBS)}
    for act in seen.acts["join"]:
        visit = (act.who.number, act.token)
        inside = (act.who.number + 1, numbers[act.token]) in there
        if visit not in undecided and inside == (visit in left):
            yield f"{_told(act)}: {'left, and still' if inside else 'joined, and not'} a member."


def _lost_mirrors(seen: Evidence) -> Iterator[str]:
    """Everyone concerned has a mirror, and each mirror is a message in that person's chat."""
    there: dict[tuple[str, int, int | None], Mirror] = {
        (row.subject, row.subject_id, row.person_id): row for row in seen.rows.mirrors
    }
    for subject, number, person in _concerned(seen):
        mirror = there.get((subject, number, person))
        if mirror is None:
            yield f"The {subject} {number} has no mirror for {member(person).name}."
        elif not mirror.message or not seen.posts_of(mirror):
            yield f"The {subject} {number} is not in the chat of {member(person).name}."


def _concerned(seen: Evidence) -> Iterator[tuple[str, int, int | None]]:
    """Each record with each person who should have it in their chat."""
    for question in seen.rows.questions:
        if question.state != "draft":
            yield "question", question.id, question.asker_id
    for offer in seen.rows.offers:
        if offer.state != "planned" and seen.questions[offer.question_id].state != "draft":
            yield "question", offer.question_id, offer.person_id
    for answer in seen.rows.answers:
        yield "answer", answer.id, answer.author_id
        asker = seen.questions[answer.question_id].asker_id
        yield "answer", answer.id, asker if answer.kind == "answer" else answer.to_id


def _lost_changes(seen: Evidence) -> Iterator[str]:
    """What was accepted or edited is so in the rows, and everybody's copy shows it."""
    for act in seen.acts["accept"]:
        answer, question = seen.said.get(act.token, [None])[0], seen.questions.get(act.about)
        if answer is None or question is None or question.accepted_id != answer.id:
            yield f"{_told(act)} was acknowledged, and the answer is not accepted."
        else:
            yield from _not_shown(seen, "question", question.id, "nswered")
    for act in seen.acts["edit"]:
        edited = next((row for row in seen.rows.answers if act.token in row.text), None)
        if edited is None:
            yield f"{_told(act)} was acknowledged, and the answer is as it was."
        else:
            yield from _not_shown(seen, "answer", edited.id, act.token)


def _not_shown(seen: Evidence, subject: str, number: int, change: str) -> Iterator[str]:
    for mirror in seen.rows.mirrors:
        if (mirror.subject, mirror.subject_id) == (subject, number) and mirror.message:
            who = member(mirror.person_id)
            drawn = seen.run.platforms.drawn(who, mirror.message)
            if change not in drawn:
                owed = [
                    f"{row.id} {row.state} try {row.attempt}" for row in seen.rows.outbox if row.mirror_id == mirror.id
                ]
                posts = [post.message for post in seen.posts_of(mirror)]
                where = (
                    f"{who.space.platform} message {mirror.message} of {posts}, owed as {owed}, shows {drawn[:300]!r}"
                )
                yield f"The copy of {subject} {number} of {who.name} lacks {change}: {where}."


def _lost_messages(seen: Evidence) -> Iterator[str]:
    """Every message is settled, and the chats hold all that are settled as sent."""
    owed: Counter[str] = Counter(member(row.person_id).chat for row in seen.rows.mirrors if row.message)
    for row in seen.rows.outbox:
        if row.state in ("dead", "undeliverable", "waiting", "sending"):
            yield f"Message {row.id} ({row.kind}) is {row.state} after {row.attempt} tries: {row.reason or '?'}."
        if row.state == "uncertain" and row.kind not in AT_MOST_ONCE:
            yield f"Message {row.id} ({row.kind}) is uncertain, which its kind may not be: {row.reason}."
        if row.state == "sent" and not row.reason and is_posted(row):
            owed[member(row.person_id).chat] += 1
    for chat, count in owed.items():
        there = len({post.identity for post in seen.chats[chat] if post.is_sent})
        if there < count:
            yield f"The chat {chat} holds {there} messages, and {count} are settled as sent."


def _lost_reminders(seen: Evidence) -> Iterator[str]:
    reminders = [timer for timer in seen.rows.timers if timer.key.startswith(REMINDS)]
    for timer in reminders:
        if timer.state != "fired":
            yield f"Timer {timer.id} ({timer.key}) has not fired."
    doubtful = {
        (row.person_id, token_in(row.body))
        for row in seen.rows.outbox
        if row.kind == "reminder" and row.state == "uncertain"
    }
    for number in range(len(reminders)):
        token = token_in(show(number))
        for who in coming(number):
            arrived = any(post.token == token for post in seen.chats[who.chat])
            if not arrived and (who.number + 1, token) not in doubtful:
                yield f"The reminder {token} is not in the chat of {who.name}, and is not listed as uncertain."


def _told(act: Act) -> str:
    return f"{act.who.name}'s {act.verb} {act.token}"
