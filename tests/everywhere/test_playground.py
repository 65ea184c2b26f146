"""Microsoft's own test client for Teams drives the running app: join, ask and answer by the buttons of cards."""

import os
from collections.abc import AsyncIterator

import pytest

from tests.playground.driver import Message, Playground, missing
from tests.playground.town import town_beside_microsoft
from tests.town import Town

pytestmark = pytest.mark.skipif(bool(missing()) and not os.environ.get("CI"), reason=missing())

ON_FORMS = "How long does a bilingual form design take to test?"
ASKED = "How do you hand a caller over to another department’s helpline without making them start again?"
ANSWERED = "We agreed one page with the other helpline, and a number that the caller can quote."


class Gareth:
    """Gareth at Microsoft's test client, who waits for each card before he presses it."""

    def __init__(self, town: Town, client: Playground) -> None:
        self.town = town
        self.client = client

    async def says(self, text: str, conversation: str = "") -> None:
        await self.client.say(text, conversation)

    async def presses(self, label: str, on: str, **answers: str) -> None:
        """Presses the button on the newest card with these words. What it caused has then been delivered."""
        await self.client.press(await self.reads(on), label, **answers)
        await self.town.quiet()

    async def reads(self, words: str) -> Message:
        return await self.client.reads(words)


@pytest.fixture
async def gareth(sqlite_url: str) -> AsyncIterator[Gareth]:
    assert not missing(), missing()
    async with town_beside_microsoft(sqlite_url, "gareth") as (town, client):
        yield Gareth(town, client)
        assert town.platforms.slack.problems == []


async def test_a_person_joins_answers_asks_and_accepts_by_the_buttons_of_cards(gareth: Gareth) -> None:
    amira = gareth.town
    await gareth.says("communities")
    await gareth.presses("Join", on="Employing someone")
    await gareth.reads("Welcome to Employing someone")

    await amira.says("amira", f"/signpost ask {ASKED}")
    await amira.presses("amira", "Send")
    await gareth.presses("Answer", on="Q-21 from Amira Haddad, Content designer, HMRC")
    await gareth.presses("Send", on="Your answer", f_text=ANSWERED)
    await gareth.reads("You answered Q-21 from Amira Haddad")
    assert ANSWERED in amira.last("amira")
    await amira.presses("amira", "This answers it")
    await gareth.reads("Amira Haddad, HMRC says this answers it.")

    await gareth.says(f"ask {ON_FORMS} community: starting-a-business")
    await gareth.presses("Send", on="Check your question before it is sent")
    await gareth.reads("Q-22: your question in Starting a business")
    offered = next(message for message in amira.sees("sian") if "Q-22" in message.words())
    await amira.says("sian", ANSWERED, thread=offered.id)
    await gareth.presses("This answers it", on="Siân Probert, Interaction designer, CH answers Q-22")
    await gareth.reads("You accepted this answer.")


async def test_a_client_that_knows_only_submit_sends_a_question_too(gareth: Gareth) -> None:
    await gareth.says(f"ask {ASKED} community: starting-a-business")
    shown = await gareth.reads("Check your question before it is sent")
    await gareth.client.submit(shown, "Send")
    assert (await gareth.reads("Q-21 is asked in Starting a business.")).id == shown.id


@pytest.mark.parametrize("where", ["group", "channel"])
async def test_a_mention_elsewhere_is_answered_in_the_personal_chat(where: str, gareth: Gareth) -> None:
    await gareth.says("me", getattr(gareth.client, where))
    assert (await gareth.reads("Gareth Morlais-Rees")).conversation == gareth.client.personal
