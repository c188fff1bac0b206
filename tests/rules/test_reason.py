"""The sentence that an official reads."""

from pipeline.rules.reason import Part, reason
from pipeline.terms import ApprovalKind, Verdict

_ILLEGAL = {"verdict": Verdict.ILLEGAL, "proposed": Verdict.ILLEGAL}
UNAPPROVED = Part(
    **_ILLEGAL,
    rule_name="未见有效批准手续",
    act="未批先建",
    area=12_345_600,
    farmland=10_000_000,
)
APPROVED = Part(
    verdict=Verdict.LEGAL,
    proposed=Verdict.LEGAL,
    rule_name="已批已供",
    act=None,
    area=2_000_000,
    farmland=0,
    approval_kind=ApprovalKind.CONVERSION,
    approvals=("浙土字〔2023〕1号",),
)


def test_gravest_first_with_areas_and_papers():
    assert reason([APPROVED, UNAPPROVED]) == (
        "疑似违法 1,234.56 ㎡(其中耕地 1,000.00 ㎡):未见有效批准手续(未批先建);"
        "合法 200.00 ㎡:已批已供,农用地转用批文 浙土字〔2023〕1号。"
    )


def test_ruling_is_told_with_what_the_machine_said():
    ruled = Part(
        verdict=Verdict.OTHER,
        proposed=Verdict.ILLEGAL,
        rule_name="未见有效批准手续",
        act="未批先建",
        area=10_000,
        farmland=0,
        ruling_reason="实地未变化",
    )
    assert reason([ruled]) == (
        "其他 1.00 ㎡:人工认定,理由:实地未变化(系统建议疑似违法:未见有效批准手续(未批先建))。"
    )


def test_missing_evidence_is_named_once():
    lacking = "change_type(图斑类型)"
    parts = [
        Part(
            **_ILLEGAL, rule_name="甲", act=None, area=2, farmland=0, missing_evidence=lacking
        ),
        Part(
            **_ILLEGAL,
            rule_name="乙",
            act=None,
            area=1,
            farmland=0,
            missing_evidence=f"land_class(地类编码)、{lacking}",
        ),
    ]
    assert reason(parts).endswith(";缺少的证据:change_type(图斑类型)、land_class(地类编码)。")


def test_many_approvals_are_counted():
    many = tuple(f"A{n}" for n in range(5))
    part = Part(
        verdict=Verdict.LEGAL,
        proposed=Verdict.LEGAL,
        rule_name="已批已供",
        act=None,
        area=10_000,
        farmland=0,
        approvals=many,
        approval_kind=ApprovalKind.CONVERSION,
    )
    assert "批文 A0、A1、A2等 5 件" in reason([part])


def test_ground_that_counts_nowhere_or_elsewhere():
    outside = Part(None, None, "各乡镇界外", None, 10_000, 0)
    elsewhere = Part(
        Verdict.OTHER, Verdict.OTHER, "已计入另一图斑", None, 10_000, 0, counted_in=("C9",)
    )
    assert reason([outside, elsewhere]) == (
        "其他 1.00 ㎡:已计入另一图斑,见图斑 C9;不计入 1.00 ㎡:各乡镇界外。"
    )


def test_a_signed_breach_is_no_longer_suspected():
    ruled = Part(
        verdict=Verdict.ILLEGAL,
        proposed=Verdict.DOUBTFUL,
        rule_name="农村道路",
        act=None,
        area=10_000,
        farmland=0,
        ruling_reason="实测宽 9 米",
    )
    assert reason([ruled]) == "违法 1.00 ㎡:人工认定,理由:实测宽 9 米(系统建议存疑:农村道路)。"
