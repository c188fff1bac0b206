"""The ranking maps (排名图)."""

from pipeline.report.ranking_map import draw_ranking_map
from pipeline.runner.heading import heading_of
from pipeline.runner.stage import Run


def make_maps(run: Run) -> None:
    """Write the ranking map as PNG and PDF."""
    draw_ranking_map(
        run.tables["townships"],
        run.tables["township_ranking"],
        heading_of(run.project, run.inputs.pack),
        png=run.out / "ranking_map.png",
        pdf=run.out / "ranking_map.pdf",
    )
