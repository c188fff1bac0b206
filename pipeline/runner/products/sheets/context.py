"""What all sheets of a run say alike (核查单的共用信息): names, heading, sources."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pipeline.project import paths
from pipeline.report.figures import is_null
from pipeline.report.safe_text import safe
from pipeline.report.sheets.names import SheetNames
from pipeline.report.sheets.sheet import Context
from pipeline.rules.land_classes import load_code_system
from pipeline.rules.pack import load_pack
from pipeline.runner.heading import product_heading
from pipeline.runner.stage import Run

_LABELS = {
    "layers.changes": "变化图斑",
    "layers.townships": "乡镇界",
    "layers.land_use": "地类图斑",
    "layers.permanent_farmland": "永久基本农田",
    "layers.plan_zones": "规划分区",
    "imagery.before": "前时相",
    "imagery.after": "后时相",
    "hand.rulings": "认定",
    "hand.rectifications": "整改",
    "hand.offices": "管辖",
}


def sheet_context(run: Run) -> Context:
    """Return what the sheets of a run share."""
    ranking = run.tables["township_ranking"]
    names = SheetNames(
        change_types=load_pack(run.inputs.pack).change_types,
        land_classes={
            code: one.name
            for code, one in load_code_system(run.inputs.code_system).classes.items()
        },
        townships={
            str(code): str(code if is_null(name) else name)
            for code, name in zip(
                ranking["township_code"], ranking["township_name"], strict=True
            )
        },
    )
    return Context(product_heading(run), names, list(_sources(run)))


def _sources(run: Run) -> Iterator[str]:
    """Yield every input by its file; the check sums are in the manifest."""
    for key, text in paths(run.project.config):
        name = PurePosixPath(text.replace("\\", "/")).name
        yield f"{_label(key, run)} {safe(name)}"


def _label(key: str, run: Run) -> str:
    """Return what an input is: ``layers.approvals[第 2 个].path`` is the second kind of approval."""
    layers = run.project.config.layers
    number = re.search(r"\[第 (\d+) 个\]", key)
    ledger = "台账" if key.endswith(".ledger") else ""
    if number is None:
        return next((label for start, label in _LABELS.items() if key.startswith(start)), key)
    place = int(number[1]) - 1
    if key.startswith("layers.approvals"):
        return layers.approvals[place].kind.label + ledger
    return safe(layers.constraints[place].name)
