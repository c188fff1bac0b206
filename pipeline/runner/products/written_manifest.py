"""The manifest of a run, written last (清单)."""

import json

from pipeline.runner.manifest import build_manifest
from pipeline.runner.stage import Run


def make_manifest(run: Run) -> None:
    """Write ``manifest.json``."""
    text = json.dumps(build_manifest(run), ensure_ascii=False, indent=2, sort_keys=False)
    (run.out / "manifest.json").write_text(text + "\n", encoding="utf-8")
