"""Rows of the working copies held against the run and the ledger (逐行核对)."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import shapely

from pipeline.errors import Finding, refusal
from pipeline.io.grid import Cell
from pipeline.io.review_copies import Row
from pipeline.runner.receiving import columns as read
from pipeline.runner.review.answers import Answer, Wrong, is_blank, read_answer
from pipeline.runner.review.facts import Facts, fact_text
from pipeline.runner.review.standing import Standing
from pipeline.schema.review import FACTS, GROUNDS, KEY, RULED_WORDS
from pipeline.schema.table import Kind
from pipeline.units import m2_text

Key = tuple[str, str]
_MILLIMETRE = 0.001
_NEW_SHEET = "重新 make review,在新表里按新的情况认定;旧表的这一行清空"
_UNDO = "这些列由系统填写:改回去,或在新的复核表里认定"


@dataclass(frozen=True)
class Accepted:
    """A ruling that may go into the ledger (采纳的认定), and where it was written."""

    key: Key
    answer: Answer
    file: Path
    place: str
    sheet_run: str


@dataclass
class Outcome:
    """What came of the rows (读回结果): every row with a ruling is in one of the three."""

    accepted: list[Accepted] = field(default_factory=list)
    known: int = 0  # in the ledger already
    refused: list[Finding] = field(default_factory=list)
    unsigned: int = 0  # rows with who or when but neither verdict nor reason

    @property
    def refused_rows(self) -> int:
        """How many rows were refused; a row may have several reasons."""
        return len({(one.layer, one.record) for one in self.refused})


class Checker:
    """Holds rows against the facts of the run and the rulings that stand (核对)."""

    def __init__(self, facts: Facts, standing: Standing) -> None:
        """Index the facts by key and by fingerprint."""
        rows: list[dict[str, Any]] = facts.frame.to_dict("records")
        self.run_id, self._standing = facts.run_id, standing
        self._facts = {(row[KEY[0]], row[KEY[1]]): row for row in rows}
        self._changes = sorted({change_id for change_id, _ in self._facts})
        self._sealed = {row["fingerprint"]: key for key, row in self._facts.items()}

    def fact(self, key: Key) -> dict[str, Any]:
        """Return the facts of a change in a township."""
        return self._facts[key]

    def check(self, copies: Iterable[tuple[Path, list[Row]]]) -> Outcome:
        """Return what came of every row of every copy."""
        outcome = Outcome()
        for file, rows in copies:
            for row in rows:
                if is_blank(row.values):
                    named = (row.values.get("ruled_by"), row.values.get("ruled_on"))
                    outcome.unsigned += any(read.text(one) for one in named)
                else:
                    self._one(file, row, outcome)
        _refuse_disagreements(outcome)
        return outcome

    def _one(self, file: Path, row: Row, outcome: Outcome) -> None:
        key = _key(row)
        answer = read_answer(row.values)
        if isinstance(answer, Answer) and answer in self._standing.same(*key):
            outcome.known += 1
            return
        wrong = [*self._place(key, row), *(answer if isinstance(answer, list) else ())]
        if isinstance(answer, Answer) and not wrong:
            wrong = list(self._against_ledger(key, answer))
        if wrong:
            outcome.refused += [_finding(file, row.place, key, one) for one in wrong]
        elif isinstance(answer, Answer):
            sheet_run = read.text(row.values.get("run_id")) or ""
            outcome.accepted.append(Accepted(key, answer, file, row.place, sheet_run))

    def _place(self, key: Key, row: Row) -> list[Wrong]:
        """Return what is wrong with the row itself: its key, its facts, its shape."""
        if not all(key):
            what = "没有图斑编号或乡镇代码"
            return [Wrong("missing-key", what, "在系统写出的行里认定,不要新加行")]
        if key not in self._facts:
            near = get_close_matches(key[0], self._changes, n=3, cutoff=0.6)
            fix = f"相近的编号:{'、'.join(near)}" if near else "核对图斑编号和乡镇代码"
            return [Wrong("unknown-key", "这次运行里没有这个图斑和乡镇", fix)]
        sealed = read.code(row.values.get("fingerprint"))
        if sealed == self._facts[key]["fingerprint"]:
            return [*self._changed(key, row), *self._redrawn(key, row)]
        if sealed is None or (other := self._sealed.get(sealed)) is None:
            return [self._stale(key, row)]
        what = f"行指纹是图斑 {' '.join(other)} 的:可能只排序或移动了一部分列"
        return [Wrong("mixed-row", what, "撤销排序,排序时选中整张表")]

    def _stale(self, key: Key, row: Row) -> Wrong:
        changes = "、".join(
            f"{FACTS[name].label} {old or '空'} → {new or '空'}"
            for name, old, new in self._differing(key, row, GROUNDS)
        )
        what = f"写表以后,系统的认定依据变了:{changes or '行指纹对不上'}"
        return Wrong("stale-row", what, _NEW_SHEET)

    def _changed(self, key: Key, row: Row) -> Iterator[Wrong]:
        """Yield the machine's columns that were edited; wording only within the same run."""
        is_same_run = read.code(row.values.get("run_id")) == self.run_id
        for name, old, new in self._differing(key, row, FACTS if is_same_run else GROUNDS):
            what = f"系统列“{FACTS[name].label}”被改动:应为 {new or '空'},表中是 {old or '空'}"
            yield Wrong("changed-machine-column", what, _UNDO)

    def _differing(
        self, key: Key, row: Row, names: Collection[str]
    ) -> list[tuple[str, str, str]]:
        """Return the columns that the row has otherwise: name, as written, as it is now."""
        fact, found = self._facts[key], []
        for name in names:
            old, new = _comparable(name, row.values.get(name)), _comparable(name, fact[name])
            if name in row.values and old != new:
                found.append((name, old, new))
        return found

    def _redrawn(self, key: Key, row: Row) -> Iterator[Wrong]:
        if not row.has_shape:
            return
        ours = self._facts[key]["geometry"]
        theirs = row.shape if row.shape is not None else shapely.MultiPolygon()
        both = shapely.normalize([_multi(ours), _multi(theirs)])
        if not shapely.equals_exact(*both, tolerance=_MILLIMETRE):
            what = (
                f"图形被改动:应为 {m2_text(ours.area)} ㎡(平面),"
                f"图层中是 {m2_text(theirs.area)} ㎡,或节点移动了"
            )
            yield Wrong("changed-shape", what, "复核图层只填认定;图形有误请在原始数据中改正")

    def _against_ledger(self, key: Key, answer: Answer) -> Iterator[Wrong]:
        for before in self._standing.same(*key):
            word = RULED_WORDS[before.verdict]
            if before.ruled_on == answer.ruled_on and before.verdict != answer.verdict:
                what = f"与台账中同一天({before.ruled_on},{before.ruled_by})的认定“{word}”不同"
                yield Wrong("rulings-contradict", what, "改认定请写新的日期")
            elif before.ruled_on > answer.ruled_on:
                what = f"台账中已有更晚的认定“{word}”({before.ruled_on},{before.ruled_by}),写了也不起作用"
                yield Wrong("older-than-ruling", what, "要改变它,写更晚的认定日期")


def _key(row: Row) -> Key:
    values = (row.values.get(name) for name in KEY)
    change_id, township_code = (
        "" if isinstance(value, Cell) else read.code(value) or "" for value in values
    )
    return change_id, township_code


def _multi(shape: Any) -> Any:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape


def _comparable(name: str, value: object) -> str:
    """Return a cell as text that does not depend on how a program keeps it."""
    if isinstance(value, Cell):
        return f"({value.why})"
    if FACTS[name].kind in {Kind.AREA_M2, Kind.NUMBER}:
        number = read.number(read.code(value) or "")
        return fact_text(value) if number is None else fact_text(float(number))
    return " ".join(unicodedata.normalize("NFKC", fact_text(value)).split())


def _refuse_disagreements(outcome: Outcome) -> None:
    """Refuse rulings of one change that differ among what was handed in; count repeats once."""
    by_key: dict[Key, list[Accepted]] = {}
    for one in outcome.accepted:
        by_key.setdefault(one.key, []).append(one)
    outcome.accepted = []
    for several in by_key.values():
        if len({one.answer for one in several}) == 1:
            outcome.accepted.append(several[0])
            outcome.known += len(several) - 1
            continue
        told = ";".join(
            f"{one.file.name} {one.place}:{RULED_WORDS[one.answer.verdict]}({one.answer.ruled_on})"
            for one in several
        )
        wrong = Wrong("answers-disagree", f"同一图斑有不同的认定:{told}", "只留一条")
        outcome.refused += [_finding(one.file, one.place, one.key, wrong) for one in several]


def _finding(file: Path, place: str, key: Key, wrong: Wrong) -> Finding:
    record = " ".join(part for part in (*key, place) if part)
    return refusal(file.name, record, wrong.code, wrong.what, wrong.fix)


def side_effects(fact: Mapping[str, Any], answer: Answer) -> str | None:
    """Return what a ruling takes along: it reaches all of the change in the township."""
    parts = {"legal": "合法", "other": "其他"}
    along = [
        f"建议{word}的 {m2_text(fact[f'{verdict}_m2'])} ㎡"
        for verdict, word in parts.items()
        if verdict != answer.verdict and fact[f"{verdict}_m2"] > 0
    ]
    ruled = RULED_WORDS[answer.verdict]
    return f"连同系统{'、'.join(along)} 一并认定为{ruled}" if along else None
