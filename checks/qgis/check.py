"""Open the GIS products in real QGIS and hold them against what they should be (QGIS 核对).

Run by ``make check-qgis`` with the Python that QGIS was installed for. Works on a copy of an
inspection's folder, edits the review layer there as a person would, and reads the edit back with
``python -m pipeline rulings``.
"""

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from looks import draw_canvas, draw_layouts, started
from qgis.core import QgsProject, QgsVectorLayer

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
# Layer → one column of it, the alias it must have, the widget it must be edited with.
COLUMNS = {
    "townships": ("is_accountable", "触线", "CheckBox"),
    "offices": ("office_name", "管辖所", "TextEdit"),
    "changes": ("verdict", "认定结论", "ValueMap"),
    "pieces": ("land_class", "地类编码", "ValueMap"),
    "approvals": ("approval_kind", "批准类型", "ValueMap"),
    "constraints": ("constraint_name", "管控图层", "TextEdit"),
    "permanent_farmland": ("kind_name", "类别", "TextEdit"),
    "quarantine": ("problem", "问题与办法", "TextEdit"),
}
THEMES = {"排名", "管辖所", "前时相", "后时相", "认定", "依据"}
LAYOUTS = {"排名图（A3）", "图斑前后对照（A4 图集）"}
WORDS = {"违法（含疑似）": "illegal", "存疑": "doubtful", "合法": "legal", "其他": "other"}


def main() -> int:
    """Check one inspection; return 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, help="the inspection's config, its data beside it")
    parser.add_argument("--pictures", type=Path, default=ROOT / "build" / "qgis")
    given = parser.parse_args()
    given.pictures.mkdir(parents=True, exist_ok=True)
    check = Check()
    with started(), _copied(given.config) as config:
        gis = config.parent / "workspace" / "out" / "gis"
        check.project(gis / "inspection.qgz")
        draw_canvas(QgsProject.instance(), given.pictures)
        drawn = draw_layouts(QgsProject.instance(), given.pictures)
        check.that(set(drawn) == LAYOUTS, f"the print layouts are drawn: {drawn}")
        QgsProject.instance().clear()
        check.styles_of_package(gis / "inspection.gpkg")
        check.archives(gis)
        check.review(config)
    print(f"{check.held} held, {len(check.broken)} broken; pictures in {given.pictures}")
    return 1 if check.broken else 0


@contextmanager
def _copied(config: Path) -> Iterator[Path]:
    """Bring an inspection up to date, then copy its folder: QGIS writes where it may."""
    _pipeline("run", config)
    with tempfile.TemporaryDirectory(prefix="check-qgis-") as folder:
        place = Path(folder) / config.parent.name
        shutil.copytree(config.parent, place)
        yield place / config.name


def _pipeline(*arguments: object) -> str:
    command = [str(PYTHON), "-m", "pipeline", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Check:
    """What was looked at, and what was not as it should be."""

    def __init__(self) -> None:
        """Begin with nothing looked at."""
        self.held = 0
        self.broken: list[str] = []

    def that(self, holds: bool, what: str) -> None:  # noqa: FBT001
        """Count one statement, and say it where it does not hold."""
        self.held += holds
        if not holds:
            self.broken.append(what)
            print(f"BROKEN: {what}")

    def project(self, path: Path) -> None:
        """Open the project and look at layers, groups, themes, relation and layouts."""
        project = QgsProject.instance()
        self.that(project.read(str(path)), f"{path.name} opens: {project.error()}")
        self.that(project.crs().isValid(), "the project has a coordinate system")
        self.that("疑似" in project.title(), f"the title says 疑似: {project.title()}")
        layers = {layer.id(): layer for layer in project.mapLayers().values()}
        names = {f"inspection_{name}" for name in (*COLUMNS, "before", "after")}
        self.that(set(layers) == names, f"the layers are there: {sorted(layers)}")
        for layer in layers.values():
            self.that(layer.isValid(), f"{layer.name()} is found by its relative path")
            self.that(
                layer.crs() == project.crs(), f"{layer.name()} is in the project's system"
            )
        for name in COLUMNS:
            self.layer(layers[f"inspection_{name}"], name)
        tree = project.layerTreeRoot()
        groups = [group.name() for group in tree.findGroups()]
        self.that(groups == ["结果", "依据", "影像"], f"the groups are there: {groups}")
        self.that(set(tree.findLayerIds()) == names, "every layer is in the tree")
        themes = set(project.mapThemeCollection().mapThemes())
        self.that(themes == THEMES, f"the themes are there: {themes}")
        relations = project.relationManager().relations()
        valid = [relation.isValid() for relation in relations.values()]
        self.that(valid == [True], "a change knows its pieces")
        found = {layout.name() for layout in project.layoutManager().printLayouts()}
        self.that(found == LAYOUTS, f"the print layouts are there: {found}")

    def layer(self, layer: QgsVectorLayer, name: str) -> None:
        """Look at the style and the form of one layer."""
        column, alias, widget = COLUMNS[name]
        at = layer.fields().indexOf(column)
        kind = type(layer.renderer()).__name__
        self.that(kind == "QgsRuleBasedRenderer", f"{name} is drawn by rules: {kind}")
        self.that(layer.attributeAlias(at) == alias, f"{name}.{column} is called {alias}")
        found = layer.editorWidgetSetup(at)
        self.that(found.type() == widget, f"{name}.{column} is a {widget}: {found.type()}")
        tabs = [tab.name() for tab in layer.editFormConfig().tabs()]
        self.that(bool(tabs), f"{name} has a form with pages: {tabs}")
        self.that(layer.editFormConfig().readOnly(at), f"{name}.{column} is read-only")
        used = {f"{alias}" for alias in map(layer.attributeAlias, layer.attributeList())}
        self.that("" not in used, f"every column of {name} has an alias")
        if name == "changes":
            pairs = found.config()["map"]
            self.that({k: v for one in pairs for k, v in one.items()} == WORDS, f"{pairs}")
        if name in {"townships", "changes"}:
            self.that(layer.labelsEnabled(), f"{name} is labelled")

    def styles_of_package(self, path: Path) -> None:
        """Add each layer as a person does who drags the GeoPackage in: its own style is taken."""
        before = path.read_bytes()
        for name in COLUMNS:
            layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
            _, is_loaded = layer.loadDefaultStyle()
            self.that(is_loaded, f"the default style of {name} is taken from the GeoPackage")
            self.layer(layer, name)
        del layer
        self.that(path.stat().st_mode & 0o222 == 0, "the GeoPackage is read-only")
        if path.read_bytes() != before:
            print("note: QGIS changed the GeoPackage; only root may write a read-only file")

    def archives(self, gis: Path) -> None:
        """Open what is made for ArcGIS, and the shapefiles, inside their archives."""
        for source, column in (
            (f"/vsizip/{gis}/inspection.gdb.zip/inspection.gdb|layername=changes", "verdict"),
            (f"/vsizip/{gis}/inspection_shp.zip/inspection_shp/changes.shp", "RDJL"),
        ):
            layer = QgsVectorLayer(source, "changes", "ogr")
            self.that(layer.isValid(), f"{source} opens")
            at = layer.fields().indexOf(column)
            words = layer.uniqueValues(at) if at >= 0 else set()
            self.that(words == set(WORDS), f"verdicts are words in {source}: {words}")
            if column == "verdict":
                alias = layer.fields().field(at).alias()
                self.that(alias in {"认定结论", ""}, f"the alias of the FileGDB: {alias}")

    def review(self, config: Path) -> None:
        """Rule on two changes in the review layer, and read them back."""
        _pipeline("review", config)
        path = config.parent / "workspace" / "review" / "review.gpkg"
        layer = QgsVectorLayer(f"{path}|layername=review", "review", "ogr")
        self.that(layer.isValid(), "the review layer opens")
        _, is_loaded = layer.loadDefaultStyle()
        self.that(is_loaded, "the review layer has its style")
        at = {field.name(): layer.fields().indexOf(field.name()) for field in layer.fields()}
        answers = {
            "review_verdict": "legal",
            "review_reason": "在 QGIS 里核对了批文原件",
            "ruled_by": "核对人",
            "ruled_on": "2025-03-20",
        }
        form = layer.editFormConfig()
        for name, place in at.items():
            if name != "fid":
                is_open = not form.readOnly(place)
                self.that(is_open == (name in answers), f"review.{name} open: {is_open}")
        features = sorted(layer.getFeatures(), key=lambda one: one["change_id"])[:2]
        chosen = [feature["change_id"] for feature in features]
        self.that(layer.startEditing(), "the review layer can be edited")
        for feature in features:
            for name, value in answers.items():
                layer.changeAttributeValue(feature.id(), at[name], value)
        self.that(layer.commitChanges(), f"the edit is saved: {layer.commitErrors()}")
        said = _pipeline("rulings", config)  # while QGIS still has the file open
        del layer
        self.that("2" in said, f"make rulings tells of two: {said}")
        ledger = config.parent / "hand" / "rulings.csv"
        with ledger.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["change_id"] in chosen]
        taken = [row for row in rows if row["ruled_by"] == answers["ruled_by"]]
        self.that(len(taken) == len(chosen), f"both rulings are in the ledger: {rows}")
        self.that(
            all(
                row["verdict"] == "legal" and row["reason"] == answers["review_reason"]
                for row in taken
            ),
            f"with verdict and reason: {taken}",
        )


if __name__ == "__main__":
    sys.exit(main())
