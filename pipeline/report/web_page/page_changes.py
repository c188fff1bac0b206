"""The changes of a page column by column, with all that speaks for and against them (网页图斑)."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.report.cells import cell_text
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe
from pipeline.report.sheets.names import SheetNames
from pipeline.report.web_page.english import english
from pipeline.report.web_page.page_rings import Origin, rings_of
from pipeline.report.web_page.page_words import act_words, kind_words, rule_words
from pipeline.report.web_page.pool import NOTHING, Pool
from pipeline.terms import VERDICT_PRECEDENCE
from pipeline.units import to_units

AREAS = (
    *("area_m2", "farmland_m2", "permanent_farmland_m2"),
    *("illegal_m2", "doubtful_m2", "legal_m2", "other_m2", "outside_m2"),
    *("illegal_farmland_m2", "illegal_permanent_farmland_m2"),
)
_VERDICTS = {verdict.value: number for number, verdict in enumerate(VERDICT_PRECEDENCE)}
_Record = Mapping[Hashable, Any]
_Grouped = dict[str, list[_Record]]


@dataclass
class Lexicon:
    """What the columns name by number (编号表): texts, rules, acts, reasons, approvals."""

    heading: Heading
    towns: Mapping[str, int]
    names: SheetNames
    texts: Pool = field(default_factory=Pool)
    rules: dict[str, int] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    whys: dict[tuple[int, ...], int] = field(default_factory=dict)
    approvals: dict[tuple[str, str], int] = field(default_factory=dict)

    def tables(self) -> dict[str, object]:
        """Return the numbered lists as the page reads them."""
        rules = [{"id": safe(rule), **rule_words(rule, self.heading)} for rule in self.rules]
        return {
            "texts": self.texts.texts,
            "english": {
                str(number): said
                for number, text in enumerate(self.texts.texts)
                if (said := english(text)) is not None
            },
            "rules": rules,
            "acts": [act_words(act) for act in self.acts],
            "whys": [list(why) for why in self.whys],
        }

    def why(self, record: _Record) -> int:
        """Return the number of why a piece is what it is: pieces alike are explained once."""
        act = NOTHING if is_null(record["act"]) else _number(self.acts, str(record["act"]))
        reason = (
            _number(self.rules, str(record["rule_id"])),
            verdict_number(record["proposed_verdict"]),
            verdict_number(record["ruled_verdict"]),
            act,
            self.texts(record["legal_basis"]),
            self.texts(_printed(record["missing_evidence"])),
        )
        return _number(self.whys, reason)


def change_columns(
    changes: pd.DataFrame,
    results: pd.DataFrame,
    evidence: Mapping[str, pd.DataFrame],
    lexicon: Lexicon,
    origin: Origin,
) -> dict[str, list[Any]]:
    """Return the columns of the changes in the order of ``results``.

    ``evidence``: pieces, coverage, constraints, rulings, rectifications, each with change_id.
    """
    received = _grouped(changes)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("id", "town", "verdict", "areas", "reason", "facts", "rings")
    }
    columns |= {name: [] for name in evidence}
    grouped = {name: _grouped(frame) for name, frame in evidence.items()}
    for record in results.to_dict("records"):
        change_id = str(record["change_id"])
        source = received[change_id][0]
        columns["id"].append(safe(change_id))
        columns["town"].append(lexicon.towns.get(str(record["township_code"]), NOTHING))
        columns["verdict"].append(verdict_number(record["verdict"]))
        columns["areas"].append([_units(record[name]) for name in AREAS])
        columns["reason"].append(lexicon.texts(_printed(record["reason"])))
        columns["facts"].append(_facts(source, lexicon))
        columns["rings"].append(rings_of(source["geometry"], origin))
        for name, rows in grouped.items():
            columns[name].append([_ROWS[name](row, lexicon) for row in rows.get(change_id, ())])
    return columns


def verdict_number(verdict: object) -> int:
    """Return the place of a verdict among the four, -1 for none."""
    return NOTHING if is_null(verdict) else _VERDICTS[str(verdict)]


def approval_rows(approvals: pd.DataFrame, lexicon: Lexicon, origin: Origin) -> list[object]:
    """Return the approvals that meet a change of the page: kind, number, date, outline.

    Who holds an approval may be a person and stays out.
    """
    parts: dict[tuple[str, str], list[_Record]] = {}
    for record in approvals.to_dict("records"):
        key = (str(record["approval_kind"]), str(record["approval_no"]))
        if key in lexicon.approvals:
            parts.setdefault(key, []).append(record)
    rows: list[object] = []
    for kind, number in lexicon.approvals:
        records = parts.get((kind, number), [])
        rings = [ring for record in records for ring in rings_of(record["geometry"], origin)]
        on, until = (_spans(records, name) for name in ("approved", "valid_until"))
        rows.append([kind_words(kind), safe(number), on, until, rings])
    return rows


def _facts(record: _Record, lexicon: Lexicon) -> list[int]:
    texts = lexicon.texts
    return [
        _named(record["change_type"], lexicon.names.change_type, texts),
        texts(_span(record, "before")),
        texts(_span(record, "after")),
    ]


def _named(code: object, name: Callable[[object], str], texts: Pool) -> int:
    """Return the number of a code with its name, -1 for no code."""
    return NOTHING if is_null(code) else texts(name(code))


def _piece(record: _Record, lexicon: Lexicon) -> list[int]:
    texts = lexicon.texts
    number = str(record["piece_id"]).removeprefix(f"{record['change_id']}-")
    return [
        texts(number),
        lexicon.towns.get(str(record["township_code"]), NOTHING),
        _named(record["land_class"], lexicon.names.land_class, texts),
        _flag(record["is_farmland"]),
        _flag(record["is_permanent_farmland"]),
        texts(record["plan_zone"]),
        texts(record["approval_no"]),
        _units(record["area_m2"]),
        _units(record["farmland_m2"]),
        verdict_number(record["verdict"]),
        lexicon.why(record),
        texts(record["counted_in"]),
    ]


def _covering(record: _Record, lexicon: Lexicon) -> list[int]:
    key = (str(record["approval_kind"]), str(record["approval_no"]))
    return [_number(lexicon.approvals, key), _units(record["area_m2"])]


def _constraint(record: _Record, lexicon: Lexicon) -> list[int]:
    return [lexicon.texts(record["constraint_name"]), _units(record["area_m2"])]


def _ruling(record: _Record, lexicon: Lexicon) -> list[int]:
    return [
        verdict_number(record["verdict"]),
        lexicon.texts(record["ruled_by"]),
        lexicon.texts(cell_text(record["ruled_on"])),
        lexicon.texts(_printed(record["reason"])),
        lexicon.towns.get(str(record["township_code"]), NOTHING),
    ]


def _rectification(record: _Record, lexicon: Lexicon) -> list[int]:
    return [
        lexicon.texts(record["method"]),
        _units(record["farmland_m2"]),
        lexicon.texts(_span(record, "accepted")),
        lexicon.texts(record["document"]),
    ]


_ROWS = {
    "pieces": _piece,
    "coverage": _covering,
    "constraints": _constraint,
    "rulings": _ruling,
    "rectifications": _rectification,
}


def _span(record: _Record, name: str) -> str:
    """Return a date, or from when to when where it is known only to the month or quarter."""
    first, last = (cell_text(record[f"{name}_{end}"]) for end in ("earliest", "latest"))
    return first if first == last else f"{first}/{last}"


def _spans(records: list[_Record], name: str) -> str:
    """Return the dates that the records of one approval bear, each once."""
    return "、".join(sorted({_span(record, name) for record in records} - {""}))


def _printed(text: object) -> str | None:
    return None if is_null(text) else printed(str(text))


def _grouped(frame: pd.DataFrame) -> _Grouped:
    rows: _Grouped = {}
    for record in frame.to_dict("records"):
        rows.setdefault(str(record["change_id"]), []).append(record)
    return rows


def _number(known: dict[Any, int], key: object) -> int:
    return known.setdefault(key, len(known))


def _flag(value: object) -> int:
    return NOTHING if is_null(value) else int(bool(value))


def _units(area_m2: object) -> int:
    return NOTHING if is_null(area_m2) else int(to_units(area_m2))  # type: ignore[arg-type]
