"""What each stage does with the tables of a run (各阶段的动作)."""

import geopandas as gpd
import pandas as pd

from pipeline.io.layer_file import LayerFile
from pipeline.io.store import row_count
from pipeline.rules.pack import RulePack
from pipeline.runner.first_use import prepare
from pipeline.runner.inputs import read_pack
from pipeline.runner.memory import (
    affordable,
    judging_bytes,
    overlay_bytes,
    receiving_bytes,
    say_memory,
)
from pipeline.runner.progress import progress
from pipeline.runner.receiving import receive
from pipeline.runner.receiving.hand import receive_hand
from pipeline.runner.receiving.imagery import check_imagery
from pipeline.runner.stage import Run, kept_findings, refuse
from pipeline.schema import received
from pipeline.schema.derived import PIECE_SHAPES, pieces_of
from pipeline.stages import crosscheck
from pipeline.stages.aggregate import aggregate
from pipeline.stages.judge import judge
from pipeline.stages.overlay import Sources, overlay
from pipeline.stages.rank import rank
from pipeline.stages.rectify import rectify
from pipeline.terms import STAGES

RECEIVED = tuple(table.name for table in (*received.LAYERS, received.QUARANTINE))
HAND = tuple(table.name for table in received.LEDGERS)


def act_ingest(run: Run) -> None:
    """Receive the layers (入库)."""
    prepare(run.say)
    say_memory(run.say, receiving_bytes(run.inputs.size(run.project.root)))
    made = receive(run.project)
    for name, frame in made.tables.items():
        run.tables[name] = frame
    run.tables["balances"] = pd.json_normalize(made.balances, sep="_")
    run.tables["findings_ingest"] = kept_findings(made.findings)


def act_hand(run: Run) -> None:
    """Read what people decided (人工台账), and look at the images, which are as quickly read."""
    hand = receive_hand(run.project)
    refuse(hand.findings, [])
    findings = [*hand.findings, *check_imagery(run.project)]
    for name in HAND:
        run.tables[name] = getattr(hand, name)
    run.tables["findings_hand"] = kept_findings(findings)


def act_overlay(run: Run) -> None:
    """Cut the changes along every layer (套合)."""
    prepare(run.say)
    config = run.project.config
    sources = {name: LayerFile(str(run.tables.path(name))) for name in RECEIVED}
    settings = affordable(config.overlay)
    say_memory(run.say, overlay_bytes(settings.workers), "[overlay] 的 workers 写小一些")
    wanted = config.overlay.geometry
    contract = pieces_of(run.project.kinds)
    with (
        run.tables.growing("pieces", contract, config.inspection.crs) as pieces,
        run.tables.growing("piece_shapes", PIECE_SHAPES, config.inspection.crs) as shapes,
    ):

        def keep(made: gpd.GeoDataFrame) -> None:
            pieces.append(made if wanted == "all" else _without_shapes(made))
            if wanted == "flagged":
                shapes.append(made[["piece_id", "geometry"]])

        made = overlay(
            Sources(**sources),
            keep,
            crs=config.inspection.crs,
            kinds=run.project.kinds,
            area=config.area,
            settings=settings,
            has_permanent_farmland=config.layers.permanent_farmland is not None,
            progress=progress(STAGES["overlay"]),
        )
    refuse(made.findings, run.findings())
    pieces_told = run.tables.columns(
        "pieces", "change_id", "township_code", "parcel_id", "area_m2"
    )
    checked = crosscheck.crosscheck(
        run.tables["changes"], pieces_told, made.coverage, run.tables["townships"]
    )
    run.tables["coverage"] = made.coverage
    run.tables["constraint_areas"] = made.constraint_areas
    run.tables["change_balances"] = made.balances
    run.tables["findings_overlay"] = kept_findings([*made.findings, *checked])


def act_judge(run: Run) -> None:
    """Propose a verdict for each piece, rulings first (认定)."""
    config = run.project.config
    changes = row_count(run.tables.path("changes"))
    say_memory(run.say, judging_bytes(changes), '[overlay] 写 geometry = "none"')
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
    days = crosscheck.future_days(
        run.tables["changes"], run.tables["rulings"], config.accountability.as_of
    )
    hidden = crosscheck.unknown_farmland(judged)
    run.tables["findings_judge"] = kept_findings(
        [*made.findings, *days, *hidden, *crosscheck.slivers(judged)]
    )


def act_rectify(run: Run) -> None:
    """Put rectifications on the pieces (整改)."""
    made = rectify(
        run.tables["judged"],
        run.tables["rectifications"],
        accountability=run.project.config.accountability,
    )
    refuse(made.findings, run.findings())
    run.tables["rectified"] = made.rectified
    early = crosscheck.early_acceptances(run.tables["changes"], run.tables["rectifications"])
    run.tables["findings_rectify"] = kept_findings([*made.findings, *early])


def act_aggregate(run: Run) -> None:
    """Add up by change, township, office and county (汇总)."""
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
    run.tables["findings_aggregate"] = kept_findings(unknown)


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


def act_rank(run: Run) -> None:
    """Hold the ratios against the line (排名)."""
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
    run.tables["findings_rank"] = kept_findings(close)


def act_report(run: Run) -> None:
    """Make the products (出成果)."""
    # drawing libraries are slow to import, and most runs stop or skip before they are needed
    from pipeline.runner.products import make_products

    make_products(run)


def pack_of(run: Run) -> RulePack:
    """Return the rule pack of a run."""
    return read_pack(run.project, run.inputs.pack)


def _without_shapes(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    blank = gpd.GeoSeries([None] * len(pieces), index=pieces.index, crs=pieces.crs)
    return pieces.set_geometry(blank)
