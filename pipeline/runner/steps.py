"""The stages in their order, each with the tables it gets and keeps (各阶段的装配)."""

from typing import Any

from pipeline.runner.acts import (
    HAND,
    RECEIVED,
    act_aggregate,
    act_hand,
    act_ingest,
    act_judge,
    act_overlay,
    act_rank,
    act_rectify,
    act_report,
)
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.stage import Run, Stage
from pipeline.runner.tables import FILES


def _settings(run: Run, *sections: str) -> dict[str, Any]:
    return {
        name: getattr(run.project.config, name).model_dump(mode="json") for name in sections
    }


def _everything(run: Run) -> dict[str, Any]:
    """What the products rest on beside the tables: every input, and the config as written."""
    return {
        "inputs": run.inputs.all(),
        "config": run.project.sha256,
        "pack": file_hash(run.inputs.pack),
        "code_system": file_hash(run.inputs.code_system),
    }


def _has_permanent_farmland(run: Run) -> bool:
    return run.project.config.layers.permanent_farmland is not None


_RANKED = ("township_ranking", "office_ranking", "county_result")

LINE = (
    Stage(
        "ingest",
        (),
        (*RECEIVED, "changes_original", "quarantine_places", "balances", "findings_ingest"),
        lambda run: [
            _settings(run, "layers", "area"),
            run.project.config.inspection.crs,
            run.project.config.inspection.county_code,
            run.inputs.layers,
            file_hash(run.inputs.code_system),
        ],
        act_ingest,
    ),
    Stage(
        "hand",
        (),
        (*HAND, "findings_hand"),
        lambda run: [
            _settings(run, "hand", "imagery"),
            run.inputs.hand,
            run.inputs.imagery,
            run.project.config.inspection.crs,
        ],
        act_hand,
    ),
    Stage(
        "overlay",
        RECEIVED,
        (
            "pieces",
            "piece_shapes",
            "coverage",
            "constraint_areas",
            "change_balances",
            "findings_overlay",
        ),
        lambda run: [
            _settings(run, "area"),
            run.project.config.inspection.crs,
            run.project.config.overlay.geometry,
            run.project.kinds,
            _has_permanent_farmland(run),
        ],
        act_overlay,
    ),
    Stage(
        "judge",
        ("pieces", "piece_shapes", "changes", "rulings"),
        ("judged", "findings_judge"),
        lambda run: [
            _settings(run, "rules"),
            file_hash(run.inputs.pack),
            run.project.kinds,
            run.project.config.accountability.as_of,
            run.project.config.overlay.geometry,
        ],
        act_judge,
    ),
    Stage(
        "rectify",
        ("judged", "rectifications", "changes"),
        ("rectified", "findings_rectify"),
        lambda run: _settings(run, "accountability"),
        act_rectify,
    ),
    Stage(
        "aggregate",
        (
            "judged",
            "rectified",
            "townships",
            "offices",
            "quarantine_places",
            "change_balances",
        ),
        ("change_results", "township_sums", "office_sums", "county_sums", "findings_aggregate"),
        lambda run: [
            _settings(run, "accountability"),
            file_hash(run.inputs.pack),
            run.project.kinds,
            _has_permanent_farmland(run),
        ],
        act_aggregate,
    ),
    Stage(
        "rank",
        ("township_sums", "office_sums", "county_sums"),
        (*_RANKED, "findings_rank"),
        lambda run: _settings(run, "accountability", "inspection"),
        act_rank,
    ),
    Stage(
        "report",
        (
            *_RANKED,
            *RECEIVED,
            *HAND,
            "changes_original",
            "judged",
            "rectified",
            "change_results",
            "change_balances",
            "balances",
            "coverage",
            "constraint_areas",
            *(name for name in FILES if name.startswith("findings_")),
        ),
        (),
        _everything,
        act_report,
    ),
)
