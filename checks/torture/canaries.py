"""Fifty invented persons in every file of the demo county: none in anything that comes out."""

import contextlib
import io
import itertools
import tempfile
from pathlib import Path

import openpyxl
import pyogrio
import rasterio
from openpyxl.comments import Comment

import pipeline
from pipeline.cli import main
from pipeline.demo import write_demo
from pipeline.io.handover import forget_encoding
from tests.strangers.contents import files, occurrences
from tests.strangers.hostile import ADDRESSES, CANARIES, IDS, NAMES, PHONES

PERSONS = itertools.cycle(
    zip(NAMES, itertools.cycle(PHONES), itertools.cycle(IDS), itertools.cycle(ADDRESSES))
)
EXPLAINED = 10


def run():
    """Plant them, call every verb, look into every byte."""
    with tempfile.TemporaryDirectory(prefix="canaries-") as name:
        folder = Path(name) / "demo"
        with contextlib.redirect_stdout(io.StringIO()):
            write_demo(folder)
        touched = plant(folder)
        handed_in = [*files(folder / "raw"), *files(folder / "hand")]
        planted = {text for text, _ in occurrences(CANARIES, handed_in)}
        assert planted == set(CANARIES), f"not planted: {set(CANARIES) - planted}"
        said = spoken(folder / "demo.toml", folder / "raw")
        workspace = list(files(folder / "workspace"))
        found = occurrences(CANARIES, [*workspace, ("what was said", said.encode())])
    assert not found, f"{len(found)} found, the first: {found[:5]}"
    return {
        "canaries": len(CANARIES),
        "files they were planted in": touched,
        "files and members looked into": len(workspace) + 1,
        "bytes": sum(len(data) for _, data in workspace) + len(said),
        "found": len(found),
    }


def spoken(config, raw):
    """Return everything that the verbs and a notebook say."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for verb in ("run", "check", "review", "rulings", "verify", "share"):
            assert main([verb, str(config)]) in {0, 2}, said.getvalue()
        county = pipeline.load(config.parent / "workspace")
        for change in county.changes["change_id"].iloc[:EXPLAINED]:
            assert main(["explain", str(config), "--", change]) == 0
        seen = pipeline.look(str(raw / "changes" / "BHTB_990101_2024.shp"), encoding="GBK")
        print(seen._repr_html_(), seen.fields.to_csv(), seen.shapes.to_csv())
    return said.getvalue()


def plant(folder):
    """Write persons into every kind of file; return how many files were touched."""
    ways = {
        ".shp": _layer, ".gpkg": _layer, ".xlsx": _workbook, ".csv": _ledger, ".txt": _text,
        ".tif": _picture,
    }  # fmt: skip
    touched = 0
    for path in sorted([*(folder / "raw").rglob("*"), *(folder / "hand").rglob("*")]):
        if path.suffix in ways:
            ways[path.suffix](path)
            touched += 1
    return touched


def _layer(path):
    name = pyogrio.list_layers(path)[0][0]
    is_shapefile = path.suffix == ".shp"
    unread = (
        {"encoding": "GBK"} if is_shapefile and not path.with_suffix(".cpg").exists() else {}
    )
    frame = pyogrio.read_dataframe(path, layer=name, **unread)
    who = [next(PERSONS) for _ in range(len(frame))]
    frame["联系人"], frame["LXDH"], frame["身份证"], frame["住址"] = zip(*who, strict=True)
    frame["HM"] = [phone for _, phone, _, _ in who]
    frame["SM"] = [f"来电{phone},证{identity},{home}" for _, phone, identity, home in who]
    if is_shapefile:
        pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", **unread)
        if unread:
            forget_encoding(path)
    else:
        path.unlink()
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")


def _workbook(path):
    book = openpyxl.load_workbook(path)
    sheet = book.active
    header = max(range(1, 6), key=lambda row: sum(c.value is not None for c in sheet[row]))
    last = sheet.max_column
    for place, name in enumerate(("联系人", "手机", "身份证号", "住址"), last + 1):
        sheet.cell(header, place, name)
    for row in range(header + 1, sheet.max_row):
        for place, text in enumerate(next(PERSONS), last + 1):
            sheet.cell(row, place, text)
    name, phone, identity, home = next(PERSONS)
    sheet.cell(header, 1).comment = Comment(f"{name} {phone} {identity} {home}", name)
    hidden = book.create_sheet("通讯录")
    hidden.sheet_state = "hidden"
    for _ in range(5):
        hidden.append(next(PERSONS))
    book.properties.creator = name
    book.save(path)


def _ledger(path):
    head, *rows = path.read_text("utf-8-sig").splitlines()
    who = [next(PERSONS) for _ in rows]
    lines = [f"{row},{','.join(persons)}" for row, persons in zip(rows, who, strict=True)]
    text = "\n".join([f"{head},联系人,电话,身份证,住址", *lines]) + "\n"
    path.write_text(text, "utf-8-sig")


def _text(path):
    data = path.read_bytes()
    try:
        text, code = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, code = data.decode("gb18030"), "gb18030"
    name, phone, identity, home = next(PERSONS)
    lines = f"联系人={name}\r\n联系电话={phone}\r\n证件={identity}\r\n住址={home}\r\n"
    planted = text.replace("[属性描述]\r\n", f"[属性描述]\r\n{lines}", 1)
    path.write_bytes(planted.encode(code))


def _picture(path):
    name, phone, identity, home = next(PERSONS)
    with rasterio.open(path, "r+") as picture:
        picture.update_tags(TIFFTAG_ARTIST=f"{name} {phone}", OWNER=f"{identity} {home}")
