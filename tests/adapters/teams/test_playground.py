"""Microsoft's own test client for Teams understands what the adapter sends, answers and redraws."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from adapters.teams.client import Teams
from adapters.teams.connector import Connector
from adapters.teams.inbound import TeamsInbound
from adapters.teams.keys import KeySet
from adapters.teams.tokens import IncomingTokens, OutgoingTokens
from bot.delivery import Parcel
from bot.inbound import Address, Handled, Inbound
from bot.text import Reader, t, words
from bot.ui import Audience, Button, Card, Field, Form, Item, Packed, Quote, Reply
from tests.adapters.teams.microsoft import APP_ID, PASSWORD, Microsoft, microsoft
from tests.playground.driver import Playground, Someone, missing, playground
from tests.playground.signing import signing_proxy

pytestmark = pytest.mark.skipif(bool(missing()) and not os.environ.get("CI"), reason=missing())

SOMEONE = Someone(APP_ID)
COMMUNITIES = Card(
    t("Communities"), (Item(t("Starting a business"), None, (Button(t("Join"), Packed('{"do":"join"}')),)),)
)
WELCOME = Card(t("Welcome"), buttons=(Button(t("Answer"), Packed('{"do":"answer"}')),))
FORM = Form(t("Your answer"), Packed('{"do":"send"}'), (Field("text", t("Answer"), "lines"),), t("Send"))


@dataclass
class Core:
    """A core of four commands, enough for every way in which Teams is answered."""

    teams: Teams
    heard: list[Inbound] = field(default_factory=list)

    async def handle(self, inbound: Inbound) -> Handled:
        self.heard.append(inbound)
        done = inbound.payload or inbound.said or ""
        if "answer" in done:
            return Handled(Reader(), form=FORM)
        if "send" in done:
            card = Card(t("Sent"), (Quote(inbound.answers["text"], words("You")),))
            if Audience.ME in inbound.body_shows:
                return Handled(Reader(), reply=Reply(card))
            return await self._tell(inbound.private, card)
        if "join" in done:
            return await self._tell(inbound.original or inbound.private, WELCOME)
        if "form" in done:
            return await self._tell(inbound.private, FORM)
        return await self._tell(inbound.public, COMMUNITIES)

    async def _tell(self, address: Address, body: Card | Form) -> Handled:
        await self.teams.send(Parcel(1, 1, address, body, Reader(), datetime.now(UTC)))
        return Handled(Reader())


def app_of(inbound: TeamsInbound) -> web.Application:
    async def receive(request: web.Request) -> web.Response:
        answer = await inbound.handle(await request.read(), request.headers)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    app = web.Application()
    app.router.add_post("/api/messages", receive)
    return app


@pytest.fixture
async def theirs() -> AsyncIterator[Microsoft]:
    async with microsoft() as found:
        yield found


@pytest.fixture
async def core(theirs: Microsoft) -> AsyncIterator[Core]:
    async with aiohttp.ClientSession() as session:
        outgoing = OutgoingTokens(session, theirs.token_url, APP_ID, PASSWORD, theirs.clock)
        yield Core(Teams(Connector(session, outgoing, theirs.clock), APP_ID))


@pytest.fixture
async def gareth(theirs: Microsoft, core: Core) -> AsyncIterator[Playground]:
    assert not missing(), missing()
    async with aiohttp.ClientSession() as session:
        tokens = IncomingTokens(KeySet(session, theirs.metadata_url, theirs.clock), APP_ID, clock=theirs.clock)
        inbound = TeamsInbound(tokens, core.handle, (SOMEONE.tenant,), saw=core.teams.saw)
        runner = web.AppRunner(app_of(inbound), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        try:
            async with (
                signing_proxy(app_url, lambda url: theirs.sign(serviceurl=url)) as proxy,
                playground(proxy, SOMEONE) as client,
            ):
                yield client
        finally:
            await runner.cleanup()


async def test_a_person_joins_by_a_button_and_the_card_is_redrawn(gareth: Playground, core: Core) -> None:
    await gareth.say("communities & more")
    shown = await gareth.reads("Communities")
    await gareth.press(shown, "Join")
    redrawn = await gareth.reads("Welcome")
    assert redrawn.id == shown.id
    assert core.heard[0].said == "communities & more"
    assert (core.heard[1].account.tenant, core.heard[1].account.user) == (SOMEONE.tenant, SOMEONE.entra_id)


async def test_a_form_opens_over_the_card_and_its_answer_takes_its_place(gareth: Playground) -> None:
    await gareth.say("join")
    welcome = await gareth.reads("Welcome")
    await gareth.press(welcome, "Answer")
    form = await gareth.reads("Your answer")
    await gareth.press(form, "Send", f_text="Send form CH01 first.")
    sent = await gareth.reads("You: Send form CH01 first.")
    assert sent.id == welcome.id


async def test_a_form_that_is_a_message_becomes_its_answer(gareth: Playground) -> None:
    await gareth.say("form")
    form = await gareth.reads("Your answer")
    await gareth.press(form, "Send", f_text="CH01")
    assert (await gareth.reads("You: CH01")).id == form.id


async def test_a_client_without_execute_submits_the_same(gareth: Playground, core: Core) -> None:
    await gareth.say("communities")
    await gareth.submit(await gareth.reads("Communities"), "Join")
    await gareth.reads("Welcome")
    assert core.heard[1].payload == '{"do":"join"}'


@pytest.mark.parametrize("where", ["group", "channel"])
async def test_a_mention_is_heard_without_our_name(where: str, gareth: Playground, core: Core) -> None:
    conversation = getattr(gareth, where)
    await gareth.say("communities", conversation)
    await gareth.reads("Communities")
    assert (core.heard[0].said, core.heard[0].here.kind) == ("communities", where)


async def test_a_message_is_sent_to_someone_who_did_not_ask(gareth: Playground, core: Core) -> None:
    await gareth.say("join", gareth.group)
    await gareth.reads("Welcome")
    profile = await core.teams.profile(core.heard[0].account, core.heard[0].private)
    assert (profile.name, profile.guest) == ("Gareth Pugh", False)
