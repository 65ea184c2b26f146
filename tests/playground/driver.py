"""Drives Microsoft's own test client for Teams bots (@microsoft/m365agentsplayground) without a browser.

It draws nothing: what a person would see is read from the stream that its page reads, and what they would
press goes through the same addresses that its page uses.
"""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

HERE = Path(__file__).parent
CLIENT = HERE / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
WITHIN = 30.0
"""Seconds after which a test that waits for a message says that it did not come."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Someone:
    """Who sits before the test client, in which tenant, talking to which app."""

    app_id: str
    tenant: str = "b8b0a4b6-3d8f-4f0e-9f5a-2b7a3f6c1d20"
    member: str = "29:gareth"
    entra_id: str = "0d6f1c2e-7a44-4b1e-8d0a-5f3f9c2b7e61"
    name: str = "Gareth Pugh"
    email: str = "gareth.pugh@dwp.example.gov.uk"

    def config(self) -> Json:
        """The test client's configuration; JSON is YAML too."""
        given, _, surname = self.name.partition(" ")
        me = {
            "id": self.member,
            "name": self.name,
            "userPrincipleName": self.email,
            "aadObjectId": self.entra_id,
            "givenName": given,
            "surname": surname,
            "email": self.email,
        }
        others = [
            me | {"id": f"29:other-{n}", "aadObjectId": f"77777777-0000-4000-8000-00000000000{n}", "name": f"Other {n}"}
            for n in range(5)  # the fewest that it starts with
        ]
        return {
            "version": "0.1.1",
            "tenantId": self.tenant,
            "bot": {"id": f"28:{self.app_id}", "name": "Signpost"},
            "currentUser": me,
            "users": others,
            "personalChat": {"id": "a:personal"},
            "groupChat": {"id": "19:group@thread.v2", "name": "Group"},
            "team": {
                "id": "19:team@thread.tacv2",
                "name": "Starting a business",
                "aadGroupId": "00000000-0000-4000-8000-000000000031",
                "channels": [{"id": "19:channel@thread.tacv2", "name": "Questions"}],
            },
        }


@dataclass(frozen=True)
class Message:
    """One message as the person sees it now; `card` is its Adaptive Card, if it has one."""

    id: str
    conversation: str
    sender: str
    text: str
    card: Json | None

    @property
    def words(self) -> str:
        """Everything that can be read in it."""
        return f"{self.text}\n{(self.card or {}).get('fallbackText', '')}".strip()


def missing() -> str:
    """Why the test client can't be run here, in words; empty where it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not CLIENT.exists():
        return "Microsoft's test client is not installed: run `npm ci --ignore-scripts` in tests/playground"
    return ""


class Playground:
    """One person at Microsoft's test client. `async with playground(...)` starts and ends it."""

    def __init__(self, session: aiohttp.ClientSession, url: str, someone: Someone) -> None:
        self._session = session
        self._url = url
        self._someone = someone
        self._messages: dict[str, Message] = {}
        self._changed = asyncio.Condition()
        self.personal = "a:personal"
        self.group = "19:group@thread.v2"
        self.channel = "19:channel@thread.tacv2"

    def messages(self) -> list[Message]:
        """What the person sees, oldest first, each as it was last redrawn."""
        return list(self._messages.values())

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The last message of the app that is as wanted; waits for it."""

        def found() -> list[Message]:
            ours = f"28:{self._someone.app_id}"
            return [message for message in self._messages.values() if message.sender == ours and wanted(message)]

        try:
            async with asyncio.timeout(WITHIN), self._changed:
                await self._changed.wait_for(lambda: bool(found()))
        except TimeoutError:
            seen = "\n".join(message.words for message in self.messages())
            raise AssertionError(f"It did not come. What came:\n{seen}") from None
        return found()[-1]

    async def reads(self, words: str) -> Message:
        """The last message of the app with these words in it; waits for it."""
        return await self.until(lambda message: words in message.words)

    async def say(self, text: str, conversation: str = "") -> str:
        """Types this in the personal chat, or after a mention in another conversation; the message's id."""
        where = conversation or self.personal
        body: Json = {"from": {"id": self._someone.member}, "text": text, "textFormat": "plain"}
        if where != self.personal:
            us = {"id": f"28:{self._someone.app_id}", "name": "Signpost"}
            body["text"] = f"<at>Signpost</at> {text}"
            body["mentions"] = [{"mentioned": us, "text": "<at>Signpost</at>"}]
        answer = await self._post(f"/_conversation/v1/conversations/{where}/messages", body)
        return str(answer["messageId"])

    async def press(self, message: Message, label: str, **answers: str) -> Json:
        """Presses the button with this label, the inputs filled in; the app's response to the invoke."""
        action = _button(message.card or {}, label)
        data = {**action["data"], **_inputs(message.card or {}), **answers}
        pressed = {"type": "Action.Execute", "title": label, "verb": action["verb"], "data": data}
        response = await self._post("/_conversation/v1/invoke", self._about(message, "adaptiveCard/action", pressed))
        if response.get("type") == "application/vnd.microsoft.card.adaptive":
            await self._keep(Message(message.id, message.conversation, message.sender, message.text, response["value"]))
        return response

    async def submit(self, message: Message, label: str, **answers: str) -> None:
        """Presses it as a client does that knows Action.Submit only."""
        action = _button(message.card or {}, label)["fallback"]
        about = self._about(message, "", {})
        about["value"] = {**action["data"], **_inputs(message.card or {}), **answers}
        await self._post("/_conversation/v1/submit", about)

    def _about(self, message: Message, name: str, action: Json) -> Json:
        return {
            "name": name,
            "value": {"action": action, "trigger": "manual"},
            "from": {"id": self._someone.member},
            "conversation": {"id": message.conversation},
            "replyToId": message.id,
        }

    async def send(self, activity: Json) -> None:
        """An activity of any kind, as it is (installation, members who come and go)."""
        await self._post("/_internal/v1/customActivities", activity)

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self._url + path, json=body) as answer:
            text = await answer.text()
            assert answer.status == 200, f"{path}: {answer.status} {text}"
            found: Json = json.loads(text) if text else {}
            return found

    async def _keep(self, message: Message) -> None:
        async with self._changed:
            self._messages[message.id] = message
            self._changed.notify_all()

    async def watch(self, stream: aiohttp.ClientWebSocketResponse) -> None:
        """Reads the stream of messages until it ends."""
        async for received in stream:
            action = json.loads(received.data)
            if action.get("action") not in ("createMessage", "updateMessage"):
                continue
            await self._keep(_message(action, self._messages))


@asynccontextmanager
async def playground(app_url: str, someone: Someone) -> AsyncIterator[Playground]:
    """The test client, talking to the app at this address; it listens on, and reaches, this machine only."""
    with tempfile.TemporaryDirectory() as folder:
        process = await _started(app_url, someone, Path(folder))
        try:
            url = f"http://127.0.0.1:{await _port(process)}"
            async with aiohttp.ClientSession() as session:
                client = Playground(session, url, someone)
                async with session.ws_connect(f"{url}/_ws_conversation/v1/conversations/stream") as stream:
                    watching = asyncio.create_task(client.watch(stream))
                    yield client
                await watching
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _started(app_url: str, someone: Someone, folder: Path) -> asyncio.subprocess.Process:
    config = folder / "config.yml"
    config.write_text(json.dumps(someone.config()), "utf-8")
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(config),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "log.txt"),
    }
    words = ["--app-endpoint", app_url, "--channel-id", "msteams", "--port", "0", "--disable-telemetry"]
    return await asyncio.create_subprocess_exec(
        "node",
        "--require",
        str(HERE / "at_home.cjs"),
        str(CLIENT),
        *words,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def _port(process: asyncio.subprocess.Process) -> int:
    """The port it says it listens on, in the first line that it prints."""
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN):
        async for line in process.stdout:
            if line.startswith(b"Listening on "):
                return int(line.split()[-1])
    raise AssertionError("Microsoft's test client did not start.")


def _message(action: Json, known: dict[str, Message]) -> Message:
    found = action["message"]
    cards = [each["content"] for each in found.get("attachments", ()) if isinstance(each.get("content"), dict)]
    before = known.get(found["messageId"])
    return Message(
        id=found["messageId"],
        conversation=before.conversation
        if before
        else found.get("postConversationId") or action["actionConversationId"],
        sender=found["from"]["id"],
        text=found.get("text") or "",
        card=cards[0] if cards else None,
    )


def _button(card: Json, label: str) -> Json:
    """The Action.Execute with this label, wherever in the card it is."""
    actions = [action for action in _inside(card) if action.get("type") == "Action.Execute"]
    for action in actions:
        if action["title"] == label:
            return action
    raise AssertionError(f"There is no button “{label}”, only {[action['title'] for action in actions]}")


def _inputs(card: Json) -> dict[str, str]:
    """The inputs as they stand, as a client sends them with every button."""
    inputs = [element for element in _inside(card) if str(element.get("type", "")).startswith("Input.")]
    return {element["id"]: element["value"] for element in inputs if element.get("value")}


def _inside(found: object) -> list[Json]:
    children = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
    here = [found] if isinstance(found, dict) else []
    return here + [each for child in children for each in _inside(child)]
