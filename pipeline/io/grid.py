"""A ledger's sheet as cells, before its header is known (工作表)."""

from dataclasses import dataclass, field
from typing import Any


class UnreadableLedger(Exception):
    """The file is no ledger that can be read; the message says why, in Chinese."""


@dataclass(frozen=True)
class Cell:
    """A value that cannot be used as it stands, with the reason (有问题的单元格)."""

    why: str


@dataclass
class Grid:
    """One sheet: row number → column number → value; blanks are absent (工作表).

    ``filled`` are the cells that took the value of a merged range, ``struck_rows`` those whose
    every cell is struck through; ``damage`` says where a text broke off; ``formulas`` are the
    cells of a workbook that were computed, not typed; ``from_1904`` tells that the workbook counts
    its days from 1904 (日期系统), which shows in no plain number.
    """

    name: str
    rows: dict[int, dict[int, Any]]
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    damage: str = ""
    filled: set[tuple[int, int]] = field(default_factory=set)
    struck_rows: frozenset[int] = frozenset()
    formulas: set[tuple[int, int]] = field(default_factory=set)
    from_1904: bool = False
    hidden_columns: frozenset[int] = frozenset()
