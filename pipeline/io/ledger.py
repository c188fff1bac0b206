"""Ledgers kept by hand: the header found, totals and merges recognised (台账)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.errors import Finding, Refused, Severity, refusal
from pipeline.io.csv_grid import read_csv_grids
from pipeline.io.delivery import frame_of
from pipeline.io.grid import Cell, Grid, UnreadableLedger
from pipeline.io.ledger_header import HEADER_WITHIN, Header, about_header, find_header, place_of
from pipeline.io.sniff import LEDGER_FORMATS, Format, sniff
from pipeline.io.xlsx_grid import read_xlsx_grids
from pipeline.schema.dates import is_serial

_TOTAL = re.compile(
    r"(合计|小计|总计|共计|累计|汇总|total|subtotal)([:(\uff1a\uff08].*)?", re.IGNORECASE
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,2}")
_WHOLE_FLOAT = re.compile(r"(\d{6,})\.0+")
# Beyond this a float has lost digits of the code that was typed.
_EXACT = 2**53


@dataclass(frozen=True)
class Ledger:
    """The rows of a ledger under its header's names, values str, number, date or None (台账)."""

    frame: pd.DataFrame
    places: list[str]
    findings: list[Finding] = field(default_factory=list)


def read_ledger(
    path: Path, *, label: str, wanted: Collection[str], amounts: Collection[str] = ()
) -> Ledger:
    """Read a CSV or XLSX whose header is the row with most of the ``wanted`` names.

    The sheet and the row of the header are found and said. Total rows are left out, hidden and
    struck rows read, merged cells filled, each with a finding. ``amounts`` are the wanted
    columns that are added up: one amount merged over several rows is refused, and so is a unit
    in a title above them. Raises ``Refused`` with every reason.
    """
    grids, findings = _grids(path, label)
    header = find_header(grids, wanted)
    if header is None:
        what = f"{path.name} 各工作表(sheet)前 {HEADER_WITHIN} 行都没有表头(header):{'、'.join(sorted(wanted))}"
        fix = "表头一行写上这些列名,或改正配置里的列名"
        raise Refused([refusal(label, path.name, "no-header", what, fix)])
    findings += about_header(header, grids, path, label, wanted=wanted, amounts=amounts)
    rows = [
        row for row in sorted(header.grid.rows) if row > header.row and header.grid.rows[row]
    ]
    totals = [row for row in rows if _is_total(header.grid, row)]
    kept = [row for row in rows if row not in set(totals)]
    findings += _about_rows(header, kept, totals, path, label)
    findings += _about_hidden_columns(header, wanted, path, label)
    findings += _about_day_counts(header, kept, {*wanted} - {*amounts}, path, label)
    columns, more = _columns(header, kept, wanted, path, label, amounts=amounts)
    findings += more
    if any(found.severity == "refused" for found in findings):
        raise Refused(findings)
    places = [place_of(path, header.grid, row) for row in kept]
    return Ledger(frame_of(columns, len(kept)), places, findings)


def _grids(path: Path, label: str) -> tuple[list[Grid], list[Finding]]:
    kind = sniff(path)
    try:
        if kind is Format.XLSX:
            return read_xlsx_grids(path), []
        if kind in {Format.TEXT, Format.COORDINATE_TEXT}:
            grids, encoding = read_csv_grids(path)
            what = f"{path.name} 按内容认定为 {encoding} 编码"
            inferred = Finding(
                label, path.name, "encoding-inferred", "repaired", what, "核对几个汉字"
            )
            return grids, [inferred] if encoding != "UTF-8" else []
        reason = f"内容像是{kind}(格式)"
    except UnreadableLedger as unreadable:
        reason = str(unreadable)
    what = f"{path.name} 不能作台账:{reason}"
    fix = f"另存为 {LEDGER_FORMATS}"
    raise Refused([refusal(label, path.name, "ledger-format", what, fix)])


def _is_total(grid: Grid, row: int) -> bool:
    return any(reads_as_total(value) for value in grid.rows[row].values())


def reads_as_total(value: object) -> bool:
    """Tell whether a cell makes its row a total (合计), which no record is."""
    return isinstance(value, str) and bool(_TOTAL.fullmatch(re.sub(r"\s", "", value)))


def _about_rows(
    header: Header, kept: Sequence[int], totals: Sequence[int], path: Path, label: str
) -> list[Finding]:
    grid, findings = header.grid, []
    for row in totals:
        what = "合计(total)行,不计入;" + _check_total(header, row, kept, totals)
        findings.append(
            Finding(label, place_of(path, grid, row), "ledger-total", "noted", what)
        )
    wide = [row for row in kept if not grid.name and max(grid.rows[row]) > max(header.names)]
    for row in wide:
        what = f"比表头(header)多出几格:表头 {max(header.names)} 格,这一行 {max(grid.rows[row])} 格"
        fix = "文字里有逗号的单元格要加引号,或另存为 .xlsx"
        findings.append(refusal(label, place_of(path, grid, row), "ledger-shifted", what, fix))
    hidden = [row for row in kept if row in grid.hidden_rows]
    if hidden:
        what = f"有 {len(hidden)} 行是隐藏(hidden)的,照样读入:第 {'、'.join(map(str, hidden[:10]))} 行"
        findings.append(
            Finding(label, path.name, "ledger-hidden", "noted", what, "核对该不该计")
        )
    struck = [row for row in kept if row in grid.struck_rows]
    if struck:
        what = f"有 {len(struck)} 行整行画了删除线(struck through),照样读入:第 {'、'.join(map(str, struck[:10]))} 行"
        findings.append(
            Finding(label, path.name, "ledger-struck", "noted", what, "作废的行请删去")
        )
    filled = sorted({row for row, _ in grid.filled if row in set(kept)})
    if filled:
        what = f"合并(merged)单元格已按合并范围补齐,涉及 {len(filled)} 行"
        findings.append(
            Finding(label, path.name, "ledger-merged", "repaired", what, "核对补齐的值")
        )
    return findings


def _about_hidden_columns(
    header: Header, wanted: Collection[str], path: Path, label: str
) -> list[Finding]:
    """Say which of the columns that count cannot be seen in the workbook."""
    hidden = [
        name
        for column, name in sorted(header.names.items())
        if column in header.grid.hidden_columns and name in wanted
    ]
    if not hidden:
        return []
    what = f"有 {len(hidden)} 列是隐藏(hidden)的,照样读入:{'、'.join(hidden)}"
    return [Finding(label, path.name, "ledger-hidden", "noted", what, "取消隐藏,核对这几列")]


def _about_day_counts(
    header: Header, kept: Sequence[int], plain: Collection[str], path: Path, label: str
) -> list[Finding]:
    """Refuse plain numbers that may be days counted from 1904: read from 1900 they lie 4 years back."""
    grid = header.grid
    if not grid.from_1904:
        return []
    wide = {column: name for column, name in header.names.items() if name in plain}
    findings = []
    for column, name in wide.items():
        rows = [row for row in kept if is_serial(grid.rows[row].get(column))]
        if rows:
            what = f"{name}:工作簿用 1904 日期系统,{len(rows)} 个单元格却只写着数字,如 {grid.rows[rows[0]][column]}:不知道是不是日期(date)、从哪年数起"
            fix = "是日期就把该列的单元格格式改成日期;不是就改成文本"
            place = place_of(path, grid, rows[0])
            findings.append(refusal(label, place, "ledger-cell", what, fix))
    return findings


def _check_total(header: Header, row: int, kept: Sequence[int], totals: Sequence[int]) -> str:
    """Hold a total row against the rows above it, back to the total before."""
    grid = header.grid
    is_subtotal = any("小计" in str(value) for value in grid.rows[row].values())
    after = max((other for other in totals if other < row), default=0) if is_subtotal else 0
    above = [other for other in kept if after < other < row]
    wrong, compared = [], False
    for column, stated in grid.rows[row].items():
        parts = [_amount(grid.rows[other].get(column)) for other in above]
        amount = _amount(stated)
        is_count = amount == len(above)
        if amount is None or not any(part is not None for part in parts):
            compared |= is_count
            continue
        compared = True
        total = sum(part for part in parts if part is not None)
        if abs(total - amount) > 0.005 * max(1, len(parts)) and not is_count:
            wrong.append(f"{header.names.get(column, column)} 写 {amount:g},各行合计 {total:g}")
    if not compared:
        return "没有可以核对的数"
    return "与各行不符:" + ";".join(wrong) if wrong else "与各行相符"


def _amount(value: object) -> float | None:
    if isinstance(value, bool | date) or value is None or isinstance(value, Cell):
        return None
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None


def _columns(
    header: Header,
    kept: Sequence[int],
    wanted: Collection[str],
    path: Path,
    label: str,
    *,
    amounts: Collection[str],
) -> tuple[dict[str, list[object]], list[Finding]]:
    """Return the columns; what a wanted one holds must be exact, else the reason is a finding."""
    grid = header.grid
    numbers = sorted({column for row in kept for column in grid.rows[row]} | set(header.names))
    columns: dict[str, list[object]] = {}
    findings: list[Finding] = []
    for number in numbers:
        name = header.names.get(number, f"第{number}列")
        values, shortened = [], 0
        for row in kept:
            raw = grid.rows[row].get(number)
            value, why = _exact(raw)
            if name in amounts and (row, number) in grid.filled:
                why = "一个数合并(merged)在几行里,说不清各行是多少"
            values.append(value)
            shortened += isinstance(raw, str) and value not in (raw, None)
            if why:
                severity: Severity = "refused" if name in wanted else "noted"
                what = f"{name}:{why}"
                fix = "该列设为文本后重新填写;公式列复制后粘贴为值;合并的拆开分别填写"
                place = place_of(path, grid, row)
                findings.append(Finding(label, place, "ledger-cell", severity, what, fix))
        if shortened and name in wanted:
            what = f"{name} 有 {shortened} 格写成带 .0 的数,去掉 .0 读作编号"
            findings.append(
                Finding(label, name, "number-as-code", "repaired", what, "该列设为文本")
            )
        if name in header.names.values() or any(value is not None for value in values):
            columns[name] = values
    return columns, findings


def _exact(value: object) -> tuple[object, str]:
    """Return a cell's value and, where it cannot be what was typed, why."""
    if isinstance(value, Cell):
        return None, value.why
    if isinstance(value, str):
        if _SCIENTIFIC.fullmatch(value):
            return None, f"科学计数 {value},末尾的数字可能已丢"
        whole = _WHOLE_FLOAT.fullmatch(value)
        return (whole[1] if whole else value), ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return None, f"数 {value} 太长,Excel 只存 15 位,末尾的数字已丢"
    return value, ""
