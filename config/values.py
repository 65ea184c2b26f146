"""What one setting may hold: each kind is checked as it is read, and says in words what it should look like."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

SLACK_BUILT_IN = {"me", "status", "away", "dnd", "shrug", "remind", "msg", "feed", "who", "collapse", "expand", "leave"}
SLACK_BUILT_IN |= {
    "join",
    "open",
    "search",
    "topic",
    "mute",
    "pro",
    "shortcuts",
    "archive",
    "invite",
    "kick",
    "dm",
    "star",
}
KEY_WANTED = (
    "keys of 44 characters, newest first, with commas between (make one with: python3 -c "
    "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')"
)
MOST_COMMANDS = 50  # with /signpost itself (Slack, "Implementing slash commands")


class Unfit(ValueError):
    """The value is not what the setting takes. `str()` is what it should be instead, and never the value."""


def on_this_machine(host: str) -> bool:
    """Whether the host names this machine itself, so that nothing sent to it crosses a network."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def reachable(host: str) -> str:
    """The host as others write it in an address: a wildcard becomes this machine, IPv6 gets its brackets."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return "127.0.0.1" if address.is_unspecified else host
    return "[::1]" if address.is_unspecified else f"[{host}]"


def pieces(value: object) -> object:
    """A comma-separated list as a tuple, without blanks and repeats; anything else as it is."""
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(piece for piece in map(str.strip, value.split(",")) if piece))


def matching(pattern: str, wanted: str) -> Callable[[str], str]:
    """A check that the whole value has this form."""

    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise Unfit(wanted)
        return value

    return check


def secret_matching(pattern: str, wanted: str) -> Callable[[SecretStr], SecretStr]:
    """The same for a secret."""
    check = matching(pattern, wanted)

    def checked(value: SecretStr) -> SecretStr:
        return SecretStr(check(value.get_secret_value()))

    return checked


def web_address(value: str) -> str:
    """An address that nobody can listen in on: https, or http on this machine. No user name, query or fragment."""
    wanted = "an address that starts with https:// (http:// only for this machine), without a query"
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise Unfit(wanted) from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and on_this_machine(parts.hostname or ""))
    plain = value.isascii() and value.isprintable() and " " not in value
    if not safe or not plain or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise Unfit(wanted)
    return value


def web_folder(value: str) -> str:
    """The same, ending in a slash, so that a method's name can be put after it."""
    return web_address(value).rstrip("/") + "/"


def web_origin(value: str) -> str:
    """The same, without a path: scheme, host and port."""
    address = web_address(value).rstrip("/")
    if urlsplit(address).path:
        raise Unfit("an address without a path, such as https://signpost.example.gov.uk")
    return address


def database_address(value: SecretStr) -> SecretStr:
    """A SQLite file or a PostgreSQL database, with the driver that Signpost uses written out."""
    wanted = "sqlite:///a/file.db or postgresql://user:password@host/database"
    scheme, _, rest = value.get_secret_value().partition("://")
    if scheme == "sqlite":
        if not rest.startswith("/") or not rest.strip("/") or rest.startswith("/:memory:") or "?" in rest:
            raise Unfit(wanted + " (a file: a database in memory would be lost)")
        return value
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg") or not _names_a_database(rest):
        raise Unfit(wanted)
    return SecretStr(f"postgresql://{rest}")


def _names_a_database(rest: str) -> bool:
    """Whether it has a database's name, and hosts before it that could be: several, with commas between, may stand by.

    Taken apart by hand: the library's own way knows only one host.
    """
    before, _, after = rest.partition("/")
    hosts = before.rpartition("@")[2].split(",")
    name = after.partition("?")[0].strip("/")
    return bool(name) and not set(before) & set("?# ") and " " not in rest and all(map(_is_a_host, hosts))


def _is_a_host(host: str) -> bool:
    """A name, an address or nothing (this machine), perhaps with a port; an IPv6 address stands in brackets."""
    found = re.fullmatch(r"(?:\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]|[^\[\]:]*)(?::(\d{0,5}))?", host, re.ASCII)
    return found is not None and int(found.group(1) or 0) <= 65535


def passwords_in(url: str) -> tuple[str, ...]:
    """The password of a database's URL: before its hosts, or as one of its options."""
    before, _, options = url.partition("://")[2].partition("?")
    named = before.rpartition("@")[0].partition(":")[2]
    given = [value for name, value in parse_qsl(options) if name in ("password", "sslpassword")]
    return tuple(filter(None, (named, *given)))


def fernet_keys(values: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """One or more keys that `Fernet` takes: 32 bytes each, in base64 for addresses."""
    if not values:
        raise Unfit(KEY_WANTED)
    for value in values:
        try:
            Fernet(value.get_secret_value())
        except ValueError:
            raise Unfit(KEY_WANTED) from None
    return values


def tenant_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Entra tenant ids, in small letters."""
    check = matching(GUID_FORM, f"{GUID_WANTED}, or several with commas between")
    return tuple(check(value.lower()) for value in values)


def command_names(values: tuple[str, ...]) -> tuple[str, ...]:
    """Slack's short commands, without the slash and without /signpost, which is always there."""
    names = tuple(dict.fromkeys(value.removeprefix("/").lower() for value in values))
    names = tuple(name for name in names if name != "signpost")
    for name in names:
        if re.fullmatch(r"[a-z0-9_-]{1,32}", name) is None:
            raise Unfit("names of at most 32 small letters, digits, - and _, with commas between")
        if name in SLACK_BUILT_IN:
            raise Unfit(f"names that Slack does not use itself: /{name} is Slack's own")
    if len(names) >= MOST_COMMANDS:
        raise Unfit(f"at most {MOST_COMMANDS - 1} names")
    return names


def client_secret(value: SecretStr) -> SecretStr:
    """A client secret's value; its id, which stands beside it on the same page, is refused."""
    text = value.get_secret_value()
    if re.fullmatch(GUID_FORM, text.lower()):
        raise Unfit("the client secret's value, not its id")
    if len(text) < 8 or not text.isascii() or not text.isprintable() or " " in text:
        raise Unfit("the client secret's value from Entra: one word of 8 characters or more")
    return value


GUID_FORM = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
GUID_WANTED = "an id like 00000000-0000-4000-8000-000000000000"

small = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)
bare = BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)

Guid = Annotated[str, small, AfterValidator(matching(GUID_FORM, GUID_WANTED))]
TenantIds = Annotated[tuple[str, ...], NoDecode, BeforeValidator(pieces), AfterValidator(tenant_ids)]
CommandNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(pieces), AfterValidator(command_names)]
FernetKeys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(pieces), AfterValidator(fernet_keys)]
WebAddress = Annotated[str, AfterValidator(web_address)]
WebFolder = Annotated[str, AfterValidator(web_folder)]
WebOrigin = Annotated[str, AfterValidator(web_origin)]
DatabaseAddress = Annotated[SecretStr, bare, AfterValidator(database_address)]
Host = Annotated[str, AfterValidator(matching(r"[A-Za-z0-9.:_-]{1,253}", "127.0.0.1, 0.0.0.0 or a host name"))]
SigningSecret = Annotated[
    SecretStr,
    bare,
    AfterValidator(
        secret_matching(r"[A-Za-z0-9]{16,128}", "the signing secret from the Slack app's page: 32 letters and digits")
    ),
]
BotToken = Annotated[
    SecretStr,
    bare,
    AfterValidator(
        secret_matching(
            r"(xoxe\.)?xoxb-[A-Za-z0-9-]{6,500}", "the bot token from the Slack app's page, which starts with xoxb-"
        )
    ),
]
ClientSecret = Annotated[SecretStr, bare, AfterValidator(client_secret)]
