"""What a sealed run gives its reader to sign (签认内容): figures, what is open, the sums."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.report.signature_sheet import Sealed, signature_sheet
from pipeline.report.standing import settled_changes
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.library.published import Published
from pipeline.runner.sealing.manifest_file import MANIFEST
from pipeline.runner.sealing.sums import NAME
from pipeline.runner.stage import sorted_findings
from pipeline.units import mu_text

_ACCOUNT = (("counted", "计入"), ("quarantined", "隔离"), ("excluded", "不计"))


def sheet_of(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """Return the signature sheet of a run that lies in a folder."""
    published = Published(folder)
    heading = published.heading
    if heading.origin:
        origin = replace(heading.origin, run_id=str(manifest.get("run_id", "")))
        heading = replace(heading, origin=origin)
    hashes = {
        f"清单 out/{MANIFEST}（输入、规则、成果都在其中）": file_hash(
            folder / "out" / MANIFEST
        ),
        f"校验值列表 out/{NAME}（管住每一个成果文件）": file_hash(folder / "out" / NAME),
    }
    sealed = Sealed(name, hashes, unsettled(folder), list(_account(manifest)))
    return signature_sheet(
        sealed, published["township_ranking"], published["county_result"], heading
    )


def unsettled(folder: Path) -> list[str]:
    """Return in words what no person has decided yet and what did not count."""
    published = Published(folder)
    changes, judged = published["change_results"], published["judged"]
    doubtful = changes[changes["doubtful_m2"] > 0]
    illegal = changes[changes["verdict"] == "illegal"]
    open_ = ~illegal["change_id"].isin(settled_changes(changes, judged))
    findings = sorted_findings(published.tables)
    quarantined = sum(finding.severity == "quarantined" for finding in findings)
    lines = []
    if len(doubtful):
        area = mu_text(float(doubtful["doubtful_m2"].sum()))
        lines.append(f"有存疑地块的图斑 {len(doubtful)} 个，存疑 {area} 亩，没有计入占耕比")
    if open_.any():
        lines.append(
            f"疑似违法的图斑 {len(illegal)} 个，其中 {int(open_.sum())} 个没有人工认定"
        )
    if quarantined:
        lines.append(f"隔离的记录 {quarantined} 条，没有计入（见 out/defects.csv）")
    return lines


def _account(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the account of the changes, and that of all layers in records."""
    layers = manifest["balances"]["layers"]
    lines = []
    for layer in layers:
        if layer["layer"] == "changes":
            records, area = layer["records"], layer["area"]
            handed_in = area["handed_in_m2"] + area["repaired_m2"]
            parts = [
                f"{word} {records[key]:,} 个 {mu_text(area[f'{key}_m2'])} 亩"
                for key, word in _ACCOUNT
            ]
            given = f"交来 {records['handed_in']:,} 个 {mu_text(handed_in)} 亩"
            lines.append(("变化图斑", f"{given} ＝ {' ＋ '.join(parts)}"))
    sums = {key: sum(layer["records"][key] for layer in layers) for key, _ in _ACCOUNT}
    total = sum(layer["records"]["handed_in"] for layer in layers)
    parts = [f"{word} {sums[key]:,} 条" for key, word in _ACCOUNT]
    lines.append(("全部输入", f"交来 {total:,} 条 ＝ {' ＋ '.join(parts)}"))
    return lines
