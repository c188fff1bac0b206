"""Values of the tables as words people read (单元格文字)."""

from datetime import date, datetime

from pipeline.report.figures import is_null
from pipeline.report.safe_text import safe
from pipeline.schema.review import RULED_WORDS
from pipeline.terms import ApprovalKind, Verdict

_VERDICTS = {str(verdict): verdict.label for verdict in Verdict}
_KINDS = {str(kind): kind.label for kind in ApprovalKind}


def cell_text(value: object) -> str:
    """Return a value as text: 是 or 否, ISO dates, numbers without idle zeros, null empty."""
    if is_null(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return safe(value)


def verdict_label(verdict: object) -> str:
    """Return the Chinese word for a verdict, — where there is none."""
    return "—" if is_null(verdict) else _VERDICTS.get(str(verdict), safe(verdict))


def ruled_label(verdict: object) -> str:
    """Return the Chinese word of a verdict that a person signed: 违法, no longer 疑似."""
    return RULED_WORDS.get(str(verdict), verdict_label(verdict))


def kind_label(kind: object) -> str:
    """Return the Chinese word for a kind of approval."""
    return "" if is_null(kind) else _KINDS.get(str(kind), safe(kind))
