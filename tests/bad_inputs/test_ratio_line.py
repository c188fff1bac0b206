"""Bad inputs S: townships on the line, without a ratio, or missing; results that are stale."""

import os
import shutil

import pandas as pd
import pytest
from shapely import box

from pipeline.cli import main
from pipeline.runner.stage import sorted_findings
from pipeline.runner.tables import Tables
from tests.bad_inputs.case import Case, township_figures
from tests.bad_inputs.county import (
    BING,
    BOXES,
    CONFIG,
    FIGURES,
    JIA,
    YI,
    both,
    change_layer,
    layers,
    write_layer,
)
from tests.bad_inputs.test_ledgers import ledger

TENTH = 9  # the last change of 甲镇: 5,000 of its 50,000 m²
NOT_RECLAIMED = ledger([f"{JIA}0010", "补办手续", 1_000, "2025-01-15", "验1号"])


def _approved(widths):
    """Return a spoiler that lets the approvals of 甲镇 cover so many metres of their changes."""

    def edit(layer):
        shapes = list(layer.geometry)
        for row, width in widths.items():
            x0, y0, _, y1 = shapes[row].bounds
            shapes[row] = box(x0, y0, x0 + width, y1)
        return layer.set_geometry(shapes, crs=layer.crs)

    return both(NOT_RECLAIMED, change_layer("approved", edit))


def _on_the_line(hair_m=0.0):
    """Leave 甲镇 4,000 m² of 50,000 without approval, in ten parts of odd square centimetres."""
    without = [4.0001, 3.9999, 4.0037, 3.9963, 4.1111, 3.8889, 4.2503, 3.7497, 4.0, 4.0]
    widths = {row: 50 - metres for row, metres in enumerate(without)}
    widths[TENTH] -= hair_m
    return _approved(widths)


LINE = {JIA: (4_000, 50_000, 0, 0, False)}
OVER, UNDER = {JIA: (4_000.01, 50_000, 0, 0, True)}, {JIA: (3_999.99, 50_000, 0, 0, False)}
CASES = [
    Case("S01", _on_the_line(), "flag", ("8.0000%", "恰在线上", "未触线"), "near-the-line", JIA, LINE),
    Case("S02", _on_the_line(0.0001), "flag", ("余量|margin", "高于线", "触线"), "near-the-line", JIA, OVER),
    Case("S02-under", _on_the_line(-0.0001), "flag", ("低于线", "未触线"), "near-the-line", JIA, UNDER),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_township_on_the_line_is_not_over_it_and_a_hair_decides(tried, case):
    tried(case)


def _without(town):
    return lambda layer: layer[~layer["JCBH"].str.startswith(town)]


def _ranking(workspace):
    table = pd.read_parquet(workspace / "work" / "township_ranking.parquet")
    return table.set_index("township_code")


S03 = Case(
    "S03",
    change_layer("change", _without(JIA)),
    "accept",
    figures={JIA: (0, 0, 0, 0, False)},
    tolerates=("unknown-change",),
)


def test_a_township_without_new_farmland_has_no_ratio_and_no_rank(tried):
    outcome = tried(S03)

    ranking = _ranking(outcome.workspace)
    for town in (JIA, BING):
        assert pd.isna(ranking.loc[town, "ratio_net"])
        assert pd.isna(ranking.loc[town, "rank"])
    assert ranking.loc[YI, "rank"] == 1


S05 = Case("S05", change_layer("townships", lambda layer: layer.iloc[:2]), "quarantine")


def test_changes_of_a_township_that_the_layer_lacks_are_in_quarantine(clean, tmp_path, capsys):
    county = tmp_path / "county"
    shutil.copytree(clean, county)
    S05.spoil(county)

    assert main(["run", str(county / CONFIG), "--until", "rank"]) == 0

    workspace = county / "workspace"
    told = [one for one in sorted_findings(Tables(workspace / "work")) if one.code == "outside"]
    assert [(one.record, one.severity) for one in told] == [
        (change_id, "quarantined") for change_id in BOXES if change_id.startswith(BING)
    ]
    assert all(one.area_m2 == 5_000 for one in told)
    assert township_figures(workspace) == {town: FIGURES[town] for town in (YI, JIA)}
    capsys.readouterr()


def _smaller(layer):
    """Return the changes with half of the last one of 乙镇, stated as such."""
    shapes = list(layer.geometry)
    x0, y0, x1, y1 = shapes[19].bounds
    shapes[19] = box(x0, y0, (x0 + x1) / 2, y1)
    stated = [2_500.0 if row == 19 else 5_000.0 for row in range(len(layer))]
    return layer.assign(JCMJ=stated).set_geometry(shapes, crs=layer.crs)


def _older_files(folder):
    """Put other changes in place of those that were inspected, with times of long ago."""
    write_layer(folder, "change", _smaller(layers()["change"]))
    for path in (folder / "data").glob("change.*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


def _stranger_beside(folder):
    write_layer(folder, "someone", layers()["change"].iloc[:3])


def _shuffled(folder):
    for name, layer in layers().items():
        write_layer(folder, name, layer.sample(frac=1, random_state=7))


STATES = [
    Case("S06", _stranger_beside, "accept"),
    Case("S07", _older_files, "accept", figures={YI: (3_500, 47_500, 0, 0, False)}),
    Case("S09", _shuffled, "accept"),
]


@pytest.mark.parametrize("case", STATES, ids=lambda case: case.id)
def test_what_is_counted_is_what_lies_there(tried, clean, case):
    outcome = tried(case)

    ran = "未变" not in outcome.said.splitlines()[1]
    assert ran == (case.id != "S06")
    if case.id == "S09":
        for name in ("township_ranking", "change_results", "judged", "coverage"):
            file = f"work/{name}.parquet"
            assert (outcome.workspace / file).read_bytes() == (
                clean / "workspace" / file
            ).read_bytes()
