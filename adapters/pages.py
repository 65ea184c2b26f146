"""The plain pages behind private links: how they look, the headers they have, and what a link that is over shows."""

from html import escape

from aiohttp import hdrs, web

from bot.text import Reader, Text, say, t

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    hdrs.CACHE_CONTROL: "no-store",
}
"""Nothing is loaded, run, framed, indexed or kept, and no other site is told the address."""
TOKEN = "{token:[A-Za-z0-9_-]{43}}"  # noqa: S105 - the form that tokens have in an address


def page(reader: Reader, title: Text, body: str, status: int = 200) -> web.Response:
    """The page in the reader's language; `body` is HTML, in which what people wrote is escaped."""
    said = escape(say(title, reader))
    html = (
        f'<!doctype html><html lang="{escape(reader.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{said} - Signpost</title></head>'
        f"<body><main><h1>{said}</h1>{body}</main></body></html>"
    )
    return web.Response(status=status, text=html, content_type="text/html", headers=HEADERS)


def over(request: web.Request, what_next: Text) -> web.Response:
    """Nobody is known by the link any more: their browser says whether they read Welsh."""
    welsh = request.headers.get(hdrs.ACCEPT_LANGUAGE, "").lower().startswith("cy")
    reader = Reader("cy" if welsh else "en")
    return page(reader, t("This link does not work any more"), paragraph(what_next, reader), 410)


def paragraph(text: Text, reader: Reader) -> str:
    """A paragraph of a page, as HTML."""
    return f"<p>{escape(say(text, reader))}</p>"
