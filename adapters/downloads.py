"""The page behind a private link to a person's own data, and the file it gives. It knows no platform.

The page itself uses nothing up, so that what looks into links before people do (previews, scanners) leaves them good:
only its button does, which is a POST.
"""

from collections.abc import Sequence
from html import escape

from aiohttp import hdrs, web

from adapters.pages import HEADERS, TOKEN, over, page, paragraph
from bot.downloads import PATH, Downloads
from bot.text import Reader, say, t

ROUTE = PATH + TOKEN


def routes(downloads: Downloads) -> Sequence[web.AbstractRouteDef]:
    """A page with a button, and what the button gives."""

    async def shown(request: web.Request) -> web.Response:
        reader = await downloads.reader(request.match_info["token"])
        return _over(request) if reader is None else _page(reader)

    async def given(request: web.Request) -> web.Response:
        found = await downloads.take(request.match_info["token"])
        if found is None:
            return _over(request)
        named = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{found.name}"'}
        return web.Response(body=found.content, content_type="application/zip", headers=HEADERS | named)

    return [web.get(ROUTE, shown), web.post(ROUTE, given)]


def _page(reader: Reader) -> web.Response:
    button = escape(say(t("Get the file"), reader))
    about = t("The file holds everything that Signpost keeps about you. This link works once: save the file.")
    form = f'<form method="post"><button type="submit">{button}</button></form>'
    return page(reader, t("Your data in Signpost"), paragraph(about, reader) + form)


def _over(request: web.Request) -> web.Response:
    return over(request, t("It was used, or an hour has passed. Say me data to Signpost for a new one."))
