"""Forgetting a person: they are in no list any more, and what the communities keep is by a former member."""

from collections import defaultdict

from bot.command import registry
from bot.leaving import look_for_owners
from bot.work import Work
from storage.forgetting import Forgetting

TOGETHER = 100
"""Records whose mirrors are drawn anew in one transaction."""


def forget(person: int, work: Work) -> None:
    """Everything that names this person is gone in this transaction; what others see is drawn anew right behind it.

    Communities they alone owned look for an owner. Nothing more is sent to them, and no timer runs for them.
    """
    left = Forgetting(work.tx)
    records, told = left.records(person), left.announcements(person)
    look_for_owners(person, work)
    for community in {one.id for one in (*work.communities.mine(person), *work.communities.owned(person))}:
        work.communities.leave(community, person, work.now)
    left.erase(person)
    _draw_anew(person, records, work)
    for number in told:
        hide = registry.verbs["hide-announcement"].partly(announcement=number, after=0)
        work.later(hide, work.now, key=f"announcement-{number}-hide-0")
    work.record(None, "forget", f"person {person}")


def _draw_anew(person: int, records: list[tuple[str, int]], work: Work) -> None:
    numbers = defaultdict(list)
    for kind, number in records:
        numbers[kind].append(number)
    for kind, found in numbers.items():
        for start in range(0, len(found), TOGETHER):
            some = " ".join(map(str, found[start : start + TOGETHER]))
            again = registry.verbs["draw-anew"].partly(kind=kind, numbers=some)
            work.later(again, work.now, key=f"forget-{person}-{kind}-{start}")
