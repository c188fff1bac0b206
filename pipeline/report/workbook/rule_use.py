"""The rules of the pack and what each decided (规则与用量)."""

from collections.abc import Iterator

import pandas as pd

from pipeline.report.cells import kind_label
from pipeline.rules.pack import BUILT_IN_RULES, Basis, Rule, RulePack
from pipeline.schema.table import Column, Kind
from pipeline.units import to_m2, to_units

RULE_USE = (
    Column("order", "次序", Kind.TEXT),
    Column("rule_id", "规则", Kind.CODE),
    Column("name", "名称", Kind.TEXT),
    Column("verdict", "结论", Kind.TEXT),
    Column("act", "行为", Kind.TEXT),
    Column("piece_count", "碎片数", Kind.COUNT),
    Column("change_count", "图斑数", Kind.COUNT),
    Column("area_m2", "面积", Kind.AREA_M2),
    Column("farmland_m2", "其中耕地", Kind.AREA_M2),
    Column("ruled_count", "人工另行认定的碎片数", Kind.COUNT),
    Column("legal_basis", "依据条文(有效期)", Kind.TEXT),
    Column("rests_on", "所依据的批准", Kind.TEXT),
    Column("when", "条件", Kind.TEXT),
    Column("dated", "条件中取决于日期的部分", Kind.TEXT),
)
_BUILT_IN_VERDICTS = {
    "outside": "不计入",
    "counted-elsewhere": "其他",
    "undated": "存疑",
    "evidence-quarantined": "存疑",
}


def rule_rows(pack: RulePack, judged: pd.DataFrame) -> pd.DataFrame:
    """Return what ``RULE_USE`` names: the rules in their order, then the built-in ones.

    The counts are of pieces that the machine judged by the rule; a ruling leaves them there.
    """
    listed = pd.DataFrame([*_of_pack(pack), *_built_in()]).set_index("rule_id")
    pieces = pd.DataFrame(
        {
            "rule_id": judged["rule_id"].to_numpy(dtype=object),
            "change_id": judged["change_id"].to_numpy(dtype=object),
            "area_m2": to_units(judged["area_m2"]),
            "farmland_m2": to_units(judged["farmland_m2"]),
            "ruled_count": _overruled(judged),
        }
    )
    by_rule = pieces.groupby("rule_id")
    used = by_rule[["area_m2", "farmland_m2", "ruled_count"]].sum()
    used["piece_count"], used["change_count"] = by_rule.size(), by_rule["change_id"].nunique()
    used = used.reindex(listed.index, fill_value=0)
    for name in ("area_m2", "farmland_m2"):
        used[name] = to_m2(used[name])
    return listed.join(used).reset_index()


def _overruled(judged: pd.DataFrame) -> pd.Series:
    """Return whether a person ruled otherwise than the rule proposes."""
    ruled, proposed = judged["ruled_verdict"], judged["proposed_verdict"].fillna("")
    return (ruled.notna() & (ruled.fillna("") != proposed)).astype(int)


def _of_pack(pack: RulePack) -> Iterator[dict[str, object]]:
    for number, rule in enumerate(pack.rules, 1):
        yield {
            "order": str(number),
            "rule_id": rule.id,
            "name": rule.name,
            "verdict": rule.verdict.label,
            "act": rule.act,
            "legal_basis": _articles(rule),
            "rests_on": kind_label(rule.rests_on) or None,
            "when": rule.when,
            "dated": None if rule.dated == "TRUE" else rule.dated,
        }


def _built_in() -> Iterator[dict[str, object]]:
    for rule_id, name in BUILT_IN_RULES.items():
        verdict = _BUILT_IN_VERDICTS[rule_id]
        yield {"order": "内置", "rule_id": rule_id, "name": name, "verdict": verdict}


def _articles(rule: Rule) -> str | None:
    return "；".join(f"{basis.article}{_valid(basis)}" for basis in rule.legal_basis) or None


def _valid(basis: Basis) -> str:
    if basis.valid_from is None and basis.valid_until is None:
        return ""
    since = f"{basis.valid_from} 起" if basis.valid_from else ""
    until = f"至 {basis.valid_until}" if basis.valid_until else ""
    return f"（{since}{until}）"
