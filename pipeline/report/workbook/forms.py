"""The sheets of the official layouts (附表): A, A2, C, D, E."""

from collections.abc import Iterator

import pandas as pd

from pipeline.report.safe_text import safe
from pipeline.report.workbook.columns import form_columns
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.parcel_rows import breach_rows, ledger_rows, parcel_rows
from pipeline.report.workbook.results import parted, titled
from pipeline.report.workbook.sheet import Sheet
from pipeline.report.workbook.unit_rows import rectification_rows, summary_rows
from pipeline.schema.forms import Form
from pipeline.schema.parcel_forms import BREACHES, FIELDS_2026, LEDGER
from pipeline.schema.unit_forms import RECTIFICATION, SUMMARY


def form_sheets(data: BookData) -> Iterator[Sheet]:
    """Yield the forms that a county hands up."""
    parcels = parcel_rows(data)
    yield from parted(_sheet(data, LEDGER, ledger_rows(data, parcels)))
    yield from parted(_sheet(data, FIELDS_2026, parcels))
    yield _sheet(data, SUMMARY, summary_rows(data), has_total=True)
    yield _sheet(data, RECTIFICATION, rectification_rows(data), has_total=True)
    yield _sheet(data, BREACHES, breach_rows(data, parcels))


def _sheet(
    data: BookData, form: Form, frame: pd.DataFrame, *, has_total: bool = False
) -> Sheet:
    heading = data.heading
    rows = ["plain"] * len(frame)
    if has_total:
        rows[-1] = "total"
    notice = f"【{heading.notice}】" if heading.notice else ""
    basis = (
        f"{notice}单位：亩　｜　浅黄各栏程序没有数据，待填　｜　{form.note}　｜　"
        f"截止日 {heading.as_of}　｜　{heading.pack_title}"
    )
    title = titled(heading, f"{form.title}")
    columns = form_columns(form, frame)
    return Sheet(form.sheet, columns, rows, form.frozen, title, safe(basis))
