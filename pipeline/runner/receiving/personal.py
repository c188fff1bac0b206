"""What is about persons stays behind, unless the config asks for it by field (个人信息不带入)."""

from collections.abc import Collection, Sequence

import pandas as pd

from pipeline.errors import Finding
from pipeline.runner.receiving.columns import Columns
from pipeline.schema.personal import are_codes, is_bare, is_personal_name, masked

_LEAST_PHONE = 13_000_000_000


def without_persons(
    frame: pd.DataFrame, asked_for: Collection[str], *, county: str, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the changes' own fields without what is about persons, and a finding for each.

    A field goes by its name; in any other, identity and phone numbers and addresses are blotted
    out. ``asked_for`` are the fields that the config maps: only their names are looked at. ``county`` is the county's code.
    """
    mapped = {name.casefold() for name in asked_for}
    kept, findings = {}, []
    for name in frame.columns:
        field, values, what = str(name), frame[name], ""
        if is_personal_name(field):
            what = f"字段 {field} 像是个人信息,不带入成果"
        elif field.casefold() in mapped:
            kept[name] = values
        else:
            kept[name], count = _without_numbers(values, county)
            what = f"字段 {field} 里有 {count} 处身份证号、电话或地址,已隐去" if count else ""
        if what:
            findings.append(Finding("changes", file, "personal-field", "noted", what))
    return pd.DataFrame(kept, index=frame.index), findings


def blotted(columns: Columns, column: str, texts: Sequence[str | None]) -> list[str | None]:
    """Return a column of free text, identity and phone numbers blotted out and said so."""
    shown = [value and masked(value) for value in texts]
    for row, (before, after) in enumerate(zip(texts, shown, strict=True)):
        if before != after:
            what = f"{column} 里的身份证号或电话已隐去"
            columns.note(columns.name(row), "personal-field", what, "在原始数据中删去")
    return shown


def _without_numbers(values: pd.Series, county: str) -> tuple[pd.Series, int]:
    """Return the values without numbers and addresses of persons, and how many were changed."""
    if not _may_hold_numbers(values):
        return values, 0
    written = {value: _written(value) for value in values.dropna().unique()}
    have_codes = are_codes(list(written.values()), county)
    new = {
        value: blotted
        for value, shown in written.items()
        if not (have_codes and is_bare(shown))
        and (blotted := masked(shown, addresses=True)) != shown
    }
    if not new:
        return values, 0
    changed = values.isin(list(new))
    replaced = values.astype(object).where(~changed, values.map(new))
    return replaced, int(changed.sum())


def _may_hold_numbers(values: pd.Series) -> bool:
    """Whether a column is text, or figures long enough for a phone or identity number."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return False
    is_figures = pd.api.types.is_numeric_dtype(values.dtype)
    return not is_figures or bool((values >= _LEAST_PHONE).any())


def _written(value: object) -> str:
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if is_whole else value)  # type: ignore[call-overload]
