"""On the running demo: a question crosses from Slack to Teams and back, by click and with the keyboard alone."""

import asyncio
import re
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.everywhere.browser import PATIENCE, chromium, faults, needs_axe, needs_browser, opened

pytestmark = needs_browser

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
COMMANDS = ["help", "communities", "members starting-a-business", "questions", "whoknows helplines", "showcase", "me"]


@asynccontextmanager
async def running_demo() -> AsyncIterator[str]:
    """`signpost demo` as people start it, and its address; it must stop by itself when it is told to.

    What it logged is shown with a failed test.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "bot", "demo", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=PIPE)
    assert process.stderr is not None
    said = b""
    while b'"Listening"' not in said:
        line = await process.stderr.readline()
        assert line, f"the demo did not start: {said.decode()}"
        said += line
    rest = asyncio.create_task(process.stderr.read())
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        print((said + await rest).decode())
        assert await process.wait() == 0


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with running_demo() as url, chromium() as browser, opened(browser, url) as page:
        yield page


def messages(page: Page, pane: str) -> Locator:
    return page.locator(f"#{pane} article")


async def guided(page: Page, step: str, then: str) -> None:
    """The guided button is pressed, and its step ends with these words."""
    button = page.get_by_role("button", name=step)
    await button.click()
    await expect(button).to_have_attribute("data-state", re.compile("done|stuck"))
    assert then in await page.locator("#guide-status").inner_text()


async def tab_to(page: Page, wanted: Locator) -> None:
    """The keyboard's place moves to this element, and to it alone, by the Tab key."""
    await expect(wanted).to_be_visible()
    for _ in range(150):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")


async def says(page: Page, person: str, text: str) -> None:
    """The person types this and presses Enter; the page has drawn what came of it."""
    box = page.get_by_label(f"Message as {person}", exact=True)
    await box.fill(text)
    async with page.expect_response("**/local/api/say") as answered:
        await box.press("Enter")
    assert (await (await answered.value).json())["ok"]


async def test_three_guided_presses_lead_to_an_accepted_answer(page: Page) -> None:
    async with asyncio.timeout(PATIENCE / 1000):
        await guided(page, "Amira asks", "Next: step 2")
        await guided(page, "Gareth answers", "Next: step 3")
        await guided(page, "Amira accepts", "The crossing is complete")
    await expect(messages(page, "slack").last).to_contain_text("You accepted this answer.")
    await expect(page.locator("#slack .replies article").last).to_contain_text("Gareth Morlais-Rees")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / "crossing.png")


async def test_the_same_steps_lead_there_again(page: Page) -> None:
    for _ in range(2):
        await guided(page, "Amira asks", "Next: step 2")
        await guided(page, "Gareth answers", "Next: step 3")
        await guided(page, "Amira accepts", "The crossing is complete")
    await expect(page.locator("#slack .replies article")).to_have_count(2)


async def test_a_step_out_of_turn_says_what_to_do_first(page: Page) -> None:
    await guided(page, "Gareth answers", "No question is waiting for Gareth. Do step 1 first.")


async def test_the_crossing_works_with_the_keyboard_alone(page: Page) -> None:
    await tab_to(page, page.get_by_label("Message as Amira Haddad"))
    await page.keyboard.type("/signpost ask Who agrees the words of a letter that two departments send?")
    await page.keyboard.press("Enter")
    await tab_to(page, messages(page, "slack").get_by_role("button", name="Send", exact=True))
    await page.keyboard.press("Enter")
    await tab_to(page, messages(page, "teams").get_by_role("button", name="Answer", exact=True))
    await page.keyboard.press("Space")
    await tab_to(page, messages(page, "teams").get_by_role("textbox"))
    await page.keyboard.type("Both policy teams, in one meeting.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_role("button", name="This answers it"))
    await page.keyboard.press("Enter")
    await expect(page.locator("#slack .replies")).to_contain_text("You accepted this answer.")
    await expect(page.locator("#slack .replies")).to_contain_text("Both policy teams, in one meeting.")


async def test_a_question_from_teams_is_answered_in_a_slack_modal(page: Page) -> None:
    asked = "ask How long does a bilingual form design take to test? community: starting-a-business"
    await says(page, "Gareth Morlais-Rees", asked)
    await messages(page, "teams").get_by_role("button", name="Send", exact=True).click()
    await page.get_by_role("button", name="New for Siân Probert").click()
    await messages(page, "slack").get_by_role("button", name=re.compile("^(Answer|Ateb)$")).click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("Two weeks, if the translation is there on the first day.")
    await form.locator("button[type=submit]").click()
    await expect(form).to_contain_text("Gareth Morlais-Rees, DWP")
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(messages(page, "teams").last).to_contain_text("Two weeks, if the translation is there")


async def test_time_moves_when_it_is_told_to(page: Page) -> None:
    await page.get_by_role("button", name="Tomorrow 9am").click()
    await expect(page.locator("#clock")).to_contain_text("9am, ")


async def test_the_x_ray_of_a_real_message_shows_its_request_and_rows(page: Page) -> None:
    await guided(page, "Amira asks", "Next: step 2")
    await messages(page, "teams").last.get_by_role("button", name="X-ray").click()
    behind = page.locator(".xray:not([hidden])")
    await expect(behind).to_contain_text("Authorization: Bearer")
    await expect(behind.get_by_role("region", name="Rows of outbox")).to_be_visible()


@needs_axe
async def test_every_card_is_drawn_whole_and_for_everyone(page: Page) -> None:
    for command in COMMANDS:
        for pane, person, start in (("slack", "Amira Haddad", "/signpost "), ("teams", "Gareth Morlais-Rees", "")):
            before = await messages(page, pane).filter(has_text="App").count()
            await says(page, person, start + command)
            await expect(messages(page, pane).filter(has_text="App")).to_have_count(before + 1)
    assert await page.get_by_text("which this page does not draw").count() == 0
    assert await faults(page) == []
