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
    alone, looks = Leavers(work.tx).owned_alone(person), registry.verbs.get("look-after-communities")
    if alone and looks is not None:
        work.later(looks.partly(), work.now, key=f"owned-by-{person}")
        return
    for community in alone:
        work.communities.look_for_owner(community, work.now)


def come_back(person: int, work: Work) -> None:
    """They own what they owned, which looks for no owner any more; members who were asked see that they need not."""
    search = registry.verbs.get("search-on")
    for community in Leavers(work.tx).looking(person):
        if search is not None:
            work.later(search.partly(community=community), work.now, key=f"owner-{person}-of-{community}")
        else:
            work.communities.look_for_owner(community, None)
    work.record(None, "back", f"person {person}")
