"""A ruling made in QGIS comes back through ``make rulings``, while QGIS still has the file open."""

import csv
import json
import subprocess
from pathlib import Path

from pipeline.cli import main
from tests.county import write_clean
from tests.squares import SQUARES

QGIS_PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("edit_review.py")


def test_a_ruling_made_in_qgis_comes_back(tmp_path, capsys):
    config = write_clean(SQUARES, tmp_path)
    assert main(["run", str(config), "--until", "judge"]) == 0
    assert main(["review", str(config)]) == 0
    layer = tmp_path / "workspace" / "review" / "review.gpkg"

    with subprocess.Popen(
        [QGIS_PYTHON, SCRIPT, layer, "C04", tmp_path / "review.png"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as qgis:
        seen = json.loads(qgis.stdout.readline())
        capsys.readouterr()
        assert main(["rulings", str(config)]) == 0
        assert "采纳 1 条" in capsys.readouterr().out
        qgis.stdin.close()

    assert seen["valid"]
    assert seen["has_style"]
    assert seen["saved"]
    assert seen["crs"] == "EPSG:4549"
    assert seen["editable"] == ["review_verdict", "review_reason", "ruled_by", "ruled_on"]
    assert seen["widget"] == "ValueMap"
    assert [list(one)[0] for one in seen["choices"]] == ["（空）", "合法", "违法", "其他", "存疑"]
    assert seen["aliases"]["review_reason"] == "认定理由"
    assert seen["tabs"] == ["认定", "面积", "依据"]
    assert "已认定：合法" in seen["legend"]
    assert (tmp_path / "review_near.png").stat().st_size > 1000

    with (tmp_path / "hand" / "rulings.csv").open(encoding="utf-8-sig", newline="") as file:
        (ruling,) = csv.DictReader(file)
    assert (ruling["change_id"], ruling["verdict"]) == ("C04", "legal")
    assert (ruling["reason"], ruling["ruled_by"]) == ("在 QGIS 里看过影像", "李外业")
    assert ruling["ruled_on"] == "2025-02-05"

    # opened and saved elsewhere, the copy still agrees with the run: nothing to add, all known
    assert main(["rulings", str(config)]) == 0
    assert "已在台账 1 条" in capsys.readouterr().out
