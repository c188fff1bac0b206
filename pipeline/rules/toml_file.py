"""Find and read the TOML files in ``configs/rules/`` (规则包、地类编码体系)."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from pipeline.errors import Refused, refusal
from pipeline.schema.mistakes import mistakes
from pipeline.schema.settings import Settings
from pipeline.schema.settings_file import parse_settings

_Model = TypeVar("_Model", bound=Settings)


def find(name: str, folders: Iterable[Path], *, what: str) -> Path:
    """Return the first ``<folder>/<name>.toml``; refuse with the nearest name there is."""
    folders = list(folders)
    for folder in folders:
        if (path := folder / f"{name}.toml").is_file():
            return path
    names = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    fix = f"是不是 {near[0]}?" if near else f"现有:{'、'.join(names) or '无'}"
    raise Refused([refusal("config", name, "no-such-file", f"没有名为 {name} 的{what}", fix)])


def read(path: Path, model: type[_Model]) -> _Model:
    """Read a TOML file into its model; raise ``Refused`` with every mistake at once."""
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"读不了:{error.strerror}"
        raise Refused(
            [refusal("config", path.name, "unreadable-rules", what, "检查路径和权限")]
        ) from None
    try:
        return model.model_validate(parse_settings(data, path.name))
    except ValidationError as error:
        raise Refused(mistakes(error, model, path.name, layer="config")) from None
