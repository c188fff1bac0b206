"""From a path in the config to the files it names (输入文件)."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from pipeline.errors import Refused, refusal

# A shapefile is these files together; the others that may lie beside it are not read.
SIDE_FILES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SHAPEFILE_MAGIC = b"\x00\x00\x27\x0a"
# An image may keep its place, its overviews, its mask and its nodata in files beside it.
_IMAGES = {".tif", ".tiff"}
_ADDED_TO_IMAGE = (".ovr", ".aux.xml", ".msk", ".msk.ovr", ".xml")
_INSTEAD_OF_TIF = (
    ".tfw", ".tifw", ".tiffw", ".wld", ".tab", ".aux", ".rrd", ".ovr", ".imd", ".rpb", "_rpc.txt",
)  # fmt: skip
_FOLDER = "路径写到数据文件本身(.shp、.gpkg 等);写文件夹只用于其中的报批坐标 .txt"
# A scheme or a GDAL prefix (http:, GPKG:); one letter is a drive of Windows.
_SCHEME = re.compile(r"^[A-Za-z][\w+.-]+:")


def expand(base: Path, text: str) -> list[Path]:
    """Return the files that one path of the config names, sorted (输入路径).

    A file, a ``.gdb`` folder, a folder (its ``.txt`` files) or a pattern such as ``*.txt``;
    relative to ``base``. Raises ``Refused`` for addresses of a network, GDAL's virtual paths,
    and where there is nothing.
    """
    if _SCHEME.match(text) or text.replace("\\", "/").startswith(("/vsi", "//")):
        what = f"路径 {text} 是网址或虚拟路径,本软件只读本机文件"
        raise Refused(
            [refusal("config", text, "remote-path", what, "把数据拷到项目文件夹里再写路径")]
        )
    path = base / text
    if path.is_dir():
        found = [path] if path.suffix.lower() == ".gdb" else _texts(path)
        missing = f"文件夹 {text} 里没有 .txt 文件"
    elif path.exists() or not re.search(r"[*?]", text):
        found = [path] if path.exists() else []
        missing = f"没有文件 {text}"
    else:
        found = _matching(base, text)
        missing = f"没有与 {text} 相符的文件"
    if not found:
        fix = _FOLDER if path.is_dir() else _nearest(path)
        raise Refused([refusal("config", text, "missing-file", missing, fix)])
    for file in found:
        refuse_special(file.iterdir() if file.is_dir() else [file])
    return found


def refuse_special(paths: Iterable[Path]) -> None:
    """Refuse pipes and devices (特殊文件): whoever opens one may wait for ever."""
    special = [
        path for path in paths if path.exists() and not (path.is_file() or path.is_dir())
    ]
    if special:
        what = "、".join(path.name for path in special) + " 不是普通文件(管道或设备)"
        fix = "换成数据文件本身"
        raise Refused([refusal("config", special[0].name, "special-file", what, fix)])


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return every file that belongs to these inputs, sorted: side files, folders' contents."""
    found: set[Path] = set()
    for path in paths:
        found.update(_belonging(path))
    return sorted(found)


def side_files(path: Path) -> dict[str, Path]:
    """Return the files of a shapefile by lower-case suffix, whatever the case of their names."""
    candidates = sorted(
        (
            other
            for other in path.parent.iterdir()
            if other.suffix.lower() in SIDE_FILES
            and other.stem.casefold() == path.stem.casefold()
        ),
        # a name spelt like the .shp wins over one that only differs in case
        key=lambda other: (other.stem != path.stem, other.name),
    )
    refuse_special(candidates)
    found: dict[str, Path] = {}
    for other in candidates:
        found.setdefault(other.suffix.lower(), other)
    return found | {".shp": path}


def _belonging(path: Path) -> list[Path]:
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_file()]
        return [file for file in files if file.suffix.lower() != ".lock"]
    if not path.exists():
        return []
    if _is_shapefile(path):
        return list(side_files(path).values())
    if path.suffix.lower() in _IMAGES:
        return [path, *_beside_image(path)]
    logs = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    return [path, *(log for log in logs if log.exists())]


def _beside_image(path: Path) -> list[Path]:
    names = {(path.name + end).casefold() for end in _ADDED_TO_IMAGE}
    names |= {(path.stem + end).casefold() for end in _INSTEAD_OF_TIF}
    beside = (other for other in path.parent.iterdir() if other.name.casefold() in names)
    return [other for other in beside if other.is_file()]


def _is_shapefile(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() == ".shp" or file.read(4) == _SHAPEFILE_MAGIC


def _texts(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() == ".txt")


def _matching(base: Path, text: str) -> list[Path]:
    """Return what a pattern finds; only ``*`` and ``?`` are special, brackets are names."""
    parts = Path(text).parts
    first = next(place for place, part in enumerate(parts) if re.search(r"[*?]", part))
    root = base.joinpath(*parts[:first])
    pattern = "/".join(part.replace("[", "[[]") for part in parts[first:])
    if not root.is_dir():
        return []
    return sorted(
        found
        for found in root.glob(pattern)
        if found.is_file() or found.suffix.lower() == ".gdb"
    )


def _nearest(path: Path) -> str:
    if not path.name.isprintable():  # a tab or an end of line that TOML made of a backslash
        return "路径用 /,不用 \\"
    if not path.parent.is_dir():
        return f"没有文件夹 {path.parent.resolve()};路径相对于配置文件所在的文件夹"
    names = [other.name for other in path.parent.iterdir()]
    near = get_close_matches(path.name, names, n=1, cutoff=0.6)
    return f"是不是 {near[0]}?" if near else "检查路径;路径相对于配置文件所在的文件夹"
