"""Settings: what passes, what is refused and in which words, and that no secret is ever repeated."""

import os
import re
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from config.settings import Settings, SettingsError, kept_key, load, start_lines
from config.values import SLACK_BUILT_IN

KEY = Fernet.generate_key().decode()
SLACK = {"SLACK_SIGNING_SECRET": "0123456789abcdef" * 2, "SLACK_BOT_TOKEN": "xoxb-1234567890-abcdefghijkl"}
TEAMS = {
    "TEAMS_APP_ID": "11111111-1111-4111-8111-111111111111",
    "TEAMS_APP_PASSWORD": "a~b.c-secret-value",
    "TEAMS_TENANT_ID": "22222222-2222-4222-8222-22222222222A",
}
EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder and an environment without any setting but the key."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("SIGNPOST_") or name.upper() == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.setenv("SIGNPOST_ENCRYPTION_KEY", KEY)


def put(monkeypatch: pytest.MonkeyPatch, **named: str) -> None:
    for name, value in named.items():
        monkeypatch.setenv(f"SIGNPOST_{name}", value)


def refused(*, serving: bool = True) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(serving=serving)
    assert caught.value.__context__ is None  # what led to it holds the values
    return str(caught.value).splitlines()


def test_with_the_key_alone_the_defaults_stand_and_both_platforms_are_off() -> None:
    found = load()
    assert (found.host, found.port, found.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert found.database_file == Path("signpost.db")
    assert found.command_names == ("ask", "whoknows", "showcase")
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.teams_token_issuer == "https://api.botframework.com"
    assert not found.slack_on
    assert not found.teams_on
    assert start_lines(found) == [
        "Slack is off. To turn it on, set SIGNPOST_SLACK_SIGNING_SECRET and SIGNPOST_SLACK_BOT_TOKEN.",
        "Teams is off. To turn it on, set SIGNPOST_TEAMS_APP_ID, SIGNPOST_TEAMS_APP_PASSWORD and "
        "SIGNPOST_TEAMS_TENANT_ID.",
        "The database is the file signpost.db.",
    ]


def test_whole_platforms_are_on(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, **SLACK, **TEAMS, DATABASE_URL="postgres://u:pass@db/signpost")
    found = load()
    assert found.slack_on
    assert found.teams_on
    assert found.database_url.get_secret_value() == "postgresql://u:pass@db/signpost"
    assert found.database_file is None
    assert "pass" in found.secrets
    assert found.allowed_tenants == {TEAMS["TEAMS_TENANT_ID"].lower()}
    assert found.token_url == (
        f"https://login.microsoftonline.com/{TEAMS['TEAMS_TENANT_ID'].lower()}/oauth2/v2.0/token"
    )
    assert start_lines(found) == ["Slack is on.", "Teams is on.", "The database is PostgreSQL."]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2@h1:5432,h2:5433/d?target_session_attrs=read-write",
        "postgresql://u:hunter2@h1,h2/d",
        "postgresql://u:hunter2@[::1]:5432,h2,[2001:db8::1]:5433/d",
        "postgresql://u:hunter2@/d?host=/run/one,/run/two&port=5432,5433",
        "postgresql://u@127.0.0.1,%2Frun%2Ftwo:5433/d?password=hunter2",
    ],
)
def test_a_database_may_have_several_hosts_and_its_password_stays_a_secret(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    put(monkeypatch, DATABASE_URL=url)
    found = load()
    assert found.database_url.get_secret_value() == url
    assert "hunter2" in found.secrets
    assert "hunter2" not in repr(found) + str(found)


@pytest.mark.parametrize("missing", [*SLACK, *TEAMS])
def test_a_half_set_platform_names_what_is_missing(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    whole = SLACK if missing in SLACK else TEAMS
    put(monkeypatch, **{name: value for name, value in whole.items() if name != missing})
    [line] = refused()
    assert line.startswith(f"SIGNPOST_{missing} is missing: ")
    assert all(f"SIGNPOST_{name}" in line for name in whole if name != missing)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, **dict.fromkeys((*SLACK, *TEAMS, "PORT", "LOG_FORMAT"), ""))
    assert (load().slack_on, load().port) == (False, 8000)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SIGNPOST_HOST=::1\nSIGNPOST_PORT=1234\n")
    assert load().address == "http://[::1]:1234"
    put(monkeypatch, PORT="4321")
    assert load().port == 4321


def test_the_example_file_is_a_good_start(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(EXAMPLE.read_text())
    assert all("not a setting" not in line for line in start_lines(load()))


def test_the_example_file_has_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^SIGNPOST_(\w+)=", EXAMPLE.read_text(), re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_a_file_that_is_not_text_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SIGNPOST_HOST=\xff\xfe")
    assert refused() == ["The file .env should be plain text in UTF-8."]


@pytest.mark.parametrize("name", ["PORT", "SIGNPOST_PORT"])
def test_a_port_is_read_by_both_names_and_the_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "5000")
    assert load().port == 5000
    monkeypatch.setenv(name, "65536")
    assert refused() == [f"{name} should be a whole number from 0 to 65535."]


def test_the_key_is_missing_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGNPOST_ENCRYPTION_KEY")
    [line] = refused()
    assert line.startswith("SIGNPOST_ENCRYPTION_KEY is missing. It should be keys of 44 characters")
    assert load(serving=False).encryption_key == ()


def test_several_keys_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = Fernet.generate_key().decode()
    put(monkeypatch, ENCRYPTION_KEY=f"{newer}, {KEY}")
    assert [key.get_secret_value() for key in load().encryption_key] == [newer, KEY]


WRONG = [
    ("DATABASE_URL", "mysql://u:p@h/d"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "sqlite+aiosqlite:///a.db"),
    ("DATABASE_URL", "postgresql://u:p@h"),
    ("DATABASE_URL", "postgresql+asyncpg://u:p@h/d"),
    ("DATABASE_URL", "postgresql://h:port/d"),
    ("DATABASE_URL", "postgresql://h1:5432,h2:port/d"),
    ("DATABASE_URL", "postgresql://h1,h2:65536/d"),
    ("DATABASE_URL", "postgresql://[::1,h2/d"),
    ("DATABASE_URL", "postgresql://u:p@h1,h2?target_session_attrs=read-write"),
    ("HOST", "http://0.0.0.0"),
    ("PORT", "eighty"),
    ("PORT", "-1"),
    ("PUBLIC_URL", "http://signpost.example"),
    ("PUBLIC_URL", "signpost.example"),
    ("PUBLIC_URL", "https://signpost.example/bot"),
    ("PUBLIC_URL", "https://u:p@signpost.example"),
    ("ENCRYPTION_KEY", "short"),
    ("ENCRYPTION_KEY", ","),
    ("ENCRYPTION_KEY", f"{KEY},short"),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "loud"),
    ("COMMAND_NAMES", "ask,join"),
    ("COMMAND_NAMES", "ask me"),
    ("COMMAND_NAMES", ",".join(f"n{n}" for n in range(50))),
    ("SLACK_SIGNING_SECRET", "xoxb-1234567890-abcdefghijkl"),
    ("SLACK_BOT_TOKEN", "xoxp-1234567890-abcdefghijkl"),
    ("SLACK_API_URL", "http://slack.example/api/"),
    ("TEAMS_APP_ID", "my-app"),
    ("TEAMS_APP_PASSWORD", "33333333-3333-4333-8333-333333333333"),
    ("TEAMS_TENANT_ID", "contoso.example"),
    ("TEAMS_ALLOWED_TENANTS", "22222222-2222-4222-8222-222222222222,contoso"),
    ("TEAMS_OPENID_METADATA_URL", "http://login.example/"),
    ("TEAMS_TOKEN_URL", "login.example"),
    ("TEAMS_TOKEN_ISSUER", "https://"),
    ("TEAMS_TOKEN_SCOPE", "https://api.example/a b"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name} {at}" for at, (name, _) in enumerate(WRONG)])
def test_a_wrong_value_is_named_and_never_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    put(monkeypatch, **SLACK, **TEAMS)
    put(monkeypatch, **{name: value})
    [line] = refused()
    assert re.fullmatch(rf"SIGNPOST_{name} should be .+\.", line)
    assert len(value) < 12 or value not in line


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, PORT="x", LOG_LEVEL="x", SLACK_BOT_TOKEN="x")
    lines = refused()
    assert [line.split()[0] for line in lines] == [
        "SIGNPOST_PORT",
        "SIGNPOST_LOG_LEVEL",
        "SIGNPOST_SLACK_BOT_TOKEN",
        "SIGNPOST_SLACK_SIGNING_SECRET",
    ]


def test_http_is_enough_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SLACK_API_URL="http://127.0.0.1:9/slack/api", PUBLIC_URL="http://localhost:8000/")
    assert load().slack_api_url == "http://127.0.0.1:9/slack/api/"
    assert load().address == "http://localhost:8000"


def test_command_names_may_be_written_as_people_type_them(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, COMMAND_NAMES="/Ask, signpost,ask ,/who-knows,")
    assert load().command_names == ("ask", "who-knows")
    put(monkeypatch, COMMAND_NAMES="signpost")
    assert load().command_names == ()


@pytest.mark.parametrize("name", sorted(SLACK_BUILT_IN))
def test_slacks_own_commands_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    put(monkeypatch, COMMAND_NAMES=f"ask,{name}")
    assert refused() == [
        f"SIGNPOST_COMMAND_NAMES should be names that Slack does not use itself: /{name} is Slack's own."
    ]


def test_a_mistyped_variable_is_said_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SLACK_BOTTOKEN="xoxb-do-not-say")
    assert start_lines(load())[-1] == (
        "SIGNPOST_SLACK_BOTTOKEN is not a setting and changes nothing. Is it SIGNPOST_SLACK_BOT_TOKEN?"
    )


def test_settings_can_not_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().port = 1


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ ./:@%é\u2028\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=some.sampled_from(["ENCRYPTION_KEY", "DATABASE_URL", *SLACK, "TEAMS_APP_PASSWORD"]),
    prefix=some.sampled_from(["", "xoxb-", "postgresql://u:", "mysql://", f"{KEY},"]),
    before=some.text(LETTERS, max_size=40),
    after=some.sampled_from(["", "@h/d"]) | some.text(LETTERS, max_size=40),
)
def test_no_secret_is_in_an_error_or_in_repr(
    monkeypatch: pytest.MonkeyPatch, name: str, prefix: str, before: str, after: str
) -> None:
    mark = "q7Zx0KvHidden"
    with monkeypatch.context() as now:
        put(now, **{**SLACK, **TEAMS, "ENCRYPTION_KEY": KEY, name: prefix + before + mark + after})
        try:
            shown = repr(load()) + str(load()) + repr(start_lines(load()))
        except SettingsError as error:
            shown = str(error) + repr(error)
    assert mark not in shown
    assert KEY not in shown


def test_the_demos_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    database = tmp_path / "signpost.db"
    key = kept_key(database)
    file = tmp_path / "signpost.db.key"
    assert Fernet(key)
    assert kept_key(database) == key
    assert [found.name for found in tmp_path.iterdir()] == [file.name]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name != "posix"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no such modes")
def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    kept_key(tmp_path / "a.db")
    (tmp_path / "a.db.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        kept_key(tmp_path / "a.db")


def test_a_file_that_holds_no_key_is_refused_without_its_content(tmp_path: Path) -> None:
    kept_key(tmp_path / "a.db")
    (tmp_path / "a.db.key").write_text("not a key")
    with pytest.raises(SettingsError, match=r"should hold keys of 44 characters") as caught:
        kept_key(tmp_path / "a.db")
    assert "not a key" not in str(caught.value)
