"""The two tokens of a local Teams: those it signs its own requests with, and those it gives Signpost.

Source: "Authentication with the Bot Connector API", learn.microsoft.com.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from adapters.local.seen import Json
from adapters.local.teams_state import ConnectorError

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LIFE = timedelta(hours=1)

TokenFault = Literal[
    "missing",
    "garbage",
    "wrong_audience",
    "expired",
    "not_yet",
    "wrong_issuer",
    "wrong_key",
    "unknown_key",
    "alg_none",
    "hs256",
    "other_service_url",
    "no_service_url",
    "not_endorsed",
]


@cache
def _made(number: int) -> RSAPrivateKey:
    """Making a key takes about a tenth of a second, so each platform of a process has the same ones."""
    return generate_private_key(65537, 2048)


UNENDORSED, STRANGE, FIRST = 0, 1, 2


class Signer:
    """The keys, the key set that says so, and the tokens signed with them. One key isn't endorsed for Teams."""

    def __init__(self, app_id: str, service_url: str, clock: Callable[[], datetime]) -> None:
        self._app_id = app_id
        self._service_url = service_url
        self._clock = clock
        self._number = FIRST
        self._unendorsed = secrets.token_urlsafe(12)
        self._key_id = secrets.token_urlsafe(12)
        self._published = {self._key_id: FIRST}

    def rotate(self, keep_old: bool = False) -> None:
        """A new key signs from now on; the old one leaves the key set unless it is kept."""
        self._number += 1
        self._key_id = secrets.token_urlsafe(12)
        self._published = (self._published if keep_old else {}) | {self._key_id: self._number}

    def key_set(self) -> Json:
        """What the keys' address answers."""
        keys = [_public(number, id, ["msteams"]) for id, number in self._published.items()]
        return {"keys": [*keys, _public(UNENDORSED, self._unendorsed, ["webchat"])]}

    def token(self, fault: TokenFault | None = None) -> str:
        """A token as Teams signs it, or with this one thing wrong; "" when it is to be missing."""
        if fault == "missing":
            return ""
        if fault == "garbage":
            return "not.a.token"
        claims = self._claims(fault)
        if fault == "alg_none":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": self._key_id})
        if fault == "hs256":
            return _signed_with_the_public_key(claims, self._key_id, _made(self._number))
        number = {"wrong_key": STRANGE, "unknown_key": STRANGE, "not_endorsed": UNENDORSED}.get(fault or "")
        id = {"unknown_key": "nobody-knows-it", "not_endorsed": self._unendorsed}.get(fault or "", self._key_id)
        return jwt.encode(claims, _made(self._number if number is None else number), "RS256", headers={"kid": id})

    def _claims(self, fault: TokenFault | None) -> dict[str, Any]:
        start = self._clock() + {"expired": timedelta(hours=-2), "not_yet": timedelta(hours=2)}.get(
            fault or "", timedelta(0)
        )
        claims: dict[str, Any] = {
            "iss": "https://sts.example/" if fault == "wrong_issuer" else ISSUER,
            "aud": "another-app" if fault == "wrong_audience" else self._app_id,
            "nbf": int(start.timestamp()),
            "exp": int((start + LIFE).timestamp()),
            "serviceurl": "https://elsewhere.example/" if fault == "other_service_url" else self._service_url,
        }
        if fault == "no_service_url":
            del claims["serviceurl"]
        return claims


def _public(number: int, id: str, endorsements: list[str]) -> Json:
    key: Json = RSAAlgorithm.to_jwk(_made(number).public_key(), as_dict=True)
    wanted = {name: key[name] for name in ("kty", "n", "e")}
    return wanted | {"use": "sig", "kid": id, "x5t": id, "endorsements": endorsements}


def _signed_with_the_public_key(claims: Json, id: str, key: RSAPrivateKey) -> str:
    """The old trick of calling the public key a shared secret; PyJWT rightly won't help with it."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = _part({"alg": "HS256", "typ": "JWT", "kid": id}) + "." + _part(claims)
    digest = hmac.new(public, head.encode(), hashlib.sha256).digest()
    return f"{head}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _part(value: Json) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Login:
    """The token endpoint: a token for the right id, secret and scope, good for an hour."""

    def __init__(self, app_id: str, app_password: str, clock: Callable[[], datetime]) -> None:
        self._app_id = app_id
        self._password = app_password
        self._clock = clock
        self._given: dict[str, datetime] = {}

    def grant(self, form: Mapping[str, str]) -> tuple[int, Json]:
        """Status and body of the answer (RFC 6749, 4.4 and 5.2)."""
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        known = hmac.compare_digest(form.get("client_secret", "").encode(), self._password.encode())
        if form.get("client_id") != self._app_id or not known:
            return 401, {"error": "invalid_client", "error_codes": [7000215]}
        if form.get("scope") != SCOPE:
            return 400, {"error": "invalid_scope"}
        token = secrets.token_urlsafe(32)
        self._given[token] = self._clock() + LIFE
        seconds = int(LIFE.total_seconds())
        return 200, {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token}

    def check(self, token: str) -> None:
        """401 for a token that was not given here, or not for now."""
        ends = self._given.get(token)
        if ends is None or ends <= self._clock():
            raise ConnectorError(401, "Unauthorized", "Authorization has been denied for this request.")

    def forget(self) -> None:
        """No token that was given is good any more."""
        self._given.clear()
