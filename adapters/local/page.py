"""The demo page: a Slack and a Teams side by side in the browser, served from `page/` as it is written there.

The page loads nothing from elsewhere and takes no markup from messages; its Content-Security-Policy says so to the
browser (https://www.w3.org/TR/CSP3/), and `require-trusted-types-for` makes it refuse text turned into markup.
"""

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

FOLDER = Path(__file__).with_name("page")

KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def routes() -> list[web.RouteDef]:
    """The page at `/` and each of its files under `/local/page/`; nothing else is served."""
    files = [path for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS]
    served = [web.get(f"/local/page/{path.name}", _serves(path)) for path in files]
    return [web.get("/", _serves(FOLDER / "index.html")), *served]


def _serves(path: Path) -> Handler:
    """A handler that gives this file, read once."""
    content, kind = path.read_bytes(), KINDS[path.suffix]

    async def give(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=HEADERS)

    return give
