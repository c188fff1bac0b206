"""New rows at the end of a CSV ledger, every byte of the old ones kept (台账追加)."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import Refused, refusal
from pipeline.io.csv_grid import DELIMITERS, read_csv_grids
from pipeline.io.files import replace_file
from pipeline.io.ledger_header import Header, find_header
from pipeline.schema.inert_text import inert

_BOM = b"\xef\xbb\xbf"


def append_rows(
    path: Path, rows: Sequence[Mapping[str, str]], labels: Mapping[str, str]
) -> None:
    """Add rows (column → text) under the columns that the file has, as it is written.

    Encoding, delimiter and line ends are its own; a file that is not there is begun in UTF-8
    with BOM. ``labels`` are the columns with their Chinese names; a header may use either. Raises
    ``Refused`` where one of them is missing, ``PipelineError`` where the file is in use.
    """
    if not path.exists():
        replace_file(path, _BOM + _lines([list(labels)], ",", "\n").encode())
    old = path.read_bytes()
    header, places = _columns(path, labels)
    grids, encoding = read_csv_grids(path)
    delimiter = next(
        sign for sign, grid in zip(DELIMITERS, grids, strict=True) if grid == header.grid
    )
    width = max(header.names)
    cells = [["" for _ in range(width)] for _ in rows]
    for line, row in zip(cells, rows, strict=True):
        for column, text in row.items():
            line[places[column] - 1] = inert(text)
    end = _line_end(old)
    text = _lines(cells, delimiter, end)
    ended = not old.removeprefix(_BOM) or old.endswith((b"\n", b"\r"))
    replace_file(path, old + _encoded(text if ended else end + text, encoding))


def _columns(path: Path, labels: Mapping[str, str]) -> tuple[Header, dict[str, int]]:
    """Return the header and the place of every column in it."""
    grids, _ = read_csv_grids(path)
    header = find_header(grids, {*labels, *labels.values()})
    names = {} if header is None else {name: place for place, name in header.names.items()}
    places = {
        column: names.get(column, names.get(label, 0)) for column, label in labels.items()
    }
    missing = [f"{column}({labels[column]})" for column, place in places.items() if not place]
    if header is None or missing:
        what = f"{path.name} 的表头(header)没有列 {'、'.join(missing)},认定写不进去"
        fix = f"在表头补上:{','.join(labels)}"
        raise Refused([refusal("rulings", path.name, "missing-column", what, fix)])
    return header, places


def _lines(rows: Sequence[Sequence[str]], delimiter: str, end: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def _line_end(data: bytes) -> str:
    ends = (("\r\n", b"\r\n"), ("\n", b"\n"), ("\r", b"\r"))
    return next((end for end, sign in ends if sign in data), "\n")


def _encoded(text: str, encoding: str) -> bytes:
    """Return text as the file has it; what GBK lacks is in GB18030, which reads it too."""
    if encoding == "UTF-8":
        return text.encode()
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        return text.encode("gb18030")
