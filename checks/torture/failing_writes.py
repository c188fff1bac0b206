"""One run for each N: the N-th write, fsync, rename, link or new folder fails (第 N 次写失败).

A small county with all products; every stage has something to do. Each kind of call is counted
in the process itself, under the folders of the run, whoever makes it: Python, Arrow, GDAL, SQLite.
"""

from collections import Counter

from checks.torture._case import cases, share

ERRORS = {"write": "ENOSPC", "fsync": "EIO", "rename": "EACCES", "make": "ENOSPC"}


def run(every: int = 1):
    """Run them all, or every so many-th for a look."""
    with cases(preloaded=True) as made:
        under = str(made[0].folder.parent)
        armed = {"by": "preloaded", "under": under}
        made[0].hurt(armed)
        counts = made[0].server.counts()
        print(f"   {counts}", flush=True)
        faults = [
            armed | {"kind": kind, "n": n, "error": ERRORS[kind]}
            for kind, most in counts.items()
            for n in range(1, most + 1, every)
        ]
        ended = share(made, faults)
    how = Counter("done" if one.status == 0 else "told" for one in ended)
    slowest = max(one.seconds for one in ended)
    return {"runs": len(ended), **counts, **how, "slowest s": round(slowest, 1)}
