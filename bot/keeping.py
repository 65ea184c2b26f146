"""Commands too long for a button: what they say is kept for a week, and the button carries its number."""

from typing import Any

from msgspec import structs

from bot.command import Command
from bot.errors import Stale
from bot.inbound import Inbound
from bot.meeting import who_is_it
from bot.text import t
from bot.ui import Action, Card, Drawable, Item, Reply
from bot.work import View, Work
from storage.people import Person

MOST = 2000
"""Characters that a button carries on the narrower platform."""


class Kept(Command):
    """A command of this person that is kept under a number; dispatch opens it before anything runs."""

    draft: int

    def run(self, me: Person, work: Work) -> Reply:
        raise _gone()


def fitting(body: Drawable, me: Person, work: Work) -> Drawable:
    """The same card or form; each command in it that is too long to be carried is kept, and stands for itself."""

    def carried(holder: Any) -> Any:
        payload = holder.command.pack()
        if len(payload) <= MOST:
            return holder
        kept: Action = Kept(work.answers.add_draft(me.id, payload, work.now))
        return structs.replace(holder, command=kept)

    if all(len(action.pack()) <= MOST for action in _carried_by(body)):
        return body
    if not isinstance(body, Card):
        form: Drawable = carried(body)
        return form
    elements = tuple(
        structs.replace(element, buttons=tuple(map(carried, element.buttons))) if isinstance(element, Item) else element
        for element in body.body
    )
    return structs.replace(body, body=elements, buttons=tuple(map(carried, body.buttons)))


def _carried_by(body: Drawable) -> list[Action]:
    if not isinstance(body, Card):
        return [body.command]
    listed = [button for element in body.body if isinstance(element, Item) for button in element.buttons]
    return [button.command for button in (*body.buttons, *listed)]


def opened(kept: Kept, inbound: Inbound, view: View) -> Inbound:
    """What came in, with the kept command in it. Raises Stale where it is no longer kept, or is somebody else's."""
    found = who_is_it(view, inbound)
    payload = view.answers.draft(kept.draft, found[0].id) if found else None
    if payload is None:
        raise _gone()
    return structs.replace(inbound, payload=payload)


def _gone() -> Stale:
    return Stale(t("What you wrote is no longer kept. Write it again."))
