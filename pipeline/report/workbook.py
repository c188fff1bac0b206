"""The inspection workbook (检查工作簿): notes, rankings, changes and findings as one XLSX."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.report.cells import verdict_label
from pipeline.report.heading import Heading, line_text
from pipeline.report.safe_text import safe
from pipeline.report.workbook_notes import fill_notes
from pipeline.report.workbook_sheet import Writer, fill_sheet, set_up_print
from pipeline.report.workbook_styles import Styles
from pipeline.schema.derived import (
    CHANGE_RESULTS,
    DEFECTS,
    OFFICE_RANKING,
    TOWNSHIP_RANKING,
)
from pipeline.schema.table import Column, Kind, Table
from pipeline.terms import SEVERITY_LABELS

_SHEET_ROWS = 1_000_000  # Excel has 1,048,576
_RULE = Column("rule_name", "规则名称", Kind.TEXT)
_TOWNSHIP = Column("township_name", "乡镇（街道）", Kind.TEXT, required=False)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(
    path: Path,
    *,
    heading: Heading,
    ranking: pd.DataFrame,
    offices: pd.DataFrame,
    county: pd.DataFrame,
    changes: pd.DataFrame,
    defects: pd.DataFrame,
) -> None:
    """Write the workbook, the same bytes for the same tables (``pipeline.schema.derived``).

    Text is text: nothing becomes a formula, a link or a number. Areas stand in m² and mu.
    """
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
        book.set_properties(
            {
                "title": safe(heading.title),
                "comments": safe(heading.notice),
                "created": datetime.combine(heading.as_of, time(), UTC),
            }
        )
        styles = Styles(book)
        notes = book.add_worksheet("说明")
        fill_notes(notes, styles, heading, ranking=ranking, county=county, defects=defects)
        notes.fit_to_pages(1, 1)
        _set_up_print(notes, heading, "")
        for sheet in (
            _townships(ranking, county, heading),
            _offices(offices, heading),
            *_changes(changes, ranking, heading),
            _defects(defects),
        ):
            _add(book, styles, heading, sheet)


@dataclass(frozen=True)
class _Sheet:
    """One sheet to write: its columns of a table, the kind of each row, how many are frozen."""

    name: str
    columns: Sequence[Column]
    frame: pd.DataFrame
    rows: Sequence[str]
    frozen: int


def _add(book: Workbook, styles: Styles, heading: Heading, sheet: _Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    columns = Writer(styles, heading.township.ratio).columns(sheet.columns, sheet.frame)
    notice = f"【{heading.notice}】" if heading.notice else ""
    basis = (
        f"{notice}{heading.official_label} ＝ {heading.formula}　｜　"
        f"乡镇问责线：{line_text(heading.township)}（{heading.township.basis}）　｜　"
        f"截止日 {heading.as_of}　｜　{heading.pack_title}"
    )
    title = safe(f"{heading.subject} {sheet.name}{heading.mark}"), safe(basis)
    fill_sheet(page, columns, styles, title=title, rows=sheet.rows, frozen=sheet.frozen)
    _set_up_print(page, heading, title[0])


def _set_up_print(page: Worksheet, heading: Heading, title: str) -> None:
    basis = f"{heading.official_label}；{line_text(heading.township)}；截止日 {heading.as_of}"
    set_up_print(page, title=title, notice=heading.notice, basis=basis)


def _townships(ranking: pd.DataFrame, county: pd.DataFrame, heading: Heading) -> _Sheet:
    ordered = ranking.sort_values(["rank", "township_code"], na_position="last")
    names = {"county_code": "township_code", "county_name": "township_name"}
    total = county.rename(columns=names).assign(
        township_name=lambda frame: "全县 " + frame["township_name"].astype(str),
        office_name="",
        rank=None,
    )
    listed = TOWNSHIP_RANKING.names
    columns = _ranked(
        TOWNSHIP_RANKING, ("rank", "township_name", "township_code", "office_name"), heading
    )
    frame = _stacked(ordered[listed], total[listed])
    return _Sheet("乡镇排名", columns, frame, [*_accents(ordered), *["total"] * len(total)], 2)


def _offices(offices: pd.DataFrame, heading: Heading) -> _Sheet:
    ordered = offices.sort_values(["rank", "office_name"], na_position="last")
    columns = _ranked(OFFICE_RANKING, ("rank", "office_name"), heading)
    return _Sheet("管辖所", columns, ordered, _accents(ordered), 2)


def _changes(
    changes: pd.DataFrame, ranking: pd.DataFrame, heading: Heading
) -> Iterator[_Sheet]:
    names = dict(zip(ranking["township_code"], ranking["township_name"], strict=True))
    frame = pd.DataFrame({name: changes[name] for name in CHANGE_RESULTS.names})
    frame["township_name"] = changes["township_code"].map(names)
    frame["verdict"] = [verdict_label(verdict) for verdict in changes["verdict"]]
    frame["rule_name"] = [heading.rule_name(str(rule)) for rule in changes["rule_id"]]
    columns = _first(CHANGE_RESULTS, ("change_id", "verdict", "reason"))
    columns[1:1], columns[3:3] = [_TOWNSHIP], [_RULE]
    for number, start in enumerate(range(0, max(len(frame), 1), _SHEET_ROWS), 1):
        part = frame.iloc[start : start + _SHEET_ROWS]
        name = "图斑" if number == 1 else f"图斑({number})"
        rows = ["accent" if value > 0 else "plain" for value in part["illegal_m2"]]
        yield _Sheet(name, columns, part, rows, 1)


def _defects(defects: pd.DataFrame) -> _Sheet:
    frame = defects[DEFECTS.names].assign(
        severity=[SEVERITY_LABELS.get(str(s), str(s)) for s in defects["severity"]]
    )
    columns = _first(DEFECTS, ("severity", "layer", "record", "message", "remedy"))
    return _Sheet("问题清单", columns, frame, ["plain"] * len(frame), 1)


def _ranked(table: Table, first: tuple[str, ...], heading: Heading) -> list[Column]:
    """Return a ranking's columns for reading: who, the ratios, then what they are made of."""
    measures = (
        heading.official.value,
        "ratio_gross",
        "is_accountable",
        "reclaim_to_line_m2",
        "illegal_farmland_m2",
        f"{heading.denominator.value}_m2",
        "reclaimed_farmland_m2",
        "ratio_low",
        "ratio_high",
    )
    return _first(table, (*first, *dict.fromkeys(measures)))


def _first(table: Table, names: tuple[str, ...]) -> list[Column]:
    """Return the columns of a table, some of them first."""
    known = {column.name: column for column in table.columns}
    return [known[name] for name in names] + [c for c in table.columns if c.name not in names]


def _accents(frame: pd.DataFrame) -> list[str]:
    return ["accent" if over else "plain" for over in frame["is_accountable"]]


def _stacked(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """Return two tables as one, whatever the types of their columns."""
    return pd.DataFrame(
        {name: [*above[name].astype(object), *below[name].astype(object)] for name in above}
    )
