"""The result tables of the contract, as CSV, Parquet and GeoPackage (成果表)."""

import geopandas as gpd
import pandas as pd

from pipeline.io.files import READ_ONLY
from pipeline.io.geopackage import write_geopackage
from pipeline.io.store import write_table
from pipeline.report.csv_results import write_csv
from pipeline.runner.heading import product_heading
from pipeline.runner.stage import Run, findings_table
from pipeline.schema.derived import (
    CHANGE_RESULTS,
    COUNTY_RESULT,
    DEFECTS,
    OFFICE_RANKING,
    TOWNSHIP_RANKING,
)


def make_result_tables(run: Run) -> None:
    """Write changes, townships, offices, county and defects."""
    out, tables = run.out, run.tables
    changes, ranking = tables["change_results"], tables["township_ranking"]
    write_csv(out / "changes.csv", changes, CHANGE_RESULTS)
    write_csv(out / "townships.csv", ranking, TOWNSHIP_RANKING)
    write_csv(out / "offices.csv", tables["office_ranking"], OFFICE_RANKING)
    write_csv(out / "county.csv", tables["county_result"], COUNTY_RESULT)
    write_csv(out / "defects.csv", findings_table(run.findings()), DEFECTS)
    write_table(out / "changes.parquet", changes, CHANGE_RESULTS)
    write_table(out / "townships.parquet", ranking, TOWNSHIP_RANKING)
    aliases = {column.name: column.label for column in CHANGE_RESULTS.columns}
    package = out / "changes.gpkg"
    write_geopackage(
        package,
        _change_layer(run, changes),
        layer="changes",
        aliases=aliases,
        story=product_heading(run).story(),
    )
    package.chmod(READ_ONLY)


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
