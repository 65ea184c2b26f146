"""The requests behind a message, fit to be shown: decoded, and with every secret shortened."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from adapters.local.seen import Json
from adapters.local.traffic import Exchange

MOST = 10
SECRET_HEADERS = frozenset({"authorization", "x-slack-signature"})
SECRET_FIELDS = frozenset({"token", "trigger_id", "response_url", "client_secret", "access_token"})
TOKEN = re.compile(r"xox[a-z]-[\w-]+")
LEFT = 8


def shown(exchanges: list[Exchange], platform: str) -> list[Json]:
    """The last ten requests, oldest first, as the page draws them."""
    return [_shown(exchange, platform) for exchange in exchanges[-MOST:]]


def _shown(exchange: Exchange, platform: str) -> Json:
    path = urlsplit(exchange.url).path
    inward = path.startswith(("/slack/", "/api/messages"))
    sides = (platform, "Signpost") if inward else ("Signpost", platform)
    drawn: Json = {
        "title": f"{sides[0]} to {sides[1]}: {exchange.method} {path}",
        "method": exchange.method,
        "url": exchange.url,
        "headers": _headers(exchange.headers),
        "body": _body(exchange),
    }
    if exchange.status:
        drawn |= {"status": exchange.status, "answer": _text(exchange.answer)}
    return drawn


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: short(value) if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}


def _body(exchange: Exchange) -> str:
    """A form is shown as the fields it has, and JSON inside a field as JSON."""
    kind = next((value for name, value in exchange.headers.items() if name.lower() == "content-type"), "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        return _text(exchange.body)
    fields = {name: _parsed(value) for name, value in parse_qsl(exchange.body, keep_blank_values=True)}
    return json.dumps(without_secrets(fields), ensure_ascii=False, indent=2)


def _text(text: str) -> str:
    parsed = _parsed(text)
    return text if isinstance(parsed, str) else json.dumps(without_secrets(parsed), ensure_ascii=False, indent=2)


def _parsed(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def without_secrets(value: Any) -> Any:
    """The same value, with what opens doors shortened, by the field's name or by its look."""
    if isinstance(value, dict):
        return {
            name: short(inside) if name in SECRET_FIELDS and isinstance(inside, str) else without_secrets(inside)
            for name, inside in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inside) for inside in value]
    return TOKEN.sub(lambda found: short(found[0]), value) if isinstance(value, str) else value


def short(secret: str) -> str:
    """Its kind and first characters, and how long it is."""
    kind, space, rest = secret.rpartition(" ")
    return f"{kind}{space}{rest[:LEFT]}… ({len(rest)} characters)" if len(rest) > LEFT else "…"
