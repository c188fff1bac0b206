"""Deliveries cut, zeroed and mixed at random: refused, told or harmless, never silently wrong.

A run over a damaged county may end in four ways. Three are right: it is refused; its figures are
the clean county's; or they are not, and a record in quarantine or a note says what is missing.
The fourth, other figures without a word, must not happen.

What no reader can see is not tried: a byte changed inside a number or a coordinate makes another
number that is as good as the first. So a block is overwritten whole, as disks, sticks and broken
copies do it, and text formats are only cut.
"""

import contextlib
import io
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from pipeline.cli import main
from pipeline.runner.stage import sorted_findings
from pipeline.runner.tables import Tables
from tests.bad_inputs import damage
from tests.bad_inputs.case import township_figures
from tests.bad_inputs.county import CONFIG, FIGURES, change_config, part, write_county

EACH = 24
BLOCK = 512
# how a layer is delivered: suffix → who writes it, and the files that are damaged
FORMATS = {
    ".shp": None,
    ".gpkg": damage.gdal("GPKG"),
    ".gdb": damage.gdal("OpenFileGDB"),
    ".fgb": damage.gdal("FlatGeobuf"),
    ".parquet": damage.parquet,
    ".geojson": damage.geojson,
}
PARTS = (".shp", ".shx", ".dbf", ".prj")


def run():
    """Damage every format ``EACH`` times, the shapefile also with ``recover = true``."""
    ends: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="damaged-") as name:
        for suffix, write in FORMATS.items():
            for recover in (False, True) if suffix in {".shp", ".gpkg"} else (False,):
                clean = Path(name) / f"clean{suffix}{recover}"
                delivered(clean, suffix, write, recover=recover)
                for number in range(EACH):
                    dice = random.Random(f"{suffix} {recover} {number}")
                    end, told = one(clean, Path(name) / "tried", suffix, dice)
                    ends[end] += 1
                    if end in {"SILENT", "CRASHED"}:
                        wrong.append(f"{end} {suffix} recover={recover} {number} {told}")
                print(f"{suffix} recover={recover}: {dict(ends)}", flush=True)
    assert not wrong, "\n".join(wrong)
    return dict(ends)


def delivered(folder, suffix, write, *, recover):
    """Write the clean county with its changes in one format."""
    write_county(folder)
    if write is not None:
        damage.instead("change", f"change{suffix}", write)(folder)
    if recover:
        path = f'data/change{suffix}"'
        change_config((path, f"{path}\nrecover = true"))(folder)


def one(clean, folder, suffix, dice):
    """Damage one file of a copy, run, and return how it ended and what was said."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(clean, folder)
    file = dice.choice(files(folder, suffix))
    what = spoilt(file, dice)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(["run", str(folder / CONFIG), "--until", "rank"])
    told = f"{file.name}: {what}\n{said.getvalue()}"
    if status == 2:
        return "refused", told
    if status != 0:
        return "CRASHED", told
    findings = sorted_findings(Tables(folder / "workspace" / "work"))
    if township_figures(folder / "workspace") == FIGURES:
        return "harmless" if not findings else "mended", told
    return ("told" if findings else "SILENT"), told


def files(folder, suffix):
    """Return the files of the delivery that may be damaged."""
    if suffix == ".shp":
        return [part(folder, "change", end) for end in PARTS]
    place = folder / "data" / f"change{suffix}"
    if place.is_dir():
        return sorted(file for file in place.iterdir() if file.stat().st_size)
    return [place]


def spoilt(file, dice):
    """Damage a file: cut it, or put zeros or another of its own blocks over a block."""
    data = file.read_bytes()
    kind = dice.choice(("cut", "zeros", "mixed"))
    if kind == "cut" or file.suffix == ".geojson":
        at = dice.randrange(len(data))
        file.write_bytes(data[:at])
        return f"cut at {at} of {len(data)}"
    start = dice.randrange(0, len(data), BLOCK)
    other = dice.randrange(0, len(data), BLOCK)
    block = data[other : other + BLOCK] if kind == "mixed" else bytes(BLOCK)
    block = block[: len(data) - start].ljust(min(BLOCK, len(data) - start), b"\0")
    file.write_bytes(data[:start] + block + data[start + len(block) :])
    return f"{kind} at {start} (from {other}) of {len(data)}"
