"""Write the working copies that people rule in (写出复核表).

A copy that holds as much as one word of a person's is never touched again: the next one gets the
run's id in its name.
"""

import stat
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from pipeline.errors import PipelineError, Refused
from pipeline.io.files import replace_file
from pipeline.io.gis.package import write_gis_package
from pipeline.project import load
from pipeline.report.qgis.review import review_style
from pipeline.report.qgis.style import render_style
from pipeline.report.review.sheet import write_review_sheet
from pipeline.report.safe_text import safe
from pipeline.runner.heading import heading_as_run
from pipeline.runner.review.answers import is_blank
from pipeline.runner.review.checking import Checker
from pipeline.runner.review.facts import Facts
from pipeline.runner.review.ledger import RulingsLedger
from pipeline.runner.review.standing import Standing, ruling_text
from pipeline.runner.review.taking import copy_rows, published_facts
from pipeline.runner.workspace import Workspace
from pipeline.schema.gis import GisLayer
from pipeline.schema.review import ANSWERS, REVIEW, RULED_WORDS
from pipeline.terms import VERDICT_PRECEDENCE

_GRAVITY = {verdict.label: place for place, verdict in enumerate(VERDICT_PRECEDENCE)}


def write_review(path: Path, *, say: Callable[[str], None] = print) -> int:
    """Write ``review.xlsx`` and ``review.gpkg`` into ``workspace/review/``; return 0.

    Raises ``PipelineError`` where nothing was run yet.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    with workspace.held():
        facts = published_facts(project, workspace)
        standing = RulingsLedger(project).standing()
        rows = review_rows(facts, standing)
        heading = heading_as_run(project, workspace.work)
        checker = Checker(facts, standing)
        say(f"待复核:{len(rows)} 行(图斑 × 乡镇),系统建议或已经认定为违法、存疑")
        for suffix, what in ((".xlsx", "复核表,用 Excel 填"), (".gpkg", "复核图层,用 QGIS 填")):
            place = _free(workspace.review, suffix, facts.run_id, checker, say)
            if place is None:
                continue
            building = place.with_name(f".{place.stem}.building{suffix}")
            building.parent.mkdir(parents=True, exist_ok=True)
            building.unlink(missing_ok=True)
            if suffix == ".xlsx":
                write_review_sheet(building, rows, heading, facts.run_id)
            else:
                _write_layer(building, rows)
            data = building.read_bytes()
            building.unlink()
            replace_file(place, data)
            say(f"  {place}  {what}")
    say(f"填好以后读回:make rulings CONFIG={path}")
    return 0


def review_rows(facts: Facts, standing: Standing) -> gpd.GeoDataFrame:
    """Return the flagged rows, empty answers beside: by township, the gravest and largest first."""
    frame = facts.frame[facts.frame["is_flagged"]]
    gravity = frame["proposed_verdict"].map(_GRAVITY)
    ordered = frame.assign(_gravity=gravity, _least=-frame["area_m2"]).sort_values(
        ["township_code", "_gravity", "_least", "change_id"]
    )
    texts = [
        ruling_text(standing.deciding(change_id, code))
        for change_id, code in zip(ordered["change_id"], ordered["township_code"], strict=True)
    ]
    rows = ordered.assign(
        standing_ruling=pd.Series(texts, index=ordered.index, dtype="str").map(
            safe, na_action="ignore"
        ),
        **{column.name: None for column in ANSWERS},
    )
    return rows[[*REVIEW.names, "geometry"]].reset_index(drop=True)


def _write_layer(path: Path, rows: gpd.GeoDataFrame) -> None:
    layer = GisLayer(REVIEW, rows, {ANSWERS[0].name: RULED_WORDS})
    write_gis_package(path, [layer], {layer.name: render_style(layer, review_style())})
    path.chmod(path.stat().st_mode | stat.S_IWUSR)  # people write into this one


def _free(
    folder: Path, suffix: str, run_id: str, checker: Checker, say: Callable[[str], None]
) -> Path | None:
    """Return where a new copy may be written without losing a word, null where one waits."""
    for place in (folder / f"review{suffix}", folder / f"review-{run_id}{suffix}"):
        held = _held(place, checker)
        if held == "":
            return place
        say(f"  {place.name} {held},不动它")
    return None


def _held(place: Path, checker: Checker) -> str:
    """Return what a working copy holds of a person's, empty where nothing."""
    if not place.exists():
        return ""
    if place.with_name(place.name + "-wal").exists():
        return "正在 QGIS 里打开"
    try:
        rows = copy_rows(place)
    except (Refused, PipelineError):
        return "读不了,或不是复核表"
    if not any(not is_blank(row.values) for row in rows):
        return ""
    outcome = checker.check([(place, rows)])
    waiting = len(outcome.accepted) + outcome.refused_rows
    unread = f"其中 {waiting} 行还没有读回:先运行 make rulings" if waiting else "都已读回"
    return f"里有 {outcome.known + waiting} 行认定({unread})"
