"""Asking the owners of a community to be let in: what is refused, who is asked, and what the person sees."""

from datetime import timedelta

from bot.command import registry
from bot.errors import Refusal
from bot.text import When, t
from bot.ui import Button, Card
from bot.work import Work
from storage.communities import Community
from storage.people import Person

AGAIN_AFTER = timedelta(days=7)
"""How long a no holds before the owners may be asked again."""


def ask_to_join(community: Community, me: Person, work: Work) -> Card:
    """The owners who may see this person's name are asked, once; what they see is drawn anew for all when one decides.

    Refused where only invited people join, where a no is younger than a week, and where no owner can be asked.
    """
    if community.access == "invitation":
        text = t("Only people whom its owners invite can join {community}.", community=community.name)
        raise Refusal(t("{text} Say communities to see the others.", text=text), field="community")
    before = work.requests.of(community.id, me.id)
    if before is not None and before.state == "waiting":
        return _waits(before.id, community, work)
    if before is not None and before.state == "declined" and before.decided_at is not None:
        again = before.decided_at + AGAIN_AFTER
        if work.now < again:
            text = t(
                "An owner of {community} said no. You can ask again from {day}.",
                community=community.name,
                day=When(again, "day"),
            )
            raise Refusal(text, field="community")
    owners = _who_can_be_asked(community, me, work)
    number = work.requests.add(community.id, me.id, "", work.now)
    if number is not None:
        for owner in owners:
            work.show(owner.id, ("join_request", number))
        work.record(me, "ask to join", f"community {community.id}")
    return _waits(number or 0, community, work)


def _who_can_be_asked(community: Community, me: Person, work: Work) -> list[Person]:
    if not me.verified:
        raise Refusal(
            t(
                "Your organisation is not verified yet, so the owners cannot be shown who asks."
                " Ask an administrator of your organisation to connect it, then try again."
            )
        )
    owners = work.requests.deciders(community.id, viewer=me)
    if not owners:
        text = t(
            "No owner of {community} can be asked: there is none, or their organisation has no agreement with yours."
            " Say communities to see the others.",
            community=community.name,
        )
        raise Refusal(text, field="community")
    return owners


def _waits(number: int, community: Community, work: Work) -> Card:
    withdraw = Button(t("Do not ask"), registry.verbs["leave"].partly(community=community.slug))
    words = Button(t("Add a few words"), registry.verbs["say-why"].partly(request=number))
    return Card(
        t("You asked to join {community}. The answer comes here.", community=community.name),
        buttons=(words, withdraw) if number else (withdraw,),
        note=t("Its owners see your name, role and organisation."),
    )
