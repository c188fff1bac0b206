"""One change polygon from raw record to its share in the ratio, as text (逐图斑证据链)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.cells import cell_text, kind_label, ruled_label, verdict_label
from pipeline.report.explain.pieces import pieces_lines, rules_lines
from pipeline.report.explain.share import share_lines
from pipeline.report.figures import is_null, label_text
from pipeline.report.heading import CLUE, Heading
from pipeline.report.safe_text import safe
from pipeline.report.text_table import columns
from pipeline.schema.derived import CHANGE_RESULTS
from pipeline.schema.received import CHANGES
from pipeline.schema.table import Table
from pipeline.terms import SEVERITY_LABELS
from pipeline.units import m2_text, mu_text


@dataclass(frozen=True)
class Evidence:
    """Everything the run knows of one change (一个图斑的全部证据), each table cut down to it.

    ``source`` is the file and layer it came in, ``original`` its record as handed in. The
    frames are by ``pipeline.schema``; ``townships`` holds the ranking's rows of the townships
    it lies in.
    """

    change_id: str
    source: str
    original: Mapping[str, object]
    received: pd.DataFrame
    pieces: pd.DataFrame
    coverage: pd.DataFrame
    constraints: pd.DataFrame
    rulings: pd.DataFrame
    rectifications: pd.DataFrame
    rectified: pd.DataFrame
    result: pd.DataFrame
    townships: pd.DataFrame
    findings: pd.DataFrame


def explain_text(evidence: Evidence, heading: Heading) -> str:
    """Return the whole way of one change, section by section, each with what it rests on."""
    names = _township_names(evidence.townships)
    sections = [
        ("交来的记录", _original(evidence)),
        ("入库为", _fields(evidence.received, CHANGES)),
        ("数据问题", _findings(evidence.findings)),
        ("套合碎片", pieces_lines(evidence.pieces, names)),
        ("逐个批准的覆盖（各批准单独量算，可重叠）", _coverage(evidence.coverage)),
        ("管控图层占用", _constraints(evidence.constraints)),
        ("规则、理由与依据", rules_lines(evidence.pieces, heading)),
        ("人工认定", _rulings(evidence.rulings, names)),
        ("整改", _rectifications(evidence, names)),
        ("图斑结论（建议，待人工确认）", _result(evidence.result)),
        (
            "在乡镇占耕比中的份额",
            share_lines(evidence.pieces, evidence.rectified, evidence.townships, heading),
        ),
    ]
    lines = [f"图斑 {safe(evidence.change_id)}　{safe(heading.subject)}"]
    lines += [f"【{safe(heading.notice)}】"] if heading.notice else []
    lines += [f"{CLUE}；{safe(heading.pack_title)}"]
    for number, (title, body) in enumerate(sections, 1):
        lines += ["", f"{number}. {title}", *(f"   {line}" for line in body or ["无"])]
    return "\n".join(lines)


def _original(evidence: Evidence) -> list[str]:
    lines = [f"来自 {safe(evidence.source)}"] if evidence.source else []
    return lines + [
        f"{safe(name)} = {safe(value) or '（空）'}" for name, value in evidence.original.items()
    ]


def _fields(frame: pd.DataFrame, table: Table) -> list[str]:
    return [
        f"{label_text(column.label)}：{cell_text(record[column.name])}"
        for record in frame.to_dict("records")
        for column in table.columns
        if column.name in record and not is_null(record[column.name])
    ]


def _findings(findings: pd.DataFrame) -> list[str]:
    lines = []
    for record in findings.to_dict("records"):
        label = SEVERITY_LABELS.get(str(record["severity"]), safe(record["severity"]))
        lines.append(
            f"[{label}] {safe(record['layer'])} {safe(record['code'])}：{safe(record['message'])}"
        )
        lines += (
            [f"      办法：{safe(record['remedy'])}"]
            if not is_null(record["remedy"]) and record["remedy"]
            else []
        )
    return lines


def _coverage(coverage: pd.DataFrame) -> list[str]:
    rows = [
        [
            safe(record["approval_no"]),
            kind_label(record["approval_kind"]),
            cell_text(record["approved_on"]) or "日期不全",
            m2_text(record["area_m2"]),
        ]
        for record in coverage.to_dict("records")
    ]
    return _table(["批准文号", "类型", "批准日期", "覆盖面积(㎡)"], rows, "lllr")


def _constraints(constraints: pd.DataFrame) -> list[str]:
    rows = [
        [safe(record["constraint_name"]), m2_text(record["area_m2"])]
        for record in constraints.to_dict("records")
    ]
    return _table(["管控图层", "面积(㎡)"], rows, "lr")


def _rulings(rulings: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    return [
        f"{cell_text(record['ruled_on'])} {safe(record['ruled_by'])}："
        f"{ruled_label(record['verdict'])}，理由：{safe(record['reason'])}"
        f"（{_place(record['township_code'], names)}）"
        for record in rulings.to_dict("records")
    ]


def _rectifications(evidence: Evidence, names: Mapping[str, str]) -> list[str]:
    lines = [
        f"台账：{safe(record['method'])} {m2_text(record['farmland_m2'])} ㎡，验收 "
        f"{_span(record['accepted_earliest'], record['accepted_latest'])}，"
        f"文号 {safe(record['document']) or '无'}（{_place(record['township_code'], names)}）"
        for record in evidence.rectifications.to_dict("records")
    ]
    lines += [
        f"计入：{_place(record['township_code'], names)} 违法占用耕地 "
        f"{m2_text(record['illegal_farmland_m2'])} ㎡，其中拆除复耕 "
        f"{m2_text(record['reclaimed_farmland_m2'])} ㎡，补办 "
        f"{m2_text(record['regularised_farmland_m2'])} ㎡"
        for record in evidence.rectified.to_dict("records")
    ]
    return lines


def _result(result: pd.DataFrame) -> list[str]:
    lines = []
    for record in result.to_dict("records"):
        lines.append(f"{verdict_label(record['verdict'])}：{safe(record['reason'])}")
        for column in CHANGE_RESULTS.columns:
            value = record.get(column.name)
            if column.name.endswith("_m2") and not is_null(value):
                lines.append(f"{column.label}：{m2_text(value)} ㎡（{mu_text(value)} 亩）")  # type: ignore[arg-type]
    return lines


def _township_names(townships: pd.DataFrame) -> dict[str, str]:
    return {
        str(record["township_code"]): safe(record["township_name"])
        or str(record["township_code"])
        for record in townships.to_dict("records")
    }


def _place(code: object, names: Mapping[str, str]) -> str:
    return "全图斑" if is_null(code) else names.get(str(code), safe(code))


def _span(earliest: object, latest: object) -> str:
    if is_null(earliest):
        return "日期不明"
    first, last = cell_text(earliest), cell_text(latest)
    return first if first == last else f"{first} 至 {last}"


def _table(head: list[str], rows: Iterable[list[str]], sides: str) -> list[str]:
    rows = list(rows)
    if not rows:
        return []
    return columns(head, rows, ["left" if side == "l" else "right" for side in sides])
