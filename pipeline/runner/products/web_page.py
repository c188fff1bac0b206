"""The web page (网页)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pipeline.io.chips import Box, Imagery, ImageUnusable
from pipeline.report.figures import is_null
from pipeline.report.sheets.chip_pictures import jpeg
from pipeline.report.sheets.files import sheet_file
from pipeline.report.web_page import ChipPair, PageTables, write_pages
from pipeline.report.web_page.pictures import ReadChips
from pipeline.runner.products.sheets.context import sheet_context
from pipeline.runner.stage import Run

_CHIP_PX = 304  # wide
_SHAPE = 4 / 3  # width to height
_ROOM = 1.9  # times the change, whichever of its sides is tighter
_LEAST_M = 50.0  # high


def make_web_page(run: Run) -> None:
    """Write ``inspection.html``, for a large county with a folder ``web/`` beside it."""
    tables, context = run.tables, sheet_context(run)
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
        names=context.names,
    )
    with _chips(run) as read:
        write_pages(run.out, page, context.heading, read, _sheets(run))


def _sheets(run: Run) -> dict[str, str]:
    """Return the bundles of evidence sheets that this run has written, by township code."""
    towns = run.tables["townships"]
    names = {"": sheet_file(None, None)} | {
        str(code): sheet_file(str(code), None if is_null(name) else str(name))
        for code, name in zip(towns["township_code"], towns["township_name"], strict=True)
    }
    return {code: file for code, file in names.items() if (run.out / file).is_file()}


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
            box = _around(shapes[change_id].bounds)
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


def _around(bounds: Box) -> Box:
    """Return a box around a change, wide enough to see what lies beside it."""
    west, south, east, north = bounds
    high = max((east - west) * _ROOM / _SHAPE, (north - south) * _ROOM, _LEAST_M)
    x, y = (west + east) / 2, (south + north) / 2
    return x - high * _SHAPE / 2, y - high / 2, x + high * _SHAPE / 2, y + high / 2
