"""The Web API of a local Slack over HTTP: tokens, arguments, faults, and every request recorded."""

import json
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from adapters.local.faults import Faults
from adapters.local.seen import Json
from adapters.local.slack_methods import Messages, Method
from adapters.local.slack_replies import Replies
from adapters.local.slack_state import Refused, Workspace
from adapters.local.slack_views import Views
from adapters.local.slack_wire import SlackWire
from adapters.local.traffic import Exchange, Request, answer_with, exchange_of


class WebApi:
    """GET and POST, arguments in the query and in the body, as JSON or as a form; errors are 200 with ok false."""

    def __init__(self, wire: SlackWire, views: Views, replies: Replies, faults: Faults) -> None:
        self._wire = wire
        self._replies = replies
        self._faults = faults
        self._methods: dict[str, Method] = Messages(wire).methods | {
            "views.open": lambda space, arguments: {"view": views.open(space, arguments)},
            "views.push": lambda space, arguments: {"view": views.push(space, arguments)},
            "views.update": lambda space, arguments: {"view": views.update(space, arguments)},
            "views.publish": lambda space, arguments: {"view": views.publish(space, arguments)},
        }

    def routes(self, public_url: str) -> list[web.RouteDef]:
        """The methods and the response URLs, under the path of the public URL."""
        path = urlsplit(public_url).path.rstrip("/")
        return [
            web.get(path + "/api/{method}", self._call),
            web.post(path + "/api/{method}", self._call),
            web.post(path + "/response/{team}/{key}", self._respond),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        exchange = await exchange_of(request)
        arguments = _arguments(request, exchange)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = token or str(arguments.pop("token", ""))
        named = Request(request.match_info["method"], arguments, token, exchange)
        self._wire.requests.append(named)

        async def effect() -> web.Response:
            return web.json_response(self._answer(named))

        return await answer_with(self._faults, request, named, effect)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        exchange = await exchange_of(request)
        named = Request("response_url", _arguments(request, exchange), "", exchange)
        self._wire.requests.append(named)

        async def effect() -> web.Response:
            return await self._replies.answer(request)

        return await answer_with(self._faults, request, named, effect)

    def _answer(self, request: Request) -> Json:
        try:
            result = self._result(request)
        except Refused as refused:
            if refused.error in ("invalid_blocks", "invalid_arguments"):
                self._wire.report(f"{request.method} got {refused.error}: {refused.details}")
            details = {"errors": refused.details, "response_metadata": {"messages": refused.details}}
            return {"ok": False, "error": refused.error, **(details if refused.details else {})}
        return {"ok": True, **result}

    def _result(self, request: Request) -> Json:
        method = self._methods.get(request.method)
        if method is None:
            raise Refused("unknown_method")
        space = self._space(request.token)
        result = method(space, request.arguments)
        if request.method.startswith("chat."):
            asked = str(result.get("channel") or request.arguments["channel"])
            channel = space.direct(asked).id if asked in space.users else asked
            stamp = str(result.get("ts") or result.get("message_ts"))
            self._wire.carry(f"{space.id}/{channel}", stamp, request.exchange)
        return result

    def _space(self, token: str) -> Workspace:
        if not token:
            raise Refused("not_authed")
        for space in self._wire.spaces.values():
            if space.token == token:
                return space
        raise Refused("invalid_auth")


def _arguments(request: web.Request, exchange: Exchange) -> Json:
    """Query and body together; a body that can't be read is no arguments, as Slack answers `invalid_json` to few."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(exchange.body or "{}")
        except ValueError:
            body = {}
        return arguments | (body if isinstance(body, dict) else {})
    return arguments | dict(parse_qsl(exchange.body, keep_blank_values=True))
