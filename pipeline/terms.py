"""The words of the field, once each: English in code, Chinese in every output."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A closed set of words; ``label`` is the Chinese one."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member from its code word and its Chinese label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Verdict(Term):
    """What a piece of changed land turns out to be (认定结论)."""

    LEGAL = "legal", "合法"
    ILLEGAL = "illegal", "疑似违法"
    OTHER = "other", "其他"
    DOUBTFUL = "doubtful", "存疑"


# A change polygon takes the first of these that has area in it.
VERDICT_PRECEDENCE = (Verdict.ILLEGAL, Verdict.DOUBTFUL, Verdict.LEGAL, Verdict.OTHER)


class ApprovalKind(Term):
    """What an approval allows (批准类型)."""

    CONVERSION = "conversion", "农用地转用"
    SUPPLY = "supply", "供地"
    TEMPORARY = "temporary", "临时用地"
    FACILITY_AGRICULTURE = "facility_agriculture", "设施农业备案"
    RURAL_HOUSING = "rural_housing", "农村宅基地"
    LINKED_QUOTA = "linked_quota", "增减挂钩"
    ADVANCE = "advance", "先行用地"


class Denominator(Term):
    """What illegally occupied farmland is divided by (违法占耕比的分母)."""

    NEW_FARMLAND = "new_farmland", "新增建设用地占用耕地"
    NEW_CONSTRUCTION = "new_construction", "新增建设用地"


class OfficialRatio(Term):
    """Which ratio is held against the line (考核口径)."""

    GROSS = "ratio_gross", "整改前"
    NUMERATOR = "ratio_numerator", "整改后(只减分子)"
    NET = "ratio_net", "整改后(分子分母同减)"


SEVERITY_LABELS = {
    "refused": "拒绝",
    "quarantined": "隔离",
    "repaired": "修复",
    "noted": "提示",
}

# The rectification method that lowers the ratio (整改方式); all others do not.
DEMOLISHED_AND_RECLAIMED = "拆除复耕"

# The split state of a parent polygon whose parts are counted in its stead (拆分状态).
SPLIT_PARENT = "被拆分"

# The office of townships that no office file names (管辖所).
NO_OFFICE = "未列所"

# Rules that are not in a rule pack because geometry, not law, decides them.
RULE_OUTSIDE = "outside"
RULE_COUNTED_ELSEWHERE = "counted-elsewhere"
RULE_UNDATED = "undated"
# The proposal that ground left over along an approval is a surveyor's error (边角细缝).
RULE_SLIVER = "sliver"
RULE_EVIDENCE_QUARANTINED = "evidence-quarantined"

# The stages by name, in order, with what each is called on the screen.
STAGES = {
    "ingest": "入库",
    "hand": "人工台账",
    "overlay": "套合",
    "judge": "认定",
    "rectify": "整改",
    "aggregate": "汇总",
    "rank": "排名",
    "report": "成果",
}
# What `--until` takes: reading the hand-kept ledgers is part of receiving.
PUBLIC_STAGES = tuple(name for name in STAGES if name != "hand")
