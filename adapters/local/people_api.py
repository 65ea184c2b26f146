"""The JSON API of the demo page: whoever can reach it may be any of the demo's people.

So it is served on this machine alone, and refuses (403) what does not come from a page of its own: a Host that is
not local, an Origin that is not the Host, a POST that isn't JSON.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.local.changes import Changes
from adapters.local.clock import MovableClock, tomorrow_at
from adapters.local.people_acts import Declined, LocalPerson, Stage
from adapters.local.people_xray import shown
from adapters.local.seen import Json, Message
from adapters.local.slack import LocalSlack
from adapters.local.slack_state import Refused
from adapters.local.teams import LocalTeams
from adapters.local.teams_state import ConnectorError

__all__ = ["LocalPerson", "MovableClock", "PeopleApi", "routes"]

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
PATIENCE = 20.0
LONGEST_HOP = timedelta(days=366)
NAMES = {"slack": "Slack", "teams": "Teams"}

Xray = Callable[[str, str, str, str], Awaitable[Mapping[str, Sequence[Mapping[str, object]]]]]
"""Platform, tenant, conversation and message id, as the platform names them -> rows by table."""

_json = partial(web.json_response, dumps=partial(json.dumps, default=str, ensure_ascii=False))


async def nothing_due() -> None:
    """What happens when time moves and nobody asked to hear of it."""


def routes(
    slack: LocalSlack,
    teams: LocalTeams,
    people: Sequence["LocalPerson"],
    clock: MovableClock,
    xray: Xray,
    on_time: Callable[[], Awaitable[None]] = nothing_due,
) -> list[web.RouteDef]:
    """The routes of a `PeopleApi`, for those who need nothing else of it."""
    return PeopleApi(Stage(slack, teams, people), clock, xray, on_time).routes()


@dataclass
class PeopleApi:
    """`on_time` is called after every move of the clock. `stop` lets go of the pages that wait for changes."""

    stage: Stage
    clock: MovableClock
    xray: Xray
    on_time: Callable[[], Awaitable[None]] = nothing_due

    def __post_init__(self) -> None:
        self._changes = Changes()
        self.stage.watch(self._changes.touch)

    async def stop(self, _: web.Application | None = None) -> None:
        """Every page that waits gets its answer now: add it to the application's `on_shutdown`."""
        self._changes.stop()

    def routes(self) -> list[web.RouteDef]:
        """Everything under /local/api/."""
        reads = {"world": self._world, "chat": self._chat, "changes": self._news, "xray": self._behind}
        acts = {"say": self._say, "press": self._press, "submit": self._submit, "close": self._close}
        acts |= {"time": self._time}
        return [
            *(web.get(f"/local/api/{name}", _guarded(handler)) for name, handler in reads.items()),
            *(web.post(f"/local/api/{name}", _guarded(_told(act))) for name, act in acts.items()),
        ]

    async def _world(self, _: web.Request) -> web.Response:
        people = [
            {
                "key": person.key,
                "name": person.name,
                "title": person.title,
                "organisation": person.organisation,
                "platform": person.platform,
                "tenant": person.tenant,
                "user": person.user,
            }
            for person in self.stage.people.values()
        ]
        return _json({"now": self._now(), "people": people, "places": self.stage.places()})

    async def _chat(self, request: web.Request) -> web.Response:
        person = self.stage.person(request.query.get("person", ""))
        version = self._changes.version
        messages = self.stage.seen(person, request.query.get("place", "direct"))
        shown_now = [_message_json(message) for message in messages]
        modal = self.stage.modal(person)
        return _json({"version": version, "now": self._now(), "messages": shown_now, "modal": modal})

    async def _news(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        # A number from before a restart would otherwise wait for ever.
        if after <= self._changes.version:
            await self._changes.wait(after, PATIENCE)
        return _json({"version": self._changes.version, "people": self._changes.since(after)})

    async def _behind(self, request: web.Request) -> web.Response:
        person = self.stage.person(request.query.get("person", ""))
        place = self.stage.conversation(person, request.query.get("place", "direct"))
        message = request.query.get("message", "")
        carried = self.stage.platform(person).carried(person.tenant, place, message)
        rows = await self.xray(person.platform, person.tenant, place, message)
        return _json({"requests": shown(carried, NAMES[person.platform]), "rows": rows})

    async def _say(self, asked: Json) -> Json:
        return await self.stage.say(self.stage.person(asked["person"]), asked)

    async def _press(self, asked: Json) -> Json:
        return await self.stage.press(self.stage.person(asked["person"]), asked)

    async def _submit(self, asked: Json) -> Json:
        return await self.stage.submit(self.stage.person(asked["person"]), asked)

    async def _close(self, asked: Json) -> Json:
        return await self.stage.close(self.stage.person(asked["person"]))

    async def _time(self, asked: Json) -> Json:
        """An hour, a day, tomorrow 9am in London; never backwards, and a year at most."""
        if asked.get("to") == "tomorrow-9am":
            self.clock.move_to(tomorrow_at(9, self.clock()))
        else:
            hop = timedelta(hours=float(asked["hours"]))
            if not timedelta(0) < hop <= LONGEST_HOP:
                raise Declined("Time moves forward here, by a year at most.")
            self.clock.move_by(hop)
        await self.on_time()
        self._changes.touch(self.stage.people)
        return {"now": self._now()}

    def _now(self) -> str:
        return self.clock().isoformat()


def _message_json(message: Message) -> Json:
    shown_now: Json = {
        "id": message.id,
        "from": message.sender,
        "mine": message.mine,
        "bot": message.bot,
        "at": message.at.isoformat(),
        "edited": message.edited,
        "private": message.ephemeral,
        "thread": message.thread,
        "text": message.markup,
    }
    if message.blocks is not None:
        shown_now["blocks"] = message.blocks
    if message.card is not None:
        shown_now["card"] = message.card
    return shown_now


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        """403 for what is not from this machine's own page; 404 for people and places that do not exist."""
        if not _is_ours(request):
            return _json({"ok": False, "error": "Only a page on this machine may use this."}, status=403)
        try:
            return await handler(request)
        except (Declined, Refused, ConnectorError, ValueError) as error:
            return _json({"ok": False, "error": str(error)}, status=404)

    return guarded


def _is_ours(request: web.Request) -> bool:
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    if _hostname(host) not in LOCAL or request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return False
    if origin is not None and urlsplit(origin).netloc != host:
        return False
    return request.method == "GET" or request.content_type == "application/json"


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _told(act: Callable[[Json], Awaitable[Json]]) -> Handler:
    async def told(request: web.Request) -> web.StreamResponse:
        """{"ok": true}, or {"ok": false} with a sentence about what did not work."""
        try:
            asked: Any = json.loads(await request.read())
            result = await act(asked if isinstance(asked, dict) else {})
        except Declined as declined:
            return _json({"ok": False, "error": str(declined), **declined.more})
        except (Refused, ConnectorError) as refused:
            return _json({"ok": False, "error": f"That did not work: {refused}."})
        except (KeyError, TypeError, ValueError) as wrong:
            return _json({"ok": False, "error": f"That was not understood: {_words(wrong.args)}."})
        return _json({"ok": True, **result})

    return told


def _words(arguments: Iterable[object]) -> str:
    return ", ".join(str(argument) for argument in arguments)
