"""The words a rule may use (规则用词): columns of the piece table, and tests on dates.

A date is an interval of days: a test on it is true or false only if it is so for every day of
the interval, else NULL. An approval is a struct of its number and dates.
"""

from dataclasses import dataclass

from pipeline.schema.derived import PIECES
from pipeline.schema.received import CHANGES
from pipeline.schema.table import Column, Kind
from pipeline.terms import ApprovalKind

# True for the pieces of a change of which some piece is legal; known only after a first walk.
LEGAL_PIECE_WORD = "change_has_legal_piece"
_ENDS = ("earliest", "latest")
_DAYS = dict.fromkeys(_ENDS)
_SQL_TYPES = {
    Kind.CODE: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.AREA_M2: "DOUBLE",
    Kind.RATIO: "DOUBLE",
    Kind.NUMBER: "DOUBLE",
    Kind.COUNT: "BIGINT",
    Kind.FLAG: "BOOLEAN",
    Kind.DATE: "DATE",
}

# What a struct holds: names and, below them, the names in turn (None: a plain value).
Fields = dict[str, "Fields | None"]
_APPROVAL: Fields = {"no": None, "approved": _DAYS, "valid_from": _DAYS, "valid_until": _DAYS}


@dataclass(frozen=True)
class Word:
    """One word: how it is made of the columns that it reads."""

    name: str
    sql: str
    reads: tuple[str, ...]
    fields: Fields | None = None


@dataclass(frozen=True)
class Macro:
    """A test that rules may make, as a DuckDB macro."""

    signature: str
    body: str

    @property
    def name(self) -> str:
        """The name alone."""
        return self.signature.split("(")[0]


MACROS = (
    Macro(
        "on_or_before(one, other)",
        "CASE WHEN one.latest <= other.earliest THEN TRUE"
        " WHEN one.earliest > other.latest THEN FALSE END",
    ),
    Macro("later_than(one, other)", "NOT on_or_before(one, other)"),
    Macro("covered_by(approval)", "approval.no IS NOT NULL"),
    Macro(
        "in_force(approval, day)",
        "on_or_before(approval.approved, day)"
        " AND (approval.valid_from.earliest IS NULL OR on_or_before(approval.valid_from, day))"
        " AND (approval.valid_until.earliest IS NULL OR on_or_before(day, approval.valid_until))",
    ),
    Macro(
        "ended_before(approval, day)",
        "approval.valid_until.earliest IS NOT NULL AND later_than(day, approval.valid_until)",
    ),
)
# Functions of DuckDB that a condition may call beside the macros; operators are among them.
_OPERATORS = {"~~", "!~~", "+", "-", "*", "/", "%", "||"}
_ON_NUMBERS = {"abs", "round", "floor", "ceil", "least", "greatest"}
_ON_TEXT = {"lower", "upper", "trim", "length", "starts_with", "ends_with", "contains", "left"}
FUNCTIONS = frozenset(_OPERATORS | _ON_NUMBERS | _ON_TEXT)


def _approval_columns(kind: ApprovalKind) -> dict[str, str]:
    dates = [
        f"{kind}_{what}_{end}"
        for what in ("approved", "valid_from", "valid_until")
        for end in _ENDS
    ]
    return {f"{kind}_no": "VARCHAR"} | dict.fromkeys(dates, "DATE")


def _plain(columns: tuple[Column, ...]) -> dict[str, str]:
    return {
        column.name: _SQL_TYPES[column.kind]
        for column in columns
        if not column.name.endswith(_ENDS) and column.name != "touches_quarantine"
    }


_PLAIN = _plain(PIECES.columns) | _plain(CHANGES.columns) | {LEGAL_PIECE_WORD: "BOOLEAN"}

# Every column that words are made of, with its SQL type.
COLUMNS: dict[str, str] = {
    **_PLAIN,
    **{f"{name}_{end}": "DATE" for name in ("before", "after") for end in _ENDS},
    **{name: kind_ for kind in ApprovalKind for name, kind_ in _approval_columns(kind).items()},
}


def _days(name: str) -> str:
    return f"struct_pack(earliest := {name}_earliest, latest := {name}_latest)"


def _words() -> dict[str, Word]:
    words = [Word(name, name, (name,)) for name in _PLAIN]
    for name in ("before", "after"):
        reads = tuple(f"{name}_{end}" for end in _ENDS)
        words.append(Word(f"{name}_date", _days(name), reads, _DAYS))
    for kind in ApprovalKind:
        dates = (f"{what} := {_days(f'{kind}_{what}')}" for what in _APPROVAL if what != "no")
        sql = f"struct_pack(no := {kind}_no, {', '.join(dates)})"
        words.append(Word(kind.value, sql, tuple(_approval_columns(kind)), _APPROVAL))
    numbers = tuple(f"{kind}_no" for kind in ApprovalKind)
    any_approval = f"coalesce({', '.join(numbers)}) IS NOT NULL"
    words.append(Word("has_approval", any_approval, numbers))
    return {word.name: word for word in words}


def _evidence() -> dict[str, Word]:
    """Return, by the name a rule's ``needs`` gives it, when a piece of evidence is missing.

    The date of an approval is evidence only where there is an approval; a term without bounds
    is unlimited, so only a bound that is not known to the day is missing.
    """
    missing = [
        Word(name, f"{name} IS NULL", (name,)) for name in _PLAIN if name != LEGAL_PIECE_WORD
    ]
    missing += [
        Word(f"{name}_date", _not_a_day(name), (f"{name}_earliest", f"{name}_latest"))
        for name in ("before", "after")
    ]
    for kind in ApprovalKind:
        reads = tuple(_approval_columns(kind))
        undated = f"{kind}_no IS NOT NULL AND ({_not_a_day(f'{kind}_approved')})"
        missing.append(Word(f"{kind}_on", undated, reads))
        for bound in ("valid_from", "valid_until"):
            name = f"{kind}_{bound}"
            missing.append(Word(name, f"{name}_earliest IS DISTINCT FROM {name}_latest", reads))
    return {word.name: word for word in missing}


def _not_a_day(name: str) -> str:
    return f"{name}_earliest IS NULL OR {name}_earliest IS DISTINCT FROM {name}_latest"


# Words that stand for settings; their values are given to each evaluation.
SETTINGS: dict[str, Fields | None] = {
    "has_supply_layer": None,
    "sliver_width_m": None,
    "sliver_area_m2": None,
    "as_of": _DAYS,
}
WORDS = _words()
EVIDENCE = _evidence()
# Every name that a condition may use, with what is below it.
NAMES: dict[str, Fields | None] = {name: word.fields for name, word in WORDS.items()} | SETTINGS
