"""Slack's one way in: every delivery is checked, read, handed on as an Inbound, and answered in Slack's own forms.

bolt tells the kinds of delivery apart. It never verifies, calls Slack or logs here: that is done before and after it.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.answer import Answer
from adapters.slack.arrival import LARGEST, Payload, is_signed, parsed
from adapters.slack.client import Slack
from adapters.slack.heard import (
    WorkspaceEvent,
    from_action,
    from_command,
    from_message,
    from_submission,
    from_workspace,
    origin_of,
)
from adapters.slack.modals import card_modal, field_errors, modal, read_origin
from adapters.slack.packing import Malformed
from adapters.slack.payloads import BlockActions, EventCallback, SlashCommand, ViewSubmission, shaped
from adapters.slack.render import one_message
from bot.delivery import NotSent, Uncertain, Undeliverable
from bot.errors import Unavailable
from bot.inbound import Address, Handled, Inbound
from bot.text import Reader
from bot.ui import Audience, Form

log = logging.getLogger(__name__)

Handle = Callable[[Inbound], Awaitable[Handled]]
OnEvent = Callable[[WorkspaceEvent], Awaitable[None]]

ANYTHING: Final = re.compile("")
INTERACTIONS: Final[Mapping[str, type]] = {"block_actions": BlockActions, "view_submission": ViewSubmission}
NO_RETRY: Final = {"X-Slack-No-Retry": "1"}


class SlackInbound:
    """Answers what Slack sends us. `handle` gives each thing that a person did, once verified; `on_event` the rest.

    `main` is the one command that takes every verb; any other is itself the verb. A request that is not signed by
    Slack is refused (401) before anything reads it.
    """

    def __init__(
        self,
        signing_secret: str,
        handle: Handle,
        slack: Slack,
        *,
        on_event: OnEvent | None = None,
        main: str = "signpost",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not signing_secret.strip():
            raise ValueError("A signing secret is needed: without one anybody could sign.")
        self._secret = signing_secret.encode()
        self._handle = handle
        self._slack = slack
        self._on_event = on_event
        self._main = main
        self._now = now
        self._opening: set[asyncio.Task[None]] = set()
        self._bolt = self._listening()

    async def handle(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to one HTTP request, as its bytes arrived. 413 over 1 MiB, 401 unsigned, 400 unreadable."""
        if len(body) > LARGEST:
            return Answer(413)
        names = {name.lower(): value for name, value in headers.items()}
        if not is_signed(self._secret, body, names, self._now().timestamp()):
            return Answer(401)
        try:
            payload = parsed(body, names.get("content-type", ""))
        except Malformed as error:
            return _malformed(error)
        return await self.handle_payload(payload)

    async def handle_payload(self, payload: Payload) -> Answer:
        """The answer to one payload whose sender is known: from `handle`, or from Socket Mode's own connection."""
        try:
            if not _is_known(payload):
                return Answer()
            response = await self._bolt.async_dispatch(_for_bolt(payload))
        except Malformed as error:
            return _malformed(error)
        except Unavailable:
            return Answer(503, {"Retry-After": "2"})
        if response.status == 404:  # bolt's word for what nobody listens to, which Slack would send again
            return Answer()
        return Answer(response.status, response.first_headers(), response.body.encode())

    async def drain(self, seconds: float = 10.0) -> None:
        """Waits until the modals being opened are open, or the time is over."""
        if self._opening:
            await asyncio.wait(set(self._opening), timeout=seconds)

    def _listening(self) -> AsyncApp:
        quiet = logging.getLogger("signpost.slack.bolt")
        quiet.setLevel(logging.CRITICAL)  # bolt's warnings and debug lines hold whole payloads
        bolt = AsyncApp(
            name="signpost.slack.bolt",
            logger=quiet,
            authorize=_authorised,
            process_before_response=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        bolt.command(ANYTHING)(self._command)
        bolt.action(ANYTHING)(self._action)
        bolt.view_submission(ANYTHING)(self._submission)
        bolt.event(ANYTHING)(self._event)
        bolt.error(_raised)
        return bolt

    async def _command(self, body: Payload) -> BoltResponse:
        typed = shaped(body, SlashCommand)
        inbound = from_command(typed, self._main, self._now())
        handled = await self._handle(inbound)
        if form := _form(handled):
            self._open(form, handled, inbound, typed.trigger_id)
            return BoltResponse(status=200)
        if handled.reply is None:
            return BoltResponse(status=200)
        seen = "in_channel" if handled.reply.audience is Audience.EVERYONE else "ephemeral"
        return _json({"response_type": seen, **one_message(handled.reply.body, handled.reader)})

    async def _action(self, body: Payload) -> BoltResponse:
        pressed = shaped(body, BlockActions)
        inbound = from_action(pressed, self._now())
        if inbound is not None:
            handled = await self._handle(inbound)
            if form := _form(handled):
                self._open(form, handled, inbound, pressed.trigger_id)
        return BoltResponse(status=200)

    async def _submission(self, body: Payload) -> BoltResponse:
        submitted = shaped(body, ViewSubmission)
        inbound = from_submission(submitted)
        if inbound is None:
            return BoltResponse(status=200)
        handled = await self._handle(inbound)
        origin = read_origin(submitted.view.private_metadata)
        if form := _form(handled):
            return _again(form, handled.reader, inbound, submitted)
        if handled.reply is None or isinstance(handled.reply.body, Form):
            return BoltResponse(status=200)
        kept = msgspec.structs.replace(origin, command="").written()
        return _update(card_modal(handled.reply.body, handled.reader, kept))

    async def _event(self, body: Payload) -> BoltResponse:
        delivered = shaped(body, EventCallback)
        if (inbound := from_message(delivered)) is not None:
            await self._handle(inbound)
        elif self._on_event is not None and (happened := from_workspace(delivered)) is not None:
            await self._on_event(happened)
        return BoltResponse(status=200)

    def _open(self, form: Form, handled: Handled, inbound: Inbound, trigger_id: str) -> None:
        """The modal opens while the request is being answered: Slack gives a trigger 3 seconds."""
        if not handled.repeated:  # a trigger works once
            opening = asyncio.create_task(self._opened(form, handled.reader, inbound, trigger_id))
            self._opening.add(opening)
            opening.add_done_callback(self._opening.discard)

    async def _opened(self, form: Form, reader: Reader, inbound: Inbound, trigger_id: str) -> None:
        """Where no modal can be opened, a card with a button that opens one is sent instead."""
        shown = inbound.private.via.get("view", "")
        installation = inbound.private.installation
        try:
            origin = msgspec.structs.replace(origin_of(inbound), command=form.command.pack())
            view = modal(form, reader, origin.written())
            if shown:
                await self._slack.update_view(installation, shown, view)
            else:
                await self._slack.open_view(installation, trigger_id, view)
        except (NotSent, Uncertain, Undeliverable) as error:
            log.warning("a modal could not be opened", extra={"reason": str(error)})
            await self._sent_instead(form, reader, inbound.private)
        except Exception:
            log.exception("a modal could not be drawn")

    async def _sent_instead(self, form: Form, reader: Reader, private: Address) -> None:
        try:
            await self._slack.post(private, form, reader)
        except (NotSent, Uncertain, Undeliverable) as error:
            log.warning("a form could not be sent", extra={"reason": str(error)})


async def _authorised(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """bolt wants to know who it acts for before it listens. Here it acts for nobody: the tokens are the client's."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


async def _raised(error: Exception) -> None:
    """What goes wrong leaves bolt as it is, which would log it with the payload and answer 500."""
    raise error


def _for_bolt(payload: Payload) -> AsyncBoltRequest:
    """The payload as bolt takes what is already parsed; it reads some fields of its own, whatever is in them."""
    try:
        return AsyncBoltRequest(body=payload, mode="socket_mode")
    except (TypeError, AttributeError, KeyError, IndexError) as error:
        raise Malformed("A payload that bolt cannot read.") from error


def _is_known(payload: Payload) -> bool:
    """Whether it is for bolt; its shape is checked first, since bolt answers a wrong one with 500."""
    kind = payload.get("type")
    if "ssl_check" in payload or kind == "url_verification":
        return True
    if kind == "event_callback":
        shaped(payload, EventCallback)
    elif isinstance(kind, str) and kind in INTERACTIONS:
        shaped(payload, INTERACTIONS[kind])
    elif "command" in payload:
        shaped(payload, SlashCommand)
    elif isinstance(kind, str) and kind:
        return False
    else:
        raise Malformed("A payload of no kind.")
    return True


def _form(handled: Handled) -> Form | None:
    """The form to open, wherever it travels."""
    if handled.form is not None:
        return handled.form
    return handled.reply.body if handled.reply is not None and isinstance(handled.reply.body, Form) else None


def _again(form: Form, reader: Reader, inbound: Inbound, submitted: ViewSubmission) -> BoltResponse:
    """The refused form: the errors beside its fields, or drawn anew where the error is about them all."""
    errors = field_errors(form, reader)
    asked = set(submitted.view.state.values) if submitted.view.state is not None else set()
    if errors and form.error is None and asked == {field.name for field in form.fields}:
        return _json({"response_action": "errors", "errors": errors})
    origin = read_origin(submitted.view.private_metadata)
    kept = msgspec.structs.replace(origin, command=form.command.pack()).written()
    return _update(modal(form, reader, kept))


def _update(view: dict[str, Any]) -> BoltResponse:
    return _json({"response_action": "update", "view": view})


def _json(body: Mapping[str, Any]) -> BoltResponse:
    headers: dict[str, Any] = {"content-type": "application/json; charset=utf-8"}
    return BoltResponse(status=200, body=msgspec.json.encode(body).decode(), headers=headers)


def _malformed(error: Malformed) -> Answer:
    log.warning("a request was refused", extra={"reason": str(error)})
    return Answer(400, NO_RETRY)
