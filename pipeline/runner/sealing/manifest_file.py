"""The manifest as a file (清单文件)."""

import json
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_NEEDED = ("config", "rule_pack", "code_system", "inputs", "results", "program")


def read_manifest(out: Path) -> dict[str, Any] | None:
    """Return the manifest in a folder of results, null where there is none or it is damaged."""
    try:
        manifest = json.loads((out / MANIFEST).read_bytes().decode())
        entries = [*manifest["inputs"], *manifest["results"]]
        sound = all(name in manifest for name in _NEEDED) and all(
            {"path", "sha256"} <= entry.keys() for entry in entries
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return dict(manifest) if sound else None
