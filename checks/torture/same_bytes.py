"""Every published file, byte for byte, from runs that differ in what may not matter.

Other folder, hash seed, time zone, locale, umask, home and matplotlib settings: every file is the
same, the manifest too. Other workers, other order of the records: every file but those that name
the hashes of config and inputs (manifest, state and the two lists of sums).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checks.torture._shuffled import shuffle_delivery
from pipeline.demo import write_demo

_ROOT = Path(__file__).parents[2]
RECORD = {"out/manifest.json", "out/SHA256SUMS", "work/state.json", "work/SHA256SUMS"}
_STRANGE = "image.cmap: no_such_map\nsvg.hashsalt: other\npdf.fonttype: 3\nsavefig.dpi: 30\n"


def run():
    with tempfile.TemporaryDirectory(prefix="same-bytes-") as name:
        base = Path(name)
        write_demo(base / "demo")
        first = _published(base / "demo", base)
        print(f"{len(first)} 个文件:", *sorted(first), sep="\n  ", flush=True)
        for what, environment, umask in _surroundings(base):
            folder = base / f"另一个 文件夹 {umask:o}"
            shutil.copytree(base / "demo", folder, ignore=shutil.ignore_patterns("workspace"))
            _compare(what, first, _published(folder, base, environment, umask), set())
            shutil.rmtree(folder)
        for workers in (1, 2, 4):
            folder = base / f"workers-{workers}"
            shutil.copytree(base / "demo", folder, ignore=shutil.ignore_patterns("workspace"))
            config = folder / "demo.toml"
            text = config.read_text(encoding="utf-8")
            assert "workers = 0" in text
            text = text.replace("workers = 0", f"workers = {workers}")
            config.write_text(text, encoding="utf-8")
            what = f"workers = {workers}"
            if workers == 4:
                shuffled = [
                    *shuffle_delivery(folder / "raw", 7),
                    *shuffle_delivery(folder / "hand", 8),
                ]
                what += f", {len(shuffled)} files with their records shuffled"
            _compare(what, first, _published(folder, base), RECORD)
            shutil.rmtree(folder)
    return {"files": len(first), "of them the record of the run": len(RECORD), "runs": 7}


def _surroundings(base):
    """Yield what a run may find around it: other settings, a home and a place full of them."""
    home = base / "home"
    for folder in (home / ".config" / "matplotlib", home / "mpl"):
        folder.mkdir(parents=True)
        (folder / "matplotlibrc").write_text(_STRANGE)
    yield "C locale, Asia/Shanghai, hash seed 1, umask 077", {
        "LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1",
    }, 0o077  # fmt: skip
    places = base / "locales"
    places.mkdir()
    for source, charset in (("zh_CN", "GBK"), ("tr_TR", "UTF-8")):
        made = places / f"{source}.{charset}"
        subprocess.run(["localedef", "-i", source, "-f", charset, made], check=True)
    # as make starts it: under a GBK locale too, file names are UTF-8
    yield "zh_CN.GBK, St. John's, hash seed 4242, other home and matplotlib, umask 0", {
        "LC_ALL": "zh_CN.GBK", "LOCPATH": str(places), "PYTHONUTF8": "1",
        "TZ": "America/St_Johns", "PYTHONHASHSEED": "4242",
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "MPLCONFIGDIR": str(home / "mpl"),
    }, 0o000  # fmt: skip
    yield "tr_TR.UTF-8, Kiritimati, hash seed random, umask 027", {
        "LC_ALL": "tr_TR.UTF-8", "LOCPATH": str(places), "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "random",
    }, 0o027  # fmt: skip


def _published(folder, base, environment=None, umask=0o022):
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", str(folder / "demo.toml")],
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(_ROOT), **(environment or {})},
        umask=umask, cwd=base, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    workspace = folder / "workspace"
    return {
        path.relative_to(workspace).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("out", "work")
        for path in (workspace / part).rglob("*")
        if path.is_file()
    }


def _compare(what, first, other, apart):
    wrong = sorted(
        name for name in {*first, *other} - apart if first.get(name) != other.get(name)
    )
    print(f"{what}: {len({*first} - apart)} 个文件,{len(wrong)} 个不同", flush=True)
    assert not wrong, wrong
