"""Everything that is held about somebody, as a file behind a link that is good once and for an hour."""

import asyncio
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.features.newcomers import arrives, channel_of
from tests.features.telling import asks, nothing_was_refused
from tests.town import Town

HOUR = timedelta(hours=1)


def link_in(words: str) -> str:
    """The address that a card shows."""
    found = re.search(r"http://127\.0\.0\.1:\d+/data/[\w-]{43}", words)
    assert found, words
    return found.group()


async def fetched(town: Town, method: str, address: str) -> tuple[int, Any, bytes]:
    """The status, headers and body of one request."""
    async with aiohttp.ClientSession() as session, session.request(method, address) as answer:
        return answer.status, answer.headers, await answer.read()


async def data_of(town: Town, key: str) -> tuple[dict[str, Any], str]:
    """What the file holds that this person gets: the data and the summary."""
    await town.says(key, "me data")
    status, _, body = await fetched(town, "POST", link_in(town.last(key)))
    assert status == 200
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert sorted(archive.namelist()) == ["data.json", "summary.txt"]
    return json.loads(archive.read("data.json")), archive.read("summary.txt").decode()


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_the_file_holds_the_profile_and_what_was_written_on_both_platforms(town: Town, key: str) -> None:
    await asks(town, key)
    data, summary = await data_of(town, key)
    tables = data["tables"]
    assert tables["person"]["rows"][0]["name"] == town.people[key].name
    assert tables["account"]["rows"][0]["platform"] == town.people[key].platform
    assert any("hand a caller over" in row["text"] for row in tables["question"]["rows"])
    assert {"membership", "notice", "offer", "mirror", "audit"} <= set(tables)
    assert town.people[key].name in summary and "Starting a business" in summary
    assert data["names"]["community"] and data["names"]["organisation"]
    assert nothing_was_refused(town)


async def test_the_file_names_nobody_else(town: Town) -> None:
    data, _ = await data_of(town, "amira")
    asked = data["tables"]["question"]["rows"]
    assert {row["asker_id"] for row in asked} == {"you"}
    said = json.dumps(data["tables"]["person"]) + json.dumps(data["tables"]["account"])
    for other in town.people.values():
        if other.key != "amira":
            assert other.name not in said and other.user not in said


async def test_the_page_says_what_it_is_and_uses_nothing_up(town: Town) -> None:
    await town.says("amira", "/signpost me data")
    address = link_in(town.last("amira"))
    body = b""
    for method in ("GET", "HEAD", "GET"):
        status, headers, body = await fetched(town, method, address)
        assert status == 200
        assert headers["Cache-Control"] == "no-store" and "default-src 'none'" in headers["Content-Security-Policy"]
    assert b'<html lang="en">' in body and b"<h1>" in body and b"Get the file" in body
    status, headers, _ = await fetched(town, "POST", address)
    assert status == 200
    assert headers["Content-Disposition"] == 'attachment; filename="signpost-my-data-2026-11-23.zip"'
    assert headers["Content-Type"] == "application/zip" and headers["Cache-Control"] == "no-store"


async def test_a_link_works_once_even_for_two_at_the_same_time(town: Town) -> None:
    await town.says("gareth", "me data")
    address = link_in(town.last("gareth"))
    got = await asyncio.gather(*(fetched(town, "POST", address) for _ in range(5)))
    assert sorted(status for status, _, _ in got) == [200, 410, 410, 410, 410]
    for method in ("GET", "POST"):
        status, _, body = await fetched(town, method, address)
        assert status == 410 and b"Say me data to Signpost for a new one." in body


async def test_a_link_ends_after_an_hour_and_a_guessed_one_never_began(town: Town) -> None:
    await town.says("gareth", "me data")
    address = link_in(town.last("gareth"))
    town.clock.move_by(HOUR)
    for found in (address, f"{address[:-43]}{'A' * 43}"):
        status, _, body = await fetched(town, "POST", found)
        assert status == 410 and b"Gareth" not in body


async def test_asked_for_in_a_channel_the_link_is_in_the_direct_chat_alone(town: Town) -> None:
    for key, other in (("amira", "kofi"), ("gareth", "tom")):
        place = channel_of(town, key)
        await town.says(key, "@Signpost me data", place=place)
        assert any("/data/" in words for words in town.reads(key))
        assert all("/data/" not in words for who in (key, other) for words in town.reads(who, place))


async def test_the_file_is_as_things_are_when_it_is_fetched_and_who_took_it_is_kept(town: Town) -> None:
    await town.says("amira", "me data")
    address = link_in(town.last("amira"))
    await town.says("amira", "me role Head of letters")
    _, _, body = await fetched(town, "POST", address)
    data = json.loads(zipfile.ZipFile(io.BytesIO(body)).read("data.json"))
    assert data["tables"]["person"]["rows"][0]["role"] == "Head of letters"
    again, _ = await data_of(town, "amira")
    assert "take data" in {row["verb"] for row in again["tables"]["audit"]["rows"]}


async def test_somebody_who_has_only_just_come_gets_their_data_too(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", "hi")
    data, summary = await data_of(town, "wanda")
    assert data["tables"]["notice"]["rows"][0]["version"] == 1
    assert "Wanda Quill" in summary


async def test_a_code_for_linking_opens_no_data_and_a_data_link_links_nobody(town: Town) -> None:
    await town.says("amira", "me data")
    token = link_in(town.last("amira")).rpartition("/")[2]
    await town.says("gareth", f"me link {token[:20]}")
    assert "This code is wrong" in town.last("gareth")
