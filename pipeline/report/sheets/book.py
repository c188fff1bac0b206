"""Evidence sheets typeset as the bundle of a township (图斑核查单分册)."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PdfReader, PdfWriter

from pipeline.report.fonts import drawable
from pipeline.report.heading import CLUE
from pipeline.report.maps.png_text import with_text
from pipeline.report.palette import VERDICTS
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe, shorten
from pipeline.report.sheets.sheet import Context, Sheet
from pipeline.report.typesetting import TEMPLATES, typeset, typeset_png

_TEMPLATE = TEMPLATES / "sheet.typ"
# Typesetting keeps some 4 MB a page until ten documents later: small documents keep it small.
_AT_ONCE = 10
_DPI = 150


def bundle_pdf(sheets: Sequence[Sheet], township: str, context: Context) -> bytes:
    """Return the PDF of a township's sheets, a page and a bookmark each."""
    parts = [
        typeset(_TEMPLATE, *part, is_tagged=False) for part in _parts(sheets, township, context)
    ]
    return parts[0] if len(parts) == 1 else _joined(parts)


def sheet_pngs(sheets: Sequence[Sheet], township: str, context: Context) -> Iterator[bytes]:
    """Yield the page of every sheet as PNG, each with its title."""
    for part in _parts(sheets, township, context):
        run = part[0]["run"]
        texts = {
            "Title": drawable(f"{run['subject']} {township} {run['title']}"),
            "Description": drawable(run["description"]),
        }
        yield from (
            with_text(page, texts, dpi=_DPI) for page in typeset_png(_TEMPLATE, *part, dpi=_DPI)
        )


def _parts(
    sheets: Sequence[Sheet], township: str, context: Context
) -> Iterator[tuple[dict[str, Any], dict[str, bytes]]]:
    """Yield data and pictures of a few pages at a time; each knows its place in the whole."""
    run = run_data(context) | {"township": township, "pages": len(sheets)}
    for start in range(0, len(sheets), _AT_ONCE):
        part = sheets[start : start + _AT_ONCE]
        pictures = {name: content for sheet in part for name, content in sheet.pictures.items()}
        yield (
            {"run": {**run, "first": start + 1}, "sheets": [one.data for one in part]},
            pictures,
        )


def _joined(parts: Sequence[bytes]) -> bytes:
    """Return documents one after the other, bookmarks and all, dated and titled as the first."""
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    writer.metadata = PdfReader(io.BytesIO(parts[0])).metadata
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def run_data(context: Context) -> dict[str, object]:
    """Return what every page says of the run."""
    heading = context.heading
    as_of = heading.as_of
    basis = (heading.pack_title, heading.area_label, heading.crs, f"截止日 {as_of.isoformat()}")
    return {
        "title": f"图斑核查单{heading.mark}",
        "subject": heading.subject,
        "description": heading.story_text(),
        "notice": shorten(printed(safe(heading.notice)), 40),
        "inspection": heading.inspection,
        "clue": CLUE,
        "date": [as_of.year, as_of.month, as_of.day],
        "crs": heading.crs,
        "basis": printed("；".join(basis)),
        "sources": list(context.sources),
        "fills": VERDICTS,
    }
