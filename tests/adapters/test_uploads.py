"""The page where an owner sends past questions: every file that is none, and every link that is no key."""

import asyncio
import json
import re
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from adapters import uploads
from adapters.pages import HEADERS
from storage.database import Unavailable
from storage.past import PastQuestions
from tests.features.entering import WELSH, is_over
from tests.features.sending import HEADER, LEASES, PROBATE, Page, asks_for_a_link, form, posts, sends
from tests.features.telling import changes, is_no_longer_verified, person
from tests.town import Town

BAD = "No answer?,,2025-01-01,,\n<b>When</b>?,Then.,<i>yesterday</i>,,\n"
BUSINESS = "starting-a-business"


def words(page: Page) -> str:
    """What stands on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@pytest.fixture
async def address(town: Town) -> str:
    """Tom's link to bring questions into Starting a business."""
    return await asks_for_a_link(town, "tom")


async def nothing_was_brought(town: Town, before: int) -> bool:
    return await town.counts("question") == before


async def test_the_page_explains_the_columns_needs_no_script_and_uses_nothing_up(address: str) -> None:
    for method in ("GET", "HEAD"):
        looked = await posts(address, method=method)
        assert looked.status == 200
        assert all(looked.headers[name] == value for name, value in HEADERS.items())
    page = await posts(address, method="GET")
    assert '<html lang="en">' in page.text and "<script" not in page.text and "style" not in page.text
    for name, _ in uploads.COLUMNS:
        assert f"<code>{name}</code>" in page.text
    assert re.findall(r'name="(\w+)"', page.text.partition("<form")[2]) == ["file"]
    assert (await sends(address, HEADER + LEASES)).status == 200


async def test_its_own_example_is_a_file_that_it_takes(address: str) -> None:
    page = await posts(address, method="GET")
    found = re.search(r"<pre>(.*?)</pre>", page.text, re.DOTALL)
    assert found
    answer = await sends(address, found.group(1).replace("&quot;", '"'))
    assert answer.status == 200 and "1 question was brought." in answer.text


async def test_rows_that_cannot_be_taken_are_listed_and_the_good_ones_are_brought_all_the_same(
    town: Town, address: str
) -> None:
    before = await town.counts("question")
    refused = await sends(address, HEADER + BAD + LEASES)
    assert refused.status == 422 and await nothing_was_brought(town, before)
    said = words(refused)
    assert "2 rows cannot be taken." in said and "Line 2: It has no answer." in said
    assert "Line 3: “&lt;i&gt;yesterday&lt;/i&gt;” is no date such as 2025-03-01." in refused.text
    assert 'role="alert"' in refused.text and 'name="skip"' in refused.text
    taken = await sends(address, HEADER + BAD + LEASES, skip=True)
    assert taken.status == 200
    assert "1 question was brought." in taken.text and "2 rows were left out." in taken.text
    assert await town.counts("question") == before + 1


async def test_of_very_many_bad_rows_the_first_are_listed_and_the_rest_counted(address: str) -> None:
    refused = await sends(address, HEADER + "Why?,,2025-01-01,,\n" * 1200)
    assert refused.text.count("<li>") == 50 and "There are 1150 more." in refused.text
    assert "1200 rows cannot be taken." in refused.text


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (None, "Choose a file."),
        ("", "The file is empty."),
        (HEADER, "there is no question in the file that can be taken"),
        ((HEADER + "Caffè?,Café.,2025-01-01,,\n").encode("latin-1"), "line 2 is not UTF-8"),
        ((HEADER + "Who?,“Nobody”.,2025-01-01,,\n").encode("windows-1252"), "line 2 is not UTF-8"),
        ((HEADER + LEASES).encode("utf-16"), "is not UTF-8"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xfe", "this is a workbook"),
        (
            "question,answer\nWho?,Nobody.\n",
            "The file needs the columns question, answer, asked_on. This one has: question",
        ),
        ("question,answer,asked_on,answer\n", "two columns of the file have the same name"),
        (HEADER + '"Who" is?,Nobody.,2025-01-01,,\n', "line 2 is no CSV"),
        (HEADER + "x" * 1_100_000, "line 2 is longer than"),
        (HEADER + LEASES + "a\0b,c,2025-01-01,,\n", "is not UTF-8"),
    ],
    ids=lambda given: repr(given)[:30],
)
async def test_what_is_no_such_file_is_refused_in_a_sentence_and_the_link_stays_good(
    town: Town, address: str, file: str | bytes | None, why: str
) -> None:
    before = await town.counts("question")
    page = await sends(address, file)
    assert page.status in (400, 422) and why in page.text, page.text
    assert 'name="file"' in page.text and await nothing_was_brought(town, before)
    assert (await sends(address, HEADER + LEASES)).status == 200


async def test_a_file_of_bad_rows_alone_uses_no_link_up_even_when_they_are_left_out(town: Town, address: str) -> None:
    before = await town.counts("question")
    page = await sends(address, HEADER + BAD, skip=True)
    assert page.status == 422 and "no question in the file that can be taken" in page.text
    assert await nothing_was_brought(town, before)


async def test_a_byte_order_mark_and_rows_that_are_there_twice_do_no_harm(town: Town, address: str) -> None:
    before = await town.counts("question")
    page = await sends(address, b"\xef\xbb\xbf" + (HEADER + PROBATE + PROBATE).replace("\n", "\r\n").encode())
    assert page.status == 200 and "1 row was known already." in page.text
    assert await town.counts("question") == before + 1


async def test_thousands_of_rows_come_in_while_others_go_on_speaking(town: Town, address: str) -> None:
    many = HEADER + "".join(f"What is rule {n}?,It is {n}.,2025-01-01,,\n" for n in range(1700))
    sent = asyncio.create_task(sends(address, many))
    await town.says("amira", "help")
    assert "1700 questions were brought." in (await sent).text


async def too_large(said: int) -> AsyncIterator[bytes]:
    """A form whose file never seems to end, of which nobody says how long it is."""
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    for _ in range(said // 2**16):
        yield b"a" * 2**16
    yield b"\r\n--x--\r\n"


async def test_a_file_that_is_too_large_is_refused_whatever_it_says_of_its_length(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await sends(address, b"a" * (uploads.MOST_BYTES + uploads.FORM_BYTES))
    assert page.status == 413 and "The file is larger than 10 MB." in page.text
    monkeypatch.setattr(uploads, "MOST_BYTES", 2**18)
    typed = {"Content-Type": "multipart/form-data; boundary=x"}
    page = await posts(address, data=too_large(2**20), headers=typed)
    assert page.status == 413 and "The file is larger than 10 MB." in page.text
    assert (await sends(address, HEADER + LEASES)).status == 200


def odd_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    typed = {"Content-Type": "multipart/form-data; boundary=x"}
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na\r\n'
    other = b'--x\r\nContent-Disposition: form-data; name="community"\r\n\r\n2\r\n--x--\r\n'
    nested = b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\na\r\n--y--\r\n--x--\r\n"
    yield "no form", {"data": b"question,answer\n"}
    yield "json", {"data": json.dumps({"file": "x"}), "headers": {"Content-Type": "application/json"}}
    yield "no boundary", {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}}
    yield "cut off", {"data": file[:40], "headers": typed}
    yield "never ends", {"data": file, "headers": typed}
    yield "two files", {"data": file + file + b"--x--\r\n", "headers": typed}
    yield "another field", {"data": file + other, "headers": typed}
    yield "nested", {"data": nested, "headers": typed}
    yield "packed", {"data": zlib.compress(file), "headers": {**typed, "Content-Encoding": "deflate"}}
    yield "many headers", {"data": b"--x\r\n" + b"A: b\r\n" * 10_000 + b"\r\na\r\n--x--\r\n", "headers": typed}


@pytest.mark.filterwarnings("ignore::aiohttp.multipart.BadContentDispositionHeader")
@pytest.mark.parametrize("sent", [sent for _, sent in odd_requests()], ids=[name for name, _ in odd_requests()])
async def test_what_is_no_form_of_the_page_is_refused_like_no_file(
    town: Town, address: str, sent: dict[str, Any]
) -> None:
    before = await town.counts("question")
    page = await posts(address, **sent)
    assert page.status == 400 and "Choose a file." in page.text
    assert await nothing_was_brought(town, before)


async def test_who_goes_away_while_sending_leaves_nothing_and_the_link_stays_good(town: Town, address: str) -> None:
    host, port = re.findall(r"//([\d.]+):(\d+)", address)[0]
    _, writer = await asyncio.open_connection(host, int(port))
    path = address.partition(f":{port}")[2]
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    writer.write(f"{head}Content-Length: 100000\r\n\r\n--x\r\n".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await sends(address, HEADER + LEASES)).status == 200


async def test_of_two_who_send_at_once_one_does_it(town: Town, address: str) -> None:
    before = await town.counts("question")
    rows = [f"Who wrote {n}?,Nobody.,2025-01-01,,\n" for n in range(4)]
    pages = await asyncio.gather(*(sends(address, HEADER + row) for row in rows))
    assert sorted(page.status for page in pages) == [200, 410, 410, 410]
    assert await town.counts("question") == before + 1
    await town.quiet()
    assert sum("was brought into" in message for message in town.reads("tom")) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_that_was_used_or_is_old_or_was_guessed_is_over(town: Town, address: str, method: str) -> None:
    assert (await sends(address, HEADER + LEASES)).status == 200
    old = await asks_for_a_link(town, "priya")
    guessed = f"{old[:-43]}{'A' * 43}"
    elsewhere = old.replace("/import/1/", "/import/2/")
    assert elsewhere != old
    for one in (address, guessed, elsewhere):
        page = await posts(one, method=method, data=form(HEADER + LEASES) if method == "POST" else None)
        assert page.status == 410 and "Say import questions to Signpost for a new one." in page.text
        assert "Starting a business" not in page.text
    town.clock.move_by(timedelta(hours=1))
    page = await posts(old, method=method, headers={"Accept-Language": "cy-GB,en;q=0.5"})
    assert page.status == 410 and '<html lang="cy">' in page.text


async def test_a_link_to_data_brings_nothing_and_one_to_bring_gives_no_data(town: Town, address: str) -> None:
    await town.says("tom", "me data")
    found = re.search(r"/data/([\w-]{43})", town.last("tom"))
    assert found
    data, token = found.group(1), address[-43:]
    assert (await sends(address[:-43] + data, HEADER + LEASES)).status == 410
    assert (await posts(address.replace(f"/import/1/{token}", f"/data/{token}"))).status == 410


async def steps_down(town: Town, key: str) -> None:
    owner = await person(town, key)
    await changes(town, lambda work: work.communities.set_owner(1, owner.id, False))


async def test_who_owns_it_no_more_brings_nothing(town: Town, address: str) -> None:
    before = await town.counts("question")
    await steps_down(town, "tom")
    for page in (await posts(address, method="GET"), await sends(address, HEADER + LEASES)):
        assert page.status == 403 and "Only an owner of Starting a business can do this." in page.text
    assert await nothing_was_brought(town, before)


async def test_an_owner_who_is_verified_no_more_brings_nothing(town: Town, address: str) -> None:
    await is_no_longer_verified(town, "tom")
    page = await sends(address, HEADER + LEASES)
    assert page.status == 403 and "Your organisation is not verified yet" in page.text


async def test_into_an_archived_community_nothing_is_brought_until_it_is_open_again(town: Town) -> None:
    address = await asks_for_a_link(town, "gareth", WELSH)
    await is_over(town, WELSH, "archived")
    page = await sends(address, HEADER + LEASES)
    assert page.status == 403 and "Services in Welsh is archived. Say reopen" in page.text
    await town.says("gareth", f"reopen {WELSH}")
    assert (await sends(address, HEADER + LEASES)).status == 200


async def test_who_steps_down_while_the_file_is_looked_at_brings_nothing(
    town: Town, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await town.counts("question")
    received = uploads._received

    async def slowly(request: aiohttp.web.Request, into: object) -> bool:
        skip = await received(request, into)  # type: ignore[arg-type]
        await steps_down(town, "tom")
        return skip

    monkeypatch.setattr(uploads, "_received", slowly)
    page = await sends(address, HEADER + LEASES)
    assert page.status == 422 and "you do not own starting-a-business now" in page.text
    assert await nothing_was_brought(town, before)


async def test_where_the_database_goes_away_half_way_the_link_is_good_again(
    town: Town, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await town.counts("question")
    many = HEADER + "".join(f"What is rule {n}?,It is {n}.,2025-01-01,,\n" for n in range(600))
    bring = PastQuestions.bring

    def away(self: PastQuestions, past: object, place: object) -> str:
        if "rule 550" in str(past):
            raise Unavailable
        return bring(self, past, place)  # type: ignore[arg-type]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(PastQuestions, "bring", away)
        assert (await sends(address, many)).status == 503
    page = await sends(address, many)
    assert page.status == 200
    assert "100 questions were brought." in page.text and "500 rows were known already." in page.text
    assert await town.counts("question") == before + 600
