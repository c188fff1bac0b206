"""Rule on a change in QGIS itself, as a person would in the form (run by QGIS's own Python).

Usage: edit_review.py REVIEW.gpkg CHANGE_ID PICTURE.png; prints what QGIS makes of the layer.
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor, QFontDatabase  # noqa: E402

ANSWER = {
    "review_verdict": "legal",
    "review_reason": "在 QGIS 里看过影像",
    "ruled_by": "李外业",
    "ruled_on": QDate(2025, 2, 5),
}


def look(layer):
    """Return what QGIS understood of the form."""
    fields = layer.fields()
    form = layer.editFormConfig()
    numbers = {field.name(): fields.indexOf(field.name()) for field in fields}
    verdict = numbers["review_verdict"]
    return {
        "records": layer.featureCount(),
        "crs": layer.crs().authid(),
        "editable": [name for name, at in numbers.items() if not form.readOnly(at)],
        "aliases": {name: layer.attributeAlias(at) for name, at in numbers.items()},
        "widget": layer.editorWidgetSetup(verdict).type(),
        "choices": layer.editorWidgetSetup(verdict).config().get("map"),
        "needs": layer.constraintExpression(numbers["review_reason"]),
        "tabs": [tab.name() for tab in form.tabs()],
        "legend": [
            item.label() for item in layer.renderer().legendSymbolItems() if item.label()
        ],
    }


def edit(layer, change_id):
    """Write the answer into every row of a change and save."""
    layer.startEditing()
    for feature in layer.getFeatures(f"\"change_id\" = '{change_id}'"):
        for name, value in ANSWER.items():
            layer.changeAttributeValue(feature.id(), layer.fields().indexOf(name), value)
    return layer.commitChanges()


def draw(layer, path, extent):
    """Draw the layer within a box."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(1400, 900))
    settings.setBackgroundColor(QColor(255, 255, 255))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)


def main():
    """Open, look, edit, draw; the file stays open until the end, as in QGIS."""
    path, change_id, picture, *fonts = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    for font in fonts:
        QFontDatabase.addApplicationFont(font)
    layer = QgsVectorLayer(f"{path}|layername=review", "复核", "ogr")
    _, has_style = layer.loadDefaultStyle()
    report = look(layer) | {"valid": layer.isValid(), "has_style": has_style}
    report["saved"] = edit(layer, change_id)
    whole = layer.extent()
    whole.scale(1.1)
    draw(layer, picture, whole)
    near = next(layer.getFeatures(f"\"change_id\" = '{change_id}'")).geometry().boundingBox()
    near.grow(500)
    draw(layer, picture.replace(".png", "_near.png"), near)
    report["beside"] = sorted(os.listdir(os.path.dirname(path)))
    print(json.dumps(report, ensure_ascii=False), flush=True)
    sys.stdin.read()  # the file stays open until the caller has read it
    os._exit(0)  # QGIS without a window may crash while it tidies up


main()
