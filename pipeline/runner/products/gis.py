"""What QGIS and ArcGIS open (QGIS、ArcGIS 成果): ``out/gis/``.

``inspection.qgz`` beside its ``inspection.gpkg`` for QGIS, ``inspection.gdb.zip`` for ArcGIS,
``inspection_shp.zip`` for those who must have shapefiles; the same layers in each.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.geometry.meeting import records_meeting
from pipeline.io.gis.archive import write_archive
from pipeline.io.gis.filegdb import write_filegdb_archive
from pipeline.io.gis.package import write_gis_package
from pipeline.io.gis.shapefile_set import write_shapefile_archive
from pipeline.io.layer_file import LayerFile
from pipeline.io.picture_crs import picture_crs
from pipeline.report.heading import Heading
from pipeline.report.qgis import layers as gis_layers
from pipeline.report.qgis.project import PACKAGE, Image, render_project
from pipeline.report.qgis.style import render_style
from pipeline.report.qgis.styles import style_of
from pipeline.report.standing import standings
from pipeline.rules.land_classes import load_code_system
from pipeline.rules.pack import load_pack
from pipeline.runner.heading import product_heading
from pipeline.runner.products.sheets.made import sheet_links
from pipeline.runner.stage import Run, findings_table
from pipeline.schema.gis import GisLayer

FOLDER = "gis"


def make_gis(run: Run) -> None:
    """Write the GIS products, unless the config says ``[report] gis = false``."""
    if not run.project.config.report.gis:
        return
    heading = product_heading(run)
    layers = _layers(run, heading)
    folder = run.out / FOLDER
    folder.mkdir(exist_ok=True)
    story = heading.story_text()
    styles = {
        layer.name: render_style(layer, style_of(layer.name, heading)) for layer in layers
    }
    write_gis_package(folder / PACKAGE, layers, styles, heading.story())
    project = render_project(layers, list(_images(run)), heading)
    write_archive(folder / "inspection.qgz", [("inspection.qgs", project.encode())], story)
    write_filegdb_archive(folder / "inspection.gdb.zip", layers, story)
    write_shapefile_archive(folder / "inspection_shp.zip", layers, heading.as_of, story)


def _layers(run: Run, heading: Heading) -> list[GisLayer]:
    tables = run.tables
    pack, codes = load_pack(run.inputs.pack), load_code_system(run.inputs.code_system)
    ranking, results = tables["township_ranking"], tables["change_results"]
    townships = gis_layers.township_layer(tables["townships"], ranking, heading)
    changes = gis_layers.change_layer(
        tables["changes"],
        results.assign(standing=standings(results, tables["judged"])),
        tables["rulings"],
        ranking,
        heading,
        pack.change_types,
        _sheets(run),
    )
    land_classes = {code: one.name for code, one in codes.classes.items()}
    context = (
        records_meeting(LayerFile(str(tables.path(name))), changes.frame.geometry)
        for name in ("approvals", "constraints", "permanent_farmland")
    )
    layers = [
        townships,
        gis_layers.office_layer(townships, tables["office_ranking"], heading),
        changes,
        gis_layers.piece_layer(tables["judged"], heading, land_classes),
        *gis_layers.context_layers(*context),
        gis_layers.quarantine_layer(tables["quarantine"], findings_table(run.findings())),
    ]
    return [layer for layer in layers if len(layer.frame)]


def _sheets(run: Run) -> dict[str, str]:
    """Return where the evidence sheets lie, seen from the folder of the project."""
    tables = run.tables
    links = sheet_links(run.out, tables["change_results"], tables["township_ranking"])
    return {change: f"../{file}" for change, file in links.items()}


def _images(run: Run) -> Iterator[Image]:
    """Yield the configured pictures that can be read, by paths relative to the project."""
    project = run.project
    place = project.workspace / "out" / FOLDER  # where it will lie, not where it is built
    imagery = project.config.imagery
    for name, title, text in (
        ("after", "后时相影像", imagery.after),
        ("before", "前时相影像", imagery.before),
    ):
        if text is None:
            continue
        path = project.resolve(text).resolve()
        crs = picture_crs(path)
        if crs is not None:
            yield Image(
                name, title, _relative(path, place), crs or project.config.inspection.crs
            )


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return path.as_posix()
