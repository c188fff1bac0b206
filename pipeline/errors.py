"""What an analyst can mend: findings about inputs, and errors shown without a traceback."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["refused", "quarantined", "repaired", "noted"]

# Worst first: the order in which findings are listed.
SEVERITIES: tuple[Severity, ...] = ("refused", "quarantined", "repaired", "noted")


@dataclass(frozen=True)
class Finding:
    """One finding about an input (问题记录), a row of ``defects.csv``.

    ``record`` is the record's key, else a stable description, never a row number alone.
    ``code`` is an English slug such as ``missing-crs``; ``message`` and ``remedy`` are Chinese.
    ``area_m2`` is the area that the finding concerns, where it has one.
    """

    layer: str
    record: str
    code: str
    severity: Severity
    message: str
    remedy: str = ""
    area_m2: float | None = None


class PipelineError(Exception):
    """Base of every error that is shown as a message (no traceback)."""

    title = "出错"
    exit_status = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Say what is wrong, where it is, and what the analyst should do."""
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(message(self.title, what, where, remedy))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """Come back from another process with the message as it was made, once."""
        return Exception.__new__, (type(self), *self.args), self.__dict__


class Refused(PipelineError):
    """The config or the inputs are refused (拒绝): all reasons at once."""

    title = "拒绝运行"
    exit_status = 2

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Carry every finding; those of severity ``refused`` are the reasons."""
        self.findings = list(findings)
        reasons = [found for found in self.findings if found.severity == "refused"]
        text = "\n".join(
            message(
                "配置错误" if found.layer == "config" else "输入被拒绝",
                found.message,
                " → ".join(part for part in (found.layer, found.record) if part),
                found.remedy,
            )
            for found in reasons
        )
        Exception.__init__(self, text)


class WorkspaceBusy(PipelineError):
    """Another run holds the workspace (工作区被占用)."""

    title = "工作区正被占用"
    exit_status = 3


class ConservationError(PipelineError):
    """Area was lost or counted twice (面积不守恒): our fault, never the analyst's."""

    title = "面积不守恒"


def message(title: str, what: str, where: str = "", remedy: str = "") -> str:
    """Return the three-line message: what is wrong, where, what to do."""
    lines = [f"【{title}】{what}"]
    lines += [f"  位置:{where}"] if where else []
    lines += [f"  办法:{remedy}"] if remedy else []
    return "\n".join(lines)


def refusal(layer: str, record: str, code: str, what: str, remedy: str) -> Finding:
    """Return a finding of severity ``refused``."""
    return Finding(layer, record, code, "refused", what, remedy)
