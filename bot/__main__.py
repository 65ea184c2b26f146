"""`signpost`: start it, look after it, and what administrators set from the command line.

The only file that reads the settings and wires everything; they travel from here as arguments.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from bot import administration, importing, letters, past, records
from bot.command import find_features, registry
from bot.lists import FORMATS
from bot.text import Reader, say
from bot.trail import ids
from config import logging as logs
from config.settings import Settings, SettingsError, kept_key, load, start_lines
from storage.database import Database, Transaction, Unavailable, connect
from storage.letters import UNDECIDED
from storage.schema import Newer, state, upgrade
from storage.secrets import Vault

T = TypeVar("T")
AddVerb = Callable[[str, Callable[[argparse.Namespace], int | None], str], argparse.ArgumentParser]

log = logging.getLogger(__name__)


def now() -> datetime:
    """The clock of everything that runs for real."""
    return datetime.now(UTC)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command of the command line; its exit code: 0, or 1 with a sentence that says what is wrong."""
    chosen = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int | None] = chosen.run
        return run(chosen) or 0
    except (SettingsError, Newer, administration.Wrong) as wrong:
        print(wrong, file=sys.stderr)
    except Unavailable as away:
        print(f"The database cannot be reached: {away}", file=sys.stderr)
    except BrokenPipeError:
        sys.stdout = None  # whoever read what we print has read enough
        return 0
    except OSError as wrong:
        print(f"Signpost cannot start: {wrong.strerror or wrong}", file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("signpost", description="Connects service communities across Slack and Teams.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, run: Callable[[argparse.Namespace], int | None], help: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=help)
        added.set_defaults(run=run)
        return added

    demo = verb("demo", _demo, "a Slack, a Teams and Signpost on this machine, with an invented world in it")
    demo.add_argument("--port", type=int, default=None, help="where the page is (8000 unless PORT says otherwise)")
    verb("serve", _serve("all"), "everything in one process; makes or upgrades its database")
    verb("web", _serve("web"), "answers the platforms; as many as you like beside workers, on PostgreSQL")
    verb("worker", _serve("worker"), "delivers and keeps time; as many as you like, on PostgreSQL")
    verb("migrate", _migrate, "makes or upgrades the database")
    verb("seed", _seed, "the demo's world into an empty database")
    _administrators_verbs(verb)
    records.add_verbs(verb, _administer)
    _import_verb(verb)
    _tray_verb(verb)
    manifest = verb("manifest", _manifest, "print the app manifest for Slack or Teams")
    manifest.add_argument("platform", choices=["slack", "teams"])
    verb("doctor", _doctor, "say what is set up and what is missing")
    return parser


def _administrators_verbs(verb: AddVerb) -> None:
    organisation = verb("organisation", _organisation, "add an organisation")
    organisation.add_argument("add", choices=["add"])
    organisation.add_argument("name")
    organisation.add_argument("--short", required=True, help="what people call it, such as HMRC")
    tie = verb("tie", _tie, "say which organisation a workspace or tenant is")
    tie.add_argument("where", help="slack:TEAM_ID or teams:TENANT_ID")
    tie.add_argument("organisation")
    agree = verb("agree", _agree, "let questions and names cross between two organisations")
    agree.add_argument("one")
    agree.add_argument("other")
    administrator = verb("administrator", _administrator, "say who is told what goes wrong in their organisation")
    administrator.add_argument("who", help="slack:TEAM_ID:USER_ID or teams:TENANT_ID:USER_ID")
    administrator.add_argument("--remove", action="store_true", help="they are told no more")


def _import_verb(verb: AddVerb) -> None:
    bring = verb("import", _import, "bring in a list from a CSV file: organisations, their domains, skills, and so on")
    bring.add_argument("kind", choices=sorted((*FORMATS, "questions")))
    bring.add_argument("file", type=Path)
    bring.add_argument("--community", default="", help="which community past questions were asked in, as in join")
    bring.add_argument("--skip-bad", action="store_true", help="leave out the rows that cannot be taken")


def _tray_verb(verb: AddVerb) -> None:
    tray = verb("tray", _tray, "list the messages that need a decision")
    tray.add_argument("--state", choices=letters.STATES, help="list those in this state instead")
    tray.add_argument("--json", action="store_true", help="for a program")
    decisions = tray.add_subparsers(metavar="[retry|drop]")
    for name, help in (("retry", "try messages again now"), ("drop", "never send messages")):
        decision = decisions.add_parser(name, help=help)
        decision.add_argument("ids", nargs="*", type=letters.number, metavar="ID")
        decision.add_argument("--state", dest="only", choices=UNDECIDED, help="all that are in this state")
        decision.add_argument("--all", action="store_true", help="all that need a decision")
        decision.set_defaults(run=_decide, decision=name)


def _serve(part: Literal["all", "web", "worker"]) -> Callable[[argparse.Namespace], None]:
    def run(_: argparse.Namespace) -> None:
        from adapters import running

        settings = load()
        _start_logging(settings)
        url = settings.database_url.get_secret_value()
        if part == "all":
            _upgrade_unless_newer(url)
        for line in start_lines(settings):
            print(line, file=sys.stderr)
        asyncio.run(running.serve(url, _places(settings), part=part))

    return run


def _upgrade_unless_newer(url: str) -> None:
    """The tables fit: a newer version's do too, since a migration never breaks the version before it."""
    try:
        upgrade(url)
    except Newer:
        log.warning("The tables are of a newer version. Start that one soon: only the version before works with them.")


def _demo(chosen: argparse.Namespace) -> None:
    from adapters.local import demo

    settings = load(serving=False)
    _start_logging(settings)
    asyncio.run(demo.run(settings.port if chosen.port is None else chosen.port, kept_key))


def _start_logging(settings: Settings) -> None:
    logs.set_up(settings.log_format, settings.log_level, trail=ids, secrets=settings.secrets)


def _places(settings: Settings) -> Any:
    """The settings as the plain values that the running process takes."""
    from adapters.process import SlackSettings, TeamsSettings
    from adapters.running import Places

    slack = teams = None
    if settings.slack_signing_secret is not None and settings.slack_bot_token is not None:
        slack = SlackSettings(
            settings.slack_signing_secret.get_secret_value(),
            settings.slack_api_url,
            settings.slack_bot_token.get_secret_value(),
        )
    if settings.teams_app_id is not None and settings.teams_app_password is not None:
        teams = TeamsSettings(
            settings.teams_app_id,
            settings.teams_app_password.get_secret_value(),
            settings.teams_openid_metadata_url,
            settings.token_url,
            settings.teams_token_issuer,
            settings.teams_token_scope,
            settings.allowed_tenants,
        )
    return Places(settings.host, settings.port, settings.address, _key(settings), slack, teams)


def _key(settings: Settings) -> str:
    return ",".join(key.get_secret_value() for key in settings.encryption_key)


def _migrate(_: argparse.Namespace) -> None:
    upgrade(load(serving=False).database_url.get_secret_value())
    print("The database is up to date.")


def _seed(_: argparse.Namespace) -> None:
    from adapters.local import demo

    settings = load(serving=False)
    url = settings.database_url.get_secret_value()
    file = settings.database_file
    key = _key(settings) or (kept_key(file) if file else "")
    if not key:
        raise SettingsError("SIGNPOST_ENCRYPTION_KEY is missing: tokens are kept encrypted.")
    upgrade(url)
    try:
        _write(url, lambda tx: demo.fill(tx, Vault(key), now(), "http://127.0.0.1:8000"))
    except demo.NotEmpty:
        raise administration.Wrong("The database is not empty, so the demo's world was not put into it.") from None
    print("The demo's world is in the database.")


def _organisation(chosen: argparse.Namespace) -> None:
    _administer(lambda tx: administration.add_organisation(tx, chosen.name, chosen.short, now()))


def _tie(chosen: argparse.Namespace) -> None:
    _administer(lambda tx: administration.tie(tx, chosen.where, chosen.organisation, now()))


def _agree(chosen: argparse.Namespace) -> None:
    _administer(lambda tx: administration.agree(tx, chosen.one, chosen.other, now()))


def _administrator(chosen: argparse.Namespace) -> None:
    _administer(lambda tx: administration.appoint(tx, chosen.who, now(), remove=chosen.remove))


def _tray(chosen: argparse.Namespace) -> None:
    states = [chosen.state] if chosen.state else UNDECIDED
    found = _on(_with_tables(), lambda database: database.read(lambda tx: letters.listing(tx, states)))
    print(letters.as_json(found) if chosen.json else letters.in_words(found))


def _decide(chosen: argparse.Namespace) -> None:
    states = UNDECIDED if chosen.all else [chosen.only] if chosen.only else []
    if bool(chosen.ids) == bool(states) or (chosen.all and chosen.only):
        raise administration.Wrong("Say which messages are meant: their numbers, --state STATE or --all, one of these.")
    meant = letters.Chosen(chosen.ids, states)
    print(_on(_with_tables(), lambda database: letters.decide(database, chosen.decision, meant, now())))


def _import(chosen: argparse.Namespace) -> None:
    from tqdm import tqdm

    forms = {**FORMATS, "questions": past.forms(chosen.community)}
    url = load(serving=False).database_url.get_secret_value()
    upgrade(url)
    with tqdm(unit="B", unit_scale=True, disable=None, leave=False) as bar:  # on a terminal alone
        watch = importing.Watch(lambda line: bar.write(line, file=sys.stderr), bar.reset, bar.update)
        result = _on(
            url,
            lambda known: importing.bring_in(
                known, chosen.kind, chosen.file, watch, now(), skip_bad=chosen.skip_bad, forms=forms
            ),
        )
    print(result.in_words())


def _with_tables() -> str:
    """The database's URL; its tables are those of this version."""
    url = load(serving=False).database_url.get_secret_value()
    found = state(url)
    if found != "current":
        raise administration.Wrong(f"The database's tables are {found}. Say signpost migrate first.")
    return url


def _administer(change: Callable[[Transaction], str]) -> None:
    url = load(serving=False).database_url.get_secret_value()
    upgrade(url)
    print(_write(url, change))


def _manifest(chosen: argparse.Namespace) -> None:
    settings = load(serving=False)
    if chosen.platform == "teams" and not settings.teams_app_id:
        raise administration.Wrong("A Teams manifest needs the id of the app. Set SIGNPOST_TEAMS_APP_ID.")
    find_features()
    said = [(verb.name, say(verb.help, Reader())) for verb in registry.offered() if verb.help]
    from adapters import manifests

    try:
        made = manifests.made(chosen.platform, settings.address, said, settings.command_names, settings.teams_app_id)
    except ValueError as wrong:
        raise administration.Wrong(f"{wrong} Set SIGNPOST_PUBLIC_URL.") from None
    print(json.dumps(made, indent=2, ensure_ascii=False))


def _doctor(_: argparse.Namespace) -> int:
    settings = load(serving=False)
    url = settings.database_url.get_secret_value()
    for line in start_lines(settings):
        print(line)
    found = state(url)
    print(f"The database's tables are {found}.")
    if found != "current":
        print("Say signpost migrate to bring them up to date.")
        return 1
    lines, well = _write(url, administration.health)
    print("\n".join(lines))
    return 0 if well else 1


def _write(url: str, fn: Callable[[Transaction], T]) -> T:
    return _on(url, lambda database: database.write(fn))


def _on(url: str, ask: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    database = connect(url)
    try:
        return asyncio.run(ask(database))
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
