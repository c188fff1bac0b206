"""The sheets of results (成果各表): townships, offices, changes, pieces, cases to open."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.report.cells import kind_label, ruled_label, verdict_label
from pipeline.report.figures import NO_RANK
from pipeline.report.heading import Heading, line_text
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe
from pipeline.report.standing import settled_changes, standing_label
from pipeline.report.workbook.case_rows import CASES, case_rows
from pipeline.report.workbook.cells import SheetColumn
from pipeline.report.workbook.columns import fill_columns, table_columns
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.sheet import Sheet
from pipeline.schema.derived import CHANGE_RESULTS, JUDGED, OFFICE_RANKING, TOWNSHIP_RANKING
from pipeline.schema.parcel_forms import CASE_FIELDS
from pipeline.schema.table import Column, Kind, Table

SHEET_ROWS = 1_000_000  # Excel has 1,048,576
LAND_GROUPS = {"farm": "农用地", "construction": "建设用地", "unused": "未利用地"}
_RULE = Column("rule_name", "规则名称", Kind.TEXT)
_TOWNSHIP = Column("township_name", "乡镇（街道）", Kind.TEXT, required=False)
_PIECE_COLUMNS = (
    *("piece_id", "change_id", "township_name", "verdict", "act", "rule_id", "area_m2"),
    *("farmland_m2", "land_class", "land_group", "is_permanent_farmland", "plan_zone"),
    *("parcel_id", "approval_kind", "approval_no", "approved_on", "ruled_verdict"),
    *("ruling_reason", "missing_evidence"),
)


def result_sheets(data: BookData) -> Iterator[Sheet]:
    """Yield the sheets of results in reading order."""
    yield _townships(data)
    yield _offices(data)
    yield _cases(data)
    yield from parted(_changes(data))
    yield from parted(_pieces(data))


def basis_line(heading: Heading) -> str:
    """Return what stands under the title of every table."""
    notice = f"【{heading.notice}】" if heading.notice else ""
    return safe(
        f"{notice}{heading.official_label} ＝ {heading.formula}　｜　"
        f"乡镇问责线：{line_text(heading.township)}（{heading.township.basis}）　｜　"
        f"截止日 {heading.as_of}　｜　{heading.pack_title}"
    )


def titled(heading: Heading, name: str) -> str:
    """Return the title of a sheet."""
    return safe(f"{heading.subject} {name}{heading.mark}")


def parted(sheet: Sheet) -> Iterator[Sheet]:
    """Yield a sheet in parts that Excel can hold."""
    for number, start in enumerate(range(0, max(len(sheet.rows), 1), SHEET_ROWS), 1):
        stop = start + SHEET_ROWS
        columns = [replace(one, values=one.values[start:stop]) for one in sheet.columns]  # noqa: PD011
        name = sheet.name if number == 1 else f"{sheet.name}({number})"
        rows = sheet.rows[start:stop]
        yield replace(sheet, name=name, columns=columns, rows=rows)


def _sheet(data: BookData, name: str, columns: list[SheetColumn], rows: list[str]) -> Sheet:
    title = titled(data.heading, name)
    return Sheet(name, columns, rows, title=title, basis=basis_line(data.heading))


def _townships(data: BookData) -> Sheet:
    ordered = data.ranking.sort_values(["rank", "township_code"], na_position="last")
    names = {"county_code": "township_code", "county_name": "township_name"}
    total = data.county.rename(columns=names).assign(
        township_name=lambda frame: "全县 " + frame["township_name"].astype(str),
        office_name="",
        rank="",
    )
    listed = TOWNSHIP_RANKING.names
    columns = _ranked(
        TOWNSHIP_RANKING, ("rank", "township_name", "township_code", "office_name"), data
    )
    frame = _stacked(ordered[listed], total[listed])
    rows = [*_accents(ordered), *["total"] * len(total)]
    title, basis = titled(data.heading, "乡镇排名"), basis_line(data.heading)
    cells = table_columns(columns, frame, line=data.heading.township.ratio)
    return Sheet("乡镇排名", cells, rows, 2, title, basis)


def _offices(data: BookData) -> Sheet:
    ordered = data.offices.sort_values(["rank", "office_name"], na_position="last")
    columns = _ranked(OFFICE_RANKING, ("rank", "office_name"), data)
    title, basis = titled(data.heading, "管辖所"), basis_line(data.heading)
    cells = table_columns(columns, ordered, line=data.heading.township.ratio)
    return Sheet("管辖所", cells, _accents(ordered), 2, title, basis)


def _cases(data: BookData) -> Sheet:
    frame = case_rows(data)
    columns = table_columns(CASES, frame, long={"legal_basis": 34, "suggestion": 46})
    columns += fill_columns(CASE_FIELDS, len(frame))
    notice = f"【{data.heading.notice}】" if data.heading.notice else ""
    basis = safe(
        f"{notice}供立案参考，不是立案决定：须经实地核查、由有权人员决定　｜　一行是一个图斑的一种行为，"
        f"共 {frame['change_id'].nunique()} 个图斑 {len(frame)} 行　｜　浅黄各栏待填　｜　"
        f"{data.heading.pack_title}"
    )
    title = titled(data.heading, "立案建议清单")
    return Sheet("立案建议清单", columns, ["plain"] * len(frame), 2, title, basis)


def _changes(data: BookData) -> Sheet:
    changes, names = data.changes, data.township_names
    frame = pd.DataFrame({name: changes[name] for name in CHANGE_RESULTS.names})
    frame["township_name"] = changes["township_code"].map(names)
    frame["verdict"] = _standing(
        changes["verdict"],
        changes["change_id"].isin(settled_changes(changes, data.judged)),
    )
    frame["rule_name"] = _said(changes["rule_id"], data.heading.rule_name)
    frame["reason"] = changes["reason"].map(printed, na_action="ignore")
    columns = _first(CHANGE_RESULTS, ("change_id", "verdict"))
    columns = [column for column in columns if column.name not in {"reason", "rule_id"}]
    columns[1:1] = [_TOWNSHIP]
    columns[3:3] = [_RULE]
    cells = table_columns(columns, frame)
    if data.sheet_links:
        links = [data.sheet_links.get(change) for change in frame["change_id"].tolist()]
        cells.insert(4, SheetColumn("核查单", "link", links, 9))
    cells += table_columns([_column(CHANGE_RESULTS, "reason")], frame)
    rows = np.where(changes["illegal_m2"] > 0, "accent", "plain").tolist()
    title, basis = titled(data.heading, "图斑"), basis_line(data.heading)
    return Sheet("图斑", cells, rows, 1, title, basis)


def _pieces(data: BookData) -> Sheet:
    judged = data.judged
    frame = judged[[name for name in _PIECE_COLUMNS if name in judged]].copy()
    frame["township_name"] = judged["township_code"].map(data.township_names)
    frame["land_group"] = judged["land_group"].map(LAND_GROUPS)
    frame["approval_kind"] = _said(judged["approval_kind"], kind_label)
    frame["rule_id"] = _said(judged["rule_id"], data.heading.rule_name)
    frame["verdict"] = _standing(judged["verdict"], judged["ruled_verdict"].notna())
    frame["ruled_verdict"] = _said(judged["ruled_verdict"], ruled_label)
    columns = [
        _TOWNSHIP if name == _TOWNSHIP.name else _column(JUDGED, name)
        for name in _PIECE_COLUMNS
    ]
    rows = np.where(judged["verdict"] == "illegal", "accent", "plain").tolist()
    return _sheet(data, "碎片", table_columns(columns, frame), rows)


def _ranked(table: Table, names: tuple[str, ...], data: BookData) -> list[Column]:
    """Return the columns of a ranking: names, then the official ratio and its line, the rest."""
    return _first(table, (*names, data.heading.official.value, "is_accountable"))


def _said(values: pd.Series, words: Callable[[str], str]) -> pd.Series:
    """Return codes as the words for them, null as null."""
    return values.map({value: words(value) for value in values.dropna().unique()})


def _standing(verdicts: pd.Series, is_ruled: pd.Series) -> pd.Series:
    """Return verdicts as words, those that a person signed as such."""
    signed = _said(verdicts, lambda one: standing_label(one, is_ruled=True))
    return _said(verdicts, verdict_label).where(~is_ruled, signed).fillna(NO_RANK)


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)


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
