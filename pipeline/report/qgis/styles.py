"""What each layer looks like (各图层样式): one function a layer, colours from the palette.

Seen from far, the townships with their ratio and a dot for each flagged change; from near, the
outlines of the changes and the judged pieces over the imagery, what they rest on hatched.
"""

from collections.abc import Callable

from pipeline.report.heading import Heading
from pipeline.report.palette import (
    ACCENT,
    INK,
    NO_DATA,
    QUIET,
    VERDICTS,
    ratio_classes,
)
from pipeline.report.qgis.forms import TABS
from pipeline.report.qgis.style import NEAR, Label, LayerStyle, Rule
from pipeline.report.qgis.symbols import dot, fill, hatch, outline, polygon
from pipeline.report.qgis.templates import literal
from pipeline.terms import ApprovalKind, Verdict

_WHITE = "#ffffff"
_FLAGGED = (Verdict.ILLEGAL, Verdict.DOUBTFUL)
# Approvals are outlines: what they mean is in their label, what they did is in the verdict.
_KIND_COLOURS = {
    ApprovalKind.CONVERSION: "#2f6f9f",
    ApprovalKind.SUPPLY: "#1b9e8a",
    ApprovalKind.TEMPORARY: "#8e6bbf",
    ApprovalKind.FACILITY_AGRICULTURE: "#6f8f2f",
    ApprovalKind.RURAL_HOUSING: "#c2679b",
    ApprovalKind.LINKED_QUOTA: "#4b6cb7",
    ApprovalKind.ADVANCE: "#3d8fb8",
}
_FARMLAND, _CONSTRAINT, _QUARANTINE = "#f7e04b", "#c0392b", "#7b3fa0"
# A dot grows with the root of the area (1.6 mm to 4.2 mm), as areas are compared.
_DOT = "coalesce(scale_linear(sqrt({area}), 0, 120, 1.6, 4.2), 1.6)"
_TOWNSHIP_TEXT = (
    f"if(@map_scale > {NEAR}, \"township_name\" || '\\n' ||"
    ' if("ratio_class" IS NULL, \'无新增\', "ratio_text"), "township_name")'
)


def style_of(name: str, heading: Heading) -> LayerStyle:
    """Return the style of a layer by its name."""
    return _STYLES[name](heading)


def _townships(heading: Heading) -> LayerStyle:
    classes = ratio_classes(heading.township, heading.county)
    fills = [
        Rule(
            one.label,
            polygon(fill(one.fill), outline(_WHITE, 0.35)),
            f'"ratio_class" = {number}',
            farther_than=NEAR,
        )
        for number, one in enumerate(classes)
    ]
    nothing = polygon(fill(NO_DATA), hatch("#9aa1a9"), outline(_WHITE, 0.35))
    over = polygon(outline(ACCENT, 0.8, level=2))
    near = polygon(outline(_WHITE, 1.4), outline(QUIET, 0.5, level=2, dash="4;1.5"))
    return LayerStyle(
        rules=(
            *fills,
            Rule(heading.no_denominator, nothing, '"ratio_class" IS NULL', farther_than=NEAR),
            Rule("触线", over, '"is_accountable"', farther_than=NEAR),
            Rule("乡镇界", near, closer_than=NEAR),
        ),
        tabs=TABS["townships"],
        shown_as='"township_name"',
        label=Label(
            _TOWNSHIP_TEXT,
            9.5,
            INK,
            colour_expression=_by_class([one.ink for one in classes], INK),
            halo_expression=_by_class([one.fill for one in classes], _WHITE),
        ),
        tip=(
            ("乡镇", '"township_name"'),
            (heading.short_label, '"ratio_text"'),
            ("名次", '"rank"'),
            ("违法占用耕地（亩）", '"illegal_farmland_mu"'),
            ("还需复耕（亩）", '"reclaim_to_line_mu"'),
        ),
    )


def _by_class(colours: list[str], otherwise: str) -> str:
    """Return the colour of a township's class, seen from far; imagery needs ``otherwise``."""
    cases = "".join(
        f' WHEN "ratio_class" = {number} THEN {literal(colour)}'
        for number, colour in enumerate(colours)
    )
    plain = literal(otherwise)
    return f"CASE WHEN @map_scale <= {NEAR} THEN {plain}{cases} ELSE {plain} END"


def _offices(_: Heading) -> LayerStyle:
    return LayerStyle(
        rules=(Rule("管辖所", polygon(outline(_WHITE, 1.6), outline(INK, 0.7, level=2))),),
        tabs=TABS["offices"],
        shown_as='"office_name"',
        label=Label('"office_name"', 11, INK),
    )


def _changes(_: Heading) -> LayerStyle:
    def at(verdict: Verdict) -> str:
        return f'"verdict" = {literal(str(verdict))}'

    size = _DOT.format(area='"area_m2"')
    far = [
        Rule(one.label, polygon(dot(VERDICTS[one], size)), at(one), farther_than=NEAR)
        for one in reversed(_FLAGGED)
    ]
    near = [
        Rule(
            one.label,
            polygon(outline(_WHITE, 1.5), outline(VERDICTS[one], 0.75, level=2)),
            at(one),
            closer_than=NEAR,
        )
        for one in (Verdict.ILLEGAL, Verdict.DOUBTFUL, Verdict.LEGAL, Verdict.OTHER)
    ]
    return LayerStyle(
        rules=(*far, *near),
        tabs=TABS["changes"],
        shown_as='"change_id"',
        label=Label(
            "\"change_id\" || '\\n' || represent_value(\"verdict\") || ' ' ||"
            " format_number(\"area_mu\", 2) || ' 亩'",
            8.5,
            INK,
            closer_than=8_000,
            beside=True,
        ),
        tip=(
            ("图斑", '"change_id"'),
            ("结论", 'represent_value("verdict")'),
            ("面积（亩）", '"area_mu"'),
            ("其中违法占用耕地（亩）", '"illegal_farmland_mu"'),
            ("理由", '"reason"'),
            ("人工认定", '"rulings"'),
        ),
    )


def _pieces(_: Heading) -> LayerStyle:
    rules = [
        Rule(
            one.label,
            polygon(fill(VERDICTS[one], 110, edge=VERDICTS[one], width=0.25)),
            f'"verdict" = {literal(str(one))}',
        )
        for one in Verdict
    ]
    outside = polygon(hatch(QUIET))
    return LayerStyle(
        rules=(*rules, Rule("不计入", outside, '"verdict" IS NULL')),
        tabs=TABS["pieces"],
        shown_as='"piece_id"',
        tip=(
            ("碎片", '"piece_id"'),
            ("结论", 'represent_value("verdict")'),
            ("规则", 'represent_value("rule_id")'),
            ("依据批文", '"approval_no"'),
            ("地类", 'represent_value("land_class")'),
            ("面积（㎡）", 'format_number("area_m2", 2)'),
        ),
        closer_than=NEAR,
    )


def _approvals(_: Heading) -> LayerStyle:
    rules = [
        Rule(
            kind.label,
            polygon(
                hatch(colour, angle=135, distance=3.2, width=0.2),
                outline(colour, 0.5, dash="3;1.2"),
            ),
            f'"approval_kind" = {literal(str(kind))}',
        )
        for kind, colour in _KIND_COLOURS.items()
    ]
    return LayerStyle(
        rules=tuple(rules),
        tabs=TABS["approvals"],
        shown_as='"approval_no"',
        label=Label(
            '"approval_no"', 7.5, _KIND_COLOURS[ApprovalKind.CONVERSION], closer_than=5_000
        ),
        tip=(
            ("批文", '"approval_no"'),
            ("类型", 'represent_value("approval_kind")'),
            ("批准日期", '"approved_earliest"'),
            ("用地单位", '"holder"'),
        ),
        closer_than=NEAR,
    )


def _constraints(_: Heading) -> LayerStyle:
    symbol = polygon(hatch(_CONSTRAINT, distance=5, width=0.3), outline(_CONSTRAINT, 0.6))
    return LayerStyle(
        rules=(Rule("管控图层", symbol),),
        tabs=TABS["constraints"],
        shown_as='"constraint_name"',
        label=Label('"constraint_name"', 9, _CONSTRAINT),
        closer_than=NEAR,
    )


def _permanent_farmland(_: Heading) -> LayerStyle:
    symbol = polygon(hatch(_FARMLAND, distance=2.4, width=0.3), outline(_FARMLAND, 0.5))
    return LayerStyle(
        rules=(Rule("永久基本农田（与图斑相交的）", symbol),),
        tabs=TABS["permanent_farmland"],
        shown_as='"kind_name"',
        closer_than=NEAR,
    )


def _quarantine(_: Heading) -> LayerStyle:
    far = polygon(dot(_QUARANTINE, "2.2"))
    near = polygon(fill(_QUARANTINE, 40), outline(_QUARANTINE, 0.7, dash="1.5;1"))
    return LayerStyle(
        rules=(
            Rule("隔离记录", far, farther_than=NEAR),
            Rule("隔离记录", near, closer_than=NEAR),
        ),
        tabs=TABS["quarantine"],
        shown_as='"record"',
        tip=(("记录", '"record"'), ("问题与办法", '"problem"')),
    )


_STYLES: dict[str, Callable[[Heading], LayerStyle]] = {
    "townships": _townships,
    "offices": _offices,
    "changes": _changes,
    "pieces": _pieces,
    "approvals": _approvals,
    "constraints": _constraints,
    "permanent_farmland": _permanent_farmland,
    "quarantine": _quarantine,
}
