"""The pages of an inspection (网页): one file, or an index and one file a township."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import pandas as pd

from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.safe_text import safe
from pipeline.report.web_page.page_data import Links, PageTables, page_data
from pipeline.report.web_page.page_file import page_html
from pipeline.report.web_page.pictures import ReadChips

MOST_CHANGES = 20_000  # in one file: more would be slow to open on an office machine
INDEX = "inspection.html"
FOLDER = "web"
NO_SHEETS: Mapping[str, str] = MappingProxyType({})


def write_pages(
    out: Path,
    tables: PageTables,
    heading: Heading,
    read: ReadChips | None = None,
    sheets: Mapping[str, str] = NO_SHEETS,
    most: int = MOST_CHANGES,
) -> list[Path]:
    """Write ``inspection.html``, and return the files written.

    ``read`` gives the image chips of a change, null without imagery; ``sheets`` the bundle of
    evidence sheets of a township code, as a path inside ``out`` (code empty: outside all). Above
    ``most`` changes it is an index, and ``web/`` holds one file (or several) a township. The same
    tables give the same bytes.
    """
    results = tables.results
    if len(results) <= most:
        beside: Links = {"sheets": _hrefs(sheets, "")}
        return [_write(out / INDEX, page_data(tables, heading, results, read, beside))]
    files = []
    links: dict[str, list[list[object]]] = {}
    for code, name, part in _parts(results, tables.pieces, most):
        links.setdefault(code, []).append([f"{FOLDER}/{name}", len(part)])
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        up: Links = {"up": f"../{INDEX}", "town": code, "sheets": _hrefs(sheets, "../")}
        files.append(_write(out / FOLDER / name, page_data(tables, heading, part, read, up)))
    index = page_data(tables, heading, results.head(0), None, {"files": links})
    return [_write(out / INDEX, index), *files]


def _hrefs(sheets: Mapping[str, str], way: str) -> dict[str, str]:
    return {safe(code): way + quote(file) for code, file in sorted(sheets.items())}


def _parts(
    results: pd.DataFrame, pieces: pd.DataFrame, most: int
) -> list[tuple[str, str, pd.DataFrame]]:
    """Return township by township what goes into one file: the code, the file's name, its rows.

    A change across a border is in the file of every township that it has ground in. A name is
    made of numbers: a code may hold what no file name can.
    """
    ground = pieces[pieces["township_code"].notna()]
    places = pd.concat([frame[["change_id", "township_code"]] for frame in (results, ground)])
    places["township_code"] = places["township_code"].map(
        lambda code: "" if is_null(code) else str(code)
    )
    parts = []
    for number, (code, here) in enumerate(places.groupby("township_code"), 1):
        ordered = results[results["change_id"].isin(here["change_id"])].sort_values("change_id")
        for start in range(0, len(ordered), most):
            more = f"-{start // most + 1}" if len(ordered) > most else ""
            name = f"township-{number:03d}{more}.html"
            parts.append((safe(code), name, ordered.iloc[start : start + most]))
    return parts


def _write(file: Path, data: dict[str, object]) -> Path:
    file.write_text(page_html(data), encoding="utf-8", newline="\n")
    return file
