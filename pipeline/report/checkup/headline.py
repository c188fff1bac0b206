"""The check-up in two sentences (体检结论): may the run begin, and what first."""

from pipeline.errors import SEVERITIES
from pipeline.report.checkup.data import Checkup
from pipeline.terms import SEVERITY_LABELS
from pipeline.units import mu_text


def headline(checkup: Checkup) -> str:
    """Return whether the run may begin."""
    refused = len(checkup.groups_of("refused"))
    if refused:
        return f"还不能开始：有 {refused} 类问题要先改正"
    quarantined = len(checkup.groups_of("quarantined"))
    if quarantined:
        return f"可以开始；有 {quarantined} 类问题最好先处理"
    return "可以开始"


def deck(checkup: Checkup) -> str:
    """Return the counts, and what they mean for the figures."""
    if not checkup.observations:
        return "没有发现问题。"
    counts = "，".join(
        f"{SEVERITY_LABELS[severity]} {count:,} 条"
        for severity in SEVERITIES
        if (count := checkup.count(severity))
    )
    return f"{counts}。{_meaning(checkup)}"


def _meaning(checkup: Checkup) -> str:
    if checkup.count("refused"):
        return "拒绝的问题改正以前不运行，已有的成果不动。"
    if checkup.count("quarantined"):
        area = sum(group.area_m2 or 0.0 for group in checkup.groups_of("quarantined"))
        return f"隔离的记录不计入（共 {mu_text(area)} 亩），它们压住的违法地块按存疑处理。"
    return "送检的记录都计入；提示只供核对，没有改动数据。"
