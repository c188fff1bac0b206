"""A table shown well in a notebook (表格): words to the left, figures to the right, no row numbers."""

import hashlib

import pandas as pd
from pandas.io.formats.style import Styler

from pipeline.report.palette import FAINT, GRID
from pipeline.report.safe_text import safe

_ROWS = 30
_SHORT = 24  # characters that stay in one line
# As ratios and amounts are written; whole numbers in text are codes.
_FIGURES = r"(?:-?[\d,]+(?:\.\d+)?(?:%| ㎡)|-?[\d,]+\.\d+|无|—)?"
_STYLES = [
    {"selector": "", "props": "border-collapse:collapse;table-layout:auto"},
    {
        "selector": "thead th",
        "props": f"font-weight:600;border-bottom:1px solid {FAINT};vertical-align:bottom",
    },
    {
        "selector": "tbody th",
        "props": f"font-weight:400;border-bottom:1px solid {GRID};text-align:left;white-space:nowrap",
    },
    {"selector": "td", "props": f"border-bottom:1px solid {GRID};vertical-align:top"},
    {
        "selector": "th, td",
        "props": "padding:4px 14px 4px 0;max-width:34em;white-space:normal",
    },
    {"selector": "caption", "props": "caption-side:bottom;text-align:left"},
]


def show(frame: pd.DataFrame, rows: int = _ROWS) -> Styler:
    """Return a table to look at: at most ``rows`` rows, figures with two decimals.

    The row labels are shown where they are words. Nothing of the table is changed.
    """
    table = _spelt(pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).head(rows))
    whole = [name for name in table if pd.api.types.is_integer_dtype(table[name].dtype)]
    sides = {name: _column_style(table[name]) for name in table}
    styler = (
        Styler(table, uuid=_name(table), cell_ids=False)
        .format(precision=2, thousands=",", na_rep="", escape="html")
        .format("{:d}", subset=whole, na_rep="")
        .format_index(escape="html", axis="columns")
        .set_table_styles(_STYLES)  # type: ignore[arg-type]
        .set_table_styles(sides, overwrite=False)  # type: ignore[arg-type]
    )
    if table.index.dtype.kind in "iu":
        styler = styler.hide(axis="index")
    else:
        styler = styler.format_index(escape="html", axis="index")
    if len(frame) > rows:
        styler = styler.set_caption(f"共 {len(frame)} 行，显示前 {rows} 行")
    return styler


def _spelt(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in whose words and headers nothing can steer a screen."""
    words = table.select_dtypes(["object", "string", "category"])
    table = table.assign(**{str(name): words[name].map(_word) for name in words})
    return table.rename(columns=_word, index=_word)


def _word(value: object) -> object:
    return safe(value) if isinstance(value, str) else value


def _name(table: pd.DataFrame) -> str:
    """Return what tells the table's style from that of others on the page: its content."""
    return hashlib.sha256(table.to_csv().encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _column_style(values: pd.Series) -> list[dict[str, str]]:
    """Return how a column is set: short words and figures in one line, long text wrapped."""
    words = values.dropna().astype(str)
    is_figures = pd.api.types.is_numeric_dtype(values.dtype) or (
        words.ne("").any() and words.str.fullmatch(_FIGURES).all()
    )
    side = "right" if is_figures else "left"
    is_long = not is_figures and words.str.len().max() > _SHORT
    fit = "min-width:14em" if is_long else "white-space:nowrap"
    return [
        {"selector": "th", "props": f"text-align:{side};min-width:3.2em"},
        {"selector": "td", "props": f"text-align:{side};{fit}"},
    ]
