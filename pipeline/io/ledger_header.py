"""The header of a ledger (表头): the row and the sheet it is found on, and what is odd about them."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Finding, refusal
from pipeline.io.grid import Grid

HEADER_WITHIN = 30
_OTHER_UNIT = re.compile(r"单位\W{0,3}(万亩|亩|公顷)|[(\uff08](万亩|亩|公顷)[)\uff09]")


@dataclass(frozen=True)
class Header:
    """The row of a ledger that names its columns (表头)."""

    grid: Grid
    row: int
    names: dict[int, str]  # column number → name
    found: int  # how many of the wanted names


def find_header(grids: Sequence[Grid], wanted: Collection[str]) -> Header | None:
    """Return the row that has most of the wanted names, null where none has any.

    Visible sheets and upper rows come first.
    """
    spelt = {_folded(name): name for name in wanted}
    best: Header | None = None
    for grid in sorted(grids, key=lambda grid: grid.is_hidden):
        for row in sorted(grid.rows)[:HEADER_WITHIN]:
            names = {
                column: spelt.get(_folded(value), " ".join(str(value).split()))
                for column, value in grid.rows[row].items()
                if isinstance(value, str) and (row, column) not in grid.filled
            }
            found = len(set(names.values()) & set(wanted))
            if found > (best.found if best else 0):
                best = Header(grid, row, names, found)
    return best


def _folded(text: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text))).casefold()


def about_header(
    header: Header,
    grids: Sequence[Grid],
    path: Path,
    label: str,
    *,
    wanted: Collection[str],
    amounts: Collection[str],
) -> list[Finding]:
    """Return what is odd about the header, the sheet it is on and what stands above it."""
    findings = []
    if header.grid.damage:
        fix = "用 Excel 重新另存为 CSV,或另存为 .xlsx"
        findings.append(
            refusal(
                label, path.name, "damaged-file", f"{path.name} 的 {header.grid.damage}", fix
            )
        )
    grid, place = header.grid, place_of(path, header.grid, header.row)
    if grid.name and len(grids) > 1 and grid is not grids[0]:
        what = f"{path.name} 有 {len(grids)} 个工作表(sheet),按表头(header)取“{grid.name}”"
        findings.append(
            Finding(label, path.name, "ledger-sheet", "repaired", what, "核对是否这一张")
        )
    if any(cells for row, cells in grid.rows.items() if row < header.row):
        what = f"表头(header)不在第一行,取第 {header.row} 行"
        findings.append(Finding(label, place, "ledger-header", "repaired", what))
    names = list(header.names.values())
    for name in sorted({name for name in names if names.count(name) > 1}):
        what = f"表头(header)里有 {names.count(name)} 列都叫 {name}(重复,duplicate)"
        findings.append(refusal(label, place, "ledger-duplicate-column", what, "改正列名"))
    findings += _other_sheets(header, grids, path, label, wanted)
    if amounts:
        findings += _unit_above(header, place, label)
    return findings


def _other_sheets(
    header: Header, grids: Sequence[Grid], path: Path, label: str, wanted: Collection[str]
) -> Iterator[Finding]:
    """Refuse a second sheet with as good a header and rows below it; a hidden one is noted."""
    for grid in grids:
        if grid is header.grid or not grid.name:
            continue
        rival = find_header([grid], wanted)
        if rival is None or rival.found < header.found or max(grid.rows) <= rival.row:
            continue
        what = f"工作表(sheet)“{grid.name}”也有同样的表头和数据,只读“{header.grid.name}”一张"
        if grid.is_hidden:
            fix = "核对隐藏的工作表要不要"
            yield Finding(label, path.name, "ledger-hidden", "noted", what, fix)
        else:
            fix = "各表并成一张,或把不用的表删去"
            yield refusal(label, path.name, "ledger-sheets", f"{path.name} 的{what}", fix)


def _unit_above(header: Header, place: str, label: str) -> Iterator[Finding]:
    """Refuse a title that gives the amounts below in another unit than m²."""
    above = [
        str(value)
        for row, cells in sorted(header.grid.rows.items())
        if row < header.row
        for value in cells.values()
    ]
    said = next((match for text in above if (match := _OTHER_UNIT.search(text))), None)
    if said is not None:
        what = f"表头(header)上面写着单位(unit)是{said[1] or said[2]},而这里的面积按平方米读"
        fix = "换算成平方米并改正标题,或在每格里写上单位(如 0.6亩)"
        yield refusal(label, place, "ledger-unit", what, fix)


def place_of(path: Path, grid: Grid, row: int) -> str:
    """Return a row as people find it: file, sheet, row."""
    return " ".join(part for part in (path.name, grid.name, f"第 {row} 行") if part)
