"""What a stranger wrote is text in every product: no formula, markup, path or control."""

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import pytest

import pipeline
from pipeline.cli import main
from pipeline.schema.inert_text import as_meant, inert
from tests.squares import SQUARES
from tests.strangers.contents import files
from tests.strangers.hostile import CHANGE_IDS, FORMULA, RARE, TEXTS

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
# The formulas that the workbook itself writes: checks of sums, and links to sheets beside it.
_OURS = re.compile(
    r'IF\(COUNT\([A-Z0-9,]+\)<\d+,"",ROUND\([A-Z0-9-]+,4\)\)|HYPERLINK\("sheets/[^":?*<>|]+","核查单"\)'
)
_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[. ]$|^(CON|PRN|AUX|NUL|COM\d|LPT\d)(\.|$)', re.IGNORECASE)  # fmt: skip


@pytest.fixture(scope="module")
def found(inspected):
    return list(files(inspected.out))


@pytest.fixture(scope="module")
def beside(inspected):
    """What the doctor and the review write, by name."""
    for verb in ("check", "review"):
        assert main([verb, str(inspected.config)]) == 0
    workspace = inspected.out.parent
    return [*files(workspace / "check"), *files(workspace / "review")]


def _named(found, *ends):
    return [(name, data) for name, data in found if name.endswith(ends)]


@pytest.mark.parametrize("text", [*TEXTS, "", "a", "-", " =1", "'=1", "''"])
def test_a_text_survives_its_neutral_form(text):
    assert as_meant(inert(text)) == (text[1:] if text == "'=1" else text)
    assert not _FORMULA.match(inert(text))


def test_no_cell_of_a_csv_is_a_formula(found):
    tables = _named(found, ".csv")
    assert len(tables) >= 6
    for name, data in tables:
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            live = [
                cell for cell in row if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
            ]
            assert live == [], name


def test_the_workbook_has_no_formula_but_its_own_and_no_link_out(found):
    formulas, links = _formulas_and_links(found)
    assert formulas
    assert [one for one in formulas if not _OURS.fullmatch(one)] == []
    assert [data for data in links if b'TargetMode="External"' in data] == []


def test_the_doctors_and_the_reviews_workbooks_have_neither(beside):
    formulas, links = _formulas_and_links(beside)
    assert formulas == []
    assert len(links) >= 4
    assert [data for data in links if b'TargetMode="External"' in data] == []


def _formulas_and_links(found):
    parts = [(name, data) for name, data in _named(found, ".xml", ".rels") if "xlsx!" in name]
    sheets = [data for name, data in parts if "xl/worksheets/sheet" in name]
    assert sheets
    formulas = [formula for data in sheets for formula in _tags(data, "f")]
    return formulas, [data for name, data in parts if name.endswith(".rels")]


def _tags(data, name):
    return [
        one.text or "" for one in ET.fromstring(data).iter() if one.tag.endswith(f"}}{name}")
    ]


class _Page(HTMLParser):
    """Counts what could act: scripts, handlers, pictures from elsewhere, other elements."""

    def __init__(self):
        super().__init__()
        self.scripts, self.acting = 0, []

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        foreign = [
            value for name, value in attrs if name in {"src", "href"} and "//" in (value or "")
        ]
        handlers = [name for name, _ in attrs if name.startswith("on")]
        if handlers or foreign or tag in {"iframe", "object", "embed", "base"}:
            self.acting.append((tag, attrs))


def test_the_web_page_holds_the_texts_as_data_alone(found):
    ((_, data),) = _named(found, "inspection.html")
    text = data.decode()
    page = _Page()
    page.feed(text)
    assert page.acting == []
    assert page.scripts == 2  # the data and the program
    assert "alert(1)" in text  # it is there, as data
    assert not re.search(r"<script>alert|<img src=x|<svg onload", text)
    assert "default-src 'none'" in text
    (inside,) = re.findall(
        r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL
    )
    assert json.loads(inside)


def test_the_doctors_page_holds_the_texts_as_text(beside):
    ((_, data),) = _named(beside, "check.html")
    page = _Page()
    page.feed(data.decode())
    assert page.acting == []
    assert page.scripts == 0
    assert "default-src 'none'" in data.decode()
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in data.decode()


def test_a_notebook_shows_the_texts_as_text(inspected):
    county = pipeline.load(inspected.out.parent)
    looked = pipeline.look(str(inspected.folder / "raw" / "changes.gpkg"))
    shown = [looked._repr_html_(), repr(county)]
    shown += [pipeline.show(table)._repr_html_() for table in (county.changes, looked.shapes)]
    shown += [county.explain(change)._repr_html_() for change in county.changes["change_id"]]
    for text in shown:
        page = _Page()
        page.feed(text)
        assert (page.acting, page.scripts) == ([], 0)
        assert not {c for c in text if unicodedata.category(c) in {"Cc", "Cf"}} - {"\n", "\t"}


def test_pictures_and_project_files_hold_no_element_of_a_stranger(found):
    drawn = _named(found, ".svg", ".qgs", ".qml")
    assert len(drawn) >= 4
    for name, data in drawn:
        names = {one.tag.rsplit("}", 1)[-1] for one in ET.fromstring(data).iter()}
        assert not names & {"script", "foreignObject", "img", "iframe"}, name


def test_the_qgis_project_has_no_macro_and_no_text_of_a_stranger_in_an_expression(found):
    ((_, data),) = [(name, data) for name, data in found if name.endswith(".qgs")]
    text = data.decode()
    assert re.findall(r"<Macros>(.*?)</Macros>", text) == [
        '<pythonCode type="QString"></pythonCode>'
    ]
    assert 'allowHtml="1"' not in text
    for word in ("alert(1)", "DROP TABLE", "eval(", "/etc/passwd", "cmd|"):
        assert word not in text


def test_pages_have_no_action(found):
    pages = [data for name, data in found if name.endswith(".pdf")]
    assert pages
    for data in pages:
        for action in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/URI", b"/AA"):
            assert action not in data


def test_pages_show_what_the_font_lacks_as_such(found):
    pages = "".join(data.decode() for name, data in found if name.endswith(".pdf!text"))
    assert "\\u202e" in pages.replace("\n", "")
    assert "[U+" in pages or RARE[0] in pages
    assert "\x1b" not in pages


def test_no_control_and_no_mark_of_direction_in_anything_people_read(found, beside, inspected):
    shown = _named([*found, *beside], ".csv", ".html", ".svg", ".xml", ".qgs")
    for name, data in [*shown, ("said", inspected.said.encode())]:
        steering = {
            c for c in data.decode() if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}
        }
        assert steering <= {"\n", "\r", "\t", "\ufeff"}, name


def test_names_of_files_are_names_everywhere(found, inspected):
    paths = [path.relative_to(inspected.out) for path in inspected.out.rglob("*")]
    for path in paths:
        assert [part for part in path.parts if _WINDOWS.search(part)] == []
        assert all(len(part.encode()) <= 255 for part in path.parts)
    packed = [data.decode() for name, data in found if name.endswith("!")]
    assert packed
    for name in packed:
        assert not name.startswith("/")
        assert [part for part in name.strip("/").split("/") if _WINDOWS.search(part)] == []
    folded = [str(path).casefold() for path in paths]
    assert len(set(folded)) == len(folded)


def test_nothing_was_written_beside_the_workspace(inspected):
    beside = {path.name for path in inspected.folder.iterdir() if path.suffix != ".py"}
    assert beside == {
        *("raw", "hand", "workspace", "hostile.toml"),
        *("matplotlibrc", ".numba_config.yaml", "proj.db", "proj.ini"),
    }


def test_every_record_is_still_there_and_the_areas_are_those_of_the_squares(inspected):
    text = (inspected.out / "changes.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(CHANGE_IDS)
    drawn = sum((x1 - x0) * (y1 - y0) for (x0, y0, x1, y1), _ in SQUARES.changes)
    assert sum(float(row["area_m2"]) for row in rows) == drawn
    assert any(as_meant(row["change_id"]).startswith(FORMULA) for row in rows)


def test_the_archives_can_be_opened(inspected):
    for path in inspected.out.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
