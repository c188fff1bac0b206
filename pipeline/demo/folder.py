"""The demo's folder on disk (示例文件夹): written whole, left alone where it is whole."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pipeline
from pipeline.errors import Finding, Refused, refusal
from pipeline.io.exchange import remove_tree
from pipeline.io.files import write_whole

_MARK = ".demo.json"
_CONFIG = "demo.toml"
_OURS = ("raw", "answers")  # folders that are written anew as a whole
_PEOPLES = ("hand", _CONFIG)  # what an analyst may edit: written only where it is missing
_HOME = Path(pipeline.__file__).resolve().parent.parent
_CONFIG_SOURCE = _HOME / "configs" / "demo-2024.toml"
_CONFIG_PREFIX = "../data/demo-2024/"


def write_demo(folder: Path, *, seed: int = 2024) -> None:
    """Write the demo county (示例县), its config and its planted answers into ``folder``.

    The same seed gives the same bytes. A folder that holds this demo whole is left alone;
    ledgers and config that were edited stay as they are. Raises ``Refused`` for a folder with
    anything else in it.
    """
    made_by = _generator(seed)
    mark = _read_mark(folder)
    if mark.get("made_by") == made_by and _is_whole(folder, mark):
        return
    if not mark and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused([_occupied(folder)])
    folder.mkdir(parents=True, exist_ok=True)
    _write_mark(folder, {"made_by": "", "files": {}})
    for name in _OURS:
        shutil.rmtree(folder / name, ignore_errors=True)
    _write_files(folder, seed)
    _write_mark(folder, {"made_by": made_by, "files": _hashes(folder, _OURS)})


def demo_county(folder: str | Path | None = None) -> Path:
    """Write the demo county (示例县) where it is not there yet; return its config.

    Without a folder: the one that the environment variable ``DEMO_COUNTY`` names, else
    ``data/demo-2024`` of this project, where ``make demo`` puts it.
    """
    place = folder or os.environ.get("DEMO_COUNTY") or _HOME / "data" / "demo-2024"
    write_demo(Path(place))
    return Path(place) / _CONFIG


def demo_config() -> str:
    """Return the demo's config with the paths as seen from the demo's own folder."""
    return _CONFIG_SOURCE.read_text(encoding="utf-8").replace(f'"{_CONFIG_PREFIX}', '"')


def _write_files(folder: Path, seed: int) -> None:
    from pipeline.demo.answers import write_answers
    from pipeline.demo.county import make_county
    from pipeline.demo.deliver_approvals import deliver_approvals
    from pipeline.demo.deliver_base import deliver_base
    from pipeline.demo.deliver_changes import deliver_changes
    from pipeline.demo.deliver_hand import deliver_hand
    from pipeline.demo.imagery import deliver_imagery

    county = make_county(seed)
    raw = folder / "raw"
    deliver_base(county, raw / "base")
    deliver_changes(county, raw / "changes")
    deliver_approvals(county, raw / "approvals")
    deliver_imagery(county, raw / "imagery", seed)
    if not (folder / "hand").exists():  # whole or not at all: a half one would pass for edited
        building = folder / ".hand"
        remove_tree(building)
        deliver_hand(county, building)
        building.rename(folder / "hand")
    if not (folder / _CONFIG).exists():
        write_whole(folder / _CONFIG, demo_config().encode())
    write_answers(county, folder / "answers")


def _generator(seed: int) -> str:
    """Return what tells one generator from another: the seed and the sources themselves."""
    digest = hashlib.sha256(str(seed).encode())
    sources = sorted(Path(__file__).parent.glob("*.py"))
    sources += [_HOME / "pipeline" / "io" / name for name in ("handover.py", "imagery.py")]
    for source in [*sources, _CONFIG_SOURCE]:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _read_mark(folder: Path) -> dict[str, object]:
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return mark if isinstance(mark, dict) else {}


def _write_mark(folder: Path, mark: dict[str, object]) -> None:
    text = json.dumps(mark, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / _MARK, text.encode())


def _is_whole(folder: Path, mark: dict[str, object]) -> bool:
    there = all((folder / name).exists() for name in _PEOPLES)
    return there and mark.get("files") == _hashes(folder, _OURS)


def _hashes(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    files = sorted(
        path for name in names for path in (folder / name).rglob("*") if path.is_file()
    )
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _occupied(folder: Path) -> Finding:
    return refusal(
        "demo",
        str(folder),
        "folder-not-empty",
        f"文件夹 {folder} 里已有别的内容,示例县不写进去",
        "换一个空的或不存在的文件夹",
    )
