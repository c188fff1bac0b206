"""The leader's page (县领导一页通)."""

from pipeline.report.leader.page import CountyResults, write_leader_page
from pipeline.runner.heading import product_heading
from pipeline.runner.stage import Run
from pipeline.runner.trend import result_of


def make_leader_page(run: Run) -> None:
    """Write the page as PDF and PNG, compared with the result that the config names."""
    tables = run.tables
    results = CountyResults(
        tables["townships"], tables["township_ranking"], tables["county_result"]
    )
    compared = run.project.config.report.compare_with
    earlier = None if compared is None else result_of(run.project.resolve(compared))
    write_leader_page(
        results,
        product_heading(run),
        earlier,
        pdf=run.out / "county_page.pdf",
        png=run.out / "county_page.png",
    )
