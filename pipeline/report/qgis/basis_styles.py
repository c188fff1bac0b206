"""What the layers beneath the results look like (依据图层样式): hatched, so that imagery shows."""

from pipeline.report.qgis.forms import TABS
from pipeline.report.qgis.style import NEAR, Label, LayerStyle, Rule
from pipeline.report.qgis.symbols import dot, fill, hatch, outline, polygon
from pipeline.report.qgis.templates import literal
from pipeline.terms import ApprovalKind

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


def approvals_style() -> LayerStyle:
    """Return the style of the approvals (批准用地): hatched, a colour a kind."""
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


def constraints_style() -> LayerStyle:
    """Return the style of the constraint layers (管控图层)."""
    symbol = polygon(hatch(_CONSTRAINT, distance=5, width=0.3), outline(_CONSTRAINT, 0.6))
    return LayerStyle(
        rules=(Rule("管控图层", symbol),),
        tabs=TABS["constraints"],
        shown_as='"constraint_name"',
        label=Label('"constraint_name"', 9, _CONSTRAINT),
        closer_than=NEAR,
    )


def permanent_farmland_style() -> LayerStyle:
    """Return the style of the permanent farmland (永久基本农田), yellow as it is on plans."""
    symbol = polygon(hatch(_FARMLAND, distance=2.4, width=0.3), outline(_FARMLAND, 0.5))
    return LayerStyle(
        rules=(Rule("永久基本农田（与图斑相交的）", symbol),),
        tabs=TABS["permanent_farmland"],
        shown_as='"kind_name"',
        closer_than=NEAR,
    )


def quarantine_style() -> LayerStyle:
    """Return the style of the records in quarantine (隔离记录)."""
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
