"""How large a piece of type is on the page (字的大小), measured, never guessed."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from pipeline.report.safe_text import shorten

_SMALLEST = 0.78  # type is set this much smaller before it is cut


class TypeSize:
    """Measures text in pixels of a figure."""

    def __init__(self, figure: Figure) -> None:
        """Measure with the figure's own renderer."""
        self._text = Text(0, 0, "", figure=figure)
        self.dpi = float(figure.dpi)
        self._renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]

    def of(self, text: str, size: float, linespacing: float = 1.2) -> tuple[float, float]:
        """Return the width and height of text set at ``size`` points."""
        self._text.set_text(text)
        self._text.set_fontsize(size)
        self._text.set_linespacing(linespacing)
        box = self._text.get_window_extent(self._renderer)
        return box.width, box.height

    def fit(self, text: str, size: float, width: float) -> tuple[str, float]:
        """Return text and size that fit a width in pixels: smaller first, then cut with …."""
        smaller = max(self.shrink(text, size, width), size * _SMALLEST)
        length = len(text)
        while length > 1 and self.of(shorten(text, length), smaller)[0] > width:
            length -= 1
        return shorten(text, length), smaller

    def shrink(self, text: str, size: float, width: float) -> float:
        """Return the size, at most ``size``, at which text fits a width; a figure is never cut."""
        wide, _ = self.of(text, size)
        return size if wide <= width else size * width / wide * 0.99
