"""Somebody who speaks to dispatch directly, as a platform that shows every reply would."""

import itertools
from collections.abc import Mapping

from bot.command import find_features
from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Handled, Here, Inbound
from bot.text import Reader, say
from bot.ui import Audience
from tests.bot.platform import Office

find_features()
keys = itertools.count(1)


def heard(
    name: str,
    said: str | None = None,
    *,
    payload: str | None = None,
    answers: Mapping[str, str] | None = None,
    key: str = "",
    in_body: bool = True,
) -> Inbound:
    """What this person did in their direct chat; `in_body` says whether the response shows what is answered."""
    user = f"U{name}"
    chat = Address("slack", "T1", user=user)
    return Inbound(
        key=key or f"k{next(keys)}",
        account=AccountRef("slack", "T1", user),
        here=Here("slack", "T1", "direct", f"D{user}"),
        private=chat,
        public=chat,
        said=said,
        payload=payload,
        answers=dict(answers or {}),
        name=name,
        body_shows=frozenset(Audience) if in_body else frozenset(),
        opens_forms=in_body,
    )


def dispatch(office: Office) -> Dispatch:
    """The way in, whose messages nobody sends unless a test delivers."""
    return Dispatch(office.database, office.clock, lambda: None)


def title(handled: Handled) -> str:
    """The title of the reply or form; "" where there is none."""
    body = handled.form or (handled.reply.body if handled.reply else None)
    return say(body.title, Reader()) if body else ""
