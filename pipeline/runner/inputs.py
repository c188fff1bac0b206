"""Every file a project rests on, found and hashed before anything is read (输入文件)."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.inputs import files_of
from pipeline.project import Project, paths
from pipeline.rules.land_classes import find_code_system
from pipeline.rules.pack import RulePack, find_pack, load_pack
from pipeline.runner.fingerprint import file_hashes

# The sections of the config that name files, as the fields of ``Inputs``.
SECTIONS = ("layers", "hand", "imagery", "report")
# What the template writes where an analyst must.
_PLACEHOLDER = "填写"


@dataclass(frozen=True)
class Inputs:
    """The input files by config section, each with its SHA-256; ``law`` is not handed in."""

    layers: dict[str, str]
    hand: dict[str, str]
    imagery: dict[str, str]
    report: dict[str, str]
    pack: Path
    code_system: Path
    law: dict[str, str]  # the two of them

    def all(self) -> dict[str, str]:
        """Return every input file with its hash."""
        return {**self.layers, **self.hand, **self.imagery, **self.report}

    def size(self, root: Path) -> int:
        """Return the bytes of every input file but the images, of which little is written."""
        files = {**self.layers, **self.hand, **self.report}
        return sum((root / file).stat().st_size for file in files)


def find_pack_file(project: Project) -> Path:
    """Return the file of the configured rule pack; raise ``Refused`` where there is none."""
    return find_pack(project.config.rules.pack, project.config_folders)


def read_pack(project: Project, file: Path) -> RulePack:
    """Return a rule pack with its rules named as they read with the configured layers."""
    return load_pack(file).read_with(project.kinds)


def _unknown_acts(project: Project, pack: RulePack) -> list[Finding]:
    """Refuse exempt acts that no rule of the pack speaks of: they would change nothing."""
    known = sorted({rule.act for rule in pack.rules if rule.act})
    findings = []
    for act in project.config.accountability.exempt_acts:
        if act not in known:
            near = get_close_matches(act, known, n=1, cutoff=0.5)
            fix = f"是不是 {near[0]}?" if near else f"可写:{'、'.join(known)}"
            place = f"{project.path.name} → accountability.exempt_acts"
            what = f"规则包里没有行为 {act}"
            findings.append(refusal("config", place, "unknown-act", what, fix))
    return findings


def _unfilled(project: Project) -> Iterator[Finding]:
    """Yield what the template asks to be filled in and was left: it would be printed as law."""
    lines = project.config.accountability
    for name, line in (("township", lines.township), ("county", lines.county)):
        if _PLACEHOLDER in line.basis:
            place = f"{project.path.name} → accountability.{name}.basis"
            what = f"依据还没有填:{line.basis}"
            yield refusal(
                "config", place, "not-filled-in", what, "写上责任状或文件的名称和文号"
            )


def find_inputs(project: Project) -> Inputs:
    """Find and hash every input; raise ``Refused`` with all that are missing."""
    findings: list[Finding] = list(_unfilled(project))
    found: dict[str, list[Path]] = {name: [] for name in SECTIONS}
    for key, text in paths(project.config):
        try:
            found[key.split(".")[0]].extend(files_of(project.files(text)))
        except Refused as refused:
            findings.extend(refused.findings)
    config = project.config
    lawful: list[Path] = []
    for find, name in (
        (find_pack, config.rules.pack),
        (find_code_system, config.layers.land_use.code_system),
    ):
        try:
            lawful.append(find(name, project.config_folders))
        except Refused as refused:
            findings.extend(refused.findings)
    if len(lawful) > 1:
        findings.extend(_unknown_acts(project, load_pack(lawful[0])))
    if findings:
        raise Refused(findings)
    hashes = {name: file_hashes(set(files), project.root) for name, files in found.items()}
    pack, codes = lawful
    layers, hand, imagery, report = (hashes[name] for name in SECTIONS)
    law = file_hashes(lawful, project.root)
    return Inputs(layers, hand, imagery, report, pack, codes, law)
