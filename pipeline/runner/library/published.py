"""The tables of a finished run, found and read without changing anything (已出的成果).

Only what a killed run had finished and not yet put in place is put there first.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import PipelineError
from pipeline.project import load
from pipeline.report.heading import Heading
from pipeline.runner.heading import heading_of_record
from pipeline.runner.record import INSPECTION, STATE, read_state
from pipeline.runner.tables import Tables
from pipeline.runner.workspace import Workspace

_RUN = "先运行 make all,或 pipeline.run(配置文件)"


def find_workspace(place: Path) -> Path:
    """Return the workspace of a config file, or of a folder that is one or has one in it.

    Raises ``PipelineError`` where there is no result of a run.
    """
    place = Path(place)
    if place.is_file():
        folder = load(place).workspace
        return _with_results([folder], folder)
    if not place.is_dir():
        raise PipelineError(
            "没有这个文件夹或配置文件", where=str(place), remedy="检查路径(从哪个文件夹写起)"
        )
    return _with_results([place, place / "workspace"], place)


def _with_results(folders: list[Path], asked: Path) -> Path:
    for folder in folders:
        Workspace(folder).finish()
        if (folder / "work" / STATE).is_file():
            return folder
    raise PipelineError("这里还没有检查结果", where=str(asked), remedy=_RUN)


class Published:
    """The tables of a workspace as the last run left them, and the heading they go under."""

    def __init__(self, workspace: Path) -> None:
        """Open a workspace; raise ``PipelineError`` where its tables are not of one run."""
        self.workspace = workspace
        state = read_state(workspace / "work")
        told = _told(state, workspace)
        self.heading: Heading = heading_of_record(told["heading"])
        self.basis: dict[str, Any] = told["basis"]
        self._hashes: dict[str, str | None] = {
            name: digest
            for stage in state.values()
            for name, digest in stage.get("made", {}).items()
        }
        self.tables = Tables(workspace / "work")
        self._checked: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; raise ``PipelineError`` where it is not the one that was opened."""
        self.check(name)
        return self.tables[name]

    def check(self, *names: str) -> None:
        """Raise ``PipelineError`` where a table is missing or was made anew since."""
        for name in sorted(set(names) - self._checked):
            digest = self.tables.hash(name)
            if digest is None or digest != self._hashes.get(name):
                lost = "不见了" if digest is None else "与打开时不同"
                raise PipelineError(
                    f"工作区里的表 {name} {lost}",
                    where=str(self.tables.path(name)),
                    remedy="工作区又运行过或不完整:重新 pipeline.load(…);还不行就重新运行",
                )
            self._checked.add(name)


def _told(state: dict[str, Any], workspace: Path) -> dict[str, Any]:
    told: dict[str, Any] = state.get(INSPECTION, {})
    if "basis" not in told:
        what = "这个工作区是旧版程序写的,或清单 state.json 已损坏"
        raise PipelineError(what, where=str(workspace), remedy=f"{_RUN}(没有变的不会重算)")
    if not told["is_whole"]:
        what = "这个工作区只算了一半:前面的阶段重算过,汇总和排名还没有跟上"
        raise PipelineError(what, where=str(workspace), remedy=_RUN)
    return told
