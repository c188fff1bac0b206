"""The evidence sheets, bundled by township (图斑核查单)."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from pipeline.report.figures import is_null
from pipeline.report.sheets.book import bundle_pdf, sheet_pngs
from pipeline.report.sheets.files import OUTSIDE, picture_file, sheet_file
from pipeline.report.sheets.sheet import Sheet, make_sheet, map_frame
from pipeline.runner.dossiers import Dossiers
from pipeline.runner.products.sheets.context import sheet_context
from pipeline.runner.products.sheets.surroundings import Neighbourhood
from pipeline.runner.products.sheets.views import Viewer
from pipeline.runner.stage import Run

_MOST_THREADS = 4


def make_sheets(run: Run) -> None:
    """Write a PDF of every township with changes to show, and PNG where asked for.

    One thread gathers what the sheets say; typesetting, which takes no lock, goes on in others.
    """
    wanted = wanted_changes(run.tables["change_results"], run.project.config.report.sheets)
    if wanted.empty:
        return
    bundler = _Bundler(run)
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    with bundler.viewer, ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[None]] = []
        for code, changes in wanted.groupby("township_code", dropna=False, sort=True):
            while len(waiting) >= threads:  # no more bundles in memory than are being written
                waiting.pop(0).result()
            township = None if is_null(code) else str(code)
            ids = changes["change_id"].astype(str).tolist()
            sheets = [bundler.sheet(change, str(place)) for place, change in enumerate(ids)]
            waiting.append(pool.submit(bundler.write, township, ids, sheets))
        for one in waiting:
            one.result()


def wanted_changes(results: pd.DataFrame, which: str) -> pd.DataFrame:
    """Return the results that get a sheet, in key order: flagged, all or none."""
    if which == "none":
        return results.iloc[:0]
    flagged = (results["illegal_m2"] > 0) | (results["doubtful_m2"] > 0)
    return (results if which == "all" else results[flagged]).sort_values("change_id")


class _Bundler:
    """Gathers sheets and writes bundles."""

    def __init__(self, run: Run) -> None:
        self._context = sheet_context(run)
        self._dossiers = Dossiers(run.tables, "")
        self._neighbourhood = Neighbourhood(run.tables, self._context.names.townships)
        self.viewer = Viewer(run)
        self._out, self._with_pictures = run.out, run.project.config.report.sheet_pictures

    def sheet(self, change_id: str, key: str) -> Sheet:
        evidence = self._dossiers[change_id]
        views, frame = self.viewer.views(evidence.received)
        box = map_frame(evidence.received["geometry"].iloc[0], len(views)).box
        around = self._neighbourhood.around(box, evidence.coverage)
        return make_sheet(evidence, around, views, frame, self._context, key)

    def write(self, township: str | None, ids: Sequence[str], sheets: Sequence[Sheet]) -> None:
        name = None if township is None else self._context.names.townships.get(township)
        name = None if name == township else name  # a township without a name
        title = name or township or OUTSIDE
        _write(self._out / sheet_file(township, name), bundle_pdf(sheets, title, self._context))
        for change, page in zip(ids, self._pages(sheets, title), strict=False):
            _write(self._out / picture_file(change), page)

    def _pages(self, sheets: Sequence[Sheet], title: str) -> Iterator[bytes]:
        return sheet_pngs(sheets, title, self._context) if self._with_pictures else iter(())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
