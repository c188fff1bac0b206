"""A picture of QGIS's own window with the project open (QGIS 窗口截图), for the documentation.

    xvfb-run -s '-screen 0 1680x980x24' qgis --lang zh-Hans --nologo --noversioncheck \\
      --project …/out/gis/inspection.qgz --code checks/qgis/window.py

Writes ``build/qgis/window-county.png`` and ``window-change.png``, then ends QGIS.
"""

import os
from pathlib import Path

from qgis.core import QgsFeature, QgsProject, QgsRectangle
from qgis.gui import QgsAttributeDialog
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
from qgis.utils import iface

FOLDER = Path(os.environ.get("PICTURES", "build/qgis"))
WIDTH, HEIGHT = 1680, 980
_LOADED_MS, _DRAWN_MS = 5000, 6000
_AROUND_M = 95
_KEPT = {"mFileToolBar", "mMapNavToolBar", "mAttributesToolBar"}
opened: list[QgsAttributeDialog] = []


def arrange() -> None:
    """Leave the layers and the map, the county in view."""
    window = iface.mainWindow()
    window.resize(WIDTH, HEIGHT)
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() == "Layers")
    layers = window.findChild(QDockWidget, "Layers")
    window.resizeDocks([layers], [300], Qt.Horizontal)
    for bar in window.findChildren(QToolBar):
        bar.setVisible(bar.objectName() in _KEPT)
    extent = QgsRectangle(QgsProject.instance().mapLayer("inspection_townships").extent())
    extent.scale(1.06)
    iface.mapCanvas().setExtent(extent)
    iface.mapCanvas().refresh()
    QTimer.singleShot(_DRAWN_MS, county)


def county() -> None:
    """Take the county, then go to one change and open its form."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    iface.mainWindow().grab().save(str(FOLDER / "window-county.png"))
    project = QgsProject.instance()
    changes = project.mapLayer("inspection_changes")
    found = changes.getFeatures("\"rule_id\" = 'over-extent'")
    change: QgsFeature = max(found, key=lambda one: one["area_m2"])
    iface.setActiveLayer(changes)
    root = project.layerTreeRoot()
    project.mapThemeCollection().applyTheme(
        "认定", root, iface.layerTreeView().layerTreeModel()
    )
    around = QgsRectangle(change.geometry().boundingBox())
    around.grow(_AROUND_M)
    around.setXMaximum(around.xMaximum() + around.width())  # the form will stand there
    iface.mapCanvas().setExtent(around)
    iface.mapCanvas().refresh()
    dialog = QgsAttributeDialog(changes, change, False)  # noqa: FBT003
    dialog.resize(520, 560)
    dialog.show()
    opened.append(dialog)
    QTimer.singleShot(_DRAWN_MS, change_with_form)


def change_with_form() -> None:
    """Take the change with its form beside it, and end."""
    picture = iface.mainWindow().grab()
    painter = QPainter(picture)
    form = opened[0].grab()
    place = QPoint(WIDTH - form.width() - 30, HEIGHT - form.height() - 60)
    painter.drawPixmap(place, form)
    painter.end()
    picture.save(str(FOLDER / "window-change.png"))
    os._exit(0)


QTimer.singleShot(_LOADED_MS, arrange)
