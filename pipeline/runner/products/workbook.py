"""The inspection workbook (检查工作簿)."""

from pipeline.report.workbook import write_workbook
from pipeline.runner.heading import heading_of
from pipeline.runner.stage import Run, findings_table


def make_workbook(run: Run) -> None:
    """Write ``inspection.xlsx``."""
    tables = run.tables
    write_workbook(
        run.out / "inspection.xlsx",
        heading=heading_of(run.project, run.inputs.pack),
        ranking=tables["township_ranking"],
        offices=tables["office_ranking"],
        county=tables["county_result"],
        changes=tables["change_results"],
        defects=findings_table(run.findings()),
    )
