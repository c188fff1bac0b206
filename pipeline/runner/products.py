"""The report stage: everything people take away, written from the tables (成果)."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd

from pipeline.io.geopackage import write_geopackage
from pipeline.io.store import write_table
from pipeline.report.csv_results import write_csv
from pipeline.report.ranking_map import draw_ranking_map
from pipeline.report.workbook import write_workbook
from pipeline.runner.heading import heading_of
from pipeline.runner.manifest import build_manifest
from pipeline.runner.stage import Run, findings_table
from pipeline.schema.derived import (
    CHANGE_RESULTS,
    COUNTY_RESULT,
    DEFECTS,
    OFFICE_RANKING,
    TOWNSHIP_RANKING,
)


def make_products(run: Run) -> None:
    """Write every product into the run's ``out`` folder, the manifest last."""
    out = run.out
    out.mkdir(parents=True, exist_ok=True)
    tables = run.tables
    ranking, offices, county = (
        tables[name] for name in ("township_ranking", "office_ranking", "county_result")
    )
    changes = tables["change_results"]
    defects = findings_table(run.findings())
    write_csv(out / "changes.csv", changes, CHANGE_RESULTS)
    write_csv(out / "townships.csv", ranking, TOWNSHIP_RANKING)
    write_csv(out / "offices.csv", offices, OFFICE_RANKING)
    write_csv(out / "county.csv", county, COUNTY_RESULT)
    write_csv(out / "defects.csv", defects, DEFECTS)
    write_table(out / "changes.parquet", changes, CHANGE_RESULTS)
    write_table(out / "townships.parquet", ranking, TOWNSHIP_RANKING)
    aliases = {column.name: column.label for column in CHANGE_RESULTS.columns}
    write_geopackage(
        out / "changes.gpkg", _change_layer(run, changes), layer="changes", aliases=aliases
    )
    top = heading_of(run.project, run.inputs.pack)
    write_workbook(
        out / "inspection.xlsx",
        heading=top,
        ranking=ranking,
        offices=offices,
        county=county,
        changes=changes,
        defects=defects,
    )
    draw_ranking_map(
        tables["townships"],
        ranking,
        top,
        png=out / "ranking_map.png",
        pdf=out / "ranking_map.pdf",
    )
    _write_manifest(run, out / "manifest.json")


def _change_layer(run: Run, changes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the results with their geometry and every original field under its own name.

    A field of the delivery that bears the name of a result keeps the result's place: it is
    dropped where it says the same, else it follows as ``<name>_原``.
    """
    shapes = run.tables["changes"][["change_id", "geometry"]]
    original = (
        run.tables["changes_original"].set_index("change_id").reindex(changes["change_id"])
    )
    layer = changes.merge(shapes, on="change_id", how="left", validate="1:1")
    taken = {name.casefold(): name for name in [*layer.columns, "fid", "geom"]}
    for column in original.columns:
        name = column.removeprefix("原:")
        values = original[column].to_numpy()
        if name.casefold() in taken:
            same = taken[name.casefold()] in changes and list(
                changes[taken[name.casefold()]].astype(str)
            ) == list(pd.Series(values).astype(str))
            if same:
                continue
            name = f"{name}_原"
        taken[name.casefold()] = name
        layer[name] = values
    return gpd.GeoDataFrame(layer, geometry="geometry", crs=run.tables["changes"].crs)


def _write_manifest(run: Run, path: Path) -> None:
    text = json.dumps(build_manifest(run), ensure_ascii=False, indent=2, sort_keys=False)
    path.write_text(text + "\n", encoding="utf-8")
