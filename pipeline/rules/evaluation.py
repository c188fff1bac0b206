"""Evaluate the conditions of a rule pack over the pieces (规则求值), by DuckDB.

Conditions are data: they are read as a parse tree first, and run in an in-memory database that
can open no file, no network and no setting. SQL's three values do the work: a condition on
missing evidence is NULL, neither true nor false.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.errors import Finding, Refused, refusal
from pipeline.rules.pack import Rule, RulePack
from pipeline.rules.parse_tree import Tree, names_used, objections
from pipeline.rules.vocabulary import (
    COLUMNS,
    EVIDENCE,
    LEGAL_PIECE_WORD,
    MACROS,
    SETTINGS,
    WORDS,
    Word,
)
from pipeline.terms import Verdict

Truth = npt.NDArray[np.int8]

_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}
_EXPRESSIONS = ("when", "dated", "regularised")

# A rule's id and one of its keys that hold conditions.
Place = tuple[str, str]


@dataclass(frozen=True)
class Parameters:
    """The settings that conditions may name."""

    has_supply_layer: bool
    sliver_width_m: Decimal
    sliver_area_m2: Decimal
    as_of: date


@dataclass(frozen=True)
class Truths:
    """What holds for which piece: 1 true, 0 false, -1 undecided; a row a rule, a column a piece."""

    when: Truth
    dated: Truth
    regularised: Truth
    missing: dict[str, npt.NDArray[np.bool_]]


def evaluate(pack: RulePack, facts: pd.DataFrame, parameters: Parameters) -> Truths:
    """Return the truth of every condition of ``pack`` for every row of ``facts``.

    ``facts`` are pieces with the columns of their change; a column that is not there is NULL.
    The pack must have passed ``check_pack``; a value that a condition cannot take is refused.
    """
    needed = _evidence_used(pack)
    with _connection() as database:
        used = _words_used(database, pack)
        _offer(database, facts, used, needed, parameters)
        truth = {what: _run(database, pack, what) for what in _EXPRESSIONS}
        shown = (
            ", ".join(f"({word.sql}) AS {word.name}" for word in needed) or "TRUE AS nothing"
        )
        missing = database.execute(f"SELECT {shown} FROM raw").fetchnumpy()  # noqa: S608
    flags = {word.name: np.asarray(missing[word.name], dtype=bool) for word in needed}
    return Truths(truth["when"], truth["dated"], truth["regularised"], flags)


def check_pack(pack: RulePack) -> list[Finding]:
    """Return a refusal for every condition that cannot be used, with the nearest known word."""
    with _connection() as database:
        trees = _trees(database, pack)
        findings = [
            _refusal(pack, ".".join(place), *objection)
            for place, tree in trees.items()
            for objection in objections(tree)
        ]
        findings += _unknown_evidence(pack)
        if not findings:
            findings += _wrong_types(database, pack)
            findings += _circular(pack, trees)
    return findings


def _unknown_evidence(pack: RulePack) -> Iterator[Finding]:
    for rule in pack.rules:
        for name in rule.needs:
            if name not in EVIDENCE:
                what = f"没有名为 {name} 的证据列"
                fix = "批准日期写 <批准类型>_on,如 conversion_on;其余写列名"
                yield _refusal(pack, f"{rule.id}.needs", what, fix)


def _wrong_types(database: duckdb.DuckDBPyConnection, pack: RulePack) -> Iterator[Finding]:
    """Yield the conditions that are not true or false, tried on a table without rows."""
    settings = Parameters(
        has_supply_layer=True,
        sliver_width_m=Decimal(1),
        sliver_area_m2=Decimal(1),
        as_of=date(2000, 1, 1),
    )
    nobody = pd.DataFrame(index=pd.RangeIndex(0))
    _offer(database, nobody, list(WORDS.values()), [], settings)
    conditions = _conditions(pack)
    try:
        if set(_types(database, *conditions.values())) == {"BOOLEAN"}:
            return
    except duckdb.Error:
        pass  # one of them cannot be read: found below
    for place, condition in conditions.items():
        try:
            (kind,) = _types(database, condition)
            came = f"{condition} 的结果是 {kind},不是真或假"
        except duckdb.Error as error:
            kind, came = "", f"{condition} 不能用:{_first_line(error)}"
        if kind != "BOOLEAN":
            yield _refusal(pack, ".".join(place), came, "写成比较或判断,类型要一致")


def _types(database: duckdb.DuckDBPyConnection, *conditions: str) -> list[str]:
    """Return the SQL type of each condition."""
    shown = ", ".join(f"{_bracketed(each)} AS r{n}" for n, each in enumerate(conditions))
    described = database.execute(f"DESCRIBE SELECT {shown} FROM pieces").fetchall()  # noqa: S608
    return [row[1] for row in described]


def _circular(pack: RulePack, trees: dict[Place, Tree]) -> Iterator[Finding]:
    """Yield rules that ask for a legal piece before every legal rule has been walked."""
    legal = [rule.verdict is Verdict.LEGAL for rule in pack.rules]
    ask = {place[0] for place, tree in trees.items() if LEGAL_PIECE_WORD in names_used(tree)}
    for number, rule in enumerate(pack.rules):
        if rule.id in ask and any(legal[number:]):
            what = f"{LEGAL_PIECE_WORD} 不能用在结论为 legal 的规则里或它们之前"
            yield _refusal(pack, rule.id, what, "把这条规则移到所有 legal 规则之后")


def _connection() -> duckdb.DuckDBPyConnection:
    """Return a connection with views of its own."""
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the one database of this process: making one takes as long as a hundred queries."""
    database = duckdb.connect(
        ":memory:", config={"enable_external_access": "false", "threads": "1"}
    )
    for macro in MACROS:
        database.execute(f"CREATE MACRO {macro.signature} AS {macro.body}")
    database.execute("SET lock_configuration = true")
    return database


def _conditions(pack: RulePack) -> dict[Place, str]:
    """Return every condition of a pack by its rule and key."""
    return {(rule.id, key): getattr(rule, key) for rule in pack.rules for key in _EXPRESSIONS}


def _trees(database: duckdb.DuckDBPyConnection, pack: RulePack) -> dict[Place, Tree]:
    """Return the parse tree of every condition."""
    conditions = _conditions(pack)
    sql = [f"SELECT {_bracketed(each)} FROM pieces" for each in conditions.values()]  # noqa: S608
    rows = database.execute("SELECT json_serialize_sql(unnest(?))", [sql]).fetchall()
    return {place: json.loads(text) for place, (text,) in zip(conditions, rows, strict=True)}


def _bracketed(condition: str) -> str:
    """Return a condition in brackets; the line break ends a comment in it."""
    return f"({condition}\n)"


def _words_used(database: duckdb.DuckDBPyConnection, pack: RulePack) -> list[Word]:
    trees = _trees(database, pack).values()
    used = set().union(*(names_used(tree) for tree in trees))
    return [WORDS[name] for name in sorted(used - set(SETTINGS))]


def _evidence_used(pack: RulePack) -> list[Word]:
    names = dict.fromkeys(name for rule in pack.rules for name in rule.needs)
    return [EVIDENCE[name] for name in names]


def _offer(
    database: duckdb.DuckDBPyConnection,
    facts: pd.DataFrame,
    used: list[Word],
    needed: list[Word],
    parameters: Parameters,
) -> None:
    """Make the view ``pieces`` that conditions see, of no more columns than they read."""
    columns = dict.fromkeys(name for word in (*used, *needed) for name in word.reads)
    arrays = {name: _column(facts, name) for name in columns}
    arrays["row"] = pa.array(np.arange(len(facts)))
    database.register("raw", pa.table(arrays))
    day = f"DATE '{parameters.as_of.isoformat()}'"
    settings = {
        "has_supply_layer": str(parameters.has_supply_layer).upper(),
        "sliver_width_m": f"CAST({parameters.sliver_width_m} AS DOUBLE)",
        "sliver_area_m2": f"CAST({parameters.sliver_area_m2} AS DOUBLE)",
        "as_of": f"struct_pack(earliest := {day}, latest := {day})",
    }
    shown = [f"{word.sql} AS {word.name}" for word in used]
    shown += [f"{sql} AS {name}" for name, sql in settings.items()]
    database.execute(f"CREATE TEMP VIEW pieces AS SELECT {', '.join(shown)} FROM raw")  # noqa: S608


def _column(facts: pd.DataFrame, name: str) -> pa.Array:
    kind = _ARROW_TYPES[COLUMNS[name]]
    if name not in facts:
        return pa.nulls(len(facts), kind)
    return pa.array(facts[name], from_pandas=True).cast(kind)


def _run(database: duckdb.DuckDBPyConnection, pack: RulePack, what: str) -> Truth:
    """Return one kind of condition of every rule, a row a rule."""
    conditions = [_bracketed(getattr(rule, what)) for rule in pack.rules]
    shown = (
        f"coalesce(CAST({sql} AS TINYINT), -1) AS r{n}" for n, sql in enumerate(conditions)
    )
    try:
        found = database.execute(f"SELECT {', '.join(shown)} FROM pieces").fetchnumpy()  # noqa: S608
    except duckdb.Error as error:
        raise Refused(_guilty(database, pack, what, error)) from None
    return np.stack([np.asarray(found[f"r{n}"], dtype=np.int8) for n in range(len(conditions))])


def _guilty(
    database: duckdb.DuckDBPyConnection, pack: RulePack, what: str, error: duckdb.Error
) -> Iterable[Finding]:
    """Return a refusal for each rule whose condition cannot take the values it met."""
    findings = []
    for rule in pack.rules:
        try:
            sql = _bracketed(getattr(rule, what))
            database.execute(f"SELECT {sql} FROM pieces").fetchnumpy()  # noqa: S608
        except duckdb.Error as own:
            findings.append(_failed(pack, rule, what, own))
    return findings or [_failed(pack, pack.rules[0], what, error)]


def _failed(pack: RulePack, rule: Rule, what: str, error: duckdb.Error) -> Finding:
    return _refusal(pack, f"{rule.id}.{what}", f"求值失败:{_first_line(error)}", "改正表达式")


def _refusal(pack: RulePack, place: str, what: str, fix: str) -> Finding:
    return refusal("config", f"{pack.name}.toml → {place}", "bad-rule", what, fix)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
