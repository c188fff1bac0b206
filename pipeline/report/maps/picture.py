"""A picture for a notebook (图): a matplotlib figure that shows itself, with a map and a margin."""

import re
from io import BytesIO
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Patch

from pipeline.report.fonts import chinese_style, drawable
from pipeline.report.heading import CLUE, Heading
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import FAINT, INK, QUIET
from pipeline.report.text_table import width

# In inches: a notebook's width on the screen.
_WIDE, _HIGH, _DPI = 10.4, 6.4, 120
_EDGE, _TOP, _BOTTOM, _MARGIN = 0.15, 0.82, 0.42, 2.75
_LINE = 0.21  # from one line of the margin to the next
_COLUMNS = 36  # of the margin, two to a Chinese character
# A word, a number or a document's number stays whole; a stop never begins a line.
_WORD = re.compile(r"〔\d+〕\d*号?|[!-~]+|.", re.DOTALL)
_STOPS = frozenset("，。；：、）》〉！？,;:)")


class Picture(Figure):
    """A figure that Jupyter shows by itself, whatever backend is set (会自己显示的图)."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png", dpi=_DPI, metadata={"Software": None})
        return file.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the picture; the name's ending decides: .png, .pdf or .svg."""
        with chinese_style():
            self.savefig(path, dpi=2 * _DPI)


class Sheet:
    """A picture in the making (图幅): the map's axes and a margin that fills from the top."""

    def __init__(self, title: str, heading: Heading) -> None:
        """Draw the frame, the title and what the picture rests on; call it in the style."""
        self.picture = Picture(figsize=(_WIDE, _HIGH), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(self.picture)
        self._measure = TypeSize(self.picture)
        high = _HIGH - _TOP - _BOTTOM
        self.map = self._axes(_EDGE, _BOTTOM, _WIDE - 2 * _EDGE - _MARGIN, high)
        self.map.spines[:].set(color=FAINT, linewidth=0.8)
        self.margin = self._axes(_WIDE - _EDGE - _MARGIN + 0.2, _BOTTOM, _MARGIN - 0.2, high)
        self.margin.axis("off")
        self._down = high
        self._line(drawable(title), 0.36, 15, INK)
        subject = [heading.subject, heading.notice]
        self._line("　".join(drawable(part) for part in subject if part), 0.63, 9.5, QUIET)
        foot = [CLUE, f"认定规则：{heading.pack_title}", f"坐标系 {heading.crs}"]
        self._line("　｜　".join(drawable(part) for part in foot), _HIGH - 0.2, 8, QUIET)

    def head(self, text: str) -> None:
        """Write a headline into the margin."""
        self._down -= 0.08
        self._write(text, 10.5, INK)

    def tell(self, text: str, colour: str = QUIET) -> None:
        """Write a paragraph into the margin."""
        for line in _broken(drawable(text), _COLUMNS):
            self._write(line, 9, colour)

    def legend(self, entries: list[Patch]) -> None:
        """Write a legend into the margin."""
        legend = Legend(
            self.margin,
            entries,
            [str(entry.get_label()) for entry in entries],
            loc="upper left",
            bbox_to_anchor=(0.0, self._share()),
            frameon=False,
            fontsize=9,
            borderaxespad=0.0,
            borderpad=0.2,
            labelspacing=0.45,
            handlelength=1.5,
            handleheight=0.95,
        )
        self.margin.add_artist(legend)
        self._down -= 0.12 + 0.205 * len(entries)

    def _write(self, text: str, size: float, colour: str) -> None:
        self.margin.text(0, self._share(), text, fontsize=size, color=colour, va="top")
        self._down -= _LINE

    def _share(self) -> float:
        return self._down / (_HIGH - _TOP - _BOTTOM)

    def _line(self, text: str, down: float, size: float, colour: str) -> None:
        words, fitting = self._measure.fit(text, size, (_WIDE - 2 * _EDGE) * _DPI)
        self.picture.text(
            _EDGE / _WIDE, 1 - down / _HIGH, words, fontsize=fitting, color=colour, va="center"
        )

    def _axes(self, left: float, bottom: float, wide: float, high: float) -> Axes:
        axes = self.picture.add_axes((left / _WIDE, bottom / _HIGH, wide / _WIDE, high / _HIGH))
        axes.set(xticks=[], yticks=[])
        return axes


def _broken(text: str, columns: int) -> list[str]:
    """Return text as lines of at most so many columns, a stop more where one must hang."""
    lines = [""]
    for word in _WORD.findall(text):
        if lines[-1] and width(lines[-1] + word) > columns and word[0] not in _STOPS:
            lines.append("")
        lines[-1] += word
    return lines
