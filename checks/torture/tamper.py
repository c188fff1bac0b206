"""A bit flipped, a file deleted, a file added, in the published files of the demo: all found."""

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from checks.torture._quiet import run_quietly
from pipeline.demo import write_demo
from pipeline.runner.sealing.seal import seal
from pipeline.runner.verify import verify
from tests.runner.sealing.tampering import files_of, touches

COUNT, IN_GEOPACKAGES, IN_SEAL = 200, 100, 100
_RECORD = ["out/SHA256SUMS", "out/manifest.json", "work/SHA256SUMS", "work/state.json"]


def run():
    with tempfile.TemporaryDirectory(prefix="tamper-") as name:
        config = Path(name) / "demo" / "demo.toml"
        write_demo(config.parent)
        assert run_quietly(config, "report") == 0
        workspace = config.parent / "workspace"
        names = files_of(workspace)
        print(f"{len(names)} published files", flush=True)
        assert not _found(config)
        figures = {"files": len(names)}
        figures["found"] = _all_found(config, workspace, names, COUNT, 1)
        packages = [one for one in names if one.endswith(".gpkg")]
        figures["in GeoPackages"] = _all_found(config, workspace, packages, IN_GEOPACKAGES, 2)
        figures["in the record itself"] = _all_found(config, workspace, _RECORD, 100, 3)

        assert seal(config, say=lambda _: None) == 0
        folder = next((workspace / "sealed").iterdir())
        figures["in a sealed run"] = _all_found(
            config, folder, files_of(folder, (".",)), IN_SEAL, 4, sealed="1"
        )
    return figures


def _all_found(config, folder, names, count, seed, sealed=None):
    kinds = Counter()
    for touched in touches(folder, names, count, seed):
        said = _found(config, sealed)
        assert len(said) == 1, (touched.name, touched.how, said)
        assert re.search(rf"(?<!\S){re.escape(touched.name)}(?!\S)", said[0]), (touched, said)
        words = "bytes alone" if "行与样式没有变" in said[0] else ""
        kinds[f"{touched.how} {words}".strip()] += 1
        if touched.how != "added":
            sums = folder / ("out" if sealed is None else ".")
            agrees = touched.name.endswith("SHA256SUMS") or not _by_sha256sum(sums)
            assert agrees, f"sha256sum is content: {touched}"
    assert not _found(config, sealed)
    told = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
    print(f"   {count} of {count}: {told}", flush=True)
    return f"{count} of {count}"


def _found(config, sealed=None):
    """Return the lines in which verify names a file; it agrees with its exit status."""
    said = []
    status = verify(config, sealed=sealed, say=said.append)
    lines = [line for line in said if line.startswith("不符:")]
    assert status == bool(lines), said
    return lines


def _by_sha256sum(folder):
    done = subprocess.run(
        ["sha256sum", "--status", "-c", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
