"""The page behind a private link to a person's own data, and the file it gives. It knows no platform.

The page itself uses nothing up, so that what looks into links before people do (previews, scanners) leaves them good:
only its button does, which is a POST.
"""

from collections.abc import Sequence
from html import escape

from aiohttp import hdrs, web

from bot.downloads import PATH, Downloads
from bot.text import Reader, Text, say, t

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    hdrs.CACHE_CONTROL: "no-store",
}
ROUTE = PATH + "{token:[A-Za-z0-9_-]{43}}"


def routes(downloads: Downloads) -> Sequence[web.AbstractRouteDef]:
    """A page with a button, and what the button gives."""

    async def shown(request: web.Request) -> web.Response:
        reader = await downloads.reader(request.match_info["token"])
        return _over() if reader is None else _page(reader)

    async def given(request: web.Request) -> web.Response:
        found = await downloads.take(request.match_info["token"])
        if found is None:
            return _over()
        named = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{found.name}"'}
        return web.Response(body=found.content, content_type="application/zip", headers=HEADERS | named)

    return [web.get(ROUTE, shown), web.post(ROUTE, given)]


def _page(reader: Reader) -> web.Response:
    button = escape(say(t("Get the file"), reader))
    about = t("The file holds everything that Signpost keeps about you. This link works once: save the file.")
    form = f'<form method="post"><button type="submit">{button}</button></form>'
    return _html(reader, t("Your data in Signpost"), f"<p>{escape(say(about, reader))}</p>{form}", 200)


def _over() -> web.Response:
    about = t("It was used, or an hour has passed. Say me data to Signpost for a new one.")
    return _html(Reader(), t("This link does not work any more"), f"<p>{escape(say(about, Reader()))}</p>", 410)


def _html(reader: Reader, title: Text, body: str, status: int) -> web.Response:
    said = escape(say(title, reader))
    page = (
        f'<!doctype html><html lang="{escape(reader.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{said} - Signpost</title></head>'
        f"<body><main><h1>{said}</h1>{body}</main></body></html>"
    )
    return web.Response(status=status, text=page, content_type="text/html", headers=HEADERS)
