"""Every setting of one Signpost process: read once at the start, checked, and then unchangeable.

They come from the environment, and from a file `.env` in the current folder where the environment is silent.
"""

import difflib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from cryptography.fernet import Fernet
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from config import values

PREFIX = "SIGNPOST_"
SLACK_NEEDS = ("slack_signing_secret", "slack_bot_token")
TEAMS_NEEDS = ("teams_app_id", "teams_app_password", "teams_tenant_id")

# The public cloud's (Microsoft Learn, "Authentication with the Bot Connector API"); government clouds have others.
OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LOGIN = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"


class SettingsError(Exception):
    """Settings that Signpost can't start with. `str()` is for the person at the terminal: one line a variable."""


class Settings(BaseSettings):
    """What one process was told. Lists are tuples, secrets are `SecretStr` and stay out of `repr` and `str`.

    The field `database_url` is the environment's `SIGNPOST_DATABASE_URL`, and so on for each.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    database_url: values.DatabaseAddress = SecretStr("sqlite:///signpost.db")
    host: values.Host = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, validation_alias=AliasChoices("SIGNPOST_PORT", "PORT"))] = 8000
    public_url: values.WebOrigin | None = None
    encryption_key: Annotated[values.FernetKeys, Field(repr=False, validate_default=False)] = ()
    log_format: Annotated[Literal["json", "text"] | None, values.small] = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], values.small] = "info"
    command_names: values.CommandNames = ("ask", "whoknows", "showcase")

    slack_signing_secret: values.SigningSecret | None = None
    slack_bot_token: values.BotToken | None = None
    slack_api_url: values.WebFolder = "https://slack.com/api/"

    teams_app_id: values.Guid | None = None
    teams_app_password: values.ClientSecret | None = None
    teams_tenant_id: values.Guid | None = None
    teams_allowed_tenants: values.TenantIds = ()
    teams_openid_metadata_url: values.WebAddress = OPENID_METADATA
    teams_token_url: values.WebAddress | None = None
    teams_token_issuer: values.WebAddress = ISSUER
    teams_token_scope: values.WebAddress = SCOPE

    @property
    def slack_on(self) -> bool:
        """Whether Slack's settings are there: all of them, or `load` would have refused."""
        return self.slack_bot_token is not None

    @property
    def teams_on(self) -> bool:
        """The same for Teams."""
        return self.teams_app_id is not None

    @property
    def address(self) -> str:
        """Where people and platforms reach Signpost: the public address, or else this machine's."""
        return self.public_url or f"http://{values.reachable(self.host)}:{self.port}"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None with PostgreSQL."""
        scheme, _, path = self.database_url.get_secret_value().partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @property
    def allowed_tenants(self) -> frozenset[str]:
        """The Entra tenants whose people may use Signpost: those named, and always its own."""
        own = (self.teams_tenant_id,) if self.teams_tenant_id else ()
        return frozenset((*self.teams_allowed_tenants, *own))

    @property
    def token_url(self) -> str:
        """Where Signpost gets its own token for Teams: its home tenant's page unless another was set."""
        return self.teams_token_url or LOGIN.format(tenant=self.teams_tenant_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the log's last line of defence and for nothing else."""
        named = (self.slack_signing_secret, self.slack_bot_token, self.teams_app_password, *self.encryption_key)
        passwords = values.passwords_in(self.database_url.get_secret_value())
        return (*(one.get_secret_value() for one in named if one is not None), *passwords)


def load(*, serving: bool = True) -> Settings:
    """The settings, all of them fit to start with; `serving` needs an encryption key, the demo makes its own.

    Raises SettingsError with a line for each variable that is wrong or missing. No line holds a value.
    """
    settings, lines = _read()
    given = _given()
    lines += [*_half_set("Slack", SLACK_NEEDS, given), *_half_set("Teams", TEAMS_NEEDS, given)]
    if serving and "encryption_key" not in given:
        lines.append(f"{_variable('encryption_key')} is missing. It should be {values.KEY_WANTED}.")
    if lines or settings is None:
        raise SettingsError("\n".join(lines))
    return settings


def start_lines(settings: Settings) -> list[str]:
    """What to say at start: each platform on or off, the database's kind, and variables that are no setting of ours."""
    lines = [
        _on_or_off("Slack", settings.slack_on, SLACK_NEEDS),
        _on_or_off("Teams", settings.teams_on, TEAMS_NEEDS),
        f"The database is the file {settings.database_file}."
        if settings.database_file
        else "The database is PostgreSQL.",
    ]
    known = sorted(_variable(name) for name in Settings.model_fields)
    for name in sorted(PREFIX + name.upper() for name in _given() - set(Settings.model_fields)):
        near = difflib.get_close_matches(name, known, n=1)
        lines.append(f"{name} is not a setting and changes nothing." + (f" Is it {near[0]}?" if near else ""))
    return lines


def kept_key(database: Path) -> str:
    """The encryption key kept beside this database file, made the first time: `signpost.db` has `signpost.db.key`.

    Nobody but the file's owner can read it. Raises SettingsError where others could, or where it holds no key.
    """
    file = database.with_name(f"{database.name}.key")
    if not file.exists():
        _keep(file, Fernet.generate_key())
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise SettingsError(f"{file} can be read by others. Make it yours alone: chmod 600 {file}")
    key = file.read_bytes().strip()
    try:
        Fernet(key)
    except ValueError:
        raise SettingsError(f"{file} should hold {values.KEY_WANTED}.") from None
    return key.decode()


def _keep(file: Path, key: bytes) -> None:
    """Writes the whole key or nothing; where two processes start at once, the first one's key stays."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(key)
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _read() -> tuple[Settings | None, list[str]]:
    try:
        return Settings(), []
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    except UnicodeDecodeError:
        return None, ["The file .env should be plain text in UTF-8."]
    except OSError:
        return None, ["The file .env should be one that Signpost may read."]
    wanted = {_variable(str(fault["loc"][0])): _wanted(fault["type"], fault.get("ctx", {})) for fault in faults}
    return None, [f"{name} should be {what}." for name, what in wanted.items()]


def _wanted(kind: str, context: Mapping[str, Any]) -> str:
    """What the variable should look like; pydantic's own words are not used, they can hold what was given."""
    if isinstance(context.get("error"), values.Unfit):
        return str(context["error"])
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    return "a whole number from 0 to 65535"


def _variable(field: str) -> str:
    """The environment's name for a field; the port has two, and the one that was used is named."""
    if field == "port" or field.upper() in ("PORT", "SIGNPOST_PORT"):
        return "PORT" if "port" not in _given() and "PORT" in os.environ else "SIGNPOST_PORT"
    return PREFIX + field.upper()


def _given() -> set[str]:
    """Which of our variables are set and not empty, as field names.

    All of them where `.env` can't be read, which is a fault of its own: nothing else is then called missing.
    """
    prefix = PREFIX.lower()
    try:
        found = {*EnvSettingsSource(Settings).env_vars, *DotEnvSettingsSource(Settings).env_vars}
    except (UnicodeDecodeError, OSError):
        return set(Settings.model_fields)
    return {name.removeprefix(prefix) for name in found if name.startswith(prefix)}


def _half_set(platform: str, needs: tuple[str, ...], given: set[str]) -> list[str]:
    there = [_variable(name) for name in needs if name in given]
    if not there:
        return []
    return [
        f"{_variable(name)} is missing: {platform} needs it as well as {' and '.join(there)}."
        for name in needs
        if name not in given
    ]


def _on_or_off(platform: str, on: bool, needs: tuple[str, ...]) -> str:
    if on:
        return f"{platform} is on."
    *most, last = map(_variable, needs)
    return f"{platform} is off. To turn it on, set {', '.join(most)} and {last}."
