"""The log: what it says, and what it never says."""

import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from bot.errors import Refusal
from bot.text import t
from config.logging import HIDDEN, formatter, set_up
from config.traces import trace

WORDS = "How do I register a company in Newport?"


class Log:
    """A log in memory."""

    def __init__(self, form: str, secrets: tuple[str, ...] = (), **trail: str | int) -> None:
        self.kept = StringIO()
        self.handler = logging.StreamHandler(self.kept)
        self.handler.setFormatter(formatter(form, lambda: trail or {"request": "ref1"}, secrets))

    def __call__(self, message: str, *args: object, name: str = "bot.dispatch", **rest: Any) -> str:
        one = logging.getLogger("unused").makeRecord(
            name, logging.INFO, __file__, 12, message, args, rest.get("exc_info"), extra=rest.get("extra")
        )
        self.handler.handle(one)
        said, _ = self.kept.getvalue(), self.kept.truncate(0)
        self.kept.seek(0)
        return said

    def json(self, message: str, *args: object, **rest: Any) -> dict[str, Any]:
        said = self(message, *args, **rest)
        assert said.count("\n") == 1
        found: dict[str, Any] = json.loads(said)
        return found


@pytest.fixture
def log() -> Log:
    return Log("json")


@pytest.fixture
def _as_before() -> Iterator[None]:
    root, hooks = logging.getLogger(), (sys.excepthook, logging.raiseExceptions)
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    sys.excepthook, logging.raiseExceptions = hooks
    logging.captureWarnings(False)


def test_a_line_is_one_json_object_with_its_request_and_extras(log: Log) -> None:
    said = log.json("Joined", extra={"person": 7, "event": "Ev123:ABC", "ms": 1.5, "done": True, "none": None})
    at = said.pop("at")
    assert at.endswith("Z")
    assert said == {
        "level": "info",
        "logger": "bot.dispatch",
        "message": "Joined",
        "request": "ref1",
        "person": 7,
        "event": "Ev123:ABC",
        "ms": 1.5,
        "done": True,
        "none": None,
    }


def test_a_readable_line_stays_one_line() -> None:
    said = Log("text")("Two\nlines\x1b[31m", extra={"person": 7})
    assert said.endswith("info    bot.dispatch: Two lines [31m request=ref1 person=7\n")


@pytest.mark.parametrize(
    "extra",
    [
        {"question": WORDS},
        {"title": "Amira"},
        {"text": "Newport"},
        {"token": "abc"},
        {"card": {"title": "x"}},
        {"people": ["Amira"]},
        {"person": "Amira Osei"},
        {"person": "a" * 121},
    ],
)
def test_an_extra_that_could_be_words_or_a_name_is_hidden(log: Log, extra: dict[str, object]) -> None:
    [name] = extra
    assert log.json("Asked", extra=extra)[name] == HIDDEN


def test_a_line_carries_the_ids_of_what_is_in_hand() -> None:
    event = "3b1f6a52-9c0e-4d47-8a15-6f2d90c7e431|19:abc_d-e@thread.tacv2;messageid=17000|1700000000000"
    said = Log("json", event=event, person=7, outbox=12, timer=3).json("Sent")
    assert [said[name] for name in ("event", "person", "outbox", "timer")] == [event, 7, 12, 3]


@pytest.mark.parametrize("event", [WORDS, "a" * 301, "xoxb-1234567890-abcdefghijkl", "Amira Osei", "two\nlines"])
def test_an_event_id_that_could_be_words_or_a_secret_is_hidden(event: str) -> None:
    assert Log("json", event=event).json("Joined")["event"] == HIDDEN


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1234567890-abcdefghijkl",
        "xoxe.xoxb-1-abcdefghijkl",
        "xapp-1-A1-123-abcdef",
        "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhIn0.c2lnbmF0dXJl",
        pytest.param(Fernet.generate_key().decode(), id="a key"),
        pytest.param(Fernet(Fernet.generate_key()).encrypt(b"words").decode(), id="what a key made"),
        "Bearer abc.def",
        "a-configured-secret",
    ],
)
def test_a_secret_that_reached_a_message_is_blotted_out(secret: str) -> None:
    log = Log("json", ("a-configured-secret", ""))
    said = log.json("Got %s in hand", secret, extra={"id": secret})
    assert (said["message"], said["id"]) == (f"Got {HIDDEN} in hand", HIDDEN)


def test_a_password_in_an_address_and_a_response_url_are_blotted_out(log: Log) -> None:
    said = log.json("at %s and %s", "postgresql://user:pass@db/x", "https://hooks.slack.com/actions/T1/2/abc")
    assert said["message"] == f"at postgresql://{HIDDEN}db/x and {HIDDEN}"


@pytest.mark.parametrize(
    "name", ["slack_bolt.AsyncApp", "slack_sdk.web", "botbuilder", "msal", "asyncio", "aiohttp.server"]
)
def test_a_librarys_message_is_not_repeated(log: Log, name: str) -> None:
    said = log.json("Unhandled request %s", WORDS, name=name)
    assert said["message"] == "A library's message, not repeated here (test_logging, line 12)"


def test_a_message_that_can_not_be_filled_in_is_still_said(log: Log) -> None:
    assert log.json("%d things", "many")["message"] == "%d things"


def caught() -> BaseException:
    """An exception with words in its message, its cause and its locals."""

    def fail() -> None:
        try:
            int(WORDS)
        except ValueError as first:
            raise KeyError(WORDS) from first

    with pytest.raises(KeyError) as failed:
        fail()
    return failed.value


def test_a_trace_has_places_and_kinds_but_no_locals_and_no_messages(log: Log) -> None:
    error = caught()
    said = log.json("Failed", exc_info=(type(error), error, error.__traceback__))["trace"]
    assert "test_logging.py" in said
    assert "int(WORDS)" in said
    assert said.index("ValueError") < said.index("which led to:") < said.index("KeyError")
    assert "Newport" not in said


def test_the_parts_of_a_group_are_all_told() -> None:
    said = trace(BaseExceptionGroup(WORDS, [caught(), OSError(111, "Connection refused")]))
    assert "part 1 of 2" in said
    assert "OSError: Connection refused" in said or "ConnectionRefusedError: Connection refused" in said
    assert "Newport" not in said


def test_our_own_errors_and_pythons_about_the_code_keep_their_words() -> None:
    assert trace(Refusal(t("There is no community called {name}.", name="x"))).endswith(
        "bot.errors.Refusal: There is no community called {name}."
    )
    assert trace(AttributeError("'Work' object has no attribute 'x'")).endswith("has no attribute 'x'")


def test_a_databases_error_gives_its_code_and_not_its_parameters(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.begin() as connection:
        connection.execute(text("create table a (b text unique)"))
        connection.execute(text("insert into a values (:b)"), {"b": WORDS})
    with pytest.raises(IntegrityError) as failed, engine.begin() as connection:
        connection.execute(text("insert into a values (:b)"), {"b": WORDS})
    engine.dispose()
    assert WORDS in str(failed.value)
    said = trace(failed.value)
    assert "sqlite3.IntegrityError: SQLITE_CONSTRAINT_UNIQUE" in said
    assert "sqlalchemy.exc.IntegrityError: gkpj" in said
    assert "Newport" not in said


def test_a_searchs_syntax_error_does_not_repeat_the_search() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table a using fts5(b)")
    search = ("Newport:",)
    with pytest.raises(sqlite3.OperationalError) as failed:
        connection.execute("select * from a where a match ?", search)
    connection.close()
    assert "Newport" in str(failed.value)
    assert "Newport" not in trace(failed.value)


@pytest.mark.usefixtures("_as_before")
def test_once_set_up_libraries_are_quiet_and_nothing_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(None, "debug", secrets=("s3cret-value",))
    logging.getLogger("slack_sdk.web").info("body %s", WORDS)
    logging.getLogger("aiohttp.access").info("GET /%s", WORDS)
    logging.getLogger("bot.dispatch").debug("With s3cret-value")
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first["message"] == f"With {HIDDEN}"
    assert (second["level"], second["message"]) == ("critical", "Stopped by an error")
    assert "Newport" not in second["trace"]
