"""How soon the page is there and how smoothly its map moves, on two cores without a GPU."""

import asyncio
from time import monotonic

import pytest

from checks.web.browser import Browser, run

SECONDS = 3.0


@pytest.mark.parametrize(("name", "most_s"), [("page", 1.5), ("large_page", 3.0)])
def test_ready(name, most_s, request):
    page = request.getfixturevalue(name)

    async def check(browser: Browser) -> float:
        await browser.size(1440, 900)
        await browser.open(page)
        return float(await browser.until("document.documentElement.dataset.ready")) / 1000

    seconds = min(run(check) for _ in range(2))
    print(f"\n{name}: {page.stat().st_size / 1e6:.1f} MB, ready in {seconds:.2f} s")
    assert seconds < most_s


def test_twenty_thousand_changes_are_less_than_15_megabytes(large_page):
    assert large_page.stat().st_size < 15_000_000


@pytest.mark.parametrize("nearer", [0, 2, 4])
def test_panning(large_page, nearer):
    async def check(browser: Browser) -> float:
        await browser.size(1440, 900)
        await browser.open(large_page)
        await browser.until("document.documentElement.dataset.ready")
        for _ in range(nearer):
            await browser.click_on("#nearer")
        await asyncio.sleep(0.5)
        return await _frames_a_second(browser)

    rate = run(check)
    print(f"\n{nearer} steps nearer: {rate:.0f} frames a second")
    assert rate >= 15


async def _frames_a_second(browser: Browser) -> float:
    """Drag the map to and fro; count the frames the browser shows meanwhile."""
    await browser.ask(
        "window.frames_ = 0; (function next() { window.frames_++; requestAnimationFrame(next) })()"
    )
    x, y = 450, 520
    await browser.mouse("mouseMoved", x, y)
    await browser.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
    start, first, step = monotonic(), await browser.ask("window.frames_"), 0
    while monotonic() - start < SECONDS:
        step += 1
        here = (x + 8 * (step % 20), y + 5 * (step % 7))
        await browser.mouse("mouseMoved", *here, button="left", buttons=1)
    shown = await browser.ask("window.frames_") - first
    rate = shown / (monotonic() - start)
    await browser.mouse("mouseReleased", x, y, button="left", clickCount=1)
    return float(rate)
