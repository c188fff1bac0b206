"""The second page of the review sheet (填写说明): how to rule, and what is refused on reading."""

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.report.heading import CLUE, Heading
from pipeline.report.palette import INK
from pipeline.report.safe_text import safe
from pipeline.report.text_table import width

_WIDTH, _LINE = 116, 18
_SECTIONS = (
    ("怎样填", (
        ("认定结论", "从下拉列表选：合法、违法、其他（不是新增建设）、存疑（还要再查）。不认定的行四列都留空。"),
        ("认定理由", "必填，一句话写明看了什么、凭什么，如“已核对批文原件，批准在先”。会印在台账和核查单上。"),
        ("认定人", "必填，签署的人。"),
        ("认定日期", "必填，写到日，如 2025-01-08。同一图斑以日期晚的认定为准；改认定要写新的日期。"),
        ("作用范围", "一行是一个图斑在一个乡镇（街道）里的全部面积，其中系统建议合法的部分也一并按认定计。跨乡镇的图斑每个乡镇一行。"),
    )),
    ("可以做的", (
        ("筛选、隐藏、调列宽", "都可以，不影响读回。"),
        ("排序", "先撤销工作表保护（审阅 → 撤销工作表保护，没有密码），再选中整张表排序；只排部分列会错行，读回时拒绝。"),
        ("分批交", "填一部分就可以读回一部分，表接着用；已读回的不会重复计。"),
        ("另存", "可以另存为别的名字的 .xlsx，读回时写明文件：make rulings FILE=路径 CONFIG=配置。"),
    )),
    ("读回时拒绝的", (
        ("系统列被改动", "灰色表头的列由系统填写，读回时逐格核对；改动的行不采纳。"),
        ("情况变了", "写表以后数据或规则变了、系统对这一图斑的依据不同了，这一行要在新表里重新认定。"),
        ("写得不全", "没有结论、理由、认定人、日期之一，或结论不在四个词里，或日期不存在、没有写到日。"),
        ("互相矛盾", "同一图斑同一天有不同的认定，或早于台账里已有的认定。"),
        ("拒绝以后", "对的行照样采纳；错的行列在 review/refused.csv，写明原因和办法，改好再读一次。"),
    )),
)  # fmt: skip


def fill_notes(sheet: Worksheet, book: Workbook, heading: Heading, run_id: str) -> None:
    """Write how to fill in the review sheet."""
    look = {"font_name": "宋体", "font_size": 10, "font_color": INK, "valign": "top"}
    title = book.add_format(look | {"font_size": 15, "bold": True})
    section = book.add_format(look | {"font_size": 11, "bold": True, "bottom": 1})
    key = book.add_format(look | {"bold": True})
    value = book.add_format(look | {"text_wrap": True})
    line = book.add_format(look)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, _WIDTH)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "填写说明", title)
    sheet.write_string(1, 0, safe(f"{heading.subject}　{heading.notice}".rstrip()), line)
    sheet.write_string(2, 0, f"{CLUE}；认定由签署的人负责。运行编号 {run_id}", key)
    y = 3
    for name, pairs in _SECTIONS:
        y += 1
        sheet.write_string(y, 0, name, section)
        sheet.write_blank(y, 1, None, section)
        for label, text in pairs:
            y += 1
            sheet.set_row(y, -(-width(text) // _WIDTH) * _LINE)
            sheet.write_string(y, 0, label, key)
            sheet.write_string(y, 1, text, value)
        y += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.protect("")
