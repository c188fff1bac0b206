"""The demo county shared: every verdict, rank and ratio again, and single changes cut out."""

import csv
import random
import tempfile
from pathlib import Path

from checks.torture._quiet import run_quietly
from pipeline.cli import main
from pipeline.demo import write_demo
from pipeline.runner.tables import Tables
from pipeline.runner.workspace import Workspace
from tests.strangers.contents import occurrences, unpacked

ALONE = 6
RATIOS = ("ratio_gross", "ratio_numerator", "ratio_net", "ratio_low", "ratio_high")
AREAS = ("area_m2", "farmland_m2", "legal_m2", "illegal_m2", "doubtful_m2", "other_m2")


def run():
    """Share it whole and change by change; run each copy where nothing else lies."""
    with tempfile.TemporaryDirectory(prefix="shared-") as name:
        folder = Path(name)
        write_demo(folder / "demo")
        config = folder / "demo" / "demo.toml"
        assert run_quietly(config) == 0
        here = tables(config)
        whole = copied(config, folder / "copy")
        known = aliases(config.parent / "workspace" / "share" / "replaced.csv")
        figures = compared(here, whole, known)
        names = [
            one for (family, one), alias in known.items() if family != "坐标" and one != alias
        ]
        packed = list(unpacked("copy.zip", (folder / "copy.zip").read_bytes()))
        left = occurrences([one for one in names if len(one) > 5], packed)
        assert not left, f"{len(left)} names left: {left[:3]}"
        figures["names looked for in the copy"] = len(names)
        results = here["change_results"].set_index("change_id")
        for change in random.Random(5).sample(sorted(results.index), ALONE):
            part = copied(config, folder / f"one-{change}", "--change", change)
            found = part["change_results"].set_index("change_id").loc[known["图斑", change]]
            wanted = results.loc[change]
            told = (found["verdict"], found["rule_id"]), (wanted["verdict"], wanted["rule_id"])
            assert told[0] == told[1], f"{change} alone: {told}"
        figures["changes alone"] = ALONE
    return figures


def copied(config, out, *more):
    """Write a copy, run it, return its tables."""
    assert main(["share", str(config), str(out), *more]) == 0
    assert run_quietly(out / "share.toml") == 0
    return tables(out / "share.toml")


def tables(config):
    """Return the tables of the stages."""
    return Tables(Workspace(config.parent / "workspace").work)


def aliases(path):
    """Return alias by family and what it stands for."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        return {(row["类别"], row["原来"]): row["副本里"] for row in csv.DictReader(text)}


def compared(here, there, known):
    """Return how far the copy is from the case; raise where a verdict, a rank or a line differs."""
    changes = _both(here["change_results"], there["change_results"], "change_id", "图斑", known)
    for column in ("verdict", "rule_id"):
        assert changes[column].tolist() == changes[f"{column}_there"].tolist(), column
    towns = _both(
        here["township_ranking"], there["township_ranking"], "township_code", "乡镇代码", known
    )
    for column in ("rank", "is_accountable", "change_count", "illegal_count"):
        same = (
            towns[column].astype(str).tolist() == towns[f"{column}_there"].astype(str).tolist()
        )
        assert same, column
    area = max(_relative(changes, column) for column in AREAS)
    ratio = max((towns[column] - towns[f"{column}_there"]).abs().max() for column in RATIOS)
    assert area < 2e-4, area
    assert ratio < 1e-5, ratio
    return {
        "changes": len(changes),
        "verdicts and rules that differ": 0,
        "townships": len(towns),
        "ranks that differ": 0,
        "largest difference of an area (relative)": f"{area:.1e}",
        "largest difference of a ratio": f"{ratio:.1e}",
    }


def _both(here, there, key, family, known):
    here = here.assign(alias=[known[family, one] for one in here[key]])
    both = here.merge(there, left_on="alias", right_on=key, suffixes=("", "_there"))
    assert len(both) == len(here) == len(there)
    return both


def _relative(changes, column):
    off = (changes[column] - changes[f"{column}_there"]).abs()
    return float((off / changes["area_m2"].where(changes["area_m2"] > 0)).max())
