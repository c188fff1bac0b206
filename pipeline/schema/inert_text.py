"""Text in a CSV that no spreadsheet takes for a formula (公式中和), and its way back."""

import re

# Excel and WPS read a cell that begins with one of these as a formula, full-width ones too where
# the system is Chinese; blanks, tabs and line ends before it do not help.
_FORMULA = re.compile(r"[\s\0]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n\0]")
_MARK = "'"


def inert(text: str) -> str:
    """Return a text that stays text in a spreadsheet: an apostrophe goes before a formula."""
    return _MARK + text if _FORMULA.match(text) else text


def as_meant(cell: str) -> str:
    """Return what ``inert`` was given."""
    return cell[1:] if cell.startswith(_MARK) and _FORMULA.match(cell[1:]) else cell
