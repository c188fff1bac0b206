"""The inspection workbook (检查工作簿)."""

from pathlib import Path

import pandas as pd

from pipeline.report.sheet_files import picture_file, sheet_file
from pipeline.report.workbook import write_workbook
from pipeline.report.workbook_data import BookData
from pipeline.rules.pack import load_pack
from pipeline.runner.heading import heading_of
from pipeline.runner.manifest import sources
from pipeline.runner.stage import Run, findings_table

FILE = "inspection.xlsx"


def make_workbook(run: Run) -> None:
    """Write ``inspection.xlsx``."""
    tables, project = run.tables, run.project
    data = BookData(
        heading=heading_of(project, run.inputs.pack),
        pack=load_pack(run.inputs.pack),
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
        sheet_links=_links(run.out, tables["change_results"], tables["township_ranking"]),
    )
    write_workbook(run.out / FILE, data)


def _links(out: Path, changes: pd.DataFrame, ranking: pd.DataFrame) -> dict[str, str]:
    """Return where the evidence sheet of each change is: its picture, else its bundle.

    Only what was made is linked: the sheets come before the workbook.
    """
    made = {path.relative_to(out).as_posix() for path in out.glob("sheets/**/*.*")}
    names = dict(zip(ranking["township_code"], ranking["township_name"], strict=True))
    is_flagged = (changes["illegal_m2"] > 0) | (changes["doubtful_m2"] > 0)
    links = {}
    for change_id, code, flagged in zip(
        changes["change_id"], changes["township_code"], is_flagged, strict=True
    ):
        bundle = sheet_file(code, names.get(code)) if flagged and code in names else ""
        file = next((name for name in (picture_file(change_id), bundle) if name in made), None)
        if file is not None:
            links[str(change_id)] = file
    return links
