"""The chips of a change from the configured imagery (前后时相截图)."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas as gpd

from pipeline.io.chips import Imagery, ImageUnusable
from pipeline.io.with_block import WithBlock
from pipeline.report.sheets.day_text import days_text
from pipeline.report.sheets.sheet import View, chip_frame, chip_size
from pipeline.report.sheets.svg import Frame
from pipeline.runner.stage import Run

_DATES = {"before": "前时相", "after": "后时相"}


class Viewer(WithBlock):
    """The open images of a run (影像); use it in a ``with``."""

    def __init__(self, run: Run) -> None:
        """Open what is configured; an image that cannot be shown is told and left out."""
        self._open = ExitStack()
        self._images: dict[str, tuple[Path, Imagery | None]] = {}
        for date in _DATES:
            text = getattr(run.project.config.imagery, date)
            if text is not None:
                path = run.project.resolve(text)
                self._images[date] = (path, self._opened(path, run))

    def _end(self, _error: BaseException | None, /) -> None:
        self._open.close()

    def _opened(self, path: Path, run: Run) -> Imagery | None:
        try:
            image = Imagery(path, run.project.config.inspection.crs)
        except ImageUnusable:
            return None  # noted when the inputs were read
        return self._open.enter_context(image)

    def views(self, received: gpd.GeoDataFrame) -> tuple[list[View], Frame]:
        """Return the chips of a change (one row of the changes), and the ground they show."""
        record = received.to_dict("records")[0]
        pixels_m = [image.pixel_m for _, image in self._images.values() if image is not None]
        frame = chip_frame(record["geometry"], max(pixels_m, default=0.0))
        return [self._view(date, record, frame) for date in self._images], frame

    def _view(self, date: str, record: dict[Any, Any], frame: Frame) -> View:
        path, image = self._images[date]
        chip = None
        if image is not None:
            chip = image.read_chip(frame.box, chip_size(frame, image.pixel_m))
        return View(
            _DATES[date],
            days_text(record[f"{date}_earliest"], record[f"{date}_latest"]),
            path.name,
            None if chip is None else chip.pixels,
            0.0 if chip is None else chip.covered,
        )
