"""One inspection from the command line: run, then say what came out (一次检查)."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pipeline.errors import Finding, PipelineError, Refused
from pipeline.project import load
from pipeline.report.console import defects_text, ranking_text
from pipeline.runner.beside import write_list
from pipeline.runner.heading import heading_of
from pipeline.runner.line import run
from pipeline.runner.sealing.since_seal import told_since_seal
from pipeline.runner.stage import Run, findings_table
from pipeline.runner.workspace import Workspace
from pipeline.schema.derived import DEFECTS
from pipeline.terms import PUBLIC_STAGES, STAGES

QUARANTINED_STRICT = 4


def inspect(
    path: Path,
    *,
    until: str = "report",
    strict: bool = False,
    say: Callable[[str], None] = print,
) -> int:
    """Run an inspection and print the ranking and where to look; return the exit status."""
    project = load(path)
    inspection = project.config.inspection
    notice = f"({inspection.notice})" if inspection.notice else ""
    say(f"{inspection.county_name} {inspection.year} 年度卫片执法检查{notice}")
    try:
        done = run(project, until=until, say=say)
    except Refused as refused:
        write_refused(Workspace(project.workspace), refused.findings)
        raise
    findings = done.findings()
    if PUBLIC_STAGES.index(until) >= PUBLIC_STAGES.index("rank"):
        say(ranking(done))
        for line in told_since_seal(project.workspace):
            say(line)
    if until == "report":
        say(defects_text(findings))
        say(f"成果在 {done.out}")
        for name, what in _PRODUCTS.items():
            if (done.out / name).exists():
                say(f"  {name:<18} {what}")
    else:
        say(defects_text(findings, whole_list="由 make all 写在 out/defects.csv"))
        say(f"到“{STAGES[until]}”为止;各阶段的表在 {done.tables.folder}")
    return exit_status(findings, strict=strict, say=say)


_PRODUCTS = {
    "county_page.pdf": "县领导一页通(另有 PNG)",
    "ranking_map.png": "乡镇排名图;office_map 管辖所,county_map 全县构成(各有 PDF、SVG)",
    "inspection.html": "网页:地图、排名、逐图斑证据,双击打开,不联网",
    "sheets": "图斑核查单:有疑似违法或存疑的图斑每个一页,按乡镇成册(PDF)",
    "inspection.xlsx": "工作簿:排名、图斑、问题清单",
    "changes.gpkg": "图斑结果,可在 QGIS、ArcGIS 打开",
    "gis/inspection.qgz": "QGIS 工程(另有 GeoPackage、FileGDB、shapefile)",
    "townships.csv": "乡镇排名(另有 offices.csv、county.csv)",
    "changes.csv": "逐图斑结果与理由",
    "defects.csv": "问题清单",
    "manifest.json": "清单:输入与成果的校验值、收支平衡",
    "SHA256SUMS": "全部发布文件的校验值:make verify,或在 out/ 里 sha256sum -c",
}


def ranking(done: Run) -> str:
    """Return the printed ranking, with the evidence in quarantine that has no place."""
    tables = done.tables
    quarantine = tables["quarantine"]
    nowhere = quarantine[quarantine["is_reference"] & quarantine.geometry.isna()]
    lines = [
        f"隔离的参考记录没有图形,无法知道影响哪里:{row.layer} {row.record}"
        for row in nowhere.itertuples()
    ]
    return ranking_text(
        tables["township_ranking"],
        tables["county_result"],
        heading_of(done.project, done.inputs.pack),
        lines,
    )


def exit_status(
    findings: list[Finding], *, strict: bool, say: Callable[[str], None] = print
) -> int:
    """Return 0, or 4 where ``--strict`` was asked for and records were quarantined."""
    count = sum(finding.severity == "quarantined" for finding in findings)
    if not strict or not count:
        return 0
    say(f"有 {count} 条记录被隔离,按 --strict 以状态 {QUARANTINED_STRICT} 结束")
    return QUARANTINED_STRICT


def write_refused(workspace: Workspace, findings: list[Finding]) -> None:
    """Write what a refused run found beside the earlier results, which stay as they were.

    The reasons are printed in any case: a disk that takes no list is no reason to hide them.
    """
    with suppress(OSError, PipelineError):
        write_list(workspace.refused, findings_table(findings), DEFECTS)
