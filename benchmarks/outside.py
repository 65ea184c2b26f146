"""Everything outside a server under test: Slack's Web API, Teams' keys, tokens and connector. It says yes and counts.

Runs as `python -m benchmarks.outside JWKS_FILE`, on the load generator's core. `GET /counts` gives how many requests
each kind has had: `slack`, `token`, `keys`, `teams` (messages alone) and `teams members`.
"""

import os
import sys
from collections import Counter
from itertools import count
from pathlib import Path

from aiohttp import web

from benchmarks.load import HOST
from benchmarks.served import serve
from benchmarks.wire import TEAMS_TENANT

routes = web.RouteTableDef()
counts: Counter[str] = Counter()
serial = count(1)


@routes.get("/counts")
async def counted(request: web.Request) -> web.Response:
    """How many requests each kind has had."""
    return web.json_response(dict(counts))


@routes.post("/api/{method}")
@routes.get("/api/{method}")
async def slack_method(request: web.Request) -> web.Response:
    """Any method of the Web API: enough of each answer for a client to go on (docs.slack.dev/reference/methods)."""
    counts["slack"] += 1
    number = next(serial)
    moment = f"{1_700_000_000 + number}.000100"
    return web.json_response(
        {
            "ok": True,
            "url": "https://bench.slack.test/",
            "team": "Bench",
            "team_id": "T0BENCH",
            "bot_id": "B0BENCH",
            "user_id": "U0SIGNPOST",
            "channel": "D0BENCH",
            "ts": moment,
            "message": {"ts": moment},
            "user": {"id": "U0", "real_name": "Bench", "tz": "Europe/London", "profile": {"real_name": "Bench"}},
        }
    )


@routes.post("/response/{number}")
async def slack_response_url(request: web.Request) -> web.Response:
    """A reply sent after the acknowledgement."""
    counts["slack"] += 1
    return web.Response(text="ok")


@routes.get("/openid")
@routes.get("/{tenant}/v2.0/.well-known/openid-configuration")
async def openid(request: web.Request) -> web.Response:
    """One document for the channel's signing keys and for a tenant's sign-in (OpenID Connect Discovery 1.0, 3)."""
    here = f"http://{HOST}:{os.environ['PORT']}"
    login = f"https://login.microsoftonline.com/{request.match_info.get('tenant', 'common')}"
    return web.json_response(
        {
            "issuer": "https://api.botframework.com",
            "jwks_uri": f"{here}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_endpoint": f"{login}/oauth2/v2.0/authorize",
            "token_endpoint": f"{login}/oauth2/v2.0/token",
        }
    )


@routes.get("/keys")
async def keys(request: web.Request) -> web.Response:
    """The channel's key set."""
    counts["keys"] += 1
    return web.Response(body=key_set, content_type="application/json")


@routes.post("/{tenant}/oauth2/v2.0/token")
async def token(request: web.Request) -> web.Response:
    """A token for the connector, to whoever asks."""
    counts["token"] += 1
    return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": "outbound"})


@routes.post("/v3/conversations")
@routes.post("/v3/conversations/{conversation}/activities")
@routes.post("/v3/conversations/{conversation}/activities/{activity}")
@routes.put("/v3/conversations/{conversation}/activities/{activity}")
async def teams(request: web.Request) -> web.Response:
    """A message created, sent or redrawn."""
    counts["teams"] += 1
    return web.json_response({"id": f"activity-{next(serial)}"}, status=201)


@routes.get("/v3/conversations/{conversation}/members/{user}")
async def member(request: web.Request) -> web.Response:
    """Who somebody is: a member of the tenant itself."""
    counts["teams members"] += 1
    user = request.match_info["user"]
    known = {"name": "Bench", "userPrincipalName": "bench@bench.test", "tenantId": TEAMS_TENANT, "userRole": "user"}
    return web.json_response({"id": user, "aadObjectId": user.removeprefix("29:"), **known})


if __name__ == "__main__":
    key_set = Path(sys.argv[1]).read_bytes()
    outside = web.Application()
    outside.add_routes(routes)
    serve(outside)
