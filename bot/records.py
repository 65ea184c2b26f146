"""Personal records from the command line: forget somebody who asked in writing; put a community under legal hold."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime

from bot.administration import PLATFORMS, Wrong
from bot.command import find_features
from bot.finding import slug_of
from bot.forgetting import forget
from bot.work import Work
from storage.database import Transaction
from storage.forgetting import Forgetting
from storage.retention import Retention

AddVerb = Callable[[str, Callable[[argparse.Namespace], int | None], str], argparse.ArgumentParser]
Administer = Callable[[Callable[[Transaction], str]], None]


def add_verbs(verb: AddVerb, administer: Administer) -> None:
    """`signpost forget ACCOUNT` and `signpost hold on|off COMMUNITY` are known."""

    def forgets(chosen: argparse.Namespace) -> None:
        administer(lambda tx: forget_account(tx, chosen.who, datetime.now(UTC)))

    def holds(chosen: argparse.Namespace) -> None:
        administer(lambda tx: hold(tx, chosen.community, datetime.now(UTC), on=chosen.state == "on"))

    who = verb("forget", forgets, "forget somebody who left and asked for it in writing")
    who.add_argument("who", help="slack:TEAM_ID:USER_ID or teams:TENANT_ID:USER_ID")
    held = verb("hold", holds, "keep what a community asked and answered, whatever its time: a legal hold")
    held.add_argument("state", choices=["on", "off"])
    held.add_argument("community")


def forget_account(tx: Transaction, who: str, now: datetime) -> str:
    """Whoever has this account is forgotten, and all their accounts. Raises Wrong where nobody has it, or under a hold.

    What others see is drawn anew by the process that is running, or the next one to start.
    """
    find_features()
    found = re.fullmatch(rf"({'|'.join(PLATFORMS)}):([\w-]+):([\w-]+)", who, re.ASCII)
    if found is None:
        raise Wrong("Say whose account it is: slack:TEAM_ID:USER_ID or teams:TENANT_ID:USER_ID.")
    work = Work(tx, now)
    known = work.people.by_account(found[1], found[2], found[3])
    if known is None:
        raise Wrong(f"Nobody here has the account {who}. There is nothing to forget.")
    held = Forgetting(tx).held(known[0].id)
    if held:
        raise Wrong(f"What they wrote in {', '.join(held)} is under a legal hold. Say signpost hold off first.")
    left = Forgetting(tx).left(known[0].id)
    forget(known[0].id, work)
    stays = f"Answers that stay: {left.answers}. Questions that stay: {left.questions}."
    return f"{who} is forgotten. {stays} They are by a former member."


def hold(tx: Transaction, community: str, now: datetime, *, on: bool) -> str:
    """What was asked and answered in this community is kept whatever its time, or is not any more."""
    work = Work(tx, now)
    found = work.communities.find(slug_of(community), community.strip())
    if found is None:
        raise Wrong(f"There is no community called {community}.")
    if Retention(tx).hold(found.id, on):
        work.record(None, "hold" if on else "end hold", f"community {found.id}")
    return f"{found.name} is under a legal hold." if on else f"{found.name} is under no legal hold."
