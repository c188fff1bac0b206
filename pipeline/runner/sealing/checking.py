"""A folder of results held against its list of sums (成果核对): every file that differs, by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.io.geopackage_content import content_hashes
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.sealing.manifest_file import MANIFEST, read_manifest
from pipeline.runner.sealing.sums import NAME, read_sums

_OUT, _WORK = f"out/{NAME}", f"work/{NAME}"
_MANIFEST = f"out/{MANIFEST}"


@dataclass
class Checked:
    """What checking a folder found (核对结果): how many files it held up, and what is wrong."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    manifest: dict[str, Any] | None = None  # null where it cannot be believed


def check_results(folder: Path) -> Checked:
    """Hold ``out/`` and ``work/`` of a workspace against ``out/SHA256SUMS``.

    Where the list itself was touched, the manifest is the second witness.
    """
    manifest, listed = read_manifest(folder / "out"), read_sums(folder / _OUT)
    checked = Checked(manifest=manifest)
    if listed is None:
        checked.wrong.append(f"成果 {_OUT} {_lost(folder / _OUT)}")
        hashes = {
            one["path"]: one["sha256"] for one in (manifest or {"results": []})["results"]
        }
        known = {*hashes, _OUT, _WORK, _MANIFEST, "work/state.json"}
        if manifest is None:
            checked.wrong.append(f"成果 {_MANIFEST} {_lost(folder / _MANIFEST)}")
            known = {*_files(folder, ("out", "work"))}
    else:
        hashes = {_from_workspace(name): digest for name, digest in listed.items()}
        known = {*hashes, _OUT}
        if differs(folder / _MANIFEST, hashes.get(_MANIFEST)):
            checked.manifest = None
    if later := _computed_since(folder, hashes):
        checked.wrong.append(later)
        hashes = {name: one for name, one in hashes.items() if not name.startswith("work/")}
    contents = _contents(checked.manifest)
    checked.wrong += compare(folder, hashes, contents)
    checked.wrong += _unlisted(folder, known)
    checked.count = len(hashes) + (listed is not None)
    return checked


def check_sealed(folder: Path) -> Checked:
    """Hold a sealed run against the list of sums at its top, which holds all of it."""
    listed = read_sums(folder / NAME)
    if listed is None:
        checked = check_results(folder)
        checked.wrong.insert(0, f"封存 {NAME} {_lost(folder / NAME)}")
        return checked
    manifest = read_manifest(folder / "out")
    if differs(folder / _MANIFEST, listed.get(_MANIFEST)):
        manifest = None
    wrong = [
        *compare(folder, listed, _contents(manifest)),
        *_unlisted(folder, {*listed, NAME}, folders=(".",)),
    ]
    return Checked(len(listed) + 1, wrong, manifest)


def compare(
    folder: Path, hashes: Mapping[str, str], contents: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield each file that is missing or differs; ``contents``: of GeoPackages, by table."""
    for name, digest in sorted(hashes.items()):
        file = folder / name
        if not file.is_file():
            yield f"成果 {name} 不见了"
        elif differs(file, digest):
            yield f"成果 {name} {_difference(file, contents.get(name))}"


def not_ours(folder: Path) -> list[str]:
    """Return the files in ``out/`` of a workspace that no run left there as they are.

    Somebody put them there, or changed them. Where neither the list of sums nor the manifest
    can be believed nobody can tell: then it is all of them.
    """
    manifest, listed = read_manifest(folder / "out"), read_sums(folder / _OUT)
    if listed is None:
        hashes = {one["path"]: one["sha256"] for one in (manifest or {}).get("results", ())}
    else:
        hashes = {_from_workspace(name): digest for name, digest in listed.items()}
    contents = _contents(manifest)
    return [
        name
        for name in _files(folder, ("out",))
        if name not in {_OUT, _MANIFEST}
        and differs(folder / name, hashes.get(name))
        and not (name in contents and contents[name] == content_hashes(folder / name))
    ]


def differs(file: Path, digest: str | None) -> bool:
    """Whether a file is not there or has another hash."""
    return not file.is_file() or file_hash(file) != digest


def _difference(file: Path, content: Mapping[str, str] | None) -> str:
    """Return how a file differs: of a GeoPackage, whether a row or a style is another."""
    if content is None:
        return "的内容变了"
    if not (now := content_hashes(file)):
        return "损坏了,读不出行"
    changed = sorted(name for name in {*now, *content} if now.get(name) != content.get(name))
    if changed:
        return f"的内容变了:表 {'、'.join(changed)}"
    return "的字节变了,行与样式没有变(多半是被 QGIS 等程序打开过)"


def _contents(manifest: Mapping[str, Any] | None) -> dict[str, dict[str, str]]:
    results = manifest["results"] if manifest else ()
    return {one["path"]: one["content"] for one in results if "content" in one}


def _computed_since(folder: Path, hashes: Mapping[str, str]) -> str:
    """Return the word that ``work/`` is of a later run than ``out/``, and whole; else nothing."""
    work = read_sums(folder / _WORK)
    if work is None or _WORK not in hashes or not differs(folder / _WORK, hashes[_WORK]):
        return ""
    if any(differs(folder / "work" / name, digest) for name, digest in work.items()):
        return ""
    return "成果 out/ 是以前的:work/ 里的表后来又算过(make <阶段>),成果还没有跟上"


def _unlisted(
    folder: Path, known: Iterable[str], folders: tuple[str, ...] = ("out", "work")
) -> Iterator[str]:
    listed = set(known)
    for name in _files(folder, folders):
        if name not in listed:
            yield f"成果 {name} 不在清单里"


def _files(folder: Path, folders: tuple[str, ...]) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for part in folders
        for path in (folder / part).rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def _from_workspace(name: str) -> str:
    """Return a path of ``out/SHA256SUMS`` as it is seen from the workspace."""
    return name.removeprefix("../") if name.startswith("../") else f"out/{name}"


def _lost(file: Path) -> str:
    return "的内容变了" if file.is_file() else "不见了"
