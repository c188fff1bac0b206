"""The first sheet of the workbook (说明): what this is and what its figures rest on."""

from collections import Counter

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.errors import SEVERITIES
from pipeline.report.figures import is_null, ratio_text
from pipeline.report.heading import CLUE, Heading, line_text
from pipeline.report.safe_text import safe
from pipeline.report.text_table import width
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.styles import Styles
from pipeline.terms import SEVERITY_LABELS
from pipeline.units import m2_text, mu_text

_NAMED = 30  # townships over the line named at most
_TEXT_WIDTH, _LINE_HEIGHT = 108, 15.5  # characters to a line, points to a line
_LIMITS = (
    ("性质", f"{CLUE}。遥感监测结果不能直接作为处罚依据，须经实地核查；“疑似违法”“建议认定”在有权人员签字前不是认定。"),
    ("面积", "单位平方米（㎡）与亩并列，1 亩 = 2000/3 ㎡；单元格保留全部位数，显示两位，四舍五入；还需复耕进到 0.01。“其中”各列不相加。"),
    ("比例", "显示两位小数；距问责线 0.05 个百分点以内显示四位以上。是否触线按未四舍五入的数值判断。无新增建设用地占用耕地的不计算比例，印“无”，列在最后。"),
    ("上限与下限", "存疑耕地全部按合法、全部按违法时的占耕比。"),
)  # fmt: skip
_SHEETS = (
    ("乡镇排名", "各乡镇（街道）的面积、占耕比与名次，触线的以底色标出，最后一行为全县"),
    ("管辖所", "按管辖所汇总，对照乡镇问责线"),
    ("立案建议清单", "违法（含疑似）的图斑，一种行为一行：谁的结论、面积、依据条文、处理建议；后面各栏立案后填写。是建议，不是决定"),
    ("图斑", "逐图斑的面积、建议认定、规则与理由，有违法面积（含疑似）的以底色标出，可点开核查单"),
    ("碎片", "图斑与乡镇、地类、基本农田、规划、批准套合后的每一块，认定以它为单位"),
    ("批文使用", "每件批准覆盖了多少图斑和面积，在期限内外各多少，哪些没有用到，哪些因数据问题被隔离"),
    ("规则", "所用规则的条件、结论、依据条文，以及各认定了多少碎片"),
    ("来源", "程序、配置、规则包和每个输入文件的 SHA-256，与成果清单 manifest.json 一致"),
    ("问题清单", "输入数据的问题：拒绝、隔离（不计入）、修复（修好后计入）、提示（照样计入）"),
    ("附表A、A2、C、D、E", "上报表式，单位亩。程序没有数据的栏目为浅黄，留待填写，填后颜色消失；核对栏不平标红"),
)  # fmt: skip


def fill_notes(sheet: Worksheet, styles: Styles, data: BookData) -> None:
    """Write the notes: the result in short, the basis of the figures, how to read the sheets."""
    heading, ranking, county, defects = data.heading, data.ranking, data.county, data.defects
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    sheet.set_row(0, 30)
    title = f"{heading.subject} 工作簿{heading.mark}"
    sheet.write_string(0, 0, safe(title), styles.head("title"))
    sheet.write_string(1, 0, safe(heading.notice), styles.head("notice"))
    sections = (
        (
            "结果摘要（疑似）",
            [*_county(county, heading), *_over(ranking, heading), *_counts(defects)],
        ),
        ("口径与依据", [*heading.basis(), ("检查名称", heading.inspection)]),
        ("怎样读", list(_LIMITS)),
        ("各表", list(_SHEETS)),
    )
    y = 2
    for title, pairs in sections:
        y += 1
        sheet.write_string(y, 0, title, styles.head("section"))
        sheet.write_blank(y, 1, None, styles.head("section"))
        for name, text in pairs:
            y += 1
            lines = -(-width(safe(text)) // _TEXT_WIDTH)
            sheet.set_row(y, max(lines, 1) * _LINE_HEIGHT)
            sheet.write_string(y, 0, name, styles.head("key"))
            sheet.write_string(y, 1, safe(text), styles.head("value"))
        y += 1


def _county(county: pd.DataFrame, heading: Heading) -> list[tuple[str, str]]:
    pairs = []
    for record in county.to_dict("records"):
        ratio = record[heading.official.value]
        verdict = (
            ""
            if is_null(ratio)
            else f"，{'疑似' if record['is_accountable'] else '未'}{line_text(heading.county)}"
        )
        text = f"{heading.official_label} {ratio_text(ratio, heading.county.ratio)}{verdict}；整改前 {ratio_text(record['ratio_gross'], heading.county.ratio)}"
        illegal, whole = (
            record["illegal_farmland_m2"],
            record[f"{heading.denominator.value}_m2"],
        )
        pairs += [
            ("全县占耕比", text),
            ("违法占用耕地", f"{m2_text(illegal)} ㎡（{mu_text(illegal)} 亩）"),
            (heading.denominator.label, f"{m2_text(whole)} ㎡（{mu_text(whole)} 亩）"),
        ]
    return pairs


def _over(ranking: pd.DataFrame, heading: Heading) -> list[tuple[str, str]]:
    over = ranking[ranking["is_accountable"].astype(bool)].sort_values(
        ["rank", "township_code"]
    )
    names = [
        f"{safe(record['township_name']) or safe(record['township_code'])} "
        f"{ratio_text(record[heading.official.value], heading.township.ratio)}"
        for record in over.head(_NAMED).to_dict("records")
    ]
    more = "等" if len(over) > _NAMED else ""
    listed = f"：{'、'.join(names)}{more}" if names else ""
    return [
        (
            "触线乡镇",
            f"{len(over)} 个{line_text(heading.township)}，共 {len(ranking)} 个{listed}",
        )
    ]


def _counts(defects: pd.DataFrame) -> list[tuple[str, str]]:
    counts = Counter(defects["severity"])
    parts = [f"{SEVERITY_LABELS[s]} {counts[s]} 条" for s in SEVERITIES if counts[s]]
    return [("输入问题", "，".join(parts) or "无")]
