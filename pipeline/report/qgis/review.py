"""The review layer in QGIS (复核图层): what waits stands out, four fields to fill in, the rest locked."""

from pipeline.report.palette import INK, QUIET, VERDICTS
from pipeline.report.qgis.style import NEAR, Label, LayerStyle, Rule, Tab
from pipeline.report.qgis.symbols import dot, fill, outline, polygon
from pipeline.report.qgis.templates import literal
from pipeline.schema.review import ANSWERS, RULED_WORDS
from pipeline.terms import Verdict

_ANSWERS = tuple(column.name for column in ANSWERS)
_VERDICT = _ANSWERS[0]
_EMPTY = "coalesce(trim(to_string(\"{name}\")), '') = ''"
_SUSPECTED = (Verdict.DOUBTFUL, Verdict.ILLEGAL)
_FAR, _NEAR = {"farther_than": NEAR}, {"closer_than": NEAR}


def _waits(verdict: Verdict) -> str:
    return f'"{_VERDICT}" IS NULL AND "proposed_verdict" = {literal(verdict.label)}'


def review_style() -> LayerStyle:
    """Return the style and the form of the review layer.

    What waits stands out: a dot from far, an outline in the colour of the proposal from near.
    What is ruled steps back: a grey dot from far, from near filled in the colour of the ruling.
    """
    waiting = [
        Rule(f"待认定：建议{verdict.label}", symbol, _waits(verdict), **scale)
        for verdict in _SUSPECTED
        for symbol, scale in (
            (polygon(dot(VERDICTS[verdict], "2.6")), _FAR),
            (polygon(fill(VERDICTS[verdict], 40), outline(VERDICTS[verdict], 0.9)), _NEAR),
        )
    ]
    ruled = [
        Rule(f"已认定：{word}", symbol, f'"{_VERDICT}" = {literal(code)}', **scale)
        for code, word in RULED_WORDS.items()
        for symbol, scale in (
            (polygon(dot(QUIET, "1.7")), _FAR),
            (polygon(fill(VERDICTS[code], 150), outline(INK, 0.5)), _NEAR),
        )
    ]
    rest = Rule("待认定：其余", polygon(outline(QUIET, 0.7)), "ELSE")
    return LayerStyle(
        rules=(*ruled, rest, *waiting),
        tabs=(
            Tab("认定", ("change_id", "township_name", "proposed_verdict", "reason",
                       "standing_ruling", *_ANSWERS)),
            Tab("面积", ("area_m2", "area_mu", "farmland_m2", "permanent_farmland_m2",
                       "illegal_m2", "doubtful_m2", "legal_m2", "other_m2")),
            Tab("依据", ("rule_name", "act", "approvals", "missing_evidence", "change_type",
                       "before", "after", "centre", "township_code")),
        ),
        shown_as='"change_id"',
        label=Label(
            "\"change_id\" || '\\n' || coalesce(represent_value(\"review_verdict\"),"
            ' "proposed_verdict")',
            8.5,
            INK,
            closer_than=6_000,
        ),
        tip=(("图斑", '"change_id"'), ("建议", '"proposed_verdict"'), ("理由", '"reason"')),
        editable=_ANSWERS,
        needs=tuple(
            (column.name, f'"{_VERDICT}" IS NULL OR NOT {_EMPTY.format(name=column.name)}',
             f"有认定结论时必须填写{column.label}")
            for column in ANSWERS[1:]
        ),
    )  # fmt: skip
