"""What may not be written (没有写权限): a folder of the results, the workspace, the lock."""

import os
from pathlib import Path

from checks.torture._case import cases

NOBODY = 65534


def run():
    """Take permissions away from a run that is not root's."""
    with cases() as made:
        case = made[0]
        base = case.folder.parent
        base.chmod(0o755)
        if os.geteuid() == 0:
            for path in (case.folder, *case.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        told = []
        for name in (".", "out", "work", "out/gis", ".lock"):
            place = case.workspace / name
            mode = place.stat().st_mode
            place.chmod(mode & ~0o222)
            done = case.server.run("run", case.config, fault={"by": "nobody"})
            place.chmod(mode)
            told.append((name, done.status))
            _judge(case, name, done)
    return {"places": len(told), **{name: f"status {status}" for name, status in told}}


def _judge(case, name: str, done) -> None:
    state = case.state()
    assert "Traceback" not in done.text, (name, done.text)
    if done.status == 0:  # a folder inside moves with its parent: nothing hindered the run
        assert state == case.new, name
    else:
        assert "权限" in done.text, (name, done.text)
        assert {
            key: one for key, one in state.items() if key.startswith(("out", "work"))
        } == case.old
        again = case.server.run("run", case.config, fault={"by": "nobody"})
        assert again.status == 0, (name, again.text)
        assert case.state() == case.new, name
    _restore(case)


def _restore(case) -> None:
    case.restore()
    if os.geteuid() == 0:
        for path in (case.workspace, *Path(case.workspace).rglob("*")):
            os.chown(path, NOBODY, NOBODY)
