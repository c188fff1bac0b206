"""The doctor's products (体检单): ``check/`` in the workspace, there whole or not at all."""

from pipeline.io.gis.package import write_gis_package
from pipeline.project import Project
from pipeline.report.checkup.book import write_checkup_book
from pipeline.report.checkup.data import Checkup
from pipeline.report.checkup.page import page_html
from pipeline.report.checkup.places import places_layer, places_style
from pipeline.runner.workspace import Workspace

FOLDER = "check"
PAGE, BOOK, PLACES = "check.html", "check.xlsx", "places.gpkg"


def publish_checkup(workspace: Workspace, project: Project, checkup: Checkup) -> None:
    """Write page, workbook and places, and put them in the place of the earlier ones."""
    folder = workspace.fresh() / FOLDER
    folder.mkdir()
    (folder / PAGE).write_text(page_html(checkup), encoding="utf-8", newline="\n")
    config = project.config
    write_checkup_book(folder / BOOK, checkup, config.accountability.as_of)
    layer = places_layer(checkup, config.inspection.crs)
    if layer is not None:
        write_gis_package(folder / PLACES, [layer], {layer.name: places_style(layer)})
    workspace.publish([FOLDER])
