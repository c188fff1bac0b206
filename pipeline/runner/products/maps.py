"""The maps (排名图): townships, offices, the county."""

from pipeline.report.maps.county_map import draw_county_map
from pipeline.report.maps.office_map import draw_office_map
from pipeline.report.maps.ranking_map import draw_ranking_map
from pipeline.runner.heading import product_heading
from pipeline.runner.stage import Run

_KINDS = ("png", "pdf", "svg")


def make_maps(run: Run) -> None:
    """Write every map as PNG, PDF and SVG."""
    tables, heading = run.tables, product_heading(run)
    townships, ranking = tables["townships"], tables["township_ranking"]
    offices, county = tables["office_ranking"], tables["county_result"]
    files = {
        name: [run.out / f"{name}.{kind}" for kind in _KINDS]
        for name in ("ranking_map", "office_map", "county_map")
    }
    draw_ranking_map(townships, ranking, heading, *files["ranking_map"])
    draw_office_map(townships, ranking, offices, heading, *files["office_map"])
    draw_county_map(townships, ranking, county, heading, *files["county_map"])
