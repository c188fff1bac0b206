"""Find and read the TOML files in ``configs/rules/`` (规则包、地类编码体系)."""

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from pipeline.errors import Refused, refusal
from pipeline.schema.mistakes import mistakes
from pipeline.schema.settings import Settings

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
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason, fix = f"读不了:{error.strerror}", "检查路径和权限"
    except UnicodeDecodeError:
        reason, fix = "不是 UTF-8 编码", "用记事本“另存为”,编码选 UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason, fix = f"不合 TOML 格式:{error}", "改正该行"
    else:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            raise Refused(mistakes(error, model, path.name, layer="config")) from None
    raise Refused([refusal("config", path.name, "unreadable-rules", reason, fix)])
