"""A real browser for the tests of the demo page, and axe-core to check what it draws for accessibility."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources, util
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
AXE = "axe_playwright_python"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds that a busy machine may take for what people see at once; also what a whole crossing may take."""

expect.set_options(timeout=PATIENCE)

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

needs_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed: apt-get install chromium")
needs_axe = pytest.mark.skipif(util.find_spec(AXE) is None, reason="axe-core is not installed: run scripts/test once")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window; closed at the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened(
    browser: Browser, url: str, width: int = 1280, scheme: Literal["light", "dark"] = "light"
) -> AsyncIterator[Page]:
    """The page at this address, ready; anything that the browser complains about fails the test."""
    wrong: list[str] = []
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(url)
    await page.wait_for_selector("body[data-ready]")
    yield page
    await context.close()
    assert wrong == []


async def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now: rule, help and the elements. Empty is what we want."""
    await page.evaluate(resources.files(AXE).joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate("tags => axe.run(document, { runOnly: tags })", STANDARDS)
    assert any(rule["id"] == "color-contrast" for rule in found["passes"] + found["incomplete"] + found["violations"])
    return [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}" for rule in found["violations"]]
