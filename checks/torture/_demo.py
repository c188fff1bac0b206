"""The demo county with two results, a ruling and a planning zone apart, to be hurt between."""

import csv
import hashlib
from pathlib import Path

from tests.faults.started import Ended, Started

RULING = "{change},,{verdict},看过现场,甲,2025-01-05\n"


def written_demo(folder: Path) -> Path:
    """Write the demo county and inspect it; return its config."""
    with Started(folder / "writer") as server:
        place = folder / "demo"
        for argv in (("demo", place), ("run", place / "demo.toml")):
            done = server.run(*argv)
            assert done.status == 0, done.text
    return place / "demo.toml"


class Demo:
    """The demo county in a folder of its own, with a process to run it."""

    def __init__(self, config: Path) -> None:
        self.config, self.workspace = config, config.parent / "workspace"
        self.server = Started(config.parent / "server")
        self.rulings = config.parent / "hand" / "rulings.csv"
        self.before = self.rulings.read_text(encoding="utf-8-sig")
        self.plan = config.parent / "raw" / "base" / "GHFQ.geojson"
        self.zones = self.plan.read_text(encoding="utf-8")
        with (self.workspace / "out" / "changes.csv").open(encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if row["verdict"] == "illegal"]
        ruled = self.before
        self.change = next(row["change_id"] for row in rows if row["change_id"] not in ruled)
        self.results: dict[str, dict[str, str]] = {}
        self.seconds = 0.0

    def close(self) -> None:
        self.server.__exit__()

    def hand_in(self, verdict: str) -> None:
        """Rule the change so, with a plan of its own: every stage has something to do."""
        row = RULING.format(change=self.change, verdict=verdict)
        self.rulings.write_text(self.before.rstrip("\n") + "\n" + row, encoding="utf-8-sig")
        replanned = self.zones.replace("生态保护区", "生态控制区", 1)
        self.plan.write_text(replanned if verdict == "legal" else self.zones, encoding="utf-8")

    def make_references(self) -> None:
        """Run once for each of the two; the longer of the two is how long a run takes."""
        for verdict in ("legal", "other"):
            self.hand_in(verdict)
            done = self.run()
            self.results[verdict], self.seconds = self.state(), max(self.seconds, done.seconds)
        assert self.results["legal"] != self.results["other"]

    def run(self) -> Ended:
        done = self.server.run("run", self.config)
        assert done.status == 0, done.text
        return done

    def turn(self) -> tuple[str, str]:
        """Hand in otherwise than was published; return the old verdict and the new one."""
        old, new = ("legal", "other")
        if self.state() != self.results["legal"]:
            old, new = new, old
        self.hand_in(new)
        return old, new

    def verify(self) -> None:
        """Ask the program whether what is published is one run, whole."""
        said = self.server.run("verify", self.config)
        wrong = [line for line in said.text.splitlines() if "不符:" in line]
        # the ruling and the plan are newer than a result that stood
        newer = (self.rulings.name, self.plan.name)
        assert not [line for line in wrong if not any(name in line for name in newer)], (
            said.text
        )

    def finish(self, new: str) -> None:
        """Run to the end, and hold every byte against what it should be."""
        self.run()
        state = self.state()
        assert state == self.results[new], self.apart(state, new)
        self.verify()

    def state(self) -> dict[str, str]:
        """Return every published file with its hash."""
        return {
            path.relative_to(self.workspace).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for folder in ("work", "out")
            for path in sorted((self.workspace / folder).rglob("*"))
            if path.is_file()
        }

    def apart(self, state: dict[str, str], name: str) -> str:
        """Return the files that differ from a result."""
        return ", ".join(sorted({one for one, _ in state.items() ^ self.results[name].items()}))
