"""The stages in their order, each with the tables it gets and keeps (各阶段的装配)."""

from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline.rules.pack import RulePack, load_pack
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.progress import progress
from pipeline.runner.receiving import receive
from pipeline.runner.receiving.hand import receive_hand
from pipeline.runner.stage import Run, Stage, findings_table, refuse
from pipeline.runner.tables import FILES
from pipeline.schema.conform import conform
from pipeline.schema.derived import PIECES
from pipeline.stages import crosscheck
from pipeline.stages.aggregate import aggregate
from pipeline.stages.judge import judge
from pipeline.stages.overlay import overlay
from pipeline.stages.rank import rank
from pipeline.stages.rectify import rectify
from pipeline.terms import STAGES

_RECEIVED = (
    "changes",
    "townships",
    "land_use",
    "permanent_farmland",
    "plan_zones",
    "approvals",
    "constraints",
    "quarantine",
)
_HAND = ("rulings", "rectifications", "offices")


def _ingest(run: Run) -> None:
    received = receive(run.project)
    for name, frame in received.tables.items():
        run.tables[name] = frame
    run.tables["balances"] = pd.json_normalize(received.balances, sep="_")
    run.tables["findings_ingest"] = findings_table(received.findings)


def _hand(run: Run) -> None:
    hand = receive_hand(run.project)
    refuse(hand.findings, [])
    for name in _HAND:
        run.tables[name] = getattr(hand, name)
    run.tables["findings_hand"] = findings_table(hand.findings)


def _overlay(run: Run) -> None:
    config = run.project.config
    tables = {name: run.tables[name] for name in _RECEIVED}
    made = overlay(
        **tables,
        crs=config.inspection.crs,
        kinds=run.project.kinds,
        area=config.area,
        settings=config.overlay,
        has_permanent_farmland=config.layers.permanent_farmland is not None,
        progress=progress(STAGES["overlay"]),
    )
    refuse(made.findings, run.findings())
    checked = crosscheck.crosscheck(
        tables["changes"], made.pieces, made.coverage, tables["townships"]
    )
    shapes = made.pieces[["piece_id", "geometry"]]
    wanted = config.overlay.geometry
    run.tables["pieces"] = made.pieces if wanted == "all" else _without_shapes(made.pieces)
    run.tables["piece_shapes"] = shapes if wanted == "flagged" else shapes.iloc[:0]
    run.tables["coverage"] = made.coverage
    run.tables["constraint_areas"] = made.constraint_areas
    run.tables["change_balances"] = made.balances
    run.tables["findings_overlay"] = findings_table([*made.findings, *checked])


def _judge(run: Run) -> None:
    config = run.project.config
    made = judge(
        run.tables["pieces"],
        run.tables["changes"],
        run.tables["rulings"],
        pack=pack_of(run),
        rules=config.rules,
        kinds=run.project.kinds,
        as_of=config.accountability.as_of,
    )
    refuse(made.findings, run.findings())
    judged = made.judged
    if config.overlay.geometry == "flagged":
        shapes = run.tables["piece_shapes"].set_index("piece_id").geometry
        flagged = judged["verdict"].ne("legal")
        judged["geometry"] = judged["piece_id"].map(shapes).where(flagged, None)
    run.tables["judged"] = judged
    run.tables["findings_judge"] = findings_table([*made.findings, *crosscheck.slivers(judged)])


def _rectify(run: Run) -> None:
    made = rectify(
        run.tables["judged"],
        run.tables["rectifications"],
        accountability=run.project.config.accountability,
    )
    refuse(made.findings, run.findings())
    run.tables["rectified"] = made.rectified
    early = crosscheck.early_acceptances(run.tables["changes"], run.tables["rectifications"])
    run.tables["findings_rectify"] = findings_table([*made.findings, *early])


def _aggregate(run: Run) -> None:
    made = aggregate(
        run.tables["judged"],
        run.tables["rectified"],
        run.tables["townships"],
        run.tables["offices"],
        _quarantined(run),
        accountability=run.project.config.accountability,
        has_permanent_farmland=run.project.config.layers.permanent_farmland is not None,
        pack=pack_of(run),
    )
    run.tables["change_results"] = made.changes
    run.tables["township_sums"] = made.townships
    run.tables["office_sums"] = made.offices
    run.tables["county_sums"] = made.county
    unknown = crosscheck.unknown_offices(run.tables["offices"], run.tables["townships"])
    run.tables["findings_aggregate"] = findings_table(unknown)


def _quarantined(run: Run) -> pd.DataFrame:
    """Return where records in quarantine may lie, with the changes that the overlay put there.

    Those lie outside every township, or nobody can prove where: they are the county's alone.
    """
    balances = run.tables["change_balances"]
    lost = balances.loc[balances["quarantined_units"] > 0, "change_id"]
    found = pd.DataFrame(
        {
            "quarantine_no": ("overlay " + lost).to_numpy(dtype=object),
            "township_code": [None] * len(lost),
        },
        dtype="str",
    )
    places = run.tables["quarantine_places"][["quarantine_no", "township_code"]]
    return pd.concat([places, found], ignore_index=True)


def _rank(run: Run) -> None:
    inspection = run.project.config.inspection
    made = rank(
        run.tables["township_sums"],
        run.tables["office_sums"],
        run.tables["county_sums"],
        county_code=inspection.county_code,
        county_name=inspection.county_name,
        accountability=run.project.config.accountability,
    )
    run.tables["township_ranking"] = made.townships
    run.tables["office_ranking"] = made.offices
    run.tables["county_result"] = made.county
    close = crosscheck.near_the_line(made.townships, run.project.config.accountability)
    run.tables["findings_rank"] = findings_table(close)


def _report(run: Run) -> None:
    # drawing libraries are slow to import, and most runs stop or skip before they are needed
    from pipeline.runner.products import make_products

    make_products(run)


def pack_of(run: Run) -> RulePack:
    """Return the rule pack of a run."""
    return load_pack(run.inputs.pack)


def _without_shapes(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    blank = gpd.GeoSeries([None] * len(pieces), index=pieces.index, crs=pieces.crs)
    return conform(pieces.set_geometry(blank), PIECES)


def _settings(run: Run, *sections: str) -> dict[str, Any]:
    return {
        name: getattr(run.project.config, name).model_dump(mode="json") for name in sections
    }


def _everything(run: Run) -> dict[str, Any]:
    """What the products rest on beside the tables: every input, and the config as written."""
    return {
        "inputs": run.inputs.all(),
        "config": file_hash(run.project.path),
        "pack": file_hash(run.inputs.pack),
    }


_RANKED = ("township_ranking", "office_ranking", "county_result")

LINE = (
    Stage(
        "ingest",
        (),
        (*_RECEIVED, "changes_original", "quarantine_places", "balances", "findings_ingest"),
        lambda run: [
            _settings(run, "layers", "area"),
            run.project.config.inspection.crs,
            run.inputs.layers,
            file_hash(run.inputs.code_system),
        ],
        _ingest,
    ),
    Stage(
        "hand",
        (),
        (*_HAND, "findings_hand"),
        lambda run: [_settings(run, "hand"), run.inputs.hand],
        _hand,
    ),
    Stage(
        "overlay",
        _RECEIVED,
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
        ],
        _overlay,
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
        _judge,
    ),
    Stage(
        "rectify",
        ("judged", "rectifications", "changes"),
        ("rectified", "findings_rectify"),
        lambda run: _settings(run, "accountability"),
        _rectify,
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
        lambda run: [_settings(run, "accountability"), file_hash(run.inputs.pack)],
        _aggregate,
    ),
    Stage(
        "rank",
        ("township_sums", "office_sums", "county_sums"),
        (*_RANKED, "findings_rank"),
        lambda run: _settings(run, "accountability", "inspection"),
        _rank,
    ),
    Stage(
        "report",
        (
            *_RANKED,
            *_RECEIVED,
            "changes_original",
            "judged",
            "change_results",
            "change_balances",
            "balances",
            "coverage",
            "constraint_areas",
            *(name for name in FILES if name.startswith("findings_")),
        ),
        (),
        _everything,
        _report,
    ),
)
