"""The manifest (清单): what a result rests on, and the account of every square metre."""

import csv
import platform
from pathlib import Path
from typing import Any

from pipeline.errors import ConservationError
from pipeline.io.geopackage_content import content_hashes
from pipeline.io.native_versions import native_versions
from pipeline.io.store import row_count
from pipeline.project import SHIPPED_CONFIGS
from pipeline.runner import fingerprint
from pipeline.runner.heading import product_heading
from pipeline.runner.record import STATE
from pipeline.runner.sealing.sums import NAME as SUMS
from pipeline.runner.stage import Run
from pipeline.units import UNITS_PER_M2

# Written after this one, and listed in SHA256SUMS as it is itself.
_RECORD = {"manifest.json", STATE, SUMS}
# What comes with the program lies elsewhere on every machine.
_SHIPPED = "(program)/configs/"
_STATUSES = ("handed_in", "repaired", "counted", "quarantined", "excluded")


def build_manifest(run: Run) -> dict[str, Any]:
    """Return the manifest of a run: versions, config, rules, inputs, results, balances."""
    return {
        **sources(run),
        "results": _results(run),
        "balances": {"layers": _layer_balances(run), "changes": _change_balances(run)},
    }


def sources(run: Run) -> dict[str, Any]:
    """Return what a run rests on: versions, config, rules, inputs (来源)."""
    project = run.project
    root = project.root
    origin = product_heading(run).origin
    return {
        "run_id": origin.run_id if origin else "",
        "program": {
            "version": fingerprint.VERSION,
            "code_sha256": fingerprint.program(),
            "python": platform.python_version(),
            "libraries": fingerprint.library_versions(),
            "native_libraries": native_versions(),
        },
        "inspection": project.config.inspection.model_dump(
            mode="json", include={"name", "county_code", "county_name", "year", "crs", "notice"}
        ),
        "config": {
            "path": fingerprint.shown(project.path, root),
            "sha256": project.sha256,
        },
        "rule_pack": {"name": project.config.rules.pack, **_entry(run.inputs.pack, root)},
        "code_system": {
            "name": project.config.layers.land_use.code_system,
            **_entry(run.inputs.code_system, root),
        },
        "inputs": [
            {"path": path, "sha256": digest, "rows": _rows_handed_in(run, path)}
            for path, digest in sorted(run.inputs.all().items())
        ],
    }


def _entry(path: Path, root: Path) -> dict[str, str]:
    shown = fingerprint.shown(path, root)
    if not path.is_relative_to(root) and path.is_relative_to(SHIPPED_CONFIGS):
        shown = _SHIPPED + path.relative_to(SHIPPED_CONFIGS).as_posix()
    return {"path": shown, "sha256": fingerprint.file_hash(path)}


def entry_path(shown: str, root: Path) -> Path:
    """Return the file that an entry of a manifest means."""
    if shown.startswith(_SHIPPED):
        return SHIPPED_CONFIGS / shown.removeprefix(_SHIPPED)
    return root / shown


def _rows_handed_in(run: Run, path: str) -> int | None:
    """Return the records of an input file, known where it is the whole of one layer."""
    balances = run.tables["balances"]
    rows = balances.loc[balances["path"] == path, "records_handed_in"]
    return int(rows.iloc[0]) if len(rows) == 1 else None


def _results(run: Run) -> list[dict[str, Any]]:
    """Return every file of ``work/`` and ``out/`` as it will be published."""
    building = run.out.parent
    files = [
        path
        for folder in ("work", "out")
        for path in sorted((building / folder).rglob("*"))
        if path.is_file() and path.name not in _RECORD
    ]
    return [
        {
            "path": path.relative_to(building).as_posix(),
            "sha256": fingerprint.file_hash(path),
            "rows": _rows(path),
            **({"content": content_hashes(path)} if path.suffix == ".gpkg" else {}),
        }
        for path in files
    ]


def _rows(path: Path) -> int | None:
    if path.suffix == ".parquet":
        return row_count(path)
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1
    return None


def _layer_balances(run: Run) -> list[dict[str, Any]]:
    """Return handed in + repaired = counted + quarantined + excluded, layer by layer.

    Of the changes, ground outside every township is excluded, and a change wholly outside is
    quarantined: only the overlay can tell.
    """
    changes = run.tables["change_balances"]
    outside, lost = int(changes["outside_units"].sum()), int(changes["quarantined_units"].sum())
    is_lost = (changes["quarantined_units"] > 0) | (changes["area_units"] == 0)
    lost_records = int(is_lost.sum())
    rows = []
    for row in run.tables["balances"].to_dict("records"):
        records = {
            name: int(row[f"records_{name}"]) for name in _STATUSES if name != "repaired"
        }
        units = {name: int(row[f"units_{name}"]) for name in _STATUSES}
        if row["layer"] == "changes":
            records["counted"] -= lost_records
            records["quarantined"] += lost_records
            units["counted"] -= lost + outside
            units["quarantined"] += lost
            units["excluded"] += outside
        _close(str(row["layer"]), records, units)
        areas = {f"{name}_m2": value / UNITS_PER_M2 for name, value in units.items()}
        rows.append(
            {"layer": row["layer"], "file": row["file"], "records": records, "area": areas}
        )
    return rows


def _close(layer: str, records: dict[str, int], units: dict[str, int]) -> None:
    """Raise where an account does not close: that is our fault, and no number may leave."""
    gone = {name: units[name] for name in _STATUSES}
    if (
        gone["handed_in"] + gone["repaired"]
        != gone["counted"] + gone["quarantined"] + gone["excluded"]
        or records["handed_in"]
        != records["counted"] + records["quarantined"] + records["excluded"]
    ):
        raise ConservationError(f"图层 {layer} 的账不平:{records} {units}")


def _change_balances(run: Run) -> dict[str, Any]:
    """Return the account over all change polygons, each checked against its pieces."""
    balances = run.tables["change_balances"].set_index("change_id")
    judged = run.tables["judged"]
    units = (judged["area_m2"] * UNITS_PER_M2).round().astype("int64")
    inside = units[judged["township_code"].notna()].groupby(judged["change_id"]).sum()
    booked = inside.reindex(balances.index, fill_value=0)
    off = booked[booked != balances["counted_units"]]
    if len(off):
        raise ConservationError(f"图斑 {off.index[0]} 的碎片加起来不等于图斑")
    total = balances[
        ["area_units", "counted_units", "outside_units", "quarantined_units"]
    ].sum()
    return {
        "records": len(balances),
        "area_m2": int(total["area_units"]) / UNITS_PER_M2,
        "counted_m2": int(total["counted_units"]) / UNITS_PER_M2,
        "outside_m2": int(total["outside_units"]) / UNITS_PER_M2,
        "quarantined_m2": int(total["quarantined_units"]) / UNITS_PER_M2,
    }
