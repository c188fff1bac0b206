"""Whole runs without a network, every call to the system watched: where they read and write.

Under ``unshare -rn`` there is no network at all; ``strace`` sees what the C libraries do too. Every
run starts in a hostile folder with a hostile home. Allowed are, and why:

========================  =============================================================
read
``<project>``             the config, the inputs, the workspace
``<checkout>``            the program, its rule packs
``<environment>``         Python, the libraries, what they compiled
``/usr /lib /etc /opt``   shared libraries, fonts, time zones (system, trusted)
``/proc /sys /dev``       how many cores, how much memory, random numbers
write
``<project>``             the workspace; from ``share`` and ``demo`` the folder that is named
``<temporary>``           pages being set, archives being packed
``<environment>/var``     compiled functions, the list of fonts
========================  =============================================================
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pipeline
from pipeline.demo import write_demo
from tests.strangers import hostile
from tests.strangers.conftest import hostile_folder, hostile_home

CHECKOUT = Path(pipeline.__file__).parents[1]
SYSTEM = ("/usr", "/lib", "/lib64", "/etc", "/opt", "/proc", "/sys", "/dev")
CALLS = (
    "%network,open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,"
    "symlink,symlinkat,link,linkat,truncate,chmod,fchmodat,execve"
)
_CALL = re.compile(r"^\d+\s+(\w+)\((.*?)(?:\) += (-?\d+|\?).*)?$")
_UNFINISHED, _RESUMED = " <unfinished ...>", re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_BASE = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>, ")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
_INTERNET = re.compile(r"AF_INET6?\b")


def run():
    """Watch the demo county and the hostile one through every verb."""
    if shutil.which("strace") is None or shutil.which("unshare") is None:
        raise AssertionError(
            "strace or unshare is not installed: apt install strace util-linux"
        )
    totals = Counter()
    with tempfile.TemporaryDirectory(prefix="offline-") as name:
        folder = Path(name).resolve()
        write_demo(folder / "demo")
        hostile.write(folder / "hostile")
        hostile_folder(folder / "cwd", folder / "PWNED")
        hostile_folder(folder / "demo" / "raw", folder / "PWNED")
        hostile_home(folder / "home")
        (folder / "tmp").mkdir()
        for verbs, config in (
            (("run", "verify", "share", "check", "review"), folder / "demo" / "demo.toml"),
            (("run", "check", "share"), folder / "hostile" / "hostile.toml"),
        ):
            for verb in verbs:
                watched(folder, config, verb, totals)
        assert not (folder / "PWNED").exists(), "code of a stranger ran"
        totals["bad inputs"] = bad_inputs(folder)
    return dict(totals)


def bad_inputs(folder):
    """Run every case of the table of bad inputs so; return how many: nobody calls anywhere.

    Some cases point at a server of the test's own on the loopback, which counts who calls.
    """
    log = folder / "bad-inputs.trace"
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/bad_inputs"]
    up = 'ip link set lo up && exec "$@"'
    done = subprocess.run(
        [
            *("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", log),
            *("unshare", "-rn", "sh", "-c", up, "sh"),
            *test,
        ],
        cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    calls = log.read_text("utf-8", "replace").splitlines()
    reached = [line[:300] for line in calls if _INTERNET.search(line)]
    assert not reached, "network\n" + "\n".join(reached[:5])
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return int(re.search(r"(\d+) passed", done.stdout)[1])


def watched(folder, config, verb, totals):
    """Run a verb under strace without a network; raise where it reached out."""
    log = folder / f"{config.stem}-{verb}.trace"
    environment = os.environ | {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
    for name in ("PYTHONSAFEPATH", "PYTHONPATH", "MPLCONFIGDIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [
            *("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", log),
            *("unshare", "-rn", sys.executable, "-m", "pipeline", verb, config),
        ],
        cwd=folder / "cwd", env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{verb}: {done.returncode}\n{done.stdout}{done.stderr}"
    reached, foreign, seen = told(log.read_text("utf-8", "replace"), folder, config.parent)
    assert not reached, f"{config.stem} {verb}: network\n" + "\n".join(reached[:5])
    assert not foreign, f"{config.stem} {verb}: foreign places\n" + "\n".join(foreign[:10])
    totals["runs"] += 1
    totals["calls watched"] += seen
    totals["network calls"] += len(reached)
    totals["foreign places"] += len(foreign)


def told(trace, folder, project):
    """Return the network calls and the foreign places in a trace, and how many calls it has."""
    environment = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    read = [project, CHECKOUT, *environment, folder / "tmp", *map(Path, SYSTEM)]
    write = [
        project,
        folder / "tmp",
        Path(sys.prefix).resolve() / "var",
        Path("/dev"),
        Path("/proc"),
    ]
    reached, foreign, seen = [], [], 0
    for line in _whole_calls(trace):
        found = _CALL.match(line)
        if not found:
            continue
        seen += 1
        call, arguments, result = found.groups()
        if _INTERNET.search(arguments):
            reached.append(line[:300])
        elif call == "execve":
            if not re.search(r'/(unshare|python[\d.]*)"', arguments):
                foreign.append(line[:300])
        elif result is None or not result.startswith("-"):
            is_write = call not in {"open", "openat"} or _WRITES.search(arguments)
            roots = write if is_write else read
            for place in _places(arguments, folder / "cwd"):
                compiled = is_write and "__pycache__" in place.parts
                listed = place == folder / "cwd" and "O_DIRECTORY" in arguments
                if not compiled and not listed and not any(map(place.is_relative_to, roots)):
                    foreign.append(line[:300])
    return reached, foreign, seen


def _whole_calls(trace):
    """Yield the calls, those that others came between put together again."""
    begun = {}
    for line in trace.splitlines():
        if line.endswith(_UNFINISHED):
            begun[line.split(" ", 1)[0]] = line.removesuffix(_UNFINISHED)
        elif rest := _RESUMED.match(line):
            yield begun.pop(rest[1], "") + rest[2]
        else:
            yield line
    yield from begun.values()


def _places(arguments, start):
    """Yield the paths that a call names, links not followed."""
    base = _BASE.match(arguments)
    for text in _TEXT.findall(arguments)[:2]:
        name = text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1")
        place = name.decode("utf-8", "replace")
        if place:
            yield Path(os.path.normpath(Path(base[1] if base else start) / place))
