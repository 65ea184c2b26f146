"""The local API with canned answers: the page is tested by itself, over real HTTP, and what it sends is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from adapters.local.page import routes

Json = dict[str, Any]

PATIENCE = 30
NOW = "2026-11-23T14:05:00+00:00"

PEOPLE = [
    {"key": "amira", "name": "Amira Haddad", "title": "Content designer", "organisation": "HMRC", "platform": "slack"},
    {"key": "kofi", "name": "Kofi Adjei-Marsh", "title": "Manager", "organisation": "HMRC", "platform": "slack"},
    {"key": "gareth", "name": "Gareth Morlais-Rees", "title": "Lead", "organisation": "DWP", "platform": "teams"},
]
PLACES = [{"id": "C1", "name": "#starting-a-business", "platform": "slack", "tenant": "T1"}]


def message(id: str, **others: Any) -> Json:
    """One message of Signpost's as the API gives it."""
    plain = {"mine": False, "bot": True, "edited": False, "private": False, "thread": None, "text": ""}
    return {"id": id, "from": "Signpost", "at": NOW, **plain, **others}


class Canned:
    """What each person sees is set by the test; `received` gives what the page posts; `refusal` answers every post."""

    def __init__(self) -> None:
        self.url = ""
        self._posted: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self.refusal = ""
        self._chats: dict[str, list[Json]] = {}
        self._modals: dict[str, Json] = {}
        self._version = 1
        self._over = False
        self._news: list[tuple[int, str]] = []
        self._woken = asyncio.Condition()

    async def show(self, person: str, *messages: Json, modal: Json | None = None) -> None:
        """From now on this person sees these messages in the direct chat, and this modal."""
        async with self._woken:
            self._chats[person] = list(messages)
            self._modals.pop(person, None)
            if modal:
                self._modals[person] = modal
            self._version += 1
            self._news.append((self._version, person))
            self._woken.notify_all()

    async def received(self) -> tuple[str, Json]:
        """The next thing that the page posts, by the last part of its address."""
        async with asyncio.timeout(PATIENCE):
            return await self._posted.get()

    def nothing_received(self) -> bool:
        """Whether the page has posted nothing more."""
        return self._posted.empty()

    async def end(self, _: web.Application) -> None:
        """Lets go of the page where it waits for changes."""
        async with self._woken:
            self._over = True
            self._woken.notify_all()

    def routes(self) -> list[web.RouteDef]:
        """The page and its API."""
        asked = [("world", self._world), ("chat", self._chat), ("changes", self._changes), ("xray", self._xray)]
        told = [web.post(f"/local/api/{name}", self._take) for name in ("say", "press", "submit", "close", "time")]
        return [*routes(), *(web.get(f"/local/api/{name}", answer) for name, answer in asked), *told]

    async def _world(self, _: web.Request) -> web.Response:
        return web.json_response({"now": NOW, "people": PEOPLE, "places": PLACES})

    async def _chat(self, request: web.Request) -> web.Response:
        person = request.query["person"]
        messages = self._chats.get(person, []) if request.query["place"] == "direct" else []
        shown = {"messages": messages, "modal": self._modals.get(person)}
        return web.json_response({"version": self._version, "now": NOW, **shown})

    async def _changes(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        async with self._woken:
            await self._woken.wait_for(lambda: self._version > after or self._over)
        people = {person for version, person in self._news if version > after}
        return web.json_response({"version": self._version, "people": sorted(people)})

    async def _xray(self, _: web.Request) -> web.Response:
        headers = {"X-Slack-Signature": "v0=3f1a", "X-Slack-Request-Timestamp": "1795442700"}
        request = {"method": "POST", "url": "/slack/events", "headers": headers, "body": "text=ask", "status": 200}
        return web.json_response({"requests": [request], "rows": {"question": [{"id": 1, "state": "open"}]}})

    async def _take(self, request: web.Request) -> web.Response:
        self._posted.put_nowait((request.path.rpartition("/")[2], await request.json()))
        return web.json_response({"ok": False, "error": self.refusal} if self.refusal else {"ok": True})


@asynccontextmanager
async def served(canned: Canned) -> AsyncIterator[Canned]:
    """The canned demo on a port of its own on this machine."""
    app = web.Application()
    app.add_routes(canned.routes())
    app.on_shutdown.append(canned.end)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    canned.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield canned
    finally:
        await runner.cleanup()
