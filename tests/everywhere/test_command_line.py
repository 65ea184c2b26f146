"""The command line as administrators use it: it does what it says or says why not, and stops when it is told to."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from adapters.local import faults
from adapters.local.clock import MovableClock
from adapters.local.demo import fill
from adapters.local.seed import bot_token
from adapters.local.town import LocalPlatforms
from bot.text import t
from bot.ui import Card
from bot.work import Work
from storage import tables
from storage.database import Transaction, connect
from storage.organisations import Organisations
from storage.people import People
from storage.schema import upgrade
from storage.secrets import Vault, new_key
from storage.tables import columns
from storage.tray import Tray
from tests.everywhere.said import said

ROOT = Path(__file__).parents[2]


@dataclass
class Line:
    """A command line in a folder of its own, with these settings alone."""

    folder: Path
    settings: dict[str, str]

    async def start(self, *words: str | bytes) -> Process:
        """A process that runs this command, `python -m bot`, from its very beginning."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words), cwd=self.folder, env=self._environment(), stdout=PIPE, stderr=PIPE
        )

    async def say(self, *words: str | bytes, anew: bool = False) -> tuple[int, str, str]:
        """The exit code of this command, what it printed, and what it complained of.

        With `anew` its process loads Signpost itself.
        """
        if anew:
            process = await self.start(*words)
            printed, wrong = await process.communicate()
            code = process.returncode or 0
        else:
            code, printed, wrong = await asyncio.to_thread(said, words, self._environment(), self.folder)
        assert "Traceback" not in wrong.decode(errors="replace"), wrong.decode()
        return code, printed.decode(), wrong.decode(errors="replace")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SIGNPOST_", "PORT"))}
        return {**kept, "PYTHONPATH": str(ROOT), **self.settings}


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path, {"SIGNPOST_DATABASE_URL": f"sqlite:///{tmp_path / 'signpost.db'}"})


async def organisations(line: Line) -> list[str]:
    database = connect(line.settings["SIGNPOST_DATABASE_URL"])
    try:
        return [known.short for known in await database.read(lambda tx: Organisations(tx).all())]
    finally:
        database.close()


async def test_an_administrator_adds_ties_and_agrees_in_words(line: Line) -> None:
    said = [
        await line.say("organisation", "add", "HM Revenue & Customs", "--short", "HMRC"),
        await line.say("organisation", "add", "Swyddfa Ŵyna", "--short", "SŴ"),
        await line.say("tie", "slack:T0HMRC001", "hmrc"),
        await line.say("tie", "teams:3b1f6a52-9c0e-4d47-8a15-6f2d90c7e431", "SWYDDFA ŵYNA"),
        await line.say("agree", "HMRC", "sŵ"),
        await line.say("agree", "HMRC", "SŴ"),
    ]
    assert [code for code, _, _ in said] == [0] * len(said), said
    assert [printed.strip() for _, printed, _ in said] == [
        "HM Revenue & Customs (HMRC) is added.",
        "Swyddfa Ŵyna (SŴ) is added.",
        "People of slack:T0HMRC001 are of HM Revenue & Customs.",
        "People of teams:3b1f6a52-9c0e-4d47-8a15-6f2d90c7e431 are of Swyddfa Ŵyna.",
        "Questions and names may cross between HM Revenue & Customs and Swyddfa Ŵyna.",
        "Questions and names may cross between HM Revenue & Customs and Swyddfa Ŵyna.",
    ]
    code, printed, _ = await line.say("doctor")
    assert (code, "slack:T0HMRC001 is active and tied to an organisation." in printed) == (0, True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ["organisation", "add", "Revenue", "--short", "HMRC"],
            "There is an organisation called Revenue or HMRC already.",
        ),
        (["organisation", "add", "hmrc", "--short", "H2"], "There is an organisation called hmrc or H2 already."),
        (["organisation", "add", " ", "--short", "X"], "An organisation needs a name and a short name"),
        (["organisation", "add", "X", "--short", ""], "An organisation needs a name and a short name"),
        (["organisation", "add", b"\xff\xfe", "--short", "X"], "An organisation needs a name and a short name"),
        (["tie", "T0HMRC001", "HMRC"], "Say which workspace or tenant: slack:TEAM_ID or teams:TENANT_ID."),
        (["tie", "slack:", "HMRC"], "Say which workspace or tenant"),
        (["tie", "slack:not an id", "HMRC"], "Say which workspace or tenant"),
        (["tie", "irc:T0HMRC001", "HMRC"], "Say which workspace or tenant"),
        (["tie", "slack:T0HMRC001", "DWP"], "There is no organisation called DWP. Add it: signpost organisation add"),
        (["administrator", "slack:T0HMRC001"], "Say whose account it is: slack:TEAM_ID:USER_ID or teams:TENANT_ID:"),
        (["administrator", "irc:T0HMRC001:U1"], "Say whose account it is"),
        (
            ["administrator", "slack:T0HMRC001:U0NEW"],
            "Nobody here has the account slack:T0HMRC001:U0NEW. Ask them to say hi to Signpost first.",
        ),
        (["administrator", "--remove", "slack:T0HMRC001:U0NEW"], "Ask them to say hi to Signpost first."),
        (["tray", "retry"], "Say which messages are meant: their numbers, --state STATE or --all, one of these."),
        (["tray", "drop", "7", "--all"], "Say which messages are meant"),
        (["tray", "retry", "--all", "--state", "dead"], "Say which messages are meant"),
        (["tray", "retry", "7", "999999999999999999"], "Nothing was done: 7 is not there, 999999999999999999 is not"),
        (["agree", "HMRC", "DWP"], "There is no organisation called DWP."),
        (["agree", "HMRC", "hmrc"], "An organisation needs no agreement with itself."),
        (["manifest", "slack"], "Set SIGNPOST_PUBLIC_URL."),
        (["manifest", "teams"], "Set SIGNPOST_TEAMS_APP_ID."),
        (["serve"], "SIGNPOST_ENCRYPTION_KEY is missing."),
        (["web"], "SIGNPOST_ENCRYPTION_KEY is missing."),
        (["worker"], "SIGNPOST_ENCRYPTION_KEY is missing."),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_half_done(
    line: Line, words: list[str | bytes], complaint: str
) -> None:
    url = line.settings["SIGNPOST_DATABASE_URL"]
    upgrade(url)
    database = connect(url)
    await database.write(lambda tx: Organisations(tx).add("HM Revenue & Customs", "HMRC", MovableClock()()))
    database.close()
    code, printed, wrong = await line.say(*words)
    assert (code, printed) == (1, "")
    assert complaint in wrong
    assert await organisations(line) == ["HMRC"]


NO_COMMAND: list[list[str]] = [
    [],
    ["fly"],
    ["tie"],
    ["manifest", "irc"],
    ["organisation", "add", "X"],
    ["administrator"],
    ["tray", "open"],
    ["tray", "--state", "lost"],
    ["tray", "retry", "seven"],
    ["tray", "drop", "9" * 19],
]


@pytest.mark.parametrize("words", NO_COMMAND)
async def test_a_command_that_is_no_command_shows_how_to_say_it(line: Line, words: list[str]) -> None:
    code, printed, wrong = await line.say(*words)
    assert (code, printed) == (2, "")
    assert wrong.startswith("usage: signpost")
    assert not list(line.folder.iterdir())


async def test_an_administrator_is_appointed_and_removed_in_words_and_the_audit_has_each_change_once(
    line: Line,
) -> None:
    await line.say("seed")
    account = "slack:T0HMRC4D1G:U0AMIRA7HD"
    nobody = "HM Revenue & Customs has no administrator to be told of failures: say signpost administrator."
    assert nobody in (await line.say("doctor"))[1]
    for _ in range(2):
        said = await line.say("administrator", account)
        assert said[:2] == (0, f"{account} is an administrator of HM Revenue & Customs.\n")
    code, printed, _ = await line.say("doctor")
    assert code == 0 and nobody not in printed
    for _ in range(2):
        assert (await line.say("administrator", "--remove", account))[:2] == (0, f"{account} is no administrator.\n")
    assert nobody in (await line.say("doctor"))[1]

    database = connect(line.settings["SIGNPOST_DATABASE_URL"])
    audit = columns(tables.Audit)
    verbs: list[tuple[str, str]] = await database.read(
        lambda tx: tx.once(select(audit.verb, audit.subject).order_by(audit.id))
    )
    database.close()
    assert verbs == [("appoint administrator", "person 1"), ("remove administrator", "person 1")]


async def test_a_leaver_is_forgotten_unless_what_they_wrote_is_held(line: Line) -> None:
    await line.say("seed")
    amira = "slack:T0HMRC4D1G:U0AMIRA7HD"
    assert (await line.say("hold", "on", "starting-a-business"))[:2] == (
        0,
        "Starting a business is under a legal hold.\n",
    )
    code, printed, wrong = await line.say("forget", amira)
    assert (code, printed) == (1, "") and "What they wrote in Starting a business is under a legal hold." in wrong
    assert "Starting a business is under a legal hold" in (await line.say("doctor"))[1]
    await line.say("hold", "off", "Starting a business")
    assert "legal hold" not in (await line.say("doctor"))[1]
    code, printed, _ = await line.say("forget", amira)
    assert code == 0 and printed.startswith(f"{amira} is forgotten. Answers that stay: ")
    code, _, wrong = await line.say("forget", amira)
    assert (code, wrong) == (1, f"Nobody here has the account {amira}. There is nothing to forget.\n")


async def test_someone_without_an_organisation_is_no_administrator_of_any(line: Line) -> None:
    upgrade(line.settings["SIGNPOST_DATABASE_URL"])
    database = connect(line.settings["SIGNPOST_DATABASE_URL"])

    def comes(tx: Transaction) -> None:
        people, now = People(tx), MovableClock()()
        people.add_account(people.add("Sam", now), ("teams", "T-1", "U-1"), now)

    await database.write(comes)
    database.close()
    code, _, wrong = await line.say("administrator", "teams:T-1:U-1")
    assert (code, wrong) == (1, "teams:T-1:U-1 is of no organisation yet. Say signpost tie for teams:T-1 first.\n")


async def test_an_empty_tray_says_so_and_one_without_tables_what_to_do(line: Line) -> None:
    code, _, wrong = await line.say("tray")
    assert (code, wrong) == (1, "The database's tables are empty. Say signpost migrate first.\n")
    await line.say("migrate")
    assert (await line.say("tray"))[:2] == (0, "There is nothing to decide.\n")
    assert json.loads((await line.say("tray", "--json"))[1]) == {"counts": {}, "messages": [], "more": 0}
    assert (await line.say("tray", "drop", "--all"))[:2] == (0, "There is no such message, so nothing was done.\n")


async def test_the_demos_world_goes_into_an_empty_database_once(line: Line) -> None:
    code, printed, _ = await line.say("seed")
    assert (code, printed) == (0, "The demo's world is in the database.\n")
    before = await organisations(line)
    assert len(before) == 8
    code, printed, wrong = await line.say("seed")
    assert (code, printed) == (1, "")
    assert "not empty" in wrong
    assert await organisations(line) == before


async def test_questions_that_a_community_had_before_are_brought_in_once(line: Line) -> None:
    await line.say("seed")
    (line.folder / "past.csv").write_text("question,answer,asked_on\nWho signs a lease?,The estates team.,2025-04-01\n")
    brings = ("import", "questions", "past.csv", "--community", "starting-a-business")
    for printed in ("Added 1, changed 0, the same 0, refused 0.\n", "Added 0, changed 0, the same 1, refused 0.\n"):
        assert (await line.say(*brings))[:2] == (0, printed)
    code, printed, wrong = await line.say("import", "questions", "past.csv")
    assert (code, printed) == (1, "")
    assert "Say --community" in wrong


async def test_the_doctor_says_what_to_do_about_a_database_without_tables(line: Line) -> None:
    code, printed, _ = await line.say("doctor", anew=True)
    assert code == 1
    assert "The database's tables are empty." in printed
    assert "Say signpost migrate" in printed
    assert (await line.say("migrate", anew=True))[:2] == (0, "The database is up to date.\n")
    code, printed, _ = await line.say("doctor")
    assert (code, "Signpost is installed nowhere yet." in printed) == (0, True)


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_a_manifest_is_json_with_the_public_address(line: Line, platform: str) -> None:
    line.settings |= {"SIGNPOST_PUBLIC_URL": "https://signpost.example.gov.uk"}
    line.settings |= {"SIGNPOST_TEAMS_APP_ID": "8f2c3c56-91a3-4a57-93a4-0d1f54c3a0d1"}
    line.settings |= {
        "SIGNPOST_TEAMS_APP_PASSWORD": "x" * 40,
        "SIGNPOST_TEAMS_TENANT_ID": "a" * 8 + "-1111-4111-8111-" + "b" * 12,
    }
    code, printed, wrong = await line.say("manifest", platform, anew=True)
    assert (code, wrong) == (0, "")
    assert "signpost.example.gov.uk" in json.dumps(json.loads(printed))


async def test_a_database_that_cannot_be_reached_is_said_without_its_password(line: Line) -> None:
    line.settings["SIGNPOST_DATABASE_URL"] = "postgresql://signpost:hunter22@127.0.0.1:1/signpost"
    for words in (["migrate"], ["doctor"], ["organisation", "add", "X", "--short", "X"]):
        code, printed, wrong = await line.say(*words)
        assert code == 1
        assert "The database cannot be reached" in wrong
        assert "hunter22" not in wrong + printed


@asynccontextmanager
async def serving(line: Line) -> AsyncIterator[tuple[Process, LocalPlatforms]]:
    """`signpost serve` on its own, between platforms that listen elsewhere."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    platforms = LocalPlatforms(address, MovableClock(), signpost=f"http://127.0.0.1:{port}")
    app = web.Application()
    app.add_routes(platforms.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    line.settings |= {"SIGNPOST_PORT": str(port), **_settings(platforms)}
    await _filled(line, address)
    process = await line.start("serve")
    try:
        assert process.stderr is not None
        while b'"Listening"' not in (said := await process.stderr.readline()):
            assert said, "it did not start"
        yield process, platforms
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
        await platforms.stop()
        await runner.cleanup()


def _settings(platforms: LocalPlatforms) -> dict[str, str]:
    slack, teams = platforms.slack_settings, platforms.teams_settings
    tenant = next(space.tenant for space in platforms.world.workspaces if space.platform == "slack")
    home = next(space.tenant for space in platforms.world.workspaces if space.platform == "teams")
    return {
        "SIGNPOST_ENCRYPTION_KEY": new_key(),
        "SIGNPOST_SLACK_SIGNING_SECRET": slack.signing_secret,
        "SIGNPOST_SLACK_BOT_TOKEN": bot_token(tenant),
        "SIGNPOST_SLACK_API_URL": slack.api_url,
        "SIGNPOST_TEAMS_APP_ID": teams.app_id,
        "SIGNPOST_TEAMS_APP_PASSWORD": teams.app_password,
        "SIGNPOST_TEAMS_TENANT_ID": home,
        "SIGNPOST_TEAMS_OPENID_METADATA_URL": teams.openid_metadata_url,
        "SIGNPOST_TEAMS_TOKEN_URL": teams.token_url,
    }


async def _filled(line: Line, address: str) -> None:
    url = line.settings["SIGNPOST_DATABASE_URL"]
    upgrade(url)
    database = connect(url)
    vault = Vault(line.settings["SIGNPOST_ENCRYPTION_KEY"])
    await database.write(lambda tx: fill(tx, vault, MovableClock()(), address))
    database.close()


async def test_a_serving_process_finishes_what_is_in_hand_and_stops_when_it_is_told(line: Line) -> None:
    async with serving(line) as (process, platforms):
        amira = next(person for person in platforms.people if person.key == "amira")
        answered = await platforms.slack.command(amira.tenant, amira.user, "/signpost", "me role researcher")
        assert "researcher" in answered.body

        until, arrived = asyncio.Event(), asyncio.Event()
        platforms.slack.faults.next("chat.postMessage", faults.held(until, arrived))
        assert (await platforms.slack.say(amira.tenant, amira.user, "me role designer")).status == 200
        await arrived.wait()
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        while b'"Stopping"' not in await process.stderr.readline():
            continue
        until.set()
        await process.communicate()
        assert process.returncode == 0
        assert "designer" in platforms.slack.seen(amira.tenant, amira.user)[-1].words()
    database = connect(line.settings["SIGNPOST_DATABASE_URL"])
    assert [state for state, _, _ in await database.read(lambda tx: Tray(tx).counts())] == ["sent"]
    database.close()


async def test_the_tray_is_decided_on_beside_a_running_process(line: Line, database_url: str) -> None:
    line.settings["SIGNPOST_DATABASE_URL"] = database_url
    async with serving(line) as (_, platforms):
        gareth = next(person for person in platforms.people if person.key == "gareth")
        platforms.teams.block(gareth.tenant, gareth.user)
        await _owed(database_url, "teams", gareth.tenant, gareth.user)
        number = (await _undecided(line))["id"]
        code, printed, _ = await line.say("doctor")
        assert code == 1 and "Say signpost tray to see which messages need a decision, and why." in printed

        platforms.teams.block(gareth.tenant, gareth.user, False)
        assert (await line.say("tray", "retry", str(number)))[:2] == (0, "1 message is tried again now.\n")
        while "sent" not in json.loads((await line.say("tray", "--json"))[1])["counts"]:
            continue
        assert "Something for you" in platforms.teams.seen(gareth.tenant, gareth.user)[-1].words()
        assert (await line.say("tray"))[1].splitlines()[-1] == "There is nothing to decide."


async def _owed(url: str, *account: str) -> None:
    def owe(tx: Transaction) -> None:
        work = Work(tx, datetime.now(UTC))
        found = work.people.by_account(*account)
        assert found is not None and work.send(found[0].id, Card(t("Something for you")))

    database = connect(url)
    await database.write(owe)
    database.close()


async def _undecided(line: Line) -> dict[str, Any]:
    """The one message that needs a decision, once there is one."""
    while not (found := json.loads((await line.say("tray", "--json", "--state", "undeliverable"))[1])["messages"]):
        continue
    assert found[0]["why"] == "Signpost is blocked there (MessageWritesBlocked)"
    return dict(found[0])


async def test_a_port_that_is_taken_is_said_in_a_sentence(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        line.settings |= {"SIGNPOST_PORT": str(taken.getsockname()[1]), "SIGNPOST_ENCRYPTION_KEY": new_key()}
        process = await line.start("serve")
        _, wrong = await process.communicate()
    assert process.returncode == 1
    assert "Signpost cannot start: " in wrong.decode()
