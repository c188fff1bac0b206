"""Receiving (入库): messy files in, one table a layer out, every record accounted for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, Refused, refusal
from pipeline.geometry.area import areas_m2
from pipeline.geometry.crs import parsed, working_problem
from pipeline.io.settings import LayerSettings
from pipeline.project import Project
from pipeline.rules.land_classes import find_code_system, load_code_system
from pipeline.runner.receiving import layers
from pipeline.runner.receiving.approvals import alike, approvals
from pipeline.runner.receiving.hand import receive_hand
from pipeline.runner.receiving.layer import Layer
from pipeline.runner.receiving.opening import open_layer
from pipeline.runner.receiving.personal import without_persons
from pipeline.runner.receiving.placing import Geometries, Place, distorted
from pipeline.schema.conform import conform, empty
from pipeline.schema.received import (
    APPROVALS,
    CHANGES,
    CONSTRAINTS,
    LAND_USE,
    LAYERS,
    PERMANENT_FARMLAND,
    PLAN_ZONES,
    QUARANTINE,
    TOWNSHIPS,
)
from pipeline.schema.table import Table

# So many layers astray at once, and none in place, are not each wrong by themselves.
_SEVERAL = 2
_NAMED = 3  # townships in quarantine that a refusal names


@dataclass
class Received:
    """The received tables by name, what was found, and the account of every layer."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    balances: list[dict[str, Any]] = field(default_factory=list)


# Shown every layer as it is taken in, with its table: the doctor looks over the shoulder.
Look = Callable[[Layer, gpd.GeoDataFrame], None]


class Receiver:
    """Receives the layers of one project, townships first: they say where the county is."""

    def __init__(self, project: Project, look: Look | None = None) -> None:
        """Prepare for a project; raise ``Refused`` where its working CRS cannot be worked in."""
        self.project, self.look = project, look
        self.received = Received()
        try:
            crs = parsed(project.config.inspection.crs)
            why = working_problem(crs)
        except CRSError:
            why = f"没有 {project.config.inspection.crs} 这个坐标系"
        if why:
            fix = '换成投影坐标系,如 "EPSG:4549"'
            raise Refused([refusal("config", "inspection.crs", "working-crs", why, fix)])
        self.place = Place(crs, partial(areas_m2, crs=crs, settings=project.config.area))
        self.quarantined: list[pd.DataFrame] = []

    def receive(self) -> Received:
        """Return every table; raise ``Refused`` with all reasons at once."""
        sections = self.project.config.layers
        townships = self._open(sections.townships, "townships")
        if townships is not None:
            self._keep(TOWNSHIPS, townships, layers.townships(townships))
            self._look_around(townships)
        self._changes(sections.changes)
        self._land_use(sections.land_use)
        if (layer := self._open(sections.permanent_farmland, "permanent_farmland")) is not None:
            self._keep(PERMANENT_FARMLAND, layer, layers.permanent_farmland(layer))
        if (layer := self._open(sections.plan_zones, "plan_zones")) is not None:
            self._keep(PLAN_ZONES, layer, layers.plan_zones(layer))
        for section in sections.approvals:
            if (layer := self._open(section, "approvals")) is not None:
                self._keep(APPROVALS, layer, approvals(layer, section))
        for constraint in sections.constraints:
            if (layer := self._open(constraint, "constraints")) is not None:
                self._keep(CONSTRAINTS, layer, layers.constraints(layer, constraint))
        return self._finished()

    def _open(self, section: LayerSettings | None, name: str) -> Layer | None:
        if section is None:
            return None
        layer, refusals = open_layer(self.project, section, name, self.place)
        self.received.findings.extend(refusals)
        return layer

    def _look_around(self, townships: Layer) -> None:
        """Learn from the townships where the county lies and whether areas come out there."""
        shapes = self.received.tables["townships"].geometry.to_numpy()
        if len(shapes) == 0:
            if len(townships.status) == 0:
                return
            what = f"{townships.file} 没有一条可用的乡镇(township):{len(townships.status)} 条全被隔离"
            why = "、".join(sorted({found.code for found in townships.findings}))
            fix = f"改正乡镇图层({why})"
            self.received.findings.append(
                refusal("townships", townships.file, "no-townships", what, fix)
            )
            return
        x0, y0, x1, y1 = (float(edge) for edge in shapely.total_bounds(shapes))
        self.place = replace(self.place, near=(x0, y0, x1, y1))
        self.received.findings.extend(distorted(shapes, self.project.config.area, self.place))

    def _changes(self, section: LayerSettings) -> None:
        layer = self._open(section, "changes")
        if layer is None:
            return
        table, stated = layers.changes(layer)
        self._keep(CHANGES, layer, table, stated)
        original, findings = without_persons(
            layer.original[layer.counted].reset_index(drop=True),
            list(section.fields.mapped().values()),  # type: ignore[attr-defined]
            county=self.project.config.inspection.county_code,
            file=layer.file,
        )
        self.received.findings.extend(findings)
        ids = pd.Series(list(table["change_id"]), name="change_id", dtype=object)
        self.received.tables["changes_original"] = pd.concat(
            [ids, original.add_prefix("原:")], axis=1
        )

    def _land_use(self, section: LayerSettings) -> None:
        layer = self._open(section, "land_use")
        name = self.project.config.layers.land_use.code_system
        codes = load_code_system(find_code_system(name, self.project.config_folders))
        if layer is not None:
            self._keep(LAND_USE, layer, layers.land_use(layer, codes))

    def _keep(
        self,
        table: Table,
        layer: Layer,
        frame: gpd.GeoDataFrame,
        stated: list[str | None] | None = None,
    ) -> None:
        """Take in what a layer gave: its rows, its quarantine, its findings, its account."""
        shaped = conform(frame, table)
        if self.look is not None:
            self.look(layer, shaped)
        earlier = self.received.tables.get(table.name)
        if earlier is not None:
            shaped = pd.concat([earlier, shaped], ignore_index=True)
        self.received.tables[table.name] = gpd.GeoDataFrame(
            shaped, geometry="geometry", crs=self.place.working
        )
        self.quarantined.append(layer.quarantined(stated))
        self.received.findings.extend(layer.findings)
        self.received.balances.append(layer.balance())

    def _blame_townships(self) -> None:
        """Where no layer at all meets the townships, it is the townships that lie elsewhere."""
        found = self.received.findings
        astray = [one for one in found if one.code == "elsewhere"]
        met = [one for one in self.received.balances if one["layer"] != "townships"]
        if met or len(astray) < _SEVERAL:
            return
        working = self.project.config.inspection.crs
        what = f"其余 {len(astray)} 个图层都不在乡镇范围(extent)内:多半是乡镇图层的坐标系、带号(zone)不对"
        fix = f'核对乡镇图层的坐标系;它的坐标若就是工作坐标系的,在 [layers.townships] 里写 crs = "{working}"'
        file = "、".join(self.project.config.layers.townships.path)
        blamed = refusal("townships", file, "elsewhere", what, fix)
        self.received.findings = [blamed, *(one for one in found if one not in astray)]

    def _tell_of_lost_townships(self) -> None:
        """Where a layer meets no township, it may lie in one that is in quarantine."""
        found = self.received.findings
        lost = [
            one.record
            for one in found
            if (one.layer, one.severity) == ("townships", "quarantined")
        ]
        if not lost:
            return
        named = "、".join(lost[:_NAMED]) + (" 等" if len(lost) > _NAMED else "")
        first = f"先改正被隔离的 {len(lost)} 条乡镇记录({named}):本图层可能就在那里。"
        self.received.findings = [
            replace(one, remedy=first + one.remedy) if one.code == "elsewhere" else one
            for one in found
        ]

    def _finished(self) -> Received:
        self._blame_townships()
        self._tell_of_lost_townships()
        if any(found.severity == "refused" for found in self.received.findings):
            raise Refused(self.received.findings)
        if "approvals" in self.received.tables:
            joined = self.received.tables["approvals"]
            self.received.findings.extend(alike(joined, self.place))
        for table in LAYERS:
            if table.name not in self.received.tables:
                blank = gpd.GeoDataFrame(empty(table), geometry=[], crs=self.place.working)
                self.received.tables[table.name] = blank
        for name, frame in self.received.tables.items():
            self.received.tables[name] = _in_order(frame)
        rows = pd.concat(self.quarantined, ignore_index=True)
        quarantine = gpd.GeoDataFrame(
            conform(rows, QUARANTINE),
            geometry=rows["geometry"].to_numpy(),
            crs=self.place.working,
        )
        quarantine = _in_order(quarantine)
        self.received.tables["quarantine"] = quarantine
        self.received.tables["quarantine_places"] = self._places(quarantine)
        return self.received

    def _places(self, quarantine: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return the townships that each quarantined record meets, else the one it states."""
        townships = self.received.tables["townships"]
        codes = townships["township_code"].tolist()
        meets = _share_ground(quarantine.geometry.to_numpy(), townships.geometry.to_numpy())
        rows = []
        for number, record in enumerate(quarantine.itertuples()):
            met = [codes[town] for town in meets.get(number, [])]
            stated = record.stated_township_code
            if not met and isinstance(stated, str) and stated in codes:
                met = [stated]
            rows += [(str(number), record.layer, record.record, code) for code in met or [None]]
        columns = ["quarantine_no", "layer", "record", "township_code"]
        return pd.DataFrame(rows, columns=columns, dtype="str")


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the records in an order of their own, whatever order they came in."""
    columns, names = pd.DataFrame(index=frame.index), [str(name) for name in frame.columns]
    for name in sorted(names, key=lambda name: name == "geometry"):  # that last
        columns[name] = (
            shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
            if name == "geometry"
            else frame[name].astype(str)
        )
        if not columns.duplicated().any():
            break  # the first columns tell all records apart: the others decide nothing
    order = columns.sort_values([str(name) for name in columns], kind="stable").index
    ordered: pd.DataFrame = frame.loc[order].reset_index(drop=True)
    return ordered


def _share_ground(shapes: Geometries, others: Geometries) -> dict[int, list[int]]:
    """Return which of the others each shape shares ground with; a folded one by its box."""
    folded = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    solid = np.where(folded, shapely.box(*shapely.bounds(shapes).T), shapes)
    pairs = shapely.STRtree(others).query(solid, predicate="intersects")
    number, other = pairs[:, np.lexsort(pairs[::-1])]
    shapely.prepare(others)
    share = ~shapely.touches(others[other], solid[number])
    met: dict[int, list[int]] = {}
    for one, town in zip(number[share].tolist(), other[share].tolist(), strict=True):
        met.setdefault(one, []).append(town)
    return met


def receive(project: Project, look: Look | None = None) -> Received:
    """Receive every layer of a project; a refusal names what the hand-kept ledgers lack too."""
    try:
        return Receiver(project, look).receive()
    except Refused as refused:
        raise Refused([*refused.findings, *receive_hand(project).findings]) from None


def refused_altogether(project: Project, first: Refused) -> Refused:
    """Return a refusal that adds to the first all that receiving the rest would refuse."""
    try:
        receive(project)
    except Refused as more:
        known = first.findings
        return Refused([*known, *(found for found in more.findings if found not in known)])
    return first
