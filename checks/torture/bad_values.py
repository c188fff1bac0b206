"""Records spoilt at random, one to four at once: refused, told or harmless, never silently wrong.

What is put into a cell is what people put there: blanks, placeholders, full-width digits, units,
days in every style, ids of others; shapes are twisted, emptied or doubled. A value that is as good
as the first (another land class, a year for a day) is not tried: nobody can see that it is wrong.
"""

import contextlib
import io
import random
import shutil
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon, Polygon

from pipeline.cli import main
from pipeline.runner.stage import sorted_findings
from pipeline.runner.tables import Tables
from tests.bad_inputs.case import township_figures
from tests.bad_inputs.county import CONFIG, FIGURES, layers, write_county, write_layer
from tests.bad_inputs.test_ledgers import HEADER, ROW, ledger

RUNS = 300
CELLS = {
    "change": {
        "JCBH": [None, "无", "-", "3310820010001", " 3310820010002", "331082001000３", "X"],
        "TBLX": [None, "/", "新增建设用地", "99", "20.0", " 20", "２０"],
        "QSX": [None, "20250101", "无", "二〇二三年"],
        "HSX": [None, "20240230", "2099-09-30", "45565", "2024.9.30", "30/09/2024", "20210101"],
        "JCMJ": [None, -5_000.0, 7.5, 5_150.0, float("inf")],
        "XZQDM": [None, "331082003", "331099001", "３31082001", "无"],
    },
    "townships": {
        "XZQDM": [None, "331082001", "331082002 ", "３31082003"],
        "XZQMC": [None, "甲镇", " 甲\u3000镇", "=1+1"],
    },
    "farmland": {
        "BSM": [None, "P1", "P3", "-"],
        "DLBM": [None, "0199", "101", "０１０１", "水田", "01", "0101 "],
        "KCXS": [None, "无", "NULL", 12.5, -0.1, 1.0, "10%", "０.１"],
    },
    "approved": {
        "PZWH": [None, "无", "-", "浙土字[2023]第0010001号"],
        "PZRQ": [None, "20230230", "20241230", "45047", "2023.5.1", "01/05/2023", "待补"],
        "YXQZ": [None, "2020-01-01", "长期", "20391231", "2022-01-01"],
    },
}
LEDGER = {
    "change_id": [None, "无", "3310820019999", 3310820010010, "331082001001０", "3.31E+12"],
    "method": [None, "拆除 复耕", "补办手续"],
    "farmland_m2": [None, -1, "1.5亩", "１０００", "1,000", 1.5, 90_000, "千"],
    "accepted_on": [None, "未验收", 45_672, "2025.1.15", "2026-01-01", "20250230"],
    "document": [None, "-"],
}


def run():
    """Spoil the clean county ``RUNS`` times; fail where one run ends silently wrong."""
    warnings.simplefilter("ignore", UserWarning)
    ends: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="values-") as name:
        clean = Path(name) / "clean"
        write_county(clean)
        for number in range(RUNS):
            dice = random.Random(number)
            county = Path(name) / "tried"
            shutil.rmtree(county, ignore_errors=True)
            shutil.copytree(clean, county)
            done = [spoil(county, dice) for _ in range(dice.randint(1, 4))]
            end, told = ended(county)
            ends[end] += 1
            if end in {"SILENT", "CRASHED"}:
                wrong.append(f"{end} {number} {done} {told}")
                print(wrong[-1], flush=True)
    assert not wrong, "\n".join(wrong)
    return dict(ends)


def ended(county):
    """Run, and return how it ended and what was said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(["run", str(county / CONFIG), "--until", "rank"])
    if status:
        return ("refused" if status == 2 else "CRASHED"), said.getvalue()
    findings = sorted_findings(Tables(county / "workspace" / "work"))
    if township_figures(county / "workspace") == FIGURES:
        return ("mended" if findings else "harmless"), ""
    return ("told" if findings else "SILENT"), ""


def spoil(county, dice):
    """Spoil a cell or a shape of one layer, or a cell of the ledger; return what was done."""
    name = dice.choice([*CELLS, *CELLS, "ledger"])
    if name == "ledger":
        column = dice.choice(list(LEDGER))
        value = dice.choice(LEDGER[column])
        row = [
            value if head == column else cell for head, cell in zip(HEADER, ROW, strict=True)
        ]
        ledger(row)(county)
        return f"ledger.{column} = {value}"
    layer = layers()[name]
    row = dice.randrange(len(layer))
    if dice.random() < 1 / 3:
        kind, shape = dice.choice(SHAPES)
        shapes = np.array(layer.geometry, dtype=object)
        shapes[row] = shape(shapes[row])
        write_layer(county, name, layer.set_geometry(shapes, crs=layer.crs))
        return f"{name}[{row}] {kind}"
    column = dice.choice(list(CELLS[name]))
    value = dice.choice(CELLS[name][column])
    values = pd.Series(layer[column].tolist(), dtype=object)
    values[row] = value
    write_layer(county, name, layer.assign(**{column: values.to_numpy()}))
    return f"{name}[{row}].{column} = {value}"


def _corners(shape):
    return list(shape.exterior.coords)[:-1]


def _bow_tie(shape):
    one, two, three, four = _corners(shape)
    return Polygon([one, three, two, four])


def _needle(shape):
    one, two, three, four = _corners(shape)
    return Polygon([one, two, (two[0], two[1] + 50), (two[0] + 1e-4, two[1]), three, four])


SHAPES = [
    ("gone", lambda _: None),
    ("bow-tie", _bow_tie),
    ("walked twice", lambda shape: Polygon(_corners(shape) * 2)),
    ("flat", lambda shape: Polygon([*_corners(shape)[:2], _corners(shape)[0]])),
    ("elsewhere", lambda shape: shapely.affinity.translate(shape, 40_000)),
    ("a needle", _needle),
    ("twice", lambda shape: MultiPolygon([shape, shape])),
    ("reversed", lambda shape: shape.reverse()),
]
