"""Names and ratios on the map (图面注记)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import Stroke
from shapely.geometry.base import BaseGeometry

from pipeline.report.figures import rank_text, ratio_text
from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading
from pipeline.report.maps.areas import CROWD
from pipeline.report.maps.label_places import Label, Place, Sizes, place_labels
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import INK, RatioClass
from pipeline.report.ranking_rows import SMALL_MARK, RankingRow
from pipeline.report.text_table import wrap

LABEL = "township-label"  # the mark of a label among the texts of the axes
_SIZES = (11.5, 10.5, 9.5, 8.5, 7.5)
# In a crowd most names find no room: a rank that the ranking explains takes less.
_CROWDED, _NUMBERS = (9.0, 8.0, 7.0, 6.2), (8.0, 7.0, 6.2, 5.5)
_SPACING = 1.2
_NAME_WIDTH = 14  # columns (two to a Chinese character) of a name in one line of a label
_NAME_LINES = 3


@dataclass(frozen=True)
class LabelText:
    """What a label says (注记): in full, as a number, and in which ink on which ground."""

    full: str
    number: str = ""
    ink: str = INK
    ground: str = "#ffffff"


@dataclass
class Labelled:
    """What became of the labels (注记结果): how many are numbers, which found no room.

    ``has_boxes``: parts far out were moved.
    """

    numbers: int
    left_out: list[str]
    has_boxes: bool = False


def ratio_labels(
    codes: Sequence[str],
    rows: Mapping[str, RankingRow],
    classes: tuple[RatioClass, ...],
    heading: Heading,
) -> list[LabelText]:
    """Return the labels of a ranking: the name, under it the official ratio."""
    labels = []
    for code in codes:
        row = rows.get(code)
        number = rank_text(row.rank) if row and len(codes) > CROWD else ""
        if row is None or row.level is None:
            labels.append(LabelText(label_text_of(row, code, heading), number))
        else:
            level = classes[row.level]
            text = label_text_of(row, code, heading)
            labels.append(LabelText(text, number, level.ink, level.fill))
    return labels


def label_text_of(row: RankingRow | None, code: str, heading: Heading) -> str:
    """Return the label of a unit: its name, marked where its numbers are small, and its ratio."""
    name = name_lines(row.name if row else code)
    if row is None or row.official is None:
        return f"{name}\n无新增"
    mark = SMALL_MARK if row.is_small else ""
    return f"{name}{mark}\n{ratio_text(row.official, heading.township.ratio)}"


def name_lines(name: str) -> str:
    """Return a name in at most three lines."""
    lines = wrap(drawable(name), _NAME_WIDTH)
    if len(lines) > _NAME_LINES:
        lines = [*lines[: _NAME_LINES - 1], lines[_NAME_LINES - 1][:-1] + "…"]
    return "\n".join(lines)


def write_labels(
    axes: Axes,
    shapes: Sequence[BaseGeometry],
    texts: Sequence[LabelText],
    sizes: Sequence[float] = (),
) -> Labelled:
    """Write the label of every shape where none overlaps another, in ``sizes`` if they are given."""
    measure = TypeSize(axes.figure)  # type: ignore[arg-type]

    def extents(text: str, sizes: Sequence[float]) -> Sizes:
        return {size: measure.of(text, size, _SPACING) for size in sizes} if text else {}

    full = sizes or (_CROWDED if len(texts) > CROWD else _SIZES)
    labels = [
        Label(
            shapely.transform(shape, axes.transData.transform),
            extents(text.full, full),
            extents(text.number, _NUMBERS),
        )
        for shape, text in zip(shapes, texts, strict=True)
    ]
    frame = shapely.box(*axes.get_window_extent().extents)
    result = Labelled(0, [])
    for text, place in zip(texts, place_labels(labels, frame), strict=True):
        if place is None:
            result.left_out.append(text.full.split("\n", maxsplit=1)[0])
        else:
            result.numbers += place.is_short
            _write(axes, text, place)
    return result


def _write(axes: Axes, text: LabelText, place: Place) -> None:
    x, y = axes.transData.inverted().transform((place.x, place.y))
    words = text.number if place.is_short else text.full
    style = {"fontsize": place.size, "ha": "center", "va": "center", "linespacing": _SPACING}
    if place.leader is not None:
        ends = axes.transData.inverted().transform([place.leader, (place.x, place.y)])
        axes.plot(*ends.T, color=INK, linewidth=0.8, zorder=8)
        axes.plot(*ends[0], "o", color=INK, markersize=3, zorder=8)
        artist = axes.text(x, y, words, color=INK, zorder=10, gid=LABEL, **style)  # type: ignore[arg-type]
        artist.set_bbox({"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.5, "alpha": 0.9})
        return
    # The halo is a text of its own: text with an effect would be outlines in the PDF, which
    # nobody can search or copy.
    effects = [Stroke(linewidth=2.2, foreground=text.ground)]
    axes.text(x, y, words, color=text.ground, zorder=9, path_effects=effects, **style)  # type: ignore[arg-type]
    axes.text(x, y, words, color=text.ink, zorder=10, gid=LABEL, **style)  # type: ignore[arg-type]
