"""Somebody whose accounts were all closed is out of routing the same day, and back where they were when they return."""

from bot.command import registry
from bot.work import Work
from storage.leavers import Leavers


def depart(person: int, work: Work) -> None:
    """What waits for their answer goes to others, and communities they alone owned look for an owner."""
    for question in Leavers(work.tx).waiting(person):
        again = registry.verbs["route-again"].partly(question=question, person=person)
        work.later(again, work.now, key=f"left-{person}-{question}")
    look_for_owners(person, work)
    work.record(None, "gone", f"person {person}")


def look_for_owners(person: int, work: Work) -> None:
    """Each community that only this person owned, and that has other members, looks for an owner from now on.

    What looks after communities every day does so at once; it finds them by itself.
    """
    if Leavers(work.tx).owned_alone(person):
        work.later(registry.verbs["look-after-communities"].partly(), work.now, key=f"owned-by-{person}")


def come_back(person: int, work: Work) -> None:
    """They own what they owned, which looks for no owner any more; members who were asked see that they need not."""
    for community in Leavers(work.tx).looking(person):
        search = registry.verbs["search-on"].partly(community=community)
        work.later(search, work.now, key=f"owner-{person}-of-{community}")
    work.record(None, "back", f"person {person}")
