"""The picture of the page for the docs: python -m checks.web.picture PAGE CHANGE PICTURE."""

import sys
from pathlib import Path

from checks.web.browser import Browser, run


def main(page: str, change: str, picture: str) -> None:
    """Write the page with a change chosen and the whole county on the map."""

    async def look(browser: Browser):
        await browser.size(1440, 900, scale=1.25)
        await browser.open(Path(page), f"#change={change}")
        await browser.until("document.documentElement.dataset.ready")
        await browser.until("document.querySelector('.swipe img')?.complete")
        await browser.click_on("#whole")
        await browser.mouse("mouseMoved", 5, 5)
        await browser.ask("new Promise((done) => setTimeout(done, 300))")
        await browser.picture(Path(picture))

    run(look)


if __name__ == "__main__":
    main(*sys.argv[1:])
