"""Several finished inspections of one county in one picture (多次检查的趋势)."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.io.files import replace_file
from pipeline.report.inspection_result import InspectionResult
from pipeline.report.maps.picture_file import PDF, PNG, SVG
from pipeline.report.maps.trend import draw_trend
from pipeline.runner.library.published import Published, find_workspace


def trend(places: Sequence[Path], out: Path, *, say: Callable[[str], None] = print) -> int:
    """Draw the trend over the finished inspections of configs or workspaces; return 0.

    ``out`` ends in .png, .pdf or .svg. Raises ``PipelineError`` where an inspection is not
    finished, or where they cannot be compared.
    """
    if out.suffix not in {PNG, PDF, SVG}:
        raise PipelineError(
            f"不认识的图片格式:{out.name}", remedy="文件名以 .png、.pdf 或 .svg 结尾"
        )
    results = [result_of(place) for place in places]
    with tempfile.TemporaryDirectory(prefix="trend-") as folder:
        drawn = Path(folder) / out.name
        draw_trend(results, drawn)
        replace_file(out, drawn.read_bytes())
    say(f"趋势图已写到 {out}")
    return 0


def result_of(place: Path) -> InspectionResult:
    """Return the finished inspection of a config or a workspace, its tables checked."""
    published = Published(find_workspace(place))
    return InspectionResult(
        published.heading, published["township_ranking"], published["county_result"]
    )
