"""Every code and name under an alias, in the same order; free text left out (替换).

Order decides where records tie (the smaller code has the ground), so aliases are numbered in the
order of what they stand for. Codes of dictionaries (land classes, types of change, kinds), dates,
areas and coefficients stay: verdicts rest on them.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pipeline.rules.pack import RulePack
from pipeline.runner.receiving.columns import code, number
from pipeline.runner.sharing.gathering import Case, Handed
from pipeline.schema.dates import parse_date
from pipeline.terms import SPLIT_PARENT

Text = str | None
_DICTIONARY = re.compile(r"[0-9A-Za-z]{1,6}")
_UNREADABLE = "不详"
# What each field stands for; a field that is not here is left out.
_FAMILY = {
    "change_id": ("图斑", "T", 6),
    "parent_id": ("图斑", "T", 6),
    "township_code": ("乡镇代码", "999999", 3),
    "township_name": ("乡镇名称", "乡镇", 3),
    "management_code": ("管理区", "G", 4),
    "parcel_id": ("地类图斑", "D", 7),
    "zone": ("规划分区", "分区", 4),
    "approval_no": ("批准文号", "批", 6),
    "office_name": ("管辖所", "所", 3),
    "ruled_by": ("认定人", "认定人", 3),
    "document": ("验收文号", "验", 5),
}
_DATES = {"before_date", "after_date", "approved_on", "valid_from", "valid_until"}
_NUMBERS = {"stated_area_m2", "ridge_coefficient"}


@dataclass
class Aliases:
    """What stands for what, family by family (替换表)."""

    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, column: str, values: Iterable[object]) -> None:
        """Take in the values of a column, before any is asked for."""
        family = self.known.setdefault(_FAMILY[column][0], {})
        family |= {text: "" for value in values if (text := code(value)) is not None}

    def settle(self) -> None:
        """Number each family in the order of its own codes."""
        for family, prefix, width in {_FAMILY[column] for column in _FAMILY}:
            names = sorted(self.known.get(family, {}))
            self.known[family] = {
                name: f"{prefix}{place:0{width}}" for place, name in enumerate(names, 1)
            }

    def of(self, column: str, value: object) -> Text:
        """Return the alias of a value, null of a blank."""
        text = code(value)
        return None if text is None else self.known[_FAMILY[column][0]][text]


def aliases_of(case: Case, rules: str) -> Aliases:
    """Return the aliases of a whole case, so that a code is the same in every layer.

    Plan zones that the text of the ``rules`` speaks of keep their names, or no rule would find
    them; with one of them all do, as their order decides too.
    """
    aliases = Aliases()
    tables = [layer.fields for layer in case.layers]
    if case.hand is not None:
        tables += [case.hand.rulings, case.hand.rectifications, case.hand.offices]
    for table in tables:
        for column in table.columns:
            if column in _FAMILY:
                aliases.learn(column, table[column])
    aliases.settle()
    zones = aliases.known[_FAMILY["zone"][0]]
    if any(zone in rules for zone in zones):
        aliases.known[_FAMILY["zone"][0]] = {zone: zone for zone in zones}
    return aliases


def disguised(
    layer: Handed, aliases: Aliases, pack: RulePack, key: bytes
) -> dict[str, list[Text]]:
    """Return the fields of a layer as they leave the house."""
    ways: dict[str, Callable[[object], Text]] = {
        "land_class": lambda value: _of_dictionary(value, ()),
        "change_type": lambda value: _of_dictionary(value, pack.change_types),
        "split_state": lambda value: SPLIT_PARENT if code(value) == SPLIT_PARENT else None,
        **dict.fromkeys(_DATES, day_text),
        **dict.fromkeys(_NUMBERS, _number_text),
    }
    made: dict[str, list[Text]] = {}
    for column in layer.fields.columns:
        values = layer.fields[column].tolist()
        if column in _FAMILY:
            made[column] = [aliases.of(column, value) for value in values]
        elif column in ways:
            made[column] = [ways[column](value) for value in values]
    for column in ("change_id", "parcel_id"):
        if column in made:
            made["rest"] = _told_apart(made[column], layer.rest, key)
    return made


def _told_apart(keys: Sequence[Text], rest: Sequence[str], key: bytes) -> list[Text]:
    """Return a mark for records that share a key: equal where they are alike in every field."""
    shared = pd.Series(list(keys), dtype=object).duplicated(keep=False)
    return [
        hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:12]
        if is_shared
        else None
        for text, is_shared in zip(rest, shared, strict=True)
    ]


def day_text(value: object) -> Text:
    """Return a date as one day or as the days that it may be; what nobody can read stays so."""
    if code(value) is None:
        return None
    try:
        days = parse_date(value)
    except ValueError:
        return _UNREADABLE
    return None if days is None else span_text(days.earliest, days.latest)


def span_text(first: date, last: date) -> str:
    """Return ``2024-03-15``, or ``2024-03-01至2024-03-31``."""
    return first.isoformat() if first == last else f"{first.isoformat()}至{last.isoformat()}"


def _number_text(value: object) -> Text:
    written = code(value)
    return None if written is None else str(_UNREADABLE if number(written) is None else written)


def _of_dictionary(value: object, known: Iterable[str]) -> Text:
    written = code(value)
    if written is None or written in known or _DICTIONARY.fullmatch(written):
        return written
    return _UNREADABLE
