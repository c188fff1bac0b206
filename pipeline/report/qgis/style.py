"""How one layer looks and asks in QGIS (图层样式): rules, labels, form, map tip, as QML."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.report.qgis.symbols import Symbol
from pipeline.report.qgis.templates import render
from pipeline.schema.gis import GisLayer, caption
from pipeline.schema.table import Column, Kind

# The first that the machine has: the wheel's own face, then what Windows, macOS, Linux bring.
FONTS = (
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
# From this scale on the map shows polygons and imagery; before it, townships and dots.
NEAR = 25_000
# What QGIS takes for null in a list of values, and how it is offered.
_NULL, _NOTHING = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}", "（空）"
# Columns that need more than one line of a form.
_SENTENCES = {
    *("reason", "rulings", "ruling_reason", "legal_basis", "missing_evidence", "problem"),
    *("review_reason", "standing_ruling"),
}
# Columns that hold the path of a picture, seen from the project; the form shows it.
_PICTURES = {"sheet"}
_SHOWN_PICTURE = {
    "DocumentViewer": "1",
    "DocumentViewerHeight": "700",
    "DocumentViewerWidth": "0",
    "FileWidget": "true",
    "FileWidgetButton": "false",
    "RelativeStorage": "1",
    "StorageMode": "0",
    "UseLink": "true",
}
_NO_LIMIT = 100_000_000


@dataclass(frozen=True)
class Rule:
    """One rule of a layer's symbols (符号规则): its legend text, which records, at which scales.

    ``closer_than`` and ``farther_than`` are denominators of the scale; 0 is no limit.
    """

    label: str
    symbol: Symbol
    where: str = ""
    closer_than: int = 0
    farther_than: int = 0


@dataclass(frozen=True)
class Label:
    """The labels of a layer (标注): an expression, type in points with a halo.

    ``beside`` puts them outside the polygon, so that they hide nothing in it; ``priority`` (to
    10) decides which of two labels gives way.
    """

    text: str
    size: float
    colour: str
    colour_expression: str = ""
    halo_expression: str = ""
    closer_than: int = 0
    beside: bool = False
    priority: int = 6
    halo: float = 0.9  # millimetres

    @property
    def dynamic(self) -> dict[str, str]:
        """What expressions decide, under the names that QGIS gives them."""
        named = {"Color": self.colour_expression, "BufferColor": self.halo_expression}
        return {name: expression for name, expression in named.items() if expression}


@dataclass(frozen=True)
class Tab:
    """One page of a form (表单页): its title and columns."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class LayerStyle:
    """How a layer looks and asks (图层样式).

    ``shown_as`` is the expression that names a record in lists; ``tip`` pairs of caption and
    expression for the map tip; ``closer_than`` hides the whole layer before that scale. Only
    the columns in ``editable`` can be typed into; ``needs`` are conditions of the form: column,
    expression, what is said where it is false.
    """

    rules: tuple[Rule, ...]
    tabs: tuple[Tab, ...]
    shown_as: str
    label: Label | None = None
    tip: tuple[tuple[str, str], ...] = ()
    closer_than: int = 0
    editable: tuple[str, ...] = ()
    needs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Widget:
    """One field of a form (表单控件)."""

    name: str
    alias: str
    kind: str
    config: Mapping[str, object] = field(default_factory=dict)


def render_style(layer: GisLayer, style: LayerStyle) -> str:
    """Return the QML of a layer."""
    return render("style.qml", **_content(layer, style))


def render_body(layer: GisLayer, style: LayerStyle, *, relation: str = "") -> str:
    """Return the same without the QML frame, as it stands inside a project.

    ``relation`` (an id of the project) adds the parts of its records.
    """
    return render("style_body.qml", **_content(layer, style, relation))


def _content(layer: GisLayer, style: LayerStyle, relation: str = "") -> dict[str, object]:
    return {
        "widgets": list(_widgets(layer, style.editable)),
        "style": style,
        "symbols": [rule.symbol for rule in style.rules],
        "closer_than": style.closer_than,
        "no_limit": _NO_LIMIT,
        "fonts": FONTS,
        "relation": relation,
    }


def _widgets(layer: GisLayer, editable: Collection[str]) -> Iterator[Widget]:
    yield Widget("fid", "序号", "Hidden")
    for column in layer.table.columns:
        words = layer.code_lists.get(column.name)
        if words and column.name in editable:
            words = {_NULL: _NOTHING, **words}
        kind, config = _editor(column, words)
        yield Widget(column.name, caption(column), kind, config)


def _editor(
    column: Column, words: Mapping[str, str] | None
) -> tuple[str, Mapping[str, object]]:
    if words:
        return "ValueMap", {"map": [{word: code} for code, word in words.items()]}
    if column.kind is Kind.FLAG:
        return "CheckBox", {"TextDisplayMethod": "0"}
    if column.kind is Kind.DATE:
        form = "yyyy-MM-dd"
        return "DateTime", {"display_format": form, "field_format": form, "allow_null": "true"}
    if column.name in _PICTURES:
        return "ExternalResource", _SHOWN_PICTURE
    return "TextEdit", {"IsMultiline": "true" if column.name in _SENTENCES else "false"}
