"""The inspection workbook (检查工作簿)."""

from pipeline.report.workbook.book import write_workbook
from pipeline.report.workbook.data import BookData
from pipeline.runner.heading import product_heading
from pipeline.runner.inputs import read_pack
from pipeline.runner.manifest import sources
from pipeline.runner.products.sheets.made import sheet_links
from pipeline.runner.stage import Run, findings_table

FILE = "inspection.xlsx"


def make_workbook(run: Run) -> None:
    """Write ``inspection.xlsx``."""
    tables, project = run.tables, run.project
    data = BookData(
        heading=product_heading(run),
        pack=read_pack(project, run.inputs.pack),
        kinds=project.kinds,
        ranking=tables["township_ranking"],
        offices=tables["office_ranking"],
        county=tables["county_result"],
        changes=tables["change_results"],
        judged=tables["judged"],
        rectified=tables["rectified"],
        coverage=tables["coverage"],
        constraint_areas=tables["constraint_areas"],
        constraint_names=[layer.name for layer in project.config.layers.constraints],
        received=tables["changes"],
        approvals=tables["approvals"],
        quarantine=tables["quarantine"],
        rulings=tables["rulings"],
        defects=findings_table(run.findings()),
        sources=sources(run),
        sheet_links=sheet_links(run.out, tables["change_results"], tables["township_ranking"]),
    )
    write_workbook(run.out / FILE, data)
