"""Runs whose words nobody reads."""

import contextlib
import io

from pipeline.cli import main


def run_quietly(config, until="rank"):
    """Run the inspection in this process; return its status, show its words where it failed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(["run", str(config), "--until", until])
    if status:
        print(said.getvalue())
    return status
