"""The demo page draws what the platforms hold, safely and for everyone; the local API's answers are canned here."""

import re
from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from tests.everywhere.browser import chromium, faults, needs_axe, needs_browser, opened
from tests.everywhere.canned import Canned, Json, message, served

pytestmark = needs_browser

HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


@pytest.fixture
async def demo() -> AsyncIterator[Canned]:
    async with served(Canned()) as canned:
        yield canned


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def page(browser: Browser, demo: Canned) -> AsyncIterator[Page]:
    async with opened(browser, demo.url) as page:
        yield page


def button(label: str, action: str) -> Json:
    return {"type": "button", "action_id": action, "value": "{}", "text": {"type": "plain_text", "text": label}}


def section(text: str, **others: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **others}


BLOCKS: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Ask this?"}},
    section(">How do you hand a *caller* over?"),
    section("Who sees it", fields=[{"type": "mrkdwn", "text": "*Gareth*\nDWP"}]),
    {"type": "divider"},
    {"type": "actions", "elements": [button("Send", "send"), button("Change", "change")]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Answers may come from Teams &amp; Slack."}]},
]

FORM: Json = {
    "type": "AdaptiveCard",
    "body": [
        {"type": "TextBlock", "text": "Answer Q-1", "style": "heading"},
        {"type": "FactSet", "facts": [{"title": "From", "value": "HMRC"}]},
        {"type": "Input.Text", "id": "f_text", "label": "Your answer", "isMultiline": True, "isRequired": True},
        {"type": "Input.Date", "id": "f_day", "label": "Day"},
        {"type": "Input.Time", "id": "f_hour", "label": "Hour"},
        {"type": "Input.ChoiceSet", "id": "f_who", "label": "Who", "choices": [{"title": "All of us", "value": "all"}]},
        {"type": "Input.Toggle", "id": "y_ok", "label": "Public", "title": "Yes", "valueOn": "yes", "valueOff": "no"},
    ],
    "actions": [{"type": "Action.Execute", "id": "send", "title": "Send answer", "data": {}}],
}


def modal(**others: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "name"}
    label = {"type": "plain_text", "text": "Name"}
    return {
        "id": "V1",
        "title": {"type": "plain_text", "text": "Create a community"},
        "submit": {"type": "plain_text", "text": "Create"},
        "blocks": [{"type": "input", "block_id": "name", "label": label, "element": element}],
        **others,
    }


async def test_every_file_of_the_page_is_served_under_a_strict_policy(demo: Canned) -> None:
    async with ClientSession() as session, session.get(demo.url) as answer:
        text = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        named = re.findall(r'(?:src|href)="(/[^"#]+)"', text)
        assert len(named) >= 4 and "//" not in "".join(named)
        for path in named:
            async with session.get(demo.url.rstrip("/") + path) as file:
                assert file.status == 200 and file.headers["X-Content-Type-Options"] == "nosniff"
        async with session.get(demo.url + "local/page/..%2fworld.toml") as other:
            assert other.status == 404


async def test_a_slack_message_is_drawn_with_its_fields_buttons_and_marks(demo: Canned, page: Page) -> None:
    await demo.show("amira", message("1", blocks=BLOCKS, private=True, edited=True))
    drawn = page.locator("#slack article")
    await expect(drawn.get_by_role("heading", name="Ask this?")).to_be_visible()
    await expect(drawn.locator("blockquote strong")).to_have_text("caller")
    for words in ("Only visible to you", "(edited)", "Answers may come from Teams & Slack."):
        await expect(drawn).to_contain_text(words)
    await drawn.get_by_role("button", name="Send").click()
    sent = {"person": "amira", "place": "direct", "message": "1", "action": "send", "inputs": {}}
    assert await demo.received() == ("press", sent)


async def test_an_adaptive_card_sends_what_was_filled_in_and_asks_for_what_is_missing(demo: Canned, page: Page) -> None:
    await demo.show("gareth", message("7", card=FORM))
    card = page.locator("#teams article")
    await card.get_by_role("button", name="Send answer").click()
    await expect(card.get_by_label("Your answer")).to_be_focused()
    await expect(card.get_by_label("Your answer")).to_have_attribute("aria-invalid", "true")
    assert demo.nothing_received()
    await card.get_by_label("Your answer").fill("We agreed one page.")
    await card.get_by_label("Day").fill("2026-12-03")
    await card.get_by_label("Hour").fill("14:00")
    await card.get_by_label("Who").select_option("All of us")
    await card.get_by_label("Yes").check()
    await card.get_by_role("button", name="Send answer").click()
    answers = {"f_text": "We agreed one page.", "f_day": "2026-12-03", "f_hour": "14:00", "f_who": "all", "y_ok": "yes"}
    kind, sent = await demo.received()
    assert (kind, sent["action"], sent["inputs"]) == ("press", "send", answers)


async def test_nothing_that_a_message_says_becomes_markup(demo: Canned, page: Page) -> None:
    title = await page.title()
    await demo.show(
        "amira",
        message("1", text=HOSTILE, **{"from": HOSTILE}),
        message("2", blocks=[section(HOSTILE), section("<javascript:alert(1)|press me>")]),
    )
    await demo.show(
        "gareth", message("3", card={"body": [{"type": "TextBlock", "text": f"{HOSTILE} [x](javascript:1)"}]})
    )
    await expect(page.locator("#slack article")).to_have_count(2)
    await expect(page.locator("#teams article")).to_contain_text("<img src=x")
    assert await page.locator("article img, article script, article a").count() == 0
    assert await page.title() == title


async def test_a_refused_press_says_why_under_the_message(demo: Canned, page: Page) -> None:
    await demo.show("amira", message("1", blocks=BLOCKS))
    demo.refusal = "This button is from an earlier state. Ask again."
    await page.get_by_role("button", name="Change").click()
    await expect(page.locator("#slack article [role=alert]")).to_have_text(demo.refusal)


async def test_a_refused_message_stays_in_the_box(demo: Canned, page: Page) -> None:
    demo.refusal = "The demo is stopping."
    box = page.get_by_label("Message as Amira Haddad")
    await box.fill("hello")
    await box.press("Enter")
    await expect(page.locator("#slack .composer [role=alert]")).to_have_text(demo.refusal)
    await expect(box).to_have_value("hello")


async def test_a_modal_takes_the_keyboard_shows_errors_beside_fields_and_escape_closes_it(
    demo: Canned, page: Page
) -> None:
    await demo.show("amira", modal=modal())
    dialog = page.get_by_role("dialog", name="Create a community")
    await dialog.get_by_label("Name").fill("Sole traders")
    await dialog.get_by_role("button", name="Create").click()
    assert await demo.received() == ("submit", {"person": "amira", "answers": {"name": "Sole traders"}})
    await demo.show("amira", modal=modal(errors={"name": "That name is taken."}))
    await expect(dialog.locator(".field .field-error")).to_contain_text("That name is taken.")
    await expect(dialog.get_by_label("Name")).to_have_value("Sole traders")
    await page.keyboard.press("Escape")
    assert await demo.received() == ("close", {"person": "amira"})


async def test_replies_stand_under_their_root_with_a_box_of_their_own(demo: Canned, page: Page) -> None:
    await demo.show(
        "amira", message("1", text="Q-1"), message("2", text="Another"), message("3", text="Yes", thread="1")
    )
    await expect(page.locator("#slack .replies article")).to_have_text(re.compile("Yes"))
    box = page.get_by_label("Reply to Signpost in thread")
    await box.fill("Thank you")
    await box.press("Enter")
    said = {"person": "amira", "place": "direct", "text": "Thank you", "thread": "1"}
    assert await demo.received() == ("say", said)


async def test_a_half_written_answer_survives_a_new_message(demo: Canned, page: Page) -> None:
    await demo.show("gareth", message("1", card=FORM))
    await page.get_by_label("Your answer").fill("Half a thou")
    await demo.show("gareth", message("1", card=FORM), message("2", text="News"))
    await expect(page.locator("#teams article")).to_have_count(2)
    await expect(page.get_by_label("Your answer")).to_have_value("Half a thou")
    await expect(page.get_by_label("Your answer")).to_be_focused()


async def test_news_is_read_out_for_the_one_shown_and_marked_for_others(demo: Canned, page: Page) -> None:
    await demo.show("amira", message("1", text="An answer has come"))
    await expect(page.locator("#announcements")).to_contain_text("Slack, Amira Haddad: new message from Signpost.")
    await demo.show("kofi", message("2", text="For Kofi"))
    await page.get_by_role("button", name="New for Kofi Adjei-Marsh").click()
    await expect(page.locator("#slack article")).to_contain_text("For Kofi")
    await expect(page.get_by_role("button", name="New for Kofi Adjei-Marsh")).to_have_count(0)


async def test_commands_are_completed_with_the_keyboard_alone(demo: Canned, page: Page) -> None:
    box = page.get_by_label("Message as Amira Haddad")
    await box.focus()
    await page.keyboard.type("/sign")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/signpost ask ")
    await page.keyboard.type("How?")
    await page.keyboard.press("Enter")
    assert await demo.received() == ("say", {"person": "amira", "place": "direct", "text": "/signpost ask How?"})


async def test_the_x_ray_shows_the_signed_request_and_the_stored_rows(demo: Canned, page: Page) -> None:
    await demo.show("amira", message("1", text="Q-1"))
    await page.get_by_role("button", name="X-ray").press("Enter")
    await expect(page.locator(".xray")).to_contain_text("X-Slack-Signature: v0=3f1a")
    await expect(page.get_by_role("region", name="Rows of question").locator("td")).to_have_text(["1", "open"])


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
async def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    browser: Browser, demo: Canned, width: int, scheme: Literal["light", "dark"]
) -> None:
    await demo.show("amira", message("1", blocks=BLOCKS, private=True), message("2", text="Yes", thread="1"))
    await demo.show("gareth", message("3", card=FORM), message("4", text="help", mine=True, bot=False))
    async with opened(browser, demo.url, width, scheme) as page:
        await page.get_by_role("button", name="X-ray").first.click()
        await expect(page.locator(".xray table")).to_be_visible()
        await page.get_by_label("Message as Gareth Morlais-Rees").fill("/")
        assert await faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await demo.show("amira", modal=modal(errors={"name": "That name is taken."}))
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await faults(page) == []
