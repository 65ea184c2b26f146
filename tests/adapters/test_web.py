"""The web application, over real sockets."""

import asyncio
import gzip
import io
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters import serving
from adapters import web as pages
from adapters.answer import Answer
from adapters.metrics import Metrics
from adapters.serving import serve
from bot.errors import Unavailable
from bot.trail import ids, note
from config.logging import formatter


class Recorder:
    """A platform's endpoint that keeps what it was given."""

    def __init__(self, answer: Answer | Exception) -> None:
        self.answer = answer
        self.given: list[tuple[bytes, Mapping[str, str], str]] = []

    async def handle(self, body: bytes, headers: Mapping[str, str], /) -> Answer:
        self.given.append((body, headers, str(ids().get("request", ""))))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Ready:
    """What /readyz is told."""

    said: str | Exception = ""

    async def __call__(self) -> str:
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


async def nothing() -> None:
    """Nothing is left to finish."""


class Site:
    """A served application and a client for it."""

    def __init__(self, slack: Recorder, http: aiohttp.ClientSession, port: int, ready: Ready) -> None:
        self.slack, self.http, self.port, self.ready = slack, http, port, ready

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def get(self, path: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
        async with self.http.get(self.url(path), headers=headers) as response:
            return response.status, await response.text(), response.headers

    async def post(
        self, body: bytes, path: str = "/slack/events", **headers: str
    ) -> tuple[int, str, Mapping[str, str]]:
        async with self.http.post(self.url(path), data=io.BytesIO(body), headers=headers) as response:
            return response.status, await response.text(), response.headers

    async def raw(self, request: bytes) -> bytes:
        """What comes back for these exact bytes, until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer


OK = Answer()


@asynccontextmanager
async def site(
    answer: Answer | Exception = OK,
    *,
    extra: tuple[web.AbstractRouteDef, ...] = (),
    linger: float = 10,
    endpoint: type[Recorder] = Recorder,
    open_to_platforms: bool = True,
) -> AsyncIterator[Site]:
    """A served application where Slack is on and Teams is off; `linger` is how long it reads on after a refusal."""
    slack, ready = endpoint(answer), Ready()
    app = pages.application(
        slack=slack,
        teams=None,
        ready=ready,
        metrics=Metrics(CollectorRegistry()),
        extra_routes=extra,
        hosts=("signpost.example",),
    )
    app.middlewares.append(pages.closed_until(lambda: open_to_platforms))
    runner = web.AppRunner(app, access_log=None, auto_decompress=False, lingering_time=linger)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as http:
            yield Site(slack, http, runner.addresses[0][1], ready)
    finally:
        await runner.cleanup()


async def test_an_endpoint_gets_the_exact_bytes_and_its_answer_goes_out_unchanged() -> None:
    answer = Answer(201, {"Content-Type": "application/json", "X-Own": "yes"}, b'{"a": 1}')
    async with site(answer) as there:
        status, text, headers = await there.post(b"\xff\x00 raw", **{"X-Slack-Signature": "v0=1"})
        body, given, _ = there.slack.given[0]
    assert (status, text, headers["X-Own"], headers["Content-Type"]) == (201, '{"a": 1}', "yes", "application/json")
    assert body == b"\xff\x00 raw"
    assert given["x-slack-signature"] == given["X-Slack-Signature"] == "v0=1"


async def test_every_answer_carries_its_own_request_id_and_says_nothing_of_the_server() -> None:
    async with site() as there:
        _, _, first = await there.post(b"1", **{"X-Request-Id": "mine"})
        _, _, second = await there.get("/nowhere")
    assert there.slack.given[0][2] == first["X-Request-Id"] != "mine"
    assert len(first["X-Request-Id"]) == len(second["X-Request-Id"]) == 16
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert "Server" not in first
    assert "Server" not in second


async def test_a_malformed_request_is_refused_without_naming_the_server() -> None:
    async with site() as there:
        answer = await there.raw(b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 400")
    assert b"aiohttp" not in answer
    assert b"Python" not in answer


async def test_a_platform_that_is_off_has_no_route() -> None:
    async with site() as there:
        status, _, _ = await there.post(b"{}", "/api/messages")
        wrong_method, _, _ = await there.get("/slack/events")
    assert (status, wrong_method) == (404, 405)


async def test_an_answer_of_401_goes_through() -> None:
    async with site(Answer(401)) as there:
        status, text, _ = await there.post(b"{}")
    assert (status, text) == (401, "")


async def test_a_body_of_one_mebibyte_passes_and_one_byte_more_does_not() -> None:
    async with site() as there:
        fits, _, _ = await there.post(b"a" * pages.MOST_BYTES)
        refused, _, _ = await there.post(b"a" * (pages.MOST_BYTES + 1))
    assert (fits, refused, len(there.slack.given)) == (200, 413, 1)


async def test_a_body_in_chunks_is_measured_as_it_comes() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"a" * 65536

    async with site() as there, there.http.post(there.url("/slack/events"), data=chunks()) as response:
        assert response.status == 413
    assert there.slack.given == []


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 2\r\nContent-Length: 3\r\n",
        b"Content-Length: -1\r\n",
    ],
    ids=["chunked and counted", "counted twice", "negative"],
)
async def test_a_body_that_lies_about_its_length_is_refused(headers: bytes) -> None:
    async with site() as there:
        answer = await there.raw(b"POST /slack/events HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n2\r\n{}\r\n0\r\n\r\n")
    assert answer.split()[1] == b"400"
    assert there.slack.given == []


async def test_a_body_longer_than_announced_is_cut_there_and_the_rest_is_no_request() -> None:
    async with site() as there:
        answer = await there.raw(
            b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}and more of it\r\n\r\n"
        )
    assert [body for body, _, _ in there.slack.given] in ([b"{}"], [])
    assert b" 400 " in answer


async def test_a_packed_body_is_refused_unread() -> None:
    async with site() as there:
        status, _, _ = await there.post(gzip.compress(b"a" * 10_000_000), **{"Content-Encoding": "gzip"})
    assert (status, there.slack.given) == (415, [])


async def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "READING_SECONDS", 0.01)
    async with site(linger=0) as there:
        answer = await there.raw(b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{}")
    assert answer.split()[1] == b"408"
    assert there.slack.given == []


async def test_a_fault_of_ours_shows_a_reference_alone_which_the_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    async with site(ValueError("the secret words")) as there:
        status, text, headers = await there.post(b"{}")
    assert (status, text) == (500, f"Something went wrong. Reference: {headers['X-Request-Id']}")
    assert any(record.exc_info and record.levelname == "ERROR" for record in caplog.records)


async def test_an_endpoints_own_time_out_is_a_fault_and_not_a_busy_server() -> None:
    async with site(TimeoutError()) as there:
        status, _, _ = await there.post(b"{}")
    assert status == 500


async def test_a_database_that_is_away_asks_the_platform_to_try_again() -> None:
    async with site(Unavailable()) as there:
        status, _, headers = await there.post(b"{}")
    assert (status, headers["Retry-After"]) == (503, pages.RETRY_AFTER_SECONDS)


async def test_until_the_work_has_begun_platforms_are_told_to_try_again_and_pages_are_shown() -> None:
    async with site(open_to_platforms=False) as there:
        status, _, headers = await there.post(b"{}")
        assert (status, headers["Retry-After"]) == (503, pages.RETRY_AFTER_SECONDS)
        assert there.slack.given == []
        assert [(await there.get(path))[0] for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 200]


@contextmanager
def logged(name: str) -> Iterator[io.StringIO]:
    """What the production log says of one logger."""
    said, log = io.StringIO(), logging.getLogger(name)
    handler, level = logging.StreamHandler(said), log.level
    handler.setFormatter(formatter("json", ids))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield said
    log.removeHandler(handler)
    log.setLevel(level)


async def test_the_line_about_a_request_has_the_ids_that_became_known_in_it() -> None:
    class Knowing(Recorder):
        async def handle(self, body: bytes, headers: Mapping[str, str], /) -> Answer:
            await asyncio.create_task(self.meet())
            return Answer(500)

        async def meet(self) -> None:
            note(event="Ev1", person=7)

    with logged("adapters.web") as said:
        async with site(endpoint=Knowing) as there:
            _, _, headers = await there.post(b"{}")
    line = json.loads(said.getvalue())
    assert (line["message"], line["request"], line["event"], line["person"]) == (
        "Answered",
        headers["X-Request-Id"],
        "Ev1",
        7,
    )
    assert ids() == {}


async def test_an_endpoint_that_hangs_is_given_up_with_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Recorder):
        async def handle(self, body: bytes, headers: Mapping[str, str], /) -> Answer:
            await asyncio.Event().wait()
            return await super().handle(body, headers)

    monkeypatch.setattr(pages, "HANDLING_SECONDS", 0.01)
    async with site(endpoint=Hanging) as there:
        status, _, headers = await there.post(b"{}")
    assert (status, headers["Retry-After"]) == (503, pages.RETRY_AFTER_SECONDS)


async def test_health_is_said_whatever_the_host_and_readiness_names_what_is_missing() -> None:
    async with site() as there:
        assert (await there.get("/healthz", Host="evil.example"))[:2] == (200, "ok")
        assert (await there.get("/readyz", Host="evil.example"))[:2] == (200, "ready")
        there.ready.said = "migrations"
        assert (await there.get("/readyz"))[:2] == (503, "migrations")
        there.ready.said = Unavailable()
        assert (await there.get("/readyz"))[:2] == (503, "database")
        there.ready.said = TimeoutError()
        assert (await there.get("/readyz"))[:2] == (503, "slow")


async def test_requests_are_counted_by_route_platform_and_status_and_never_by_what_was_typed() -> None:
    async with site() as there:
        await there.post(b"{}")
        await there.post(b"{}")
        await there.get("/someone/typed/this")
        status, text, headers = await there.get("/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    assert 'signpost_http_requests_total{platform="slack",route="/slack/events",status="200"} 2.0' in text
    assert 'signpost_http_requests_total{platform="",route="other",status="404"} 1.0' in text
    assert 'signpost_http_request_seconds_count{platform="slack",route="/slack/events"} 2.0' in text
    assert "typed" not in text


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:99", "[::1]:8000", "localhost", "SIGNPOST.example", "a.localhost"]
)
async def test_pages_are_shown_at_hosts_that_are_ours(host: str) -> None:
    async with site() as there:
        assert (await there.get("/metrics", Host=host))[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "signpost.example.evil", "", "[::1", "x@a"])
async def test_pages_are_refused_at_a_name_that_was_made_to_lead_here(host: str) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="page")

    async with site(extra=(web.get("/page", page),)) as there:
        assert (await there.get("/metrics", Host=host))[0] == 421
        assert (await there.get("/page", Host=host))[0] == 421
        assert (await there.get("/page"))[:2] == (200, "page")


STOPPING = """
import asyncio, sys
from prometheus_client import CollectorRegistry
from adapters import serving, web
from adapters.answer import Answer
from adapters.metrics import Metrics
from config.logging import set_up

async def main(patient: bool) -> None:
    stop = asyncio.Event()

    class Slow:
        async def handle(self, body, headers, /):
            print("in hand", flush=True)
            await (stop if patient else asyncio.Event()).wait()
            host, _, port = headers["Host"].partition(":")
            while True:  # ends when nothing new is accepted any more
                try:
                    _, writer = await asyncio.open_connection(host, int(port))
                except OSError:
                    return Answer(200, {}, b"finished")
                writer.close()

    async def ready() -> str:
        return ""

    async def drain() -> None:
        print("drained", flush=True)

    app = web.application(slack=Slow(), teams=None, ready=ready, metrics=Metrics(CollectorRegistry()))
    await serving.serve(app, "127.0.0.1", 0, stop, drain)
    print("left", flush=True)

set_up("json", "info")
patient = sys.argv[1] == "patient"
if not patient:
    serving.ALL_SECONDS, serving.DRAIN_SECONDS = 0.2, 0.1
asyncio.run(main(patient))
"""


class Process:
    """Signpost in a process of its own, with one request in hand."""

    def __init__(self, process: asyncio.subprocess.Process, request: asyncio.Task[bytes]) -> None:
        self.process, self.request = process, request

    async def rest(self) -> list[str]:
        """What it printed until its end."""
        assert self.process.stdout
        return (await self.process.stdout.read()).decode().split()


@asynccontextmanager
async def process(kind: str) -> AsyncIterator[Process]:
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", STOPPING, kind, stdout=pipe, stderr=pipe)
    assert started.stdout
    assert started.stderr
    said = json.loads(await started.stderr.readline())
    assert said["message"] == "Listening"
    reader, writer = await asyncio.open_connection("127.0.0.1", said["port"])
    writer.write(f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{said['port']}\r\nContent-Length: 0\r\n\r\n".encode())
    assert await started.stdout.readline() == b"in hand\n"
    request = asyncio.create_task(reader.read())
    try:
        yield Process(started, request)
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()
        await request
        writer.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_when_told_to_stop_a_request_in_hand_is_answered_then_the_rest_drained(number: signal.Signals) -> None:
    async with process("patient") as running:
        running.process.send_signal(number)
        answer = await running.request
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"finished")
        assert await running.rest() == ["drained", "left"]
        assert await running.process.wait() == 0


async def test_a_request_that_hangs_does_not_keep_the_process() -> None:
    async with process("hanging") as running:
        running.process.send_signal(signal.SIGTERM)
        assert await running.rest() == ["drained", "left"]
        assert await running.process.wait() == 0


async def test_stopping_is_also_a_matter_of_the_event_alone() -> None:
    stop = asyncio.Event()
    stop.set()
    before = signal.getsignal(signal.SIGTERM)
    metrics = Metrics(CollectorRegistry())
    await serve(
        pages.application(slack=None, teams=None, ready=Ready(), metrics=metrics), "127.0.0.1", 0, stop, nothing
    )
    assert signal.getsignal(signal.SIGTERM) is before


class Heard(logging.Handler):
    """The port that the log says was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "Listening":
            self.port.set_result(vars(record)["port"])


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """Nothing but the watching routes, served as in production; the port."""
    stop, heard, log = asyncio.Event(), Heard(), logging.getLogger("adapters.serving")
    level = log.level
    log.addHandler(heard)
    log.setLevel(logging.INFO)
    app = pages.application(slack=None, teams=None, ready=Ready(), metrics=Metrics(CollectorRegistry()))
    serving_now = asyncio.create_task(serve(app, "127.0.0.1", 0, stop, nothing))
    try:
        yield await heard.port
    finally:
        stop.set()
        await serving_now
        log.removeHandler(heard)
        log.setLevel(level)


async def test_headers_that_never_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "IDLE_SECONDS", 0.01)
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        assert await reader.read() == b""
        writer.close()


async def test_a_port_that_is_taken_is_an_error_at_start() -> None:
    async with served() as port:
        app = pages.application(slack=None, teams=None, ready=Ready(), metrics=Metrics(CollectorRegistry()))
        with pytest.raises(OSError, match="address already in use"):
            await serve(app, "127.0.0.1", port, asyncio.Event(), nothing)
