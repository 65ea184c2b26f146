"""Nobody is believed whose token is not Microsoft's, for us, for now and for this activity."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.answer import Answer
from adapters.teams.inbound import TeamsInbound
from adapters.teams.keys import KeySet
from adapters.teams.tokens import IncomingTokens, OutgoingTokens, TokenUnavailable
from tests.adapters.teams.conftest import Core, Door, recorded
from tests.adapters.teams.microsoft import APP_ID, ISSUER, PASSWORD, Microsoft, private_key, published

HOUR = timedelta(hours=1)


def unsigned(theirs: Microsoft) -> str:
    claims = jwt.decode(theirs.sign().removeprefix("Bearer "), options={"verify_signature": False})
    return "Bearer " + jwt.encode(claims, "", algorithm="none", headers={"kid": "key-1"})


def signed_with_the_public_key(theirs: Microsoft) -> str:
    """The public key as the secret of HS256; PyJWT refuses to make it, so it is made by hand."""
    import hashlib
    import hmac

    claims = jwt.decode(theirs.sign().removeprefix("Bearer "), options={"verify_signature": False})
    secret = private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "key-1"}, claims]
    text = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.new(secret, text, hashlib.sha256).digest()).rstrip(b"=")
    return "Bearer " + (text + b"." + signature).decode()


def changed_after_signing(theirs: Microsoft) -> str:
    head, _, signature = theirs.sign().split(".")
    claims = {"iss": ISSUER, "aud": APP_ID, "exp": 4102444800, "serviceurl": theirs.url, "extra": 1}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.{signature}"


FAULTS: dict[str, Any] = {
    "missing header": lambda them: "",
    "another scheme": lambda them: them.sign().replace("Bearer", "Basic"),
    "no token": lambda them: "Bearer ",
    "not a token": lambda them: "Bearer a.b.c",
    "a header nested a thousand deep": lambda them: (
        "Bearer " + base64.urlsafe_b64encode(b'{"a":' * 1000 + b"1" + b"}" * 1000).decode() + ".e30.e30"
    ),
    "wrong audience": lambda them: them.sign(aud="another-app"),
    "no audience": lambda them: them.sign(aud=None),
    "expired": lambda them: them.sign(exp=them.moment - timedelta(minutes=5, seconds=1)),
    "no expiry": lambda them: them.sign(exp=None),
    "not valid yet": lambda them: them.sign(nbf=them.moment + timedelta(minutes=5, seconds=1)),
    "wrong issuer": lambda them: them.sign(iss="https://login.example.org"),
    "no issuer": lambda them: them.sign(iss=None),
    "wrong key with the same id": lambda them: them.sign(number=1),
    "unknown id": lambda them: them.sign(number=1, key_id="key-9"),
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "changed after signing": changed_after_signing,
    "other service URL": lambda them: them.sign(serviceurl="https://smba.example.org"),
    "missing service URL": lambda them: them.sign(serviceurl=None),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_token_with_this_fault_is_a_401_and_the_core_hears_nothing(fault: str, door: Door) -> None:
    assert await door.receive(recorded("message_personal"), FAULTS[fault](door.theirs)) == (401, None)
    assert door.core.heard == []


async def test_a_channel_that_the_key_is_not_endorsed_for_is_a_401(door: Door) -> None:
    door.theirs.keys = [published("key-1", endorsements=("webchat",))]
    assert await door.receive(recorded("message_personal")) == (401, None)


async def test_a_key_without_endorsements_vouches_for_nothing(door: Door) -> None:
    door.theirs.keys = [{name: value for name, value in published("key-1").items() if name != "endorsements"}]
    assert await door.receive(recorded("message_personal")) == (401, None)


async def test_another_channel_than_teams_is_refused_even_when_it_is_endorsed(door: Door) -> None:
    """In a web chat the person writes the channel data, and with it the tenant."""
    door.theirs.keys = [published("key-1", endorsements=("msteams", "directline"))]
    assert await door.receive(recorded("message_personal", channelId="directline")) == (403, None)


async def test_an_activity_for_another_service_url_is_a_401(door: Door) -> None:
    changed = recorded("message_personal", serviceUrl="https://evil.example.org/")
    assert await door.receive(changed) == (401, None)


async def test_a_refusal_says_how_to_come_back_and_nothing_of_the_reason(door: Door) -> None:
    assert await door.inbound.handle(b"{}", {}) == Answer(401, {"WWW-Authenticate": "Bearer"})


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_the_header_is_found_in_either_case(name: str, door: Door) -> None:
    body = json.dumps(recorded("message_personal", serviceUrl=door.theirs.url)).encode()
    assert (await door.inbound.handle(body, {name: door.theirs.sign()})).status == 200


async def test_a_clock_that_differs_by_five_minutes_is_forgiven(door: Door) -> None:
    early = door.theirs.sign(nbf=door.theirs.moment + timedelta(minutes=5))
    late = door.theirs.sign(exp=door.theirs.moment - timedelta(minutes=4, seconds=59))
    for token in (early, late):
        assert (await door.receive(recorded("message_personal"), token))[0] == 200


async def test_the_token_is_checked_before_the_body_is_read(door: Door) -> None:
    assert (await door.receive(b"x" * (2 * 1024 * 1024), ""))[0] == 401


async def test_a_rotated_key_is_believed_at_once(door: Door) -> None:
    assert (await door.receive(recorded("message_personal")))[0] == 200
    door.theirs.moment += timedelta(minutes=6)
    door.theirs.keys = [published("key-2", 1)]
    assert (await door.receive(recorded("message_personal"), door.theirs.sign(1, "key-2")))[0] == 200


async def test_invented_key_ids_make_us_ask_microsoft_once_in_five_minutes(door: Door) -> None:
    for number in range(5):
        await door.receive(recorded("message_personal"), door.theirs.sign(1, f"invented-{number}"))
    assert door.theirs.key_loads == 1
    door.theirs.moment += timedelta(minutes=5)
    await door.receive(recorded("message_personal"), door.theirs.sign(1, "invented-5"))
    assert door.theirs.key_loads == 2


async def test_many_first_requests_load_the_keys_once(door: Door) -> None:
    answers = await asyncio.gather(*(door.receive(recorded("message_personal")) for _ in range(20)))
    assert {status for status, _ in answers} == {200}
    assert door.theirs.key_loads == 1


async def test_keys_are_renewed_within_a_day_and_a_failure_before_that_does_no_harm(door: Door) -> None:
    await door.receive(recorded("message_personal"))
    door.theirs.moment += timedelta(hours=23)
    door.theirs.keys_down = True
    assert (await door.receive(recorded("message_personal")))[0] == 200
    door.theirs.moment += HOUR + timedelta(seconds=1)
    assert (await door.receive(recorded("message_personal")))[0] == 503
    door.theirs.keys_down = False
    door.theirs.moment += timedelta(seconds=10)
    assert (await door.receive(recorded("message_personal")))[0] == 200
    assert door.theirs.key_loads == 2


async def test_a_withdrawn_key_is_no_longer_believed_after_a_day(door: Door) -> None:
    await door.receive(recorded("message_personal"))
    door.theirs.keys = [published("key-2", 1)]
    door.theirs.moment += timedelta(hours=24)
    assert (await door.receive(recorded("message_personal")))[0] == 401


async def test_keys_that_cannot_be_had_are_a_503_so_that_teams_tries_again(door: Door) -> None:
    door.theirs.keys_down = True
    assert (await door.receive(recorded("message_personal")))[0] == 503


async def test_one_unreadable_key_hides_none_of_the_others(door: Door) -> None:
    door.theirs.keys = [{"kid": "key-0", "kty": "RSA", "n": "?", "endorsements": []}, published("key-1")]
    assert (await door.receive(recorded("message_personal")))[0] == 200


async def test_a_government_cloud_has_its_own_issuer(theirs: Microsoft, session: aiohttp.ClientSession) -> None:
    issuer, core = "https://api.botframework.example.org", Core()
    tokens = IncomingTokens(KeySet(session, theirs.metadata_url, theirs.clock), APP_ID, issuer, theirs.clock)
    door = Door(TeamsInbound(tokens, core.handle), theirs, core)
    assert (await door.receive(recorded("message_personal"), theirs.sign(iss=issuer)))[0] == 200
    assert (await door.receive(recorded("message_personal")))[0] == 401


async def test_one_token_is_asked_for_however_many_need_it(theirs: Microsoft, outgoing: OutgoingTokens) -> None:
    assert set(await asyncio.gather(*(outgoing.current() for _ in range(20)))) == {"ours-1"}
    assert theirs.tokens_asked == [
        {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
    ]


async def test_our_token_is_renewed_five_minutes_before_it_ends(theirs: Microsoft, outgoing: OutgoingTokens) -> None:
    await outgoing.current()
    theirs.moment += HOUR - timedelta(minutes=5, seconds=1)
    assert await outgoing.current() == "ours-1"
    theirs.moment += timedelta(seconds=1)
    assert await outgoing.current() == "ours-2"


async def test_a_token_that_still_lasts_is_used_when_the_login_service_fails(
    theirs: Microsoft, outgoing: OutgoingTokens
) -> None:
    await outgoing.current()
    theirs.moment += HOUR - timedelta(minutes=2)
    theirs.token_answers.append((503, {}))
    assert await outgoing.current() == "ours-1"
    assert await outgoing.current() == "ours-1"
    assert len(theirs.tokens_asked) == 2
    theirs.moment += timedelta(seconds=10)
    assert await outgoing.current() == "ours-3"


async def test_a_refused_secret_is_told_by_its_code_and_never_shown(
    theirs: Microsoft, outgoing: OutgoingTokens
) -> None:
    theirs.token_answers.append((401, {"error": "invalid_client", "error_description": f"{PASSWORD} is wrong"}))
    with pytest.raises(TokenUnavailable) as refused:
        await outgoing.current()
    assert str(refused.value) == "invalid_client"
    assert PASSWORD not in repr(outgoing)


async def test_a_login_answer_that_is_no_json_is_no_token(theirs: Microsoft, outgoing: OutgoingTokens) -> None:
    theirs.token_answers.append((200, ["no", "object"]))
    with pytest.raises(TokenUnavailable):
        await outgoing.current()
