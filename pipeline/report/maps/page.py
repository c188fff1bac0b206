"""The sheet that every map stands on (图幅): size, title, notice, foot."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.report.fonts import drawable
from pipeline.report.heading import CLUE, Heading, line_text
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import ACCENT, FAINT, INK, QUIET

# A3 landscape, in inches: prints on A3 as it is, on A4 at 71 %.
WIDE, HIGH, EDGE = 16.54, 11.69, 0.55
_DPI = 200  # what pixels of the layout mean; files have their own
_GAP = "　｜　"
SOURCES = "资料来源及校验值：manifest.json"


def new_page() -> Figure:
    """Return an empty sheet."""
    figure = Figure(figsize=(WIDE, HIGH), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def panel(figure: Figure, inches: tuple[float, float, float, float]) -> Axes:
    """Return axes at left, bottom, width, height in inches."""
    left, bottom, wide, high = inches
    axes = figure.add_axes((left / WIDE, bottom / HIGH, wide / WIDE, high / HIGH))
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(color=FAINT, linewidth=0.8)
    return axes


def fit_rows(axes: Axes, count: int, most: float) -> float:
    """Shorten axes from below where rows are few; return the pitch of the rows in inches."""
    box = axes.get_position()
    inches = box.height * axes.figure.get_figheight()  # type: ignore[union-attr]
    pitch = min(most, inches / max(count, 1))
    share = pitch * max(count, 1) / inches
    axes.set_position((box.x0, box.y1 - box.height * share, box.width, box.height * share))
    return pitch


def write_titles(figure: Figure, title: str, subtitle: str, heading: Heading) -> None:
    """Write title and subtitle at the top, the notice as a badge on the right."""
    measure = TypeSize(figure)
    room = (WIDE - 2 * EDGE) * _DPI
    notice = drawable(heading.notice)
    if notice:
        box = {"boxstyle": "round,pad=0.45", "facecolor": "#fff4e8", "edgecolor": ACCENT}
        figure.text(
            1 - (EDGE + 0.12) / WIDE,
            1 - 0.66 / HIGH,
            notice,
            ha="right",
            va="center",
            fontsize=13,
            color=ACCENT,
            bbox=box,
        )
        room -= measure.of(notice, 13)[0] + 0.6 * _DPI
    for words, y, points, color in ((title, 0.66, 23, INK), (subtitle, 1.13, 11.5, QUIET)):
        text, size = measure.fit(drawable(words), points, room)
        figure.text(EDGE / WIDE, 1 - y / HIGH, text, fontsize=size, color=color, va="center")
        room = (WIDE - 2 * EDGE) * _DPI


def write_foot(figure: Figure, heading: Heading, first: Sequence[str]) -> None:
    """Write two lines at the bottom: ``first``, then what every map says of its figures."""
    lines = [
        _GAP.join(first),
        _GAP.join(
            [
                CLUE if heading.is_signed else f"{CLUE}：本图为疑似结果，供核查",
                f"认定规则：{heading.pack_title}",
                f"坐标系：{heading.crs}",
                heading.area_label,
                f"检查：{heading.inspection}",
                f"截止日：{heading.as_of.isoformat()}",
                SOURCES,
            ]
        ),
    ]
    measure = TypeSize(figure)
    for line, y in zip(lines, (0.78, 0.5), strict=True):
        text, size = measure.fit(drawable(line), 9.5, (WIDE - 2 * EDGE) * _DPI)
        figure.text(EDGE / WIDE, y / HIGH, text, fontsize=size, color=QUIET, va="center")


def line_words(heading: Heading) -> str:
    """Return the township line and what it rests on."""
    return f"乡镇问责线：{line_text(heading.township)}（依据：{heading.township.basis}）"
