"""What may not be written (没有写权限): a folder of the results, the workspace, the lock."""

from checks.torture._case import Case, cases
from tests.faults.started import Ended

PLACES = (".", "out", "work", "out/gis", ".lock")
FAULT = {"by": "powerless"}  # root obeys permissions


def run():
    """Take the right to write away from one place after another."""
    with cases() as made:
        case, told = made[0], {}
        for name in PLACES:
            (case.workspace / ".lock").touch()
            place = case.workspace / name
            mode = place.stat().st_mode
            place.chmod(mode & ~0o222)
            done = case.server.run("run", case.config, fault=FAULT)
            place.chmod(mode)
            told[name] = f"status {done.status}"
            _judge(case, name, done)
            case.restore()
    return {"places": len(told), **told}


def _judge(case: Case, name: str, done: Ended) -> None:
    assert "Traceback" not in done.text, (name, done.text)
    published = {
        key: one for key, one in case.state().items() if key.startswith(("out/", "work/"))
    }
    if done.status == 0:  # a folder inside moves with its parent: nothing hindered the run
        assert published == case.new, name
        return
    assert "权限" in done.text, (name, done.text)
    assert published == case.old, name
    again = case.server.run("run", case.config, fault=FAULT)
    assert again.status == 0, (name, again.text)
    assert case.state() == case.new, name
