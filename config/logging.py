"""The log: one JSON object a line in production, a readable line in a terminal; never a text, a token or a name.

Standard `logging`, because every library here already speaks it and nothing else would be gained. Our own code logs
a fixed sentence and puts what varies into `extra`: ids, counts, durations. Anything that could be a person's words
is kept out three times: extras hold only numbers and ids, libraries' messages are replaced by where they came from,
and exceptions are drawn by `config.traces`, which prints places and kinds rather than messages.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any

from config.traces import trace

OURS = ("bot", "adapters", "storage", "config", "benchmarks", "__main__")
PLAIN_SPOKEN = ("alembic", "apscheduler")  # their messages hold revisions and our own timers' names, nothing else
HIDDEN = "[hidden]"
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
UNSPEAKABLE = frozenset(
    (
        "text",
        "words",
        "name",
        "names",
        "body",
        "email",
        "token",
        "secret",
        "password",
        "key",
        "payload",
        "said",
        "title",
    )
)
ID = re.compile(r"[\w.:/@#+-]{1,120}", re.ASCII)
TRAILED = re.compile(r"[\w.:/@#+|;=-]{1,300}", re.ASCII)
"""A platform's own id of an event. Of Teams it is three in one: tenant, conversation and activity."""
SECRET_LOOKS = re.compile(
    r"(?:xox[a-z](?:\.xox[a-z])?-|xapp-)[\w-]+"  # Slack's tokens
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"  # signed web tokens (RFC 7519)
    r"|gAAAA[\w=-]{20,}"  # Fernet's output
    r"|(?<![\w-])[\w-]{43}=(?!=)"  # Fernet's keys
    r"|(?i:\b(?:bearer|basic) +[\w.~+/=-]+)"
    r"|(?<=://)[^/\s@]+@"  # a password inside an address
    r"|https://hooks\.slack\.com/[\w/.-]+"  # response URLs are secrets of their own
)

Trail = Callable[[], Mapping[str, str | int]]


def set_up(form: str | None, level: str, *, trail: Trail = dict, secrets: Sequence[str] = ()) -> None:
    """From now on everything logged in this process goes to standard error, drawn safely.

    `form` is "json", "text" or None: text on a terminal, JSON elsewhere. `trail` gives the ids of what is in hand
    where something is logged: request, event, person, outbox, timer. `secrets` are values to blot out wherever they
    turn up.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form or ("text" if sys.stderr.isatty() else "json"), trail, secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in (*OURS, *PLAIN_SPOKEN):
        logging.getLogger(name).setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic.runtime.migration").addFilter(_is_about_a_version)
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _is_about_a_version(record: logging.LogRecord) -> bool:
    """Alembic also says each time which database it looks at, and a process that waits for its tables looks often."""
    return not str(record.msg).startswith(("Context impl", "Will assume"))


def _uncaught(kind: type[BaseException], error: BaseException, found: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("Stopped by an error", exc_info=(kind, error, found))


def _uncaught_in_thread(stopped: threading.ExceptHookArgs) -> None:
    error = stopped.exc_value
    if error is not None and not isinstance(error, SystemExit):
        logging.getLogger(__name__).critical("A thread was stopped by an error", exc_info=error)


def formatter(form: str, trail: Trail = dict, secrets: Sequence[str] = ()) -> logging.Formatter:
    """The formatter of that form."""
    return (_Readable if form == "text" else _Json)(trail, secrets)


class _Safe(logging.Formatter):
    """Gathers what may be said of a record; the two forms only write it differently."""

    def __init__(self, trail: Trail, secrets: Sequence[str]) -> None:
        super().__init__()
        self._trail = trail
        known = sorted((re.escape(one) for one in secrets if len(one) >= 8), key=len, reverse=True)
        self._known = re.compile("|".join(known)) if known else None
        self._blotted = lru_cache(256)(self._blot)  # the same few messages and routes, a thousand times a second

    def said(self, record: logging.LogRecord) -> dict[str, Any]:
        """What is said, in order: message, the trail, the extras, trace."""
        said: dict[str, Any] = {"message": self._blotted(_message(record))}
        for name, value in self._trail().items():
            said[name] = self._id(value, TRAILED)
        for name, value in vars(record).items():
            if name not in STANDARD:
                said[name] = self._extra(name, value)
        if record.exc_info and record.exc_info[1]:
            said["trace"] = self._blotted(trace(record.exc_info[1]))
        return said

    def _extra(self, name: str, value: object) -> Any:
        if name in UNSPEAKABLE:
            return HIDDEN
        return value if value is None or isinstance(value, float) else self._id(value, ID)

    def _id(self, value: object, looks: re.Pattern[str]) -> Any:
        if isinstance(value, int):
            return value
        found = self._blotted(value) if isinstance(value, str) else HIDDEN
        return found if looks.fullmatch(found) else HIDDEN

    def _blot(self, text: str) -> str:
        text = SECRET_LOOKS.sub(HIDDEN, text)
        return self._known.sub(HIDDEN, text) if self._known else text


class _Json(_Safe):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(
            {
                "at": _instant(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname.lower(),
                "logger": record.name,
                **self.said(record),
            }
        )


class _Readable(_Safe):
    def format(self, record: logging.LogRecord) -> str:
        said = self.said(record)
        message, found = _one_line(said.pop("message")), said.pop("trace", "")
        extras = "".join(f" {name}={value}" for name, value in said.items())
        clock = _instant(record).astimezone().strftime("%H:%M:%S")
        line = f"{clock} {record.levelname.lower():7} {record.name}: {message}{extras}"
        return f"{line}\n{found}" if found else line


def _instant(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _message(record: logging.LogRecord) -> str:
    """Our own sentence; of a library's, whose words can hold a whole request body, only where it was said."""
    top = record.name.partition(".")[0]
    if top in OURS or top in PLAIN_SPOKEN:
        return _filled(record)
    return f"A library's message, not repeated here ({record.module}, line {record.lineno})"


def _filled(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
