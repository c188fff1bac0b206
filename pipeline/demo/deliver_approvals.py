"""Handing over the approvals (批准用地): shapefile, GeoPackage, coordinate TXT with ledgers."""

from datetime import date
from pathlib import Path

import shapely

from pipeline.demo.county import County
from pipeline.demo.deliver_base import WORKING_CRS
from pipeline.demo.deliver_changes import ZONE
from pipeline.demo.record import Approval
from pipeline.io.handover import (
    Block,
    Columns,
    write_coordinate_txt,
    write_features,
    write_sheet,
)
from pipeline.terms import ApprovalKind as Kind

_SQUARE_METRES_PER_HECTARE = 10_000


def deliver_approvals(county: County, folder: Path) -> None:
    """Write each kind of approval in the form its office keeps it."""
    kept = {kind: [a for a in county.planting.approvals if a.kind is kind] for kind in Kind}
    fields = {
        Kind.CONVERSION: ("NZY.shp", "PZWH", "PZRQ", "YDDW", "PZYT"),
        Kind.SUPPLY: ("GD.gpkg", "HTBH", "QDRQ", "SRR", "TDYT"),
        Kind.FACILITY_AGRICULTURE: ("设施农业备案.gpkg", "BAWH", "BASJ", "JYZT", "YT"),
        Kind.LINKED_QUOTA: ("ZJGG.gpkg", "XMBH", "PZRQ", "XMDW", "YT"),
    }
    for kind, (name, *headers) in fields.items():
        _write_layer(folder / name, kept[kind], headers)
    _write_files(folder, "临时用地", kept[Kind.TEMPORARY], term=True)
    _write_files(folder, "先行用地", kept[Kind.ADVANCE], term=False)
    _write_blocks(folder, "宅基地", kept[Kind.RURAL_HOUSING])
    for name in ("临时用地台账", "先行用地台账", "宅基地台账"):
        county.planting.defect("approvals", "", "noted", f"{name}:表头上有标题行,表末有合计行")


def _write_layer(path: Path, approvals: list[Approval], headers: list[str]) -> None:
    number, approved_on, holder, purpose = headers
    columns: Columns = {
        number: [approval.number for approval in approvals],
        approved_on: [approval.approved_on for approval in approvals],
        holder: [approval.holder for approval in approvals],
        purpose: [approval.purpose for approval in approvals],
    }
    encoding = "UTF-8" if path.suffix == ".shp" else None
    shapes = [approval.shape for approval in approvals]
    write_features(path, columns, shapes, WORKING_CRS, encoding=encoding)


def _write_files(folder: Path, name: str, approvals: list[Approval], *, term: bool) -> None:
    """Write one TXT for each approval and a ledger that names the files."""
    rows: list[list[object]] = []
    for count, approval in enumerate(approvals, start=1):
        file = f"{name}{count:02d}.txt"
        block = _block("1", f"地块{count}", approval)
        encoding = "GBK" if count % 3 else "utf-8-sig"
        write_coordinate_txt(folder / name / file, [block], zone=ZONE, encoding=encoding)
        rows.append([file, approval.number, *_dates(approval, count, term=term)])
        rows[-1] += [approval.holder, approval.purpose, block.hectares]
    spans = ["使用期限起", "使用期限止"] if term else []
    header = ["文件名", "批准文号", "批准日期", *spans, "用地单位", "用途", "面积(公顷)"]
    _write_ledger(folder / f"{name}台账.xlsx", f"示例县{name}台账(示例数据)", header, rows)


def _write_blocks(folder: Path, name: str, approvals: list[Approval]) -> None:
    """Write one TXT with every block and a ledger that names the blocks."""
    blocks, rows = [], []
    for count, approval in enumerate(approvals, start=1):
        block = _block(f"ZJ{count:03d}", f"宅基地{count}", approval)
        blocks.append(block)
        dates = _dates(approval, count, term=False)
        rows.append([block.number, approval.number, *dates, approval.holder, block.hectares])
    write_coordinate_txt(folder / f"{name}.txt", blocks, zone=ZONE)
    header = ["地块编号", "批准书编号", "批准日期", "用地单位或个人", "面积(公顷)"]
    _write_ledger(folder / f"{name}台账.xlsx", f"示例县{name}台账(示例数据)", header, rows)


def _write_ledger(path: Path, title: str, header: list[str], rows: list[list[object]]) -> None:
    hectares = round(sum(float(str(row[-1])) for row in rows), 4)
    total = ["合计", *[None] * (len(header) - 2), hectares]
    write_sheet(path, header, rows, title=title, total=total)


def _block(number: str, name: str, approval: Approval) -> Block:
    shape = approval.shape or shapely.Polygon()
    hectares = round(shape.area / _SQUARE_METRES_PER_HECTARE, 4)
    return Block(number, name, approval.purpose, shape, hectares)


def _dates(approval: Approval, count: int, *, term: bool) -> list[object]:
    """Return the dates as clerks type them: real dates, or text in one of three ways."""
    texts = [approval.approved_on]
    if term:
        texts += [approval.valid_from, approval.valid_until]
    return [_typed(text, count) for text in texts]


def _typed(text: str | None, count: int) -> object:
    if text is None:
        return None
    day = date.fromisoformat(text)
    written = (
        day,
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        text,
    )
    return written[count % len(written)]
