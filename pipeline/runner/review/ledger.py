"""Where accepted rulings are kept: the ledger that the config names, and the log (认定台账)."""

import csv
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.errors import Finding, Refused
from pipeline.io.files import replace_file
from pipeline.io.ledger_append import append_rows
from pipeline.io.sniff import Format, sniff
from pipeline.project import Project
from pipeline.report.safe_text import safe
from pipeline.report.sheets.files import plain_name
from pipeline.runner.fingerprint import file_hash, shown
from pipeline.runner.receiving.hand import receive_rulings
from pipeline.runner.review.checking import Accepted, Checker
from pipeline.runner.review.standing import Standing, standing_of
from pipeline.schema.inert_text import inert
from pipeline.schema.received import RULINGS

# Beside a workbook that a person keeps, which is never rewritten, or where none is configured;
# named after the inspection, as others may keep theirs in the same folder.
_OWN = "认定-读回-{inspection}.csv"
_TEXTS = {Format.TEXT, Format.COORDINATE_TEXT}
_BOM = "\ufeff"
LOG = (
    *("read_at", "change_id", "township_code", "proposed_verdict", "old_verdict"),
    *("new_verdict", "reason", "ruled_by", "ruled_on", "source", "place", "sha256"),
    *("sheet_run", "current_run", "ledger"),
)


class RulingsLedger:
    """The ledgers of rulings of a project (认定台账), and the one that grows."""

    def __init__(self, project: Project) -> None:
        """Find the CSV to add to; the config's first, else one of our own beside it."""
        self._project = project
        self._texts = project.config.hand.rulings or ()
        paths = [path for text in self._texts for path in project.files(text)]
        texts = [path for path in paths if sniff(path) in _TEXTS]
        folder = paths[0].parent if paths else project.workspace.parent / "hand"
        own = _OWN.format(inspection=plain_name(project.config.inspection.name))
        self.path = texts[0] if texts else folder / own
        self.is_configured = bool(texts)

    def standing(self) -> Standing:
        """Return every ruling that stands; raise ``Refused`` where a ledger cannot be read."""
        texts = list(self._texts)
        if not self.is_configured and self.path.exists():
            texts.append(self._written)
        findings: list[Finding] = []
        rulings = receive_rulings(self._project, texts, findings)
        if any(found.severity == "refused" for found in findings):
            raise Refused(findings)
        return standing_of(rulings)

    def add(self, accepted: Sequence[Accepted]) -> None:
        """Append the rulings, the file being there whole before and after."""
        rows = [
            {
                "change_id": one.key[0],
                "township_code": one.key[1],
                "verdict": one.answer.verdict,
                "reason": one.answer.reason,
                "ruled_by": one.answer.ruled_by,
                "ruled_on": one.answer.ruled_on.isoformat(),
            }
            for one in accepted
        ]
        append_rows(self.path, rows, {c.name: c.label for c in RULINGS.columns})

    @property
    def config_line(self) -> str:
        """The line of the config that makes the ledger count."""
        listed = [*self._texts, self._written]
        quoted = ", ".join(f'"{text}"' for text in listed)
        return f"rulings = [{quoted}]" if len(listed) > 1 else f"rulings = {quoted}"

    @property
    def _written(self) -> str:
        return Path(os.path.relpath(self.path, self._project.folder)).as_posix()


def log_rows(
    accepted: Sequence[Accepted], checker: Checker, standing: Standing, root: Path
) -> list[list[str]]:
    """Return a row of the log for each ruling, without the time and the ledger (``LOG``).

    Paths are written relative to ``root``, the project's folder.
    """
    hashes = {one.file: source_hash(one.file) for one in accepted}
    rows = []
    for one in accepted:
        before = standing.deciding(*one.key)
        rows.append(
            [
                *one.key,
                str(checker.fact(one.key)["proposed_verdict"]),
                before.verdict if before else "",
                *(one.answer.verdict, one.answer.reason, one.answer.ruled_by),
                one.answer.ruled_on.isoformat(),
                *(shown(one.file.resolve(), root), one.place, hashes[one.file]),
                *(one.sheet_run, checker.run_id),
            ]
        )
    return rows


def source_hash(path: Path) -> str:
    """Return the SHA-256 of a file, and of what QGIS has not yet merged into it."""
    log = path.with_name(path.name + "-wal")
    waiting = log.is_file() and log.stat().st_size > 0
    return file_hash(path) + (f" + wal {file_hash(log)}" if waiting else "")


@contextmanager
def logged(
    path: Path, rows: Sequence[Sequence[str]], ledger: Path, root: Path
) -> Iterator[None]:
    """Add rows to the log, with the time of reading; where the block fails, take them back.

    The log is kept, it is no result. It comes first: what stands in the ledger is not read
    again, and would never be logged.
    """
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not path.exists():
        text.write(_BOM)
        writer.writerow(LOG)
    told = ([now, *row, shown(ledger.resolve(), root)] for row in rows)
    writer.writerows([inert(safe(value)) for value in row] for row in told)
    old = path.read_bytes() if path.exists() else b""
    replace_file(path, old + text.getvalue().encode())
    try:
        yield
    except BaseException:
        if old:
            replace_file(path, old)
        else:
            path.unlink()
        raise
