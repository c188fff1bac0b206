"""What one county and one inspection may set: the only module that knows every setting."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from pipeline.errors import Finding, Refused, refusal
from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.io.inputs import expand, files_of
from pipeline.io.settings import HandSettings, ImagerySettings, Layers
from pipeline.report.settings import ReportSettings
from pipeline.rules.settings import AccountabilitySettings, RuleSettings
from pipeline.schema.mistakes import mistakes
from pipeline.schema.settings import Settings
from pipeline.schema.settings_file import LARGEST, parse_settings
from pipeline.terms import ApprovalKind

_LONGEST_NAME, _LONGEST_SHOWN = 255, 80
# Of an earlier inspection, what a comparison reads in the workspace's ``work/``.
COMPARED = ("state.json", "township_ranking.parquet", "county_result.parquet")
# Rule packs and code systems that come with the product.
SHIPPED_CONFIGS = Path(__file__).resolve().parents[1] / "configs"


class Inspection(Settings):
    """``[inspection]`` (一个县的一次检查)."""

    name: str = Field(min_length=1, description="检查名称")
    county_code: str = Field(pattern=r"^\d{6}$", description="县级行政区代码,6 位,加引号")
    county_name: str = Field(min_length=1, description="县(市、区)名称")
    year: int = Field(ge=1990, le=2100, description="检查年度")
    crs: str = Field(
        pattern=r"^EPSG:\d{4,6}$", description="工作坐标系,投影坐标,单位米,如 EPSG:4549"
    )
    workspace: str = Field(min_length=1, description="工作区文件夹:程序写出的一切都在这里")
    notice: str = Field("", description="印在每件成果上的说明,如“示例数据”;可不写")
    allow_paths: tuple[str, ...] = Field((), description="项目文件夹以外允许读取的文件夹")


class ConfigFile(Settings):
    """One config file, every section."""

    inspection: Inspection
    layers: Layers
    imagery: ImagerySettings = ImagerySettings()
    hand: HandSettings = HandSettings()
    rules: RuleSettings = RuleSettings()
    accountability: AccountabilitySettings
    area: AreaSettings = AreaSettings()
    overlay: OverlaySettings = OverlaySettings()
    report: ReportSettings = ReportSettings()


@dataclass(frozen=True)
class Project:
    """A config file that was read, and where it lies (一个检查项目)."""

    path: Path
    config: ConfigFile
    sha256: str  # of the file as it was read: it may be another by the time a run ends

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self.path.parent

    @property
    def root(self) -> Path:
        """The project folder that holds every input: the nearest parent with a ``configs/``."""
        return next(
            (folder for folder in self.path.parents if (folder / "configs").is_dir()),
            self.folder,
        )

    @property
    def workspace(self) -> Path:
        """Where everything is written."""
        return (self.folder / self.config.inspection.workspace).resolve()

    @property
    def kinds(self) -> tuple[ApprovalKind, ...]:
        """The configured kinds of approval, in the order of the terms."""
        configured = {layer.kind for layer in self.config.layers.approvals}
        return tuple(kind for kind in ApprovalKind if kind in configured)

    @property
    def config_folders(self) -> tuple[Path, ...]:
        """Where rule packs and code systems are looked for, first to last."""
        return (self.root / "configs", SHIPPED_CONFIGS)

    @property
    def allowed(self) -> tuple[Path, ...]:
        """The folders that inputs may lie in, links followed."""
        extra = self.config.inspection.allow_paths
        return (self.root.resolve(), *(self.resolve(text).resolve() for text in extra))

    def files(self, text: str) -> list[Path]:
        """Return the files that a path of the config names, none of them opened yet.

        Raises ``Refused`` where there are none, and for links to places outside the project.
        """
        found = expand(self.folder, text)
        what = "输入文件是指向项目文件夹之外(outside)的链接(symlink)"
        fix = "把文件本身拷到项目文件夹里"
        findings = [
            refusal("config", f"{text} → {file.name}", "link", what, fix)
            for file in files_of(found)
            if not self._holds(file)
        ]
        if findings:
            raise Refused(findings)
        return found

    def _holds(self, file: Path) -> bool:
        try:
            leads_to = file.resolve()
        except (OSError, RuntimeError):  # links that lead round in a circle
            return False
        return any(leads_to.is_relative_to(folder) for folder in self.allowed)

    def resolve(self, text: str) -> Path:
        """Return a config path as an absolute one (may still hold a glob)."""
        return self.folder / text


def load(path: Path) -> Project:
    """Read a config file; raise ``Refused`` with every mistake at once.

    Decimals stay as they are written: a line of 0.08 is exactly 8 %.
    """
    path = Path(path).resolve()
    data = _read(path)
    raw = parse_settings(data, path.name, parse_float=Decimal)
    config, findings = _validate(raw, path.name)
    if config is None:
        raise Refused(findings)
    project = Project(path, config, hashlib.sha256(data).hexdigest())
    findings = list(_misplaced(project))
    if findings:
        raise Refused(findings)
    return project


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        reason = "没有这个配置文件" if not path.exists() else f"读不了:{error.strerror}"
        raise Refused(
            [
                refusal(
                    "config",
                    str(path),
                    "config-missing",
                    reason,
                    "检查路径;还没有配置的话,从 configs/template.toml 抄一份,或先运行 make demo",
                )
            ]
        ) from None


def _validate(raw: dict[str, Any], name: str) -> tuple[ConfigFile | None, list[Finding]]:
    try:
        return ConfigFile.model_validate(raw), []
    except ValidationError as error:
        return None, mistakes(error, ConfigFile, name, layer="config")


def _misplaced(project: Project) -> Iterator[Finding]:
    """Yield every path that may not be used: a URL, or a place outside the project folder."""
    unusable = [text for text in project.config.inspection.allow_paths if not _is_name(text)]
    if unusable:
        where, what = (
            "inspection.allow_paths",
            f"不能是文件夹:{unusable[0][:_LONGEST_SHOWN]}",
        )
        yield refusal("config", where, "not-a-file", what, "改正路径")
        return
    inputs = dict(paths(project.config))
    key, text = "inspection.workspace", project.config.inspection.workspace
    findings = [
        found
        for one, written in inputs.items()
        for found in _outside(project, one, written, project.allowed)
    ]
    findings += _outside(project, key, text, project.allowed[:1])
    yield from findings
    if any(found.code == "not-a-file" for found in findings):
        return  # what cannot be a path cannot be compared with one
    workspace = project.workspace
    holds = [
        key
        for key, text in inputs.items()
        if project.resolve(text).resolve().is_relative_to(workspace)
    ]
    is_used = workspace in {project.root.resolve(), project.folder} or workspace.is_file()
    if is_used or holds:
        what = f"工作区(output)不能是文件、项目文件夹或放输入数据的文件夹:{text}"
        yield refusal(
            "config", f"{project.path.name} → {key}", "workspace-place", what, "换一个空文件夹"
        )


def _outside(
    project: Project, key: str, text: str, allowed: tuple[Path, ...]
) -> Iterator[Finding]:
    place = f"{project.path.name} → {key}"
    if "://" in text or text.startswith(("/vsi", "\\\\")) or not _is_name(text):
        what = f"只能用本机文件,不能用网络地址或虚拟路径:{text[:_LONGEST_SHOWN]}"
        yield refusal("config", place, "not-a-file", what, "把文件拷到项目文件夹里再填它的路径")
        return
    plain = project.resolve(text.split("*", maxsplit=1)[0] if "*" in text else text)
    try:
        leads_to = plain.resolve()
    except (OSError, RuntimeError):  # links that lead round in a circle
        what = f"路径是绕圈的链接(symlink):{text}"
        yield refusal("config", place, "not-a-file", what, "换成文件本身")
        return
    if not any(leads_to.is_relative_to(folder) for folder in allowed):
        what = f"路径在项目文件夹之外(outside,或经链接 link 指向外面):{text}"
        fix = f"把文件放到 {project.root} 之内,或在 [inspection] allow_paths 中写明该文件夹"
        yield refusal("config", place, "outside-project", what, fix)


def _is_name(text: str) -> bool:
    """Whether a file system takes each part of a path: no zero byte, 255 bytes at most."""
    return "\0" not in text and all(
        len(part.encode()) <= _LONGEST_NAME for part in re.split(r"[/\\]", text)
    )


def paths(config: ConfigFile) -> Iterator[tuple[str, str]]:
    """Yield the key and the text of every input path in the config."""
    sections: Mapping[str, Any] = dict(config.layers)
    for name, section in sections.items():
        several = section if isinstance(section, tuple) else (section,)
        for number, layer in enumerate(several):
            key = f"layers.{name}" + (
                f"[第 {number + 1} 个]" if isinstance(section, tuple) else ""
            )
            for index, text in enumerate(layer.path if layer is not None else ()):
                yield f"{key}.path[{index}]" if index else f"{key}.path", text
            if getattr(layer, "ledger", None):
                yield f"{key}.ledger", layer.ledger
    if config.report.compare_with is not None:
        for file in COMPARED:
            yield f"report.compare_with[{file}]", f"{config.report.compare_with}/work/{file}"
    for name, other in (("imagery", config.imagery), ("hand", config.hand)):
        for key, written in other:
            texts = (written,) if isinstance(written, str) else written or ()
            for index, text in enumerate(texts):
                yield f"{name}.{key}" + (f"[{index}]" if index else ""), text
