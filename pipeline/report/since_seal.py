"""What differs from a sealed run (与封存的差别): a few lines to print, and the whole as a table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.report.cells import cell_text, verdict_label
from pipeline.report.figures import is_null, rank_text, ratio_text
from pipeline.report.heading import Heading
from pipeline.report.safe_text import safe, shorten
from pipeline.schema.table import Column, Kind, Table
from pipeline.units import mu_text

SINCE_SEAL = Table(
    name="since_seal",
    label="与封存的差别",
    columns=(
        Column("unit_kind", "类别", Kind.TEXT),
        Column("unit_code", "编号", Kind.CODE),
        Column("township", "乡镇", Kind.TEXT, required=False),
        Column("measure", "项目", Kind.TEXT),
        Column("sealed", "封存时", Kind.TEXT, required=False),
        Column("now", "现在", Kind.TEXT, required=False),
    ),
    key=(),
)
CHANGE, TOWNSHIP, COUNTY = "图斑", "乡镇", "全县"
VERDICT, RATIO, SIDE = "结论", "占耕比", "触线"
_LISTED = 5  # changes, and townships, named on the screen
_LONGEST = 24
Record = Mapping[Any, Any]


def since_table(
    changes: pd.DataFrame,
    townships: pd.DataFrame,
    county: tuple[Record, Record],
    headings: tuple[Heading, Heading],
    names: Mapping[str, str],
) -> pd.DataFrame:
    """Return every difference as a row of ``SINCE_SEAL``, the sealed run first in every pair.

    ``changes`` and ``townships``: see ``stages.compare.Difference``; ``names``: township code →
    name.
    """
    rows = [
        *_county_rows(county, headings),
        *(row for record in _records(townships) for row in _township_rows(record, headings)),
        *(row for record in _records(changes) for row in _change_rows(record, headings, names)),
    ]
    return pd.DataFrame(rows, columns=SINCE_SEAL.names)


def since_lines(table: pd.DataFrame, name: str) -> list[str]:
    """Return what differs in a few lines; ``name`` is the sealed run's."""
    if table.empty:
        return [f"与封存 {name} 相比：结论、占耕比、名次都没有变"]
    verdicts = table[(table["unit_kind"] == CHANGE) & (table["measure"] == VERDICT)]
    ratios = table[(table["unit_kind"] == TOWNSHIP) & (table["measure"] == RATIO)]
    county = table[(table["unit_kind"] == COUNTY) & (table["measure"] == RATIO)]
    units = table.groupby("unit_kind")["unit_code"].nunique()
    changes, townships = (units.get(kind, 0) for kind in (CHANGE, TOWNSHIP))
    counts = f"结论变了的图斑 {len(verdicts)} 个，占耕比变了的乡镇 {len(ratios)} 个"
    more = f"规则、面积也算，有变化的图斑 {changes} 个、乡镇 {townships} 个"
    lines = [f"与封存 {name} 相比：{counts}；{more}"]
    sides = table[(table["unit_kind"] == TOWNSHIP) & (table["measure"] == SIDE)]
    for word, side in (("新触线", cell_text(True)), ("不再触线", cell_text(False))):  # noqa: FBT003
        crossed = sides.loc[sides["now"] == side, "township"]
        if len(crossed):
            lines.append(
                f"  {word}的乡镇 {len(crossed)} 个：{'、'.join(crossed.head(_LISTED))}"
            )
    for part in (county, ratios, verdicts):
        lines += [f"  {_line(record)}" for record in _records(part.head(_LISTED))]
        if len(part) > _LISTED:
            lines.append(f"  ……另有 {len(part) - _LISTED} 个")
    return lines


def _line(record: Record) -> str:
    who = {
        CHANGE: f"图斑 {record['unit_code']} {record['township']}",
        TOWNSHIP: str(record["township"] or record["unit_code"]),
        COUNTY: COUNTY,
    }[record["unit_kind"]]
    return f"{who.strip()}：{record['sealed']} → {record['now']}"


def _county_rows(
    county: tuple[Record, Record], headings: tuple[Heading, Heading]
) -> Iterator[tuple[str, ...]]:
    ratios = [
        ratio_text(record[heading.official.value], heading.county.ratio)
        for record, heading in zip(county, headings, strict=True)
    ]
    areas = [mu_text(record["illegal_farmland_m2"]) for record in county]
    for measure, (sealed, now) in ((RATIO, ratios), ("违法占用耕地（亩）", areas)):
        if sealed != now:
            code, name = (safe(county[1][key]) for key in ("county_code", "county_name"))
            yield COUNTY, code, name, measure, sealed, now


def _township_rows(
    record: Record, headings: tuple[Heading, Heading]
) -> Iterator[tuple[str, ...]]:
    lines = [heading.township.ratio for heading in headings]
    code, name = str(record["township_code"]), shorten(safe(record["township_name"]), _LONGEST)
    for measure, column, word in (
        (RATIO, "official", lambda value, end: ratio_text(value, lines[end])),
        ("名次", "rank", lambda value, _: rank_text(value)),
        (SIDE, "is_accountable", lambda value, _: cell_text(value)),
        ("违法占用耕地（亩）", "illegal_farmland_m2", _area),
        ("新增建设占用耕地（亩）", "new_farmland_m2", _area),
    ):
        if pair := _pair(record, column, word):
            yield TOWNSHIP, code, name, measure, *pair


def _change_rows(
    record: Record, headings: tuple[Heading, Heading], names: Mapping[Any, Any]
) -> Iterator[tuple[str, ...]]:
    code, township = safe(record["change_id"]), record["township_code"]
    place = shorten(safe(names.get(township, township)), _LONGEST)
    for measure, column, word in (
        (VERDICT, "verdict", lambda value, _: verdict_label(value)),
        ("规则", "rule_id", lambda value, end: headings[end].rule_name(value)),
        ("违法占用耕地（亩）", "illegal_farmland_m2", _area),
    ):
        if pair := _pair(record, column, word):
            yield CHANGE, code, place, measure, *pair


def _pair(
    record: Record, column: str, word: Callable[[Any, int], str]
) -> tuple[str, str] | None:
    """Return both values in words, nothing where they are the same."""
    before, after = record[f"{column}_before"], record[f"{column}_after"]
    if (is_null(before) and is_null(after)) or before == after:
        return None
    sealed, now = (
        "" if is_null(one) else word(one, end) for end, one in enumerate((before, after))
    )
    if sealed == now:  # the difference is smaller than what is printed
        sealed, now = f"{sealed}（{before}）", f"{now}（{after}）"
    return sealed or "（没有）", now or "（没有）"


def _area(value: Any, _: int) -> str:
    return mu_text(value)


def _records(frame: pd.DataFrame) -> Sequence[Record]:
    return frame.to_dict("records")
