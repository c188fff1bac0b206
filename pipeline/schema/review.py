"""The review sheet and layer (复核表): what the machine says, and room for what a person rules.

A row is a change in one township: that is the ground a ruling reaches. ``FACTS`` are the
machine's and are never edited; ``ANSWERS`` are a person's; ``SEALS`` tell on reading back which
run a row comes from and whether its facts still hold. ``Kind.CODE`` is a word or two on one
line, ``Kind.TEXT`` may be a sentence: forms give them room accordingly.
"""

from pipeline.schema.table import Column, Kind, Table
from pipeline.terms import Verdict

KEY = ("change_id", "township_code")
_WORDING = (
    Column("township_name", "乡镇(街道)", Kind.CODE, required=False),
    Column("rule_name", "规则", Kind.CODE),
    Column("reason", "系统理由", Kind.TEXT),
    Column("change_type", "图斑类型", Kind.CODE, required=False),
    Column("area_mu", "面积(亩)", Kind.NUMBER),
)
# What a ruling rests on: where one of these changes, the ruling has to be made again.
_GROUNDS = (
    Column("change_id", "图斑编号", Kind.CODE),
    Column("township_code", "乡镇代码", Kind.CODE),
    Column("proposed_verdict", "建议认定", Kind.CODE),
    Column("act", "行为", Kind.CODE, required=False),
    Column("approvals", "涉及批文", Kind.TEXT, required=False),
    Column("missing_evidence", "缺少的证据", Kind.TEXT, required=False),
    Column("area_m2", "面积", Kind.AREA_M2),
    Column("farmland_m2", "其中耕地", Kind.AREA_M2),
    Column("permanent_farmland_m2", "其中永久基本农田", Kind.AREA_M2, required=False),
    Column("illegal_m2", "建议违法", Kind.AREA_M2),
    Column("doubtful_m2", "建议存疑", Kind.AREA_M2),
    Column("legal_m2", "建议合法", Kind.AREA_M2),
    Column("other_m2", "建议其他", Kind.AREA_M2),
    Column("before", "前时相", Kind.CODE, required=False),
    Column("after", "后时相", Kind.CODE, required=False),
    Column("centre", "中心点(东,北)", Kind.CODE),
)
GROUNDS = tuple(column.name for column in _GROUNDS)
FACTS = {column.name: column for column in (*_GROUNDS, *_WORDING)}
STANDING = Column("standing_ruling", "现有人工认定", Kind.TEXT, required=False)
ANSWERS = (
    Column("review_verdict", "认定结论", Kind.CODE, required=False),
    Column("review_reason", "认定理由", Kind.TEXT, required=False),
    Column("ruled_by", "认定人", Kind.CODE, required=False),
    Column("ruled_on", "认定日期", Kind.DATE, required=False),
)
SEALS = (
    Column("run_id", "运行编号", Kind.CODE),
    Column("fingerprint", "行指纹", Kind.CODE),
)


def _facts(*names: str) -> tuple[Column, ...]:
    return tuple(FACTS[name] for name in names)


REVIEW = Table(
    name="review",
    label="复核表",
    columns=(
        *_facts(
            *("change_id", "township_name", "proposed_verdict", "reason"),
            *("area_m2", "area_mu", "farmland_m2"),
        ),
        STANDING,
        *ANSWERS,
        *_facts(
            *("permanent_farmland_m2", "illegal_m2", "doubtful_m2", "legal_m2", "other_m2"),
            *("rule_name", "act", "approvals", "missing_evidence", "change_type"),
            *("before", "after", "centre", "township_code"),
        ),
        *SEALS,
    ),
    key=KEY,
    geometry=True,
)
# The words a person chooses from: a signed ruling does not say 疑似.
RULED_WORDS = {
    Verdict.LEGAL.value: "合法",
    Verdict.ILLEGAL.value: "违法",
    Verdict.OTHER.value: "其他",
    Verdict.DOUBTFUL.value: "存疑",
}
