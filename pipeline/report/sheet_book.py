"""Evidence sheets typeset as the bundle of a township (图斑核查单分册)."""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.report.evidence_sheet import Context, Sheet
from pipeline.report.heading import CLUE
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe, shorten
from pipeline.report.typesetting import TEMPLATES, typeset, typeset_png

_TEMPLATE = TEMPLATES / "sheet.typ"
_AT_ONCE = 20  # pages that are pictures in memory at the same time


def bundle_pdf(sheets: Sequence[Sheet], township: str, context: Context) -> bytes:
    """Return the PDF of a township's sheets, a page and a bookmark each."""
    return typeset(_TEMPLATE, *_together(sheets, township, context))


def sheet_pngs(sheets: Sequence[Sheet], township: str, context: Context) -> Iterator[bytes]:
    """Yield the page of every sheet as PNG, 150 dots an inch."""
    for start in range(0, len(sheets), _AT_ONCE):
        part = sheets[start : start + _AT_ONCE]
        yield from typeset_png(_TEMPLATE, *_together(part, township, context))


def _together(
    sheets: Sequence[Sheet], township: str, context: Context
) -> tuple[dict[str, Any], dict[str, bytes]]:
    pictures = {name: picture for sheet in sheets for name, picture in sheet.pictures.items()}
    data = {
        "run": {**run_data(context), "township": township},
        "sheets": [sheet.data for sheet in sheets],
    }
    return data, pictures


def run_data(context: Context) -> dict[str, object]:
    """Return what every page says of the run."""
    heading = context.heading
    as_of = heading.as_of
    basis = (heading.pack_title, heading.area_label, heading.crs, f"截止日 {as_of.isoformat()}")
    return {
        "title": f"图斑核查单{heading.mark}",
        "subject": heading.subject,
        "notice": shorten(printed(safe(heading.notice)), 40),
        "inspection": heading.inspection,
        "clue": CLUE,
        "date": [as_of.year, as_of.month, as_of.day],
        "crs": heading.crs,
        "basis": printed("；".join(basis)),
        "sources": list(context.sources),
    }
