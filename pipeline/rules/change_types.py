"""Change types (图斑类型) as a rule pack writes them."""

import unicodedata

import pandas as pd

from pipeline.errors import Finding
from pipeline.rules.pack import RulePack


def read_change_types(values: pd.Series, pack: RulePack) -> pd.Series:
    """Return change types as the pack writes them, null where it does not know them.

    Null is what the rules take as construction, and name as missing evidence.
    """
    written = {value: _normal(value) for value in values.dropna().unique()}
    known = {value: code for value, code in written.items() if code in pack.change_types}
    return values.astype(object).map(known).astype(object)


def unknown_change_types(changes: pd.DataFrame, pack: RulePack) -> list[Finding]:
    """Return a note on every change whose type is written but not in the pack."""
    types = changes["change_type"]
    unknown = changes[read_change_types(types, pack).isna() & types.notna()]
    codes = {_normal(name): code for code, name in reversed(pack.change_types.items())}
    return [
        Finding(
            "changes",
            str(change_id),
            "unknown-change-type",
            "noted",
            f"图斑类型 {code} 不在规则包 {pack.name} 的类型表中,按新增建设用地看",
            _remedy(codes.get(_normal(code))),
        )
        for change_id, code in zip(unknown["change_id"], unknown["change_type"], strict=True)
    ]


def _remedy(code: str | None) -> str:
    """Return what to do; rules compare codes, so a name is answered with its code."""
    if code is None:
        return "核对图斑类型,或在规则包的 [change_types] 中补上"
    return f"写的是名称,规则只认代码:在原始数据里改成代码 {code}"


def _normal(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip().upper()
