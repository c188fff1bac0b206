"""``python -m checks.torture [part …]``: run the parts, then their figures in one table."""

import importlib
import pkgutil
import sys
import time
import traceback
from pathlib import Path

FOLDER = Path(__file__).parent


def parts():
    """Return the parts in this folder, by name."""
    found = (module.name for module in pkgutil.iter_modules([str(FOLDER)]))
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))


def one(part):
    """Run a part; return its figures, and what went wrong."""
    print(f"── {part}", flush=True)
    try:
        module = importlib.import_module(f"checks.torture.{part.replace('-', '_')}")
        return module.run() or {}, ""
    except Exception as error:  # noqa: BLE001 (the other parts still have something to say)
        traceback.print_exc()
        return {}, f"{type(error).__name__}: {error}".splitlines()[0]


def main(wanted):
    known = parts()
    if unknown := [part for part in wanted if part not in known]:
        print(f"没有 {'、'.join(unknown)};有:{'、'.join(known)}", file=sys.stderr)
        return 2
    rows, failed = [], []
    for part in wanted or known:
        began = time.monotonic()
        figures, wrong = one(part)
        took = f"{time.monotonic() - began:.0f} s"
        told = "; ".join(f"{name} {value}" for name, value in figures.items())
        rows.append((part, took, f"FAILED: {wrong}" if wrong else told))
        failed += [part] if wrong else []
    width = max(len(row[0]) for row in rows) if rows else 0
    print("\n".join(["", *(f"{a:<{width}}  {b:>7}  {c}" for a, b, c in rows)]))
    if failed:
        print(f"没有通过:{'、'.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
