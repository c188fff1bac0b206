"""The files of a delivery written again with their records in another order."""

import csv
import json
import random
import re
import shutil
import struct
from pathlib import Path

import openpyxl
import pyogrio

# The millimetre grid that the demo writes its geodatabase on: the corners stay where they are.
_GRID = {"XORIGIN": "0", "YORIGIN": "0", "XYSCALE": "1000", "XYTOLERANCE": "0.001"}


def shuffle_delivery(folder: Path, seed: int) -> list[str]:
    """Shuffle every layer and ledger under a folder in place; return the names of the files."""
    dice = random.Random(seed)
    done = []
    for path in sorted(folder.rglob("*")):
        shuffle = _WAYS.get(path.suffix.lower())
        if shuffle and (path.is_file() or path.suffix == ".gdb"):
            shuffle(path, dice)
            done.append(path.name)
    return done


def _shapefile(path, dice):
    """Move whole records, byte for byte: the encoding and every corner stay."""
    shp, shx = path.read_bytes(), path.with_suffix(".shx").read_bytes()
    dbf_path = path.with_suffix(".dbf")
    dbf = dbf_path.read_bytes()
    places = [
        struct.unpack(">2i", shx[at : at + 8]) for at in range(100, len(shx) - len(shx) % 8, 8)
    ][: (len(shx) - 100) // 8]
    head, size = struct.unpack("<2H", dbf[8:12])
    rows = [dbf[head + i * size : head + (i + 1) * size] for i in range(len(places))]
    order = dice.sample(range(len(places)), len(places))
    new_shp, new_shx, at = [shp[:100]], [shx[:100]], 50
    for number, old in enumerate(order, start=1):
        offset, length = places[old]
        content = shp[offset * 2 + 8 : offset * 2 + 8 + length * 2]
        new_shp.append(struct.pack(">2i", number, length) + content)
        new_shx.append(struct.pack(">2i", at, length))
        at += 4 + length
    path.write_bytes(b"".join(new_shp))
    path.with_suffix(".shx").write_bytes(b"".join(new_shx))
    rest = dbf[head + len(places) * size :]
    dbf_path.write_bytes(dbf[:head] + b"".join(rows[old] for old in order) + rest)


def _layers(path, dice):
    kept = [
        (name, pyogrio.raw.read(path, layer=name)) for name in pyogrio.list_layers(path)[:, 0]
    ]
    driver = "OpenFileGDB" if path.suffix == ".gdb" else "GPKG"
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    for place, (name, (meta, _, shapes, fields)) in enumerate(kept):
        order = dice.sample(range(len(shapes)), len(shapes))
        pyogrio.raw.write(
            path, shapes[order], [one[order] for one in fields], meta["fields"],
            layer=name, driver=driver, geometry_type=meta["geometry_type"], crs=meta["crs"],
            append=place > 0, **(_GRID if driver == "OpenFileGDB" else {}),
        )  # fmt: skip


def _geojson(path, dice):
    data = json.loads(path.read_text(encoding="utf-8"))
    dice.shuffle(data["features"])
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _csv(path, dice):
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    dice.shuffle(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def _workbook(path, dice):
    book = openpyxl.load_workbook(path)
    for sheet in book:
        # below the last merged title and the row of names: as many cells as the table is wide
        first = next(row for row in range(1, sheet.max_row + 1) if _is_head(sheet, row)) + 1
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
        total = [row for row in rows if "合计" in row]  # a total stands below what it adds up
        rows = [row for row in rows if row not in total]
        dice.shuffle(rows)
        rows += total
        for y, row in enumerate(rows, start=first):
            for x, value in enumerate(row, start=1):
                sheet.cell(y, x).value = value
    book.save(path)


def _is_head(sheet, row):
    values = [cell.value for cell in sheet[row]]
    return all(isinstance(value, str) for value in values)


def _text(path, dice):
    """Shuffle the blocks of a coordinate text, none cut."""
    head, mark, body = path.read_bytes().partition("[地块坐标]".encode("gbk"))
    if not mark:
        head, mark, body = path.read_bytes().partition("[地块坐标]".encode())
    lines = body.strip().splitlines()
    blocks: list[list[bytes]] = []
    for line in lines:
        if re.search(rb",@\s*$", line):
            blocks.append([])
        blocks[-1].append(line)
    dice.shuffle(blocks)
    text = b"\r\n".join(line for block in blocks for line in block)
    path.write_bytes(head + mark + b"\r\n" + text + b"\r\n")


_WAYS = {
    ".shp": _shapefile,
    ".gpkg": _layers,
    ".gdb": _layers,
    ".geojson": _geojson,
    ".csv": _csv,
    ".xlsx": _workbook,
    ".txt": _text,
}
