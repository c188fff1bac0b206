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
from pipeline.report.qgis.basis_styles import (
    approvals_style,
    constraints_style,
    permanent_farmland_style,
    quarantine_style,
)
from pipeline.report.qgis.forms import TABS
from pipeline.report.qgis.style import NEAR, Label, LayerStyle, Rule
from pipeline.report.qgis.symbols import dot, fill, hatch, outline, polygon
from pipeline.report.qgis.templates import literal
from pipeline.report.standing import mixed_label
from pipeline.terms import Verdict

_WHITE = "#ffffff"
_FLAGGED = (Verdict.ILLEGAL, Verdict.DOUBTFUL)
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
            polygon(fill(one.fill), outline(_WHITE, 0.35, outer=True)),
            f'"ratio_class" = {number}',
            farther_than=NEAR,
        )
        for number, one in enumerate(classes)
    ]
    nothing = polygon(fill(NO_DATA), hatch("#9aa1a9"), outline(_WHITE, 0.35, outer=True))
    over = polygon(outline(ACCENT, 0.8, level=2, outer=True))
    near = polygon(
        outline(_WHITE, 1.4, outer=True), outline(QUIET, 0.5, level=2, dash="4;1.5", outer=True)
    )
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
            halo=1.7,  # wider than a dot: no dot reaches into a name
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
        rules=(
            Rule(
                "管辖所",
                polygon(
                    outline(_WHITE, 1.6, outer=True), outline(INK, 0.7, level=2, outer=True)
                ),
            ),
        ),
        tabs=TABS["offices"],
        shown_as='"office_name"',
        label=Label('"office_name"', 10.5, INK, priority=3),
        tip=(("管辖所", '"office_name"'), ("考核占耕比", '"ratio_text"'), ("名次", '"rank"')),
    )


def _changes(_: Heading) -> LayerStyle:
    def at(verdict: Verdict) -> str:
        return f'"verdict" = {literal(str(verdict))}'

    size = _DOT.format(area='"area_m2"')
    far = [
        Rule(mixed_label(one), polygon(dot(VERDICTS[one], size)), at(one), farther_than=NEAR)
        for one in reversed(_FLAGGED)
    ]
    near = [
        Rule(
            mixed_label(one),
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
            "\"change_id\" || '\\n' || \"standing\" || '（图斑 ' ||"
            " format_number(\"area_mu\", 2) || ' 亩）'",
            8.5,
            INK,
            closer_than=8_000,
            beside=True,
        ),
        tip=(
            ("图斑", '"change_id"'),
            ("结论", '"standing"'),
            ("面积（亩）", '"area_mu"'),
            ("其中违法占用耕地（亩）", '"illegal_farmland_mu"'),
            ("理由", '"reason"'),
            ("人工认定", '"rulings"'),
        ),
    )


def _pieces(_: Heading) -> LayerStyle:
    rules = [
        Rule(
            mixed_label(one),
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
            ("人工认定", 'represent_value("ruled_verdict")'),
            ("规则", 'represent_value("rule_id")'),
            ("依据批文", '"approval_no"'),
            ("地类", 'represent_value("land_class")'),
            ("面积（㎡）", 'format_number("area_m2", 2)'),
        ),
        closer_than=NEAR,
    )


_STYLES: dict[str, Callable[[Heading], LayerStyle]] = {
    "townships": _townships,
    "offices": _offices,
    "changes": _changes,
    "pieces": _pieces,
    "approvals": lambda _: approvals_style(),
    "constraints": lambda _: constraints_style(),
    "permanent_farmland": lambda _: permanent_farmland_style(),
    "quarantine": lambda _: quarantine_style(),
}
