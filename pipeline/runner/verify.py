"""Hold results and inputs against what a run wrote down of them (核对)."""

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.project import load
from pipeline.report.safe_text import safe
from pipeline.runner.sealing.checking import Checked, check_results, check_sealed
from pipeline.runner.sealing.inputs_since import inputs_since, is_of_this_program
from pipeline.runner.sealing.manifest_file import MANIFEST
from pipeline.runner.sealing.shelf import find_sealed
from pipeline.runner.sealing.sums import NAME
from pipeline.runner.workspace import Workspace

_OF_RESULTS = "成果与清单不符,不要使用;办法:make all 由输入重新做出,或用封存的那一份"
_OF_A_SEAL = "这份封存被动过,不要作凭据;办法:用归档的那一份,与签认页上的校验码读对"


def verify(path: Path, *, sealed: str | None = None, say: Callable[[str], None] = print) -> int:
    """Print each file that differs; return 0 where none does, else 1.

    ``sealed`` names a sealed run (its number, its folder, or ``last``), of which the inputs are
    no part.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    if sealed is not None:
        folder = find_sealed(workspace.folder, sealed)
        say(f"封存 {folder.name}")
        return _told(check_sealed(folder), [], say, fix=_OF_A_SEAL)
    workspace.finish()
    if not any((workspace.out / name).is_file() for name in (NAME, MANIFEST)):
        raise PipelineError(
            f"没有可核对的清单 {MANIFEST}", where=str(workspace.out), remedy="先运行 make all"
        )
    checked, since = check_results(workspace.folder), []
    if checked.manifest is None:
        say(f"out/{MANIFEST} 不可信,输入没有核对")
    else:
        since = list(inputs_since(project, checked.manifest))
        checked.count += len(checked.manifest["inputs"]) + 3
        if not is_of_this_program(checked.manifest):
            say("提示:程序或程序库在这次运行以后更新过,make all 会重新计算")
    return _told(checked, since, say)


def _told(
    checked: Checked, since: list[str], say: Callable[[str], None], *, fix: str = _OF_RESULTS
) -> int:
    for line in checked.wrong:
        say(safe(f"不符:{line}"))
    for line in since:
        say(safe(f"不符:{line}(在这次运行以后)"))
    if checked.wrong:
        say(f"  {fix}")
    if since:
        say("  输入变了,成果是按以前的输入做的;办法:make all 重新计算")
    count = len(checked.wrong) + len(since)
    say(f"核对 {checked.count} 个文件," + (f"{count} 个不符" if count else "全部相符"))
    return 1 if count else 0
