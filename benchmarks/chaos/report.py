"""What a run came to: figures, aims, and in words everything that was lost, doubled, late or otherwise strange."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.chaos.evidence import Evidence
from benchmarks.chaos.lost import lost
from benchmarks.chaos.order import out_of_order
from benchmarks.chaos.run import LEASE, Run
from benchmarks.chaos.twice import done_twice, duplicated
from benchmarks.figures import Aim
from benchmarks.load import percentile

AIMS: Mapping[str, Aim] = {
    "lost": Aim(0),
    "duplicated": Aim(0),
    "out_of_order": Aim(0),
    "done_twice": Aim(0),
}
COUNTED = ("Lost", "Duplicated", "Duplicated where policy allows", "Out of order", "Done twice", "Uncertain")
MOST_LINES = 20


@dataclass(frozen=True)
class Report:
    """Figures by name, and lists of sentences by what they are about."""

    figures: Mapping[str, float]
    words: Mapping[str, list[str]]

    def lines(self) -> Iterator[str]:
        """Every sentence under its heading; of what is only there to explain, no more than 20."""
        for heading, sentences in self.words.items():
            most = len(sentences) if heading in COUNTED else MOST_LINES
            if sentences:
                yield f"{heading}:"
                yield from (f"  {sentence}" for sentence in sentences[:most])
            if len(sentences) > most:
                yield f"  and {len(sentences) - most} more"


def reported(run: Run) -> Report:
    """What the run came to, by what there is to see of it."""
    seen = Evidence(run)
    against, allowed = duplicated(seen)
    courier = run.courier.counts
    words = {
        "Lost": list(lost(seen)),
        "Duplicated": against,
        "Duplicated where policy allows": allowed,
        "Out of order": list(out_of_order(seen)),
        "Done twice": list(done_twice(seen)),
        "Uncertain": [
            f"Message {row.id} ({row.kind}): {row.reason}" for row in seen.rows.outbox if row.state == "uncertain"
        ],
        "Not answered the same when delivered again": run.courier.differing,
        "Answered in a way that repeating cannot mend": run.courier.refused,
        "What the real platforms would not have taken": _counted(
            Counter((*run.platforms.slack.problems, *run.platforms.teams.problems))
        ),
        "Answered in other words than expected": _otherwise(seen),
        "What people could not do": _counted(run.people.skipped),
        "Ended by themselves": _counted(Counter(run.fleet.toll.by_themselves)),
        "Logged as warnings and errors": _counted(_logged(run)),
        "Answers that were no acknowledgement": [line for line in _counted(courier) if ": answered " in line],
    }
    counts = {heading.lower().replace(" ", "_"): float(len(words[heading])) for heading in COUNTED}
    return Report({**counts, **_figures(seen)}, words)


def _figures(seen: Evidence) -> dict[str, float]:
    run, courier = seen.run, seen.run.courier.counts
    late = sorted(_lateness(seen)) or [0.0]
    stops = [ended - began for began, ended in run.fleet.toll.stops]
    return {
        "deliveries": sum(row.state == "sent" and not row.reason for row in seen.rows.outbox),
        "posted": sum(post.is_sent for posts in seen.chats.values() for post in posts),
        "acknowledged": courier["acknowledged"],
        "unacknowledged": sum(not act.acknowledged for act in run.people.acts),
        "redelivered": courier["redelivered"],
        "delivered_again": courier["sent twice"],
        "answered_the_same": courier["answered the same"],
        "kills": len(run.fleet.toll.kills),
        "stops": len(stops),
        "stops_beyond_lease": sum(seconds > LEASE for seconds in stops),
        "outages": len(run.outages),
        "ended_by_themselves": len(run.fleet.toll.by_themselves),
        "answered_500": run.platforms.count("failing"),
        "answers_lost": run.platforms.count("lost"),
        "answered_slowly": run.platforms.count("slow"),
        "answered_429_by_chance": run.platforms.count("limited"),
        "over_limits": run.platforms.count("over"),
        "faults_of_ours_shown": run.platforms.said_so_often("Something went wrong on our side"),
        "lateness_p50_seconds": percentile(late, 0.5),
        "lateness_p99_seconds": percentile(late, 0.99),
        "settle_seconds": run.settle_seconds,
    }


def _lateness(seen: Evidence) -> Iterator[float]:
    """Seconds from the acknowledgement of what was sent, answered or asked back to each message that it owed."""
    acknowledged = {
        act.token: act.acknowledged for verb in ("send", "answer", "ask back", "write back") for act in seen.acts[verb]
    }
    for mirror in seen.rows.mirrors:
        posts, since = seen.posts_of(mirror), acknowledged.get(seen.token_of(mirror))
        if posts and since is not None:
            yield max(0.0, posts[0].at - since)


def _counted(every: Counter[str]) -> list[str]:
    return [f"{count} times: {what}" for what, count in every.most_common()]


def _otherwise(seen: Evidence) -> list[str]:
    return [
        f"{verb} {len(acts)} times, first with {acts[0].said[:200]!r}"
        for verb, acts in seen.acts.items()
        if verb.endswith("otherwise")
    ]


def _logged(run: Run) -> Counter[str]:
    """What the processes logged, without the lines that say that all is well; with the last line of each trace."""
    found: Counter[str] = Counter()
    for line in run.fleet.logged():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and str(entry.get("level", "")).lower() in ("warning", "error", "critical"):
            trace = str(entry.get("trace") or "").strip()
            found[f"{entry.get('message')} {trace.splitlines()[-1] if trace else ''}".strip()] += 1
    return found
