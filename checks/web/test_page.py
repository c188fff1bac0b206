"""The page as a person uses it, in a browser without network: click by click."""

import json

from pypdf import PdfReader

from checks.web.browser import Browser, run
from pipeline.units import m2_text, mu_text
from tests.report.web_page import world

READY = "document.documentElement?.dataset.ready"
TABLES = world.tables(1000)
RESULTS = TABLES.results.set_index("change_id")
FIRST = "9901012024000000"  # illegal, with a ruling and a rectification
FIRST_TOWN, SECOND_TOWN = (
    TABLES.ranking.set_index("township_code").township_name[f"99010100{number}"]
    for number in (1, 2)
)


def text(selector):
    return f"(document.querySelector({json.dumps(selector)})?.innerText ?? '')"


def visible(selector):
    return f"document.querySelector({json.dumps(selector)}).checkVisibility()"


def look(page, check, hash_=""):
    """Open the page, check it, and see that it asked nobody and complained of nothing."""

    async def whole(browser: Browser):
        await browser.size(1440, 900)
        await browser.open(page, hash_)
        await browser.until(READY)
        await check(browser)
        assert browser.requests == []
        assert browser.complaints == []

    run(whole)


def test_it_opens_on_the_finding(page):
    async def check(browser):
        assert "疑似超过 8% 问责线" in await browser.ask(text("h1"))
        assert await browser.ask("document.title.includes('疑似')")
        assert await browser.ask(text("#notice")) == "示例数据，非真实结果"
        assert await browser.ask("document.querySelectorAll('#ranking tbody tr').length") == 19
        assert not await browser.ask(visible("#evidence"))
        drawn = "document.querySelector('canvas').getContext('2d').getImageData(400, 300, 1, 1).data[3]"
        assert await browser.ask(drawn) == 255

    look(page, check)


def test_township_then_change_then_slider(page):
    async def check(browser):
        await browser.click_on("#ranking tbody tr:first-child button")
        await browser.until("location.hash.startsWith('#township=')")
        name = await browser.ask(text("#ranking tr.chosen button"))
        towns = "[...new Set([...document.querySelectorAll('#list tbody td:nth-child(2)')].map((cell) => cell.innerText))]"
        assert await browser.ask(towns) == [name]
        await browser.click_on("#list tbody tr:first-child button")
        await browser.until(visible("#evidence"))
        chosen = await browser.ask(text("#evidence h2"))
        assert await browser.ask("location.hash") == f"#change={chosen}"
        assert m2_text(RESULTS.area_m2[chosen]) in await browser.ask(text("#evidence"))

    look(page, check)


def test_the_slider_by_mouse_and_by_keys(page):
    async def check(browser):
        await browser.until(visible(".swipe"))
        cut = "document.querySelector('figure.after').style.clipPath"
        assert await browser.ask(cut) == "inset(0px 0px 0px 50%)"
        await browser.ask("document.querySelector('.swipe').scrollIntoView({block: 'center'})")
        x, y, wide = await browser.ask(
            "(() => { const b = document.querySelector('.swipe').getBoundingClientRect();"
            "return [b.x, b.y + 40, b.width]; })()"
        )
        await browser.click(x + wide * 0.2, y)
        assert await browser.ask(
            "Math.abs(document.querySelector('.swipe input').value - 20) <= 2"
        )
        await browser.ask("document.querySelector('.swipe input').focus()")
        before = int(await browser.ask("document.querySelector('.swipe input').value"))
        await browser.key("ArrowRight")
        assert await browser.ask("document.querySelector('.swipe input').value") == str(
            before + 1
        )
        assert await browser.ask(cut) == f"inset(0px 0px 0px {before + 1}%)"

    look(page, check, f"#change={FIRST}")


def test_the_evidence_of_a_change_by_its_address(page):
    async def check(browser):
        await browser.until(visible("#evidence"))
        shown = await browser.ask(text("#evidence"))
        row = RESULTS.loc[FIRST]
        for part in (
            FIRST,
            "示例审核员 2025-01-08",
            "人工认定\n违法\n",
            "现场核查属实",
            "未批先建",
            "《土地管理法》第七十七条第一款",
            "示验〔2025〕1号",
            "生态保护红线",
            "2023-10-12",
            m2_text(row.area_m2),
            mu_text(row.area_m2),
            m2_text(row.illegal_farmland_m2),
        ):
            assert part in shown, part
        await browser.key("Escape")
        await browser.until(f"!{visible('#evidence')}")

    look(page, check, f"#change={FIRST}")


def test_a_click_on_the_map_finds_the_change_it_shows(page):
    async def check(browser):
        await browser.until(visible("#evidence"))
        middle = (
            "(() => { const b = document.querySelector('canvas').getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        await browser.ask("document.querySelector('.walk button:last-child').click()")
        await browser.until(f"!{visible('#evidence')}")
        x, y = await browser.ask(middle)
        await browser.mouse("mouseMoved", x, y)
        assert FIRST in await browser.ask(text("#tip"))
        await browser.click(x, y)
        await browser.until(visible("#evidence"))
        assert await browser.ask(text("#evidence h2")) == FIRST

    look(page, check, f"#change={FIRST}")


def test_filters_and_their_counts(page):
    async def check(browser):
        assert await browser.ask(text("#verdict-0")) == "250"
        await browser.ask("document.querySelector('#verdicts input').click()")
        await browser.until(f"{text('#summary')}.startsWith('750 ')")
        assert await browser.ask(text("#verdict-0")) == "250"
        await browser.ask(
            "(() => { const s = document.querySelector('#act'); s.value = "
            "[...s.options].find((o) => o.text.startsWith('动土')).value;"
            "s.dispatchEvent(new Event('change')); })()"
        )
        await browser.until(f"{text('#summary')}.startsWith('250 ')")
        assert await browser.ask(text("#verdict-2")) == "0"
        await browser.click_on("#clear")
        await browser.until(f"{text('#summary')}.startsWith('1,000 ')")
        ticked = "[...document.querySelectorAll('#verdicts input')].every((box) => box.checked)"
        await browser.until(ticked)

    look(page, check)


def test_search_by_change_township_and_approval(page):
    async def check(browser):
        name = TABLES.ranking.sort_values("township_code").township_name.iloc[4]
        there = int((RESULTS.township_code == "990101005").sum())
        for wanted, found in ((FIRST, 1), (name, there), ("示批〔2023〕7号", 1), ("没有", 0)):
            await browser.ask(
                "(() => { const s = document.querySelector('#search'); s.focus(); s.select(); })()"
            )
            await browser.type(wanted)
            start = f"{found} " if found else "没有符合条件的图斑"
            await browser.until(f"{text('#summary')}.startsWith({json.dumps(start)})")
        await browser.ask("document.querySelector('#search').select()")
        await browser.type(FIRST)
        await browser.ask("document.querySelector('#filters').requestSubmit()")
        await browser.until(visible("#evidence"))

    look(page, check)


def test_english_and_back(page):
    async def check(browser):
        await browser.until(visible("#evidence"))
        await browser.click_on("#language")
        await browser.until("document.documentElement.lang === 'en'")
        left = (
            "[...document.querySelectorAll('[data-w], .chip .name, thead th, .part h3, .rule b')]"
            ".filter((e) => e.checkVisibility()).map((e) => e.innerText)"
            ".filter((words) => /[\\u4e00-\\u9fff]/.test(words))"
        )
        assert await browser.ask(left) == []
        shown = await browser.ask(text("#evidence"))
        for words in (
            "Land Administration Law Art. 77(1)",
            "demolished and reclaimed",
            "Ecological redline",
            "Rural development zone",
            "Illegal (ruled)",
        ):
            assert words in shown, words
        assert await browser.ask(text("#notice")) == "demonstration data, not real results"
        assert "Suspected: " in await browser.ask(text("h1"))
        assert "No approval found" in await browser.ask(text("#evidence"))
        await browser.click_on("#language")
        await browser.until("document.documentElement.lang === 'zh-CN'")
        assert "未见有效" in await browser.ask(text("#evidence")) or await browser.ask(
            text("#evidence .rule b")
        )

    look(page, check, f"#change={FIRST}")


def test_on_paper_are_the_ranking_and_the_selected_change(page, tmp_path):
    async def check(browser):
        await browser.until(visible("#evidence"))
        scale = await browser.ask("document.querySelector('#scale').innerText")
        await browser.media("print")
        for selector, is_shown in (
            (".ranking", True),
            ("#evidence", True),
            ("figure.before", True),
            ("figure.after", True),
            (".map", True),
            (".controls", False),
            (".layer", False),
            (".list", False),
            ("#filters", False),
            ("#print", False),
        ):
            assert await browser.ask(visible(selector)) is is_shown, selector
        await browser.paper(tmp_path / "page.pdf")
        sheets = [sheet.extract_text() for sheet in PdfReader(tmp_path / "page.pdf").pages]
        assert len(sheets) in {2, 3}
        assert sheets[0].count("%") > 19  # the whole ranking is on the first
        assert FIRST in sheets[1]
        assert await browser.ask("document.querySelector('#scale').innerText") == scale
        side = "document.querySelector('figure.{}').getBoundingClientRect().x"
        assert await browser.ask(side.format("before")) < await browser.ask(
            side.format("after")
        )

    look(page, check, f"#change={FIRST}")


def test_without_a_change_the_finding_fills_one_sheet(page, tmp_path):
    async def check(browser):
        await browser.paper(tmp_path / "page.pdf")
        [sheet] = PdfReader(tmp_path / "page.pdf").pages
        assert "EPSG:4549" in sheet.extract_text()  # what the figures rest on, at its foot

    look(page, check)


def test_a_township_lists_as_many_changes_as_the_ranking_says(border_page):
    """One change lies across the border of two townships: it is in the list of either."""

    async def check(browser):
        rows = "[...document.querySelectorAll('#ranking tbody tr')]"
        for name, count, cell in ((FIRST_TOWN, "2", "跨界"), (SECOND_TOWN, "2", "跨界")):
            await browser.ask(
                f"{rows}.find((r) => r.innerText.includes('{name}')).querySelector('button').click()"
            )
            assert (await browser.ask(text("#summary"))).startswith(f"{count} ")
            shown = await browser.ask(text("#list"))
            assert cell in shown
            assert FIRST in shown
            assert await browser.ask(text("#verdict-0")) == "1"
        half = mu_text(world.tables(20).results.area_m2[0] / 2)
        assert half in await browser.ask(f"{text('#list')}")

    look(border_page, check)


def test_everything_has_a_name_for_those_who_hear_the_page(page):
    async def check(browser):
        await browser.until(visible("#evidence"))
        nameless = (
            "[...document.querySelectorAll('button, input, select, canvas, section')].filter((e) =>"
            "e.checkVisibility() && !(e.innerText?.trim() || e.getAttribute('aria-label')"
            "|| e.getAttribute('aria-labelledby') || e.labels?.length)).map((e) => e.outerHTML.slice(0, 90))"
        )
        assert await browser.ask(nameless) == []

    look(page, check, f"#change={FIRST}")


def test_the_map_by_keys(page):
    async def check(browser):
        await browser.ask("document.querySelector('canvas').focus()")
        scale = text("#scale")
        whole = await browser.ask(scale)
        for _ in range(4):
            await browser.send("Input.dispatchKeyEvent", type="keyDown", key="+", text="+")
        await browser.until(f"{scale} !== {json.dumps(whole)}")
        await browser.send("Input.dispatchKeyEvent", type="keyDown", key="0", text="0")
        await browser.until(f"{scale} === {json.dumps(whole)}")

    look(page, check)


def test_narrow_screens_scroll_one_way_only(page):
    async def check(browser):
        for width in (390, 820, 1280):
            await browser.size(width, 844)
            await browser.until("document.documentElement.scrollWidth <= window.innerWidth")

    look(page, check, f"#change={FIRST}")


def test_from_the_index_to_a_township_and_back(index_page):
    async def check(browser):
        assert not await browser.ask(visible("#filters"))
        assert await browser.ask("document.querySelectorAll('.files a').length") == 19
        await browser.click_on("#ranking tbody tr:first-child button")
        name = await browser.ask(text("#ranking tr.chosen button"))
        await browser.until("document.querySelectorAll('.files a').length === 1")
        await browser.click_on(".files a")
        await browser.until(f"location.pathname.includes('/web/') && {READY}")
        assert await browser.ask(text("#ranking tr.chosen button")) == name
        await browser.click_on("#up")
        await browser.until(f"location.pathname.endsWith('/inspection.html') && {READY}")

    look(index_page, check)


def test_an_address_that_names_nothing_is_left_alone(page):
    async def check(browser):
        assert not await browser.ask(visible("#evidence"))
        assert await browser.ask(f"{text('#summary')}.startsWith('1,000 ')")

    for address in ("#change=nobody", "#%E0%A4%A", "#township", "#change=<b>"):
        look(page, check, address)
