"""The page behind an owner's private link where a file of past questions is sent. It knows no platform.

Looking at it uses nothing up. The token in the path is the only key: without it no form of another site can send here.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from html import escape
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError

from adapters.pages import TOKEN, over, page, paragraph
from bot.importing import Result
from bot.past import EXAMPLE as DAY
from bot.past import LONGEST
from bot.text import Reader, Text, Value, say, t, tn
from bot.uploads import PATH, Door, Link, Outcome, Over, Uploads, beside_new

ROUTE = PATH + "{community:[0-9]{1,15}}/" + TOKEN
MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024**2
"""Of a file; a year of a busy community is a tenth of it."""
FORM_BYTES = 4096
"""What a browser writes around the file, generously."""
CHUNK = 64 * 1024
READING_SECONDS = 180.0
"""How long a file may take to arrive: 10 MB at half a megabit a second."""

COLUMNS = (
    ("question", t("What was asked, up to {most} characters.", most=LONGEST)),
    ("answer", t("What was answered, up to {most} characters.", most=LONGEST)),
    ("asked_on", t("The day it was asked, such as {example}.", example=DAY)),
    ("answered_on", t("The day it was answered. You can leave it out.")),
    ("source_url", t("The address of a page with more, which begins with https://. You can leave it out.")),
)
EXAMPLE = (t("Who decides on fees?"), t("The registry does. Ask them first."))
NO_FILE = t("Choose a file.")
EMPTY = t("The file is empty.")
TOO_LARGE = t("The file is larger than {most} MB. Send it in parts.", most=MOST_MEGABYTES)


class _NotTaken(Exception):
    """What was sent is no file that can be looked at."""

    def __init__(self, why: Text, status: int = 400) -> None:
        super().__init__(why.key)
        self.why = why
        self.status = status


def routes(uploads: Uploads) -> Sequence[web.AbstractRouteDef]:
    """The page with the form, and what becomes of a file that is sent with it."""

    async def shown(request: web.Request) -> web.Response:
        door = await uploads.door(_link(request))
        return _closed(request, door) if door is None or door.shut else _form(door)

    async def sent(request: web.Request) -> web.Response:
        door = await uploads.door(_link(request))
        if door is None or door.shut:
            return _closed(request, door)
        with NamedTemporaryFile() as kept:
            try:
                skip = await _received(request, kept)
                outcome = await uploads.bring(_link(request), door, Path(kept.name), skip_bad=skip)
            except _NotTaken as refused:
                return _form(door, Outcome(None, refused.why), refused.status)
            except Over:
                return _closed(request, None)
        return _form(door, outcome, 422) if outcome.result is None else _done(door, outcome.result)

    return [web.get(ROUTE, shown), web.post(ROUTE, sent)]


def _link(request: web.Request) -> Link:
    return Link(int(request.match_info["community"]), request.match_info["token"])


async def _received(request: web.Request, into: IO[bytes]) -> bool:
    """The file that was sent is in `into`; whether its bad rows are to be left out."""
    packed = request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity"
    if packed or request.content_type != "multipart/form-data":
        raise _NotTaken(NO_FILE)
    if (request.content_length or 0) > MOST_BYTES + FORM_BYTES:
        raise _NotTaken(TOO_LARGE, 413)
    try:
        async with asyncio.timeout(READING_SECONDS):
            skip = await _parts(request, into)
    except TimeoutError:
        raise _NotTaken(t("The file took too long to arrive. Send it again, or in parts."), 408) from None
    except (ValueError, AssertionError, RuntimeError, HttpProcessingError, RequestPayloadError, ConnectionError):
        raise _NotTaken(NO_FILE) from None  # no form that a browser makes, or whoever sent it went away
    into.flush()
    return skip


async def _parts(request: web.Request, into: IO[bytes]) -> bool:
    """Each field of the form, read as it comes: one file, and whether the box is ticked. There are no others."""
    seen: set[str] = set()
    size, name = 0, ""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name not in {"file", "skip"} - seen:
            raise _NotTaken(NO_FILE)
        seen.add(part.name)
        async for chunk in _chunks(part, MOST_BYTES if part.name == "file" else FORM_BYTES):
            if part.name == "file":
                size += await asyncio.to_thread(into.write, chunk)
        name = name or part.filename or ""
    if not size:
        raise _NotTaken(EMPTY if name else NO_FILE)
    return "skip" in seen


async def _chunks(part: BodyPartReader, most: int) -> AsyncIterator[bytes]:
    """What is in the field, a little at a time; refused as soon as it is more than that."""
    size = 0
    while not part.at_eof():
        chunk = await part.read_chunk(CHUNK)
        size += len(chunk)
        if size > most:
            raise _NotTaken(TOO_LARGE, 413)
        yield chunk


def _closed(request: web.Request, door: Door | None) -> web.Response:
    if door is None or door.shut is None:
        return over(request, t("It was used, or an hour has passed. Say import questions to Signpost for a new one."))
    reader = door.reader
    return page(reader, t("You cannot bring questions now"), paragraph(door.shut, reader), 403)


def _form(door: Door, outcome: Outcome | None = None, status: int = 200) -> web.Response:
    """The page with the form; above it what was wrong with the file that was sent, and how to bring the rest of it."""
    reader = door.reader
    title = t("Bring past questions into {community}", community=door.community.name)
    wrong = _problem(outcome, reader) if outcome else ""
    skip = _tick(t("Leave out the rows that cannot be taken"), reader) if outcome and outcome.bad_rows else ""
    form = (
        '<form method="post" enctype="multipart/form-data">'
        f'<p><label for="file">{_said(t("CSV file, up to {most} MB", most=MOST_MEGABYTES), reader)}</label><br>'
        f'<input type="file" id="file" name="file" accept=".csv,text/csv" required></p>{skip}'
        f'<p><button type="submit">{_said(t("Check and bring the questions"), reader)}</button></p></form>'
    )
    return page(reader, title, wrong + _about(door, reader) + form + _columns(reader), status)


def _about(door: Door, reader: Reader) -> str:
    each = (
        t("Each row of the file is a question with its answer. All rows are checked before anything changes."),
        t(
            "Members of {community} can find them, in your organisation and in those that agreed with yours.",
            community=door.community.name,
        ),
        t("Take out names and other personal details first."),
    )
    return "".join(paragraph(text, reader) for text in each)


def _columns(reader: Reader) -> str:
    """What is in each column, and a file as it looks."""
    rows = "".join(
        f'<tr><th scope="row"><code>{name}</code></th><td>{_said(about, reader)}</td></tr>' for name, about in COLUMNS
    )
    question, answer = (_said(text, reader) for text in EXAMPLE)
    return (
        f"<h2>{_said(t('The columns of the file'), reader)}</h2>"
        + paragraph(t("The first line names the columns. In Excel, save the file as “CSV UTF-8”."), reader)
        + f"<table>{rows}</table><h2>{_said(t('An example'), reader)}</h2>"
        + f"<pre>question,answer,asked_on\n&quot;{question}&quot;,&quot;{answer}&quot;,{DAY}</pre>"
    )


def _problem(outcome: Outcome, reader: Reader) -> str:
    """What was wrong, as the first thing that is read: nothing has changed."""
    rows = "".join(
        f"<li>{_said(t('Line {line}: {why}', line=line, why=why), reader)}</li>" for line, why in outcome.refused
    )
    more = tn("There is {n} more.", "There are {n} more.", n=outcome.more)
    body = f"<p>{_said(outcome.why, reader)}</p>"
    if outcome.refused:
        body += f"<ul>{rows}</ul>" + (paragraph(more, reader) if outcome.more else "")
    if outcome.bad_rows:
        body += paragraph(
            t("Nothing was changed. Mend these rows, or leave them out, and send the file again."), reader
        )
    return f'<section role="alert"><h2>{_said(t("There is a problem"), reader)}</h2>{body}</section>'


def _tick(label: Text, reader: Reader) -> str:
    return (
        '<p><input type="checkbox" id="skip" name="skip" value="yes">'
        f' <label for="skip">{_said(label, reader)}</label></p>'
    )


def _done(door: Door, result: Result) -> web.Response:
    reader, new = door.reader, result.outcomes["added"]
    title = t("The file is in {community}", community=door.community.name)
    counts = [tn("{n} question was brought.", "{n} questions were brought.", n=new), *beside_new(result)]
    close = t("You can close this page. Go on in your chat with Signpost.")
    return page(reader, title, "".join(paragraph(text, reader) for text in (*counts, close)))


def _said(value: Value, reader: Reader) -> str:
    """The words, as HTML."""
    return escape(say(value, reader))
