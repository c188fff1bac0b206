"""The report stage: everything people take away, written from the tables (成果).

A product is one module (or folder) here with one function ``make_…(run)`` that writes into ``run.out``, and
its name in ``PRODUCTS``. The manifest comes last: it lists what the others wrote.
"""

from collections.abc import Callable

from pipeline.runner.products.gis import make_gis
from pipeline.runner.products.leader_page import make_leader_page
from pipeline.runner.products.maps import make_maps
from pipeline.runner.products.result_tables import make_result_tables
from pipeline.runner.products.sheets.making import make_sheets
from pipeline.runner.products.web_page import make_web_page
from pipeline.runner.products.workbook import make_workbook
from pipeline.runner.products.written_manifest import make_manifest
from pipeline.runner.stage import Run

PRODUCTS: tuple[Callable[[Run], None], ...] = (
    make_result_tables,
    make_maps,
    make_leader_page,
    make_sheets,
    make_gis,  # its form shows the sheets that were made
    make_workbook,  # links to the sheets that were made
    make_web_page,
    make_manifest,
)


def make_products(run: Run) -> None:
    """Write every product into the run's ``out`` folder, the manifest last."""
    run.out.mkdir(parents=True, exist_ok=True)
    for make in PRODUCTS:
        make(run)
