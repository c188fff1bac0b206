"""The pages of each layer's form (表单): every column once, in the order people ask."""

from pipeline.report.qgis.style import Tab
from pipeline.schema.derived import SUMS

_MEASURES = tuple(column.name for column in SUMS)
_RATIOS = (
    *("ratio_gross", "ratio_numerator", "ratio_net", "ratio_with_regularised"),
    *("ratio_low", "ratio_high"),
)
TABS: dict[str, tuple[Tab, ...]] = {
    "townships": (
        Tab(
            "排名",
            (
                *("township_code", "township_name", "office_name", "rank", "ratio_text"),
                *("ratio_class", "is_accountable", "illegal_farmland_mu", "new_farmland_mu"),
                "reclaim_to_line_mu",
            ),
        ),
        Tab("面积", (*_MEASURES, "reclaim_to_line_m2")),
        Tab("占耕比", _RATIOS),
    ),
    "offices": (
        Tab("排名", ("office_name", "rank", "ratio_text", "is_accountable")),
        Tab("面积", (*_MEASURES, "reclaim_to_line_m2")),
        Tab("占耕比", _RATIOS),
    ),
    "changes": (
        Tab(
            "结论",
            (
                *(
                    "change_id",
                    "township_name",
                    "verdict",
                    "standing",
                    "rule_id",
                    "reason",
                    "rulings",
                ),
                *("area_mu", "illegal_farmland_mu"),
            ),
        ),
        Tab("核查单", ("sheet",)),
        Tab(
            "面积",
            (
                *("area_m2", "farmland_m2", "permanent_farmland_m2", "legal_m2"),
                *("illegal_m2", "other_m2", "doubtful_m2", "outside_m2"),
                *("illegal_farmland_m2", "illegal_permanent_farmland_m2"),
            ),
        ),
        Tab(
            "来源",
            (
                *("township_code", "change_type", "before_earliest", "before_latest"),
                *("after_earliest", "after_latest"),
            ),
        ),
    ),
    "pieces": (
        Tab(
            "结论",
            (
                *("piece_id", "change_id", "verdict", "proposed_verdict", "ruled_verdict"),
                *("ruling_reason", "rule_id", "act", "legal_basis", "missing_evidence"),
                "is_regularised",
            ),
        ),
        Tab(
            "证据",
            (
                *("approval_no", "approval_kind", "approved_on", "land_class", "is_farmland"),
                *("is_permanent_farmland", "ridge_coefficient", "plan_zone", "parcel_id"),
                *("township_code", "counted_in", "touches_quarantine"),
            ),
        ),
        Tab("面积", ("area_m2", "farmland_m2")),
    ),
    "approvals": (
        Tab(
            "批准",
            (
                *("approval_no", "approval_kind", "approved_earliest", "approved_latest"),
                *("holder", "land_use_purpose"),
            ),
        ),
        Tab(
            "有效期",
            (
                *("valid_from_earliest", "valid_from_latest"),
                *("valid_until_earliest", "valid_until_latest"),
            ),
        ),
    ),
    "constraints": (Tab("图层", ("constraint_name",)),),
    "permanent_farmland": (Tab("图层", ("kind_name",)),),
    "quarantine": (Tab("隔离", ("layer", "record", "problem", "is_reference")),),
}
