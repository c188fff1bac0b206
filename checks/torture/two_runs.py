"""Two runs at once, again and again (两个运行同时): one works, the other is told who it is."""

import threading
from contextlib import ExitStack

from checks.torture._case import Case, cases
from tests.faults.started import Ended, Started

PAIRS = 20


def run(pairs: int = PAIRS):
    """Start two at once on one county, and then one after a dead one."""
    slowest = 0.0
    with cases() as made, ExitStack() as stack:
        case = made[0]
        second = stack.enter_context(Started(case.folder / "second"))
        second.run("verify", case.config)
        for _ in range(pairs):
            one, other = sorted(_both(case, second), key=lambda done: done.status)
            assert (one.status, other.status) == (0, 3), (one.text, other.text)
            assert "进程" in other.text, other.text
            assert "主机" in other.text, other.text
            slowest = max(slowest, other.seconds)
            assert case.state() == case.new
            case.restore()
        assert slowest < 2, slowest
        case.server.killed("run", case.config, after=1.0)
        done = second.run("run", case.config)
        assert done.status == 0, done.text
        assert case.state() == case.new
        taken_over = "没有正常结束" in done.text
    return {"pairs": pairs, "slowest refusal s": round(slowest, 2), "taken over": taken_over}


def _both(case: Case, second: Started) -> list[Ended]:
    ended: list[Ended] = []
    starts = threading.Barrier(2)

    def go(server: Started) -> None:
        starts.wait()
        ended.append(server.run("run", case.config))

    threads = [threading.Thread(target=go, args=(server,)) for server in (case.server, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended
