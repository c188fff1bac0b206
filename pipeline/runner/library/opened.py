"""A finished inspection opened for reading (打开的检查): tables, map, explanation, comparison.

Nothing in the workspace is written. What stands in the config today plays no part: the tables
are shown under the heading that the run left beside them, so a workspace may be moved.
"""

from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd

from pipeline.errors import PipelineError
from pipeline.project import load as load_project
from pipeline.report.cells import verdict_label
from pipeline.report.explain.explanation import Explanation
from pipeline.report.heading import Heading, line_text
from pipeline.report.labelled import labelled
from pipeline.report.maps.change_map import change_map
from pipeline.report.maps.inspection_map import county_map, township_map
from pipeline.report.maps.picture import Picture
from pipeline.report.near_line import near_line
from pipeline.report.what_if import Amount, what_if
from pipeline.runner.dossiers import Dossiers
from pipeline.runner.explain import evidence_of
from pipeline.runner.library.compared import Comparison
from pipeline.runner.library.published import Published, find_workspace
from pipeline.runner.library.tables import OpenedTables
from pipeline.runner.line import run as run_line
from pipeline.schema.meanings import dictionary
from pipeline.schema.views import VIEWS
from pipeline.stages.compare import compare

# What an explanation rests on.
EVIDENCE = (
    "changes",
    "changes_original",
    "judged",
    "coverage",
    "constraint_areas",
    "rulings",
    "rectifications",
    "rectified",
    "change_results",
    "township_ranking",
)


def load(place: str | Path) -> "Inspection":
    """Open the results of a run (打开检查结果): a workspace, the folder it lies in, or a config.

    Raises ``PipelineError`` with a Chinese message where there is no result or half of one.
    """
    return Inspection(Published(find_workspace(Path(place))))


def run(config: str | Path, *, until: str = "report", quiet: bool = False) -> "Inspection":
    """Run what is stale of an inspection and open it (运行并打开), as ``make all`` does.

    ``until="rank"`` leaves the products out. Raises ``Refused`` with all reasons at once.
    """
    project = load_project(Path(config))
    run_line(project, until=until, say=_say_nothing if quiet else print)
    return load(project.workspace)


def _say_nothing(_: str) -> None:
    pass


class Inspection:
    """One finished inspection, read-only (一次检查的结果).

    The tables are DataFrames, those with shapes GeoDataFrames in the working CRS; areas are in
    m², ratios are fractions of one, codes are text. ``describe(name)`` tells what each column
    means, ``labelled(name)`` gives a table with Chinese heads and mu.
    """

    def __init__(self, published: Published) -> None:
        """Open the tables that a run left."""
        self.published, self._tables = published, OpenedTables(published)
        self.workspace = published.workspace
        self.heading: Heading = published.heading

    @property
    def changes(self) -> gpd.GeoDataFrame:
        """The change polygons with their result (变化图斑与认定结果), one row a change."""
        return self._tables["changes"]

    @property
    def townships(self) -> gpd.GeoDataFrame:
        """The ranking of the townships with their ground (乡镇排名), first rank first."""
        return self._tables["townships"]

    @property
    def pieces(self) -> gpd.GeoDataFrame:
        """The pieces of the changes, each with what covers it and its verdict (碎片)."""
        return self._tables["pieces"]

    @property
    def offices(self) -> pd.DataFrame:
        """The ranking of the offices (管辖所排名)."""
        return self._tables["offices"]

    @property
    def county(self) -> pd.DataFrame:
        """The county's sums and ratios, one row (全县)."""
        return self._tables["county"]

    @property
    def approvals(self) -> gpd.GeoDataFrame:
        """The approvals as received (批准用地), all kinds."""
        return self._tables["approvals"]

    @property
    def coverage(self) -> pd.DataFrame:
        """Which approval covers how much of which change (批准覆盖); approvals may overlap."""
        return self._tables["coverage"]

    @property
    def defects(self) -> pd.DataFrame:
        """What was found about the inputs, worst first (问题清单)."""
        return self._tables["defects"]

    def table(self, name: str) -> pd.DataFrame:
        """Return one of ``tables()`` by its name, such as ``land_use`` or ``rulings``."""
        return self._tables[name]

    def tables(self) -> pd.DataFrame:
        """Return what tables there are (有哪些表): 表, 内容, 有图形."""
        rows = [(name, table.label, table.geometry) for name, table in VIEWS.items()]
        return pd.DataFrame(rows, columns=["表", "内容", "有图形"])

    def describe(self, name: str) -> pd.DataFrame:
        """Return what the columns of a table mean (数据字典): 列名, 中文名, 单位, 含义."""
        there = self.table(name).columns
        return dictionary(column for column in VIEWS[name].columns if column.name in there)

    def labelled(self, name: str, *, mu: bool = True) -> pd.DataFrame:
        """Return a table for reading: Chinese heads with units, mu (or m²), words for codes."""
        known = {column.name: column for column in VIEWS[name].columns}
        return labelled(self.table(name), known, self.heading, mu=mu)

    def map(self, *, township: str | None = None, change: str | None = None) -> Picture:
        """Return a map (图): the county, or one township by code or name, or one change.

        It shows itself in Jupyter, with Chinese type on any machine; ``.save(path)`` writes it.
        """
        if change is not None:
            one = self.changes[self.changes["change_id"] == change]
            if one.empty:
                self.explain(change)  # refuses with the nearest ids
                raise PipelineError(f"图斑 {change} 没有入库,没有图", remedy="看 .explain()")
            pieces = self.pieces[self.pieces["change_id"] == change]
            others = self.changes[self.changes["change_id"] != change]
            return change_map(one, pieces, self.approvals, others, self.heading)
        if township is not None:
            code = self._code_of(township)
            return township_map(self.townships, self.changes, self.heading, code)
        return county_map(self.townships, self.changes, self.heading)

    def explain(self, change_id: str) -> Explanation:
        """Return why a change is judged as it is (为什么这样认定); ``print`` gives all of it.

        Raises ``Refused`` with the nearest ids for an unknown one.
        """
        self.published.check(*EVIDENCE)
        evidence = evidence_of(self._dossiers, self.published.tables, change_id)
        return Explanation(evidence, self.heading)

    @cached_property
    def _dossiers(self) -> Dossiers:
        balances = self.published["balances"]
        files = balances.loc[balances["layer"] == "changes", "file"]
        return Dossiers(self.published.tables, "、".join(files))

    def near_line(self, count: int = 5) -> pd.DataFrame:
        """Return the townships nearest to the line on either side (谁在线边上), areas in mu."""
        return near_line(self.townships, self.heading, count)

    def what_if(
        self,
        township: str,
        *,
        reclaimed_mu: Amount = 0,
        illegal_mu: Amount = 0,
        legal_mu: Amount = 0,
    ) -> pd.DataFrame:
        """Return a township's standing now and if (假如): see ``pipeline.report.what_if``."""
        here = self.townships["township_code"] == self._code_of(township)
        record = self.townships[here].drop(columns="geometry").to_dict("records")[0]
        return what_if(
            record,
            self.heading,
            reclaimed_mu=reclaimed_mu,
            illegal_mu=illegal_mu,
            legal_mu=legal_mu,
        )

    def compare(self, other: "Inspection") -> Comparison:
        """Return what is different in a later inspection (两次检查差在哪): this one is 前."""
        difference = compare(
            (self.townships, other.townships),
            (self.changes, other.changes),
            (self.heading.official.value, other.heading.official.value),
        )
        return Comparison(difference, self.published, other.published)

    def __repr__(self) -> str:
        counts = self.changes["verdict"].value_counts()
        told = "，".join(f"{verdict_label(one)} {n}" for one, n in counts.items())
        over = int(self.townships["is_accountable"].sum())
        return (
            f"{self.heading.subject}{self.heading.mark}：图斑 {len(self.changes)} 个（{told}），"
            f"乡镇 {len(self.townships)} 个，{line_text(self.heading.township)}的 {over} 个"
        )

    def _code_of(self, township: str) -> str:
        """Return the code of a township that is named by its code or its name."""
        known = self.townships
        found = known[
            (known["township_code"] == township) | (known["township_name"] == township)
        ]
        if len(found) == 1:
            return str(found["township_code"].iloc[0])
        names = "、".join(known["township_name"].dropna().head(30))
        what = f"没有叫 {township} 的乡镇" if found.empty else f"叫 {township} 的乡镇不止一个"
        raise PipelineError(what, remedy=f"写乡镇代码,或这些名称之一:{names}")
