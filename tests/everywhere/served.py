"""`signpost serve`, `web` or `worker` in a process of its own, between local platforms that this process serves."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.local.clock import MovableClock
from adapters.local.demo import fill
from adapters.local.seed import bot_token
from adapters.local.slack_wire import FORM_TYPE
from adapters.local.town import LocalPlatforms
from adapters.local.traffic import Delivered
from storage.database import connect
from storage.secrets import Vault, new_key
from tests.everywhere.said import said

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds until something that must come by itself counts as missing."""


class Served:
    """One process that runs, its platforms, and what it logs. `ready` is the word that /readyz says."""

    def __init__(self, process: Process, port: int, platforms: LocalPlatforms, http: aiohttp.ClientSession) -> None:
        self.process = process
        self.platforms = platforms
        self.lines: list[dict[str, Any]] = []
        self._port = port
        self._http = http
        self._listening = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            if line.startswith(b"{"):
                self.lines.append(json.loads(line))
            if b'"Listening"' in line:
                self._listening.set()
        self._listening.set()

    async def listening(self) -> None:
        """It answers, or has ended."""
        await self._listening.wait()
        assert self.process.returncode is None, self.lines

    async def get(self, path: str) -> tuple[int, str]:
        """The status and the text of a page."""
        async with self._http.get(f"http://127.0.0.1:{self._port}{path}") as answer:
            return answer.status, await answer.text()

    async def until_ready(self, word: str) -> None:
        """Returns when /readyz says this word, and is 200 for "ready" alone."""
        await self.until(lambda status, said: said == word and (status == 200) == (word == "ready"), "/readyz")

    async def until(self, fits: Callable[[int, str], bool], path: str) -> None:
        """Returns when that page is as it should be. Asks again and again, since nobody tells when it is."""
        ended = asyncio.create_task(self.process.wait())
        found = (0, "")
        try:
            async with asyncio.timeout(PATIENCE):
                while not fits(*(found := await self.get(path))):
                    await asyncio.wait({ended}, timeout=0.05)
                    assert not ended.done(), self.lines
        except TimeoutError:
            raise AssertionError(f"{path} still says {found}") from None
        finally:
            ended.cancel()

    def said(self) -> list[str]:
        """The sentences of its log so far."""
        return [line["message"] for line in self.lines]

    async def command(self, key: str, text: str) -> Delivered:
        """A person's slash command on Slack."""
        person = next(person for person in self.platforms.people if person.key == key)
        return await self.platforms.slack.command(person.tenant, person.user, "/signpost", text)

    async def says(self, key: str, text: str) -> Delivered:
        """What a person types in their chat with Signpost."""
        person = next(person for person in self.platforms.people if person.key == key)
        platform = self.platforms.slack if person.platform == "slack" else self.platforms.teams
        return await platform.say(person.tenant, person.user, text)

    async def again(self, delivered: Delivered) -> Delivered:
        """The same request once more, as a platform repeats it."""
        assert delivered.exchange is not None
        body = delivered.exchange.body.encode()
        if "/slack/" in delivered.exchange.url:
            return await self.platforms.slack.deliver(body, FORM_TYPE)
        return await self.platforms.teams.deliver(body)

    async def reads(self, key: str, words: str) -> None:
        """Returns when the newest message that this person sees has these words."""
        person = next(person for person in self.platforms.people if person.key == key)
        platform = self.platforms.slack if person.platform == "slack" else self.platforms.teams

        def shown(*_: object) -> bool:
            seen = platform.seen(person.tenant, person.user)
            return bool(seen) and words in seen[-1].words()

        await self.until(shown, "/healthz")

    async def end(self) -> None:
        """It is told to stop, and does."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()
        await self._reading


class Stage:
    """Local platforms, and processes on one database that speak with them; one at a time has their requests."""

    def __init__(self, url: str, port: int, platforms: LocalPlatforms, address: str) -> None:
        self.url = url
        self.platforms = platforms
        self.address = address
        self.key = new_key()
        self._port = port
        self._home = ""

    def environment(self) -> dict[str, str]:
        """The settings of every process, and nothing that this one was started with."""
        slack, teams = self.platforms.slack_settings, self.platforms.teams_settings
        spaces = {space.platform: space.tenant for space in reversed(self.platforms.world.workspaces)}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SIGNPOST_", "PORT"))}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "SIGNPOST_DATABASE_URL": self.url,
            "SIGNPOST_ENCRYPTION_KEY": self.key,
            "SIGNPOST_SLACK_SIGNING_SECRET": slack.signing_secret,
            "SIGNPOST_SLACK_BOT_TOKEN": bot_token(spaces["slack"]),
            "SIGNPOST_SLACK_API_URL": slack.api_url,
            "SIGNPOST_TEAMS_APP_ID": teams.app_id,
            "SIGNPOST_TEAMS_APP_PASSWORD": teams.app_password,
            "SIGNPOST_TEAMS_TENANT_ID": spaces["teams"],
            "SIGNPOST_TEAMS_OPENID_METADATA_URL": teams.openid_metadata_url,
            "SIGNPOST_TEAMS_TOKEN_URL": teams.token_url,
        }

    async def fill(self) -> None:
        """The demo's world is in the database, whose tables must be there."""
        database = connect(self.url)
        await database.write(lambda tx: fill(tx, Vault(self.key), MovableClock()(), self.address))
        database.close()

    async def start(self, *words: str, port: int = 0, before: Callable[[], None] | None = None) -> Process:
        """A process with this command line; `before` runs in it first."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            env={**self.environment(), "SIGNPOST_PORT": str(port)},
            stdout=PIPE,
            stderr=PIPE,
            preexec_fn=before,
        )

    async def say(self, *words: str, before: Callable[[], None] | None = None) -> tuple[int, str]:
        """The exit code of this command and what it complained of, which is never a trace."""
        if before is None:
            code, _, wrong = await asyncio.to_thread(said, words, self.environment(), ROOT)
        else:
            process = await self.start(*words, before=before)
            _, wrong = await process.communicate()
            code = process.returncode or 0
        assert b"Traceback" not in wrong, wrong.decode()
        return code, wrong.decode()

    @asynccontextmanager
    async def served(self, part: str, before: Callable[[], None] | None = None) -> AsyncIterator[Served]:
        """That part of Signpost, listening; stopped at the end. Only a worker may run beside another."""
        port = free_port() if part == "worker" else self._port
        process = await self.start(part, port=port, before=before)
        async with aiohttp.ClientSession() as http:
            running = Served(process, port, self.platforms, http)
            try:
                await running.listening()
                yield running
            finally:
                await running.end()


def free_port() -> int:
    """A port that nobody listened at just now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@asynccontextmanager
async def stage(url: str) -> AsyncIterator[Stage]:
    """Platforms for processes on this database, which is left as it is."""
    listening, port = socket.create_server(("127.0.0.1", 0)), free_port()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    platforms = LocalPlatforms(address, MovableClock(), signpost=f"http://127.0.0.1:{port}")
    app = web.Application()
    app.add_routes(platforms.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield Stage(url, port, platforms, address)
    finally:
        await platforms.stop()
        await runner.cleanup()
