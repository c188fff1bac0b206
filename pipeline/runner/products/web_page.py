"""The web page (网页)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pipeline.io.chips import Box, Imagery, ImageUnusable
from pipeline.report.chip_pictures import jpeg
from pipeline.report.web_page import ChipPair, PageTables, write_pages
from pipeline.report.web_page.pictures import ReadChips
from pipeline.runner.heading import heading_of
from pipeline.runner.stage import Run

_CHIP_PX = 256
_ROOM = 2.2  # times the longer side of the change
_LEAST_M = 60.0


def make_web_page(run: Run) -> None:
    """Write ``inspection.html``, for a large county with a folder ``web/`` beside it."""
    tables = run.tables
    page = PageTables(
        townships=tables["townships"],
        ranking=tables["township_ranking"],
        county=tables["county_result"],
        changes=tables["changes"],
        results=tables["change_results"],
        pieces=tables["judged"],
        coverage=tables["coverage"],
        constraints=tables["constraint_areas"],
        approvals=tables["approvals"],
        rulings=tables["rulings"],
        rectifications=tables["rectifications"],
    )
    with _chips(run) as read:
        write_pages(run.out, page, heading_of(run.project, run.inputs.pack), read)


@contextmanager
def _chips(run: Run) -> Iterator[ReadChips | None]:
    """Give a reader of image chips, null where the config names no image that can be used."""
    changes = run.tables["changes"]
    shapes = dict(zip(changes["change_id"], changes.geometry, strict=True))
    with ExitStack() as open_images:
        imagery = run.project.config.imagery
        before, after = (
            _opened(run, path, open_images) for path in (imagery.before, imagery.after)
        )

        def read(change_id: str) -> ChipPair | None:
            box = _square(shapes[change_id].bounds)
            pair = ChipPair(_jpeg(before, box), _jpeg(after, box), box)
            return pair if pair.before or pair.after else None

        yield read if before or after else None


def _opened(run: Run, path: str | None, open_images: ExitStack) -> Imagery | None:
    if path is None:
        return None
    try:
        image = Imagery(run.project.resolve(path), run.project.config.inspection.crs)
    except ImageUnusable:
        return None
    return open_images.enter_context(image)


def _jpeg(image: Imagery | None, box: Box) -> bytes | None:
    chip = image.read_chip(box, _CHIP_PX) if image else None
    return None if chip is None else jpeg(chip.pixels)


def _square(bounds: Box) -> Box:
    """Return a square around a change, wide enough to see what lies beside it."""
    west, south, east, north = bounds
    half = max(max(east - west, north - south) * _ROOM, _LEAST_M) / 2
    x, y = (west + east) / 2, (south + north) / 2
    return x - half, y - half, x + half, y + half
