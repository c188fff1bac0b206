"""Pictures of the project as QGIS draws it (QGIS 渲染图), with the type that comes along."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayoutExporter,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QFontDatabase

FONT = ".venv/lib/python*/site-packages/pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"
_SIZE, _DPI = QSize(1600, 1000), 110
_PRINT_DPI = 110
_AROUND_M = 130  # metres around a change in the near view


@contextmanager
def started() -> Iterator[None]:
    """Start QGIS without a screen, the Chinese type registered."""
    QgsApplication.setPrefixPath("/usr", True)  # noqa: FBT003
    application = QgsApplication([], True)  # noqa: FBT003
    application.initQgis()
    for font in Path(__file__).resolve().parents[2].glob(FONT):
        QFontDatabase.addApplicationFont(str(font))
    try:
        yield
    finally:
        QgsProject.instance().clear()
        application.exitQgis()


def draw_canvas(project: QgsProject, folder: Path) -> None:
    """Draw the county as it opens, and one change from near in two themes."""
    themes = project.mapThemeCollection()
    townships = project.mapLayer("inspection_townships")
    changes = project.mapLayer("inspection_changes")
    whole = QgsRectangle(townships.extent())
    whole.scale(1.05)
    shown = [node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible()]
    _draw(project, shown, whole, folder / "canvas.png")
    found = changes.getFeatures("\"rule_id\" = 'over-extent' OR \"verdict\" = 'illegal'")
    largest = max(found, key=lambda one: (one["rule_id"] == "over-extent", one["area_m2"]))
    near = QgsRectangle(largest.geometry().boundingBox())
    near.grow(_AROUND_M)
    for theme in ("认定", "依据"):
        layers = themes.mapThemeVisibleLayers(theme)
        _draw(project, layers, near, folder / f"theme-{theme}.png")


def _draw(
    project: QgsProject, layers: Sequence[QgsMapLayer], extent: QgsRectangle, path: Path
) -> None:
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(_SIZE)
    settings.setOutputDpi(_DPI)
    settings.setExtent(extent)
    settings.setBackgroundColor(QColor(255, 255, 255))
    context = QgsExpressionContext()
    context.appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(None))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(path))


def draw_layouts(project: QgsProject, folder: Path) -> list[str]:
    """Print each layout as PNG, of an atlas one page; return the names of those drawn."""
    drawn = []
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = _PRINT_DPI
    settings.generateWorldFile = False
    settings.exportMetadata = False
    for number, layout in enumerate(project.layoutManager().printLayouts()):
        if layout.atlas().enabled():
            layout.atlas().beginRender()
            layout.atlas().seekTo(layout.atlas().count() // 2)
        path = folder / f"layout-{number}.png"
        path.unlink(missing_ok=True)
        if QgsLayoutExporter(layout).exportToImage(str(path), settings) == 0:
            drawn.append(layout.name())
    return drawn
