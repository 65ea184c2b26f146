"""Files that an owner sends to the page behind their link, as a browser sends them."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp

from tests.town import Town

HEADER = "question,answer,asked_on,answered_on,source_url\n"
PROBATE = (
    '"Who decides on probate fees?","The registry.\nAsk them first.",2025-03-01,2025-03-03,https://example.org/1\n'
)
LEASES = "Who signs a lease?,The estates team.,2025-04-01,,\n"


@dataclass(frozen=True)
class Page:
    """What a browser got."""

    status: int
    headers: dict[str, str]
    text: str


def link_in(words: str) -> str:
    """The address that a card shows."""
    found = re.search(r"http://127\.0\.0\.1:\d+/import/\d+/[\w-]{43}", words)
    assert found, words
    return found.group()


async def asks_for_a_link(town: Town, key: str, community: str = "starting-a-business") -> str:
    """The owner's new link."""
    await town.says(key, f"import questions {community}")
    return link_in(town.last(key))


def form(file: str | bytes | None, *, skip: bool = False, name: str = "past.csv") -> aiohttp.FormData:
    """The form of the page with this file; with None, as it is where none was chosen."""
    data = aiohttp.FormData()
    content = file.encode() if isinstance(file, str) else file or b""
    data.add_field("file", BytesIO(content), filename="" if file is None else name, content_type="text/csv")
    if skip:
        data.add_field("skip", "yes")
    return data


async def sends(address: str, file: str | bytes | None, *, skip: bool = False) -> Page:
    """The file was sent with the form of the page."""
    return await posts(address, data=form(file, skip=skip))


async def posts(address: str, *, method: str = "POST", **sent: Any) -> Page:
    """One request to the page."""
    async with aiohttp.ClientSession() as session, session.request(method, address, **sent) as answer:
        return Page(answer.status, dict(answer.headers), await answer.text())
