import os
from pathlib import Path

import pytest

from pipeline.runner.workspace import Workspace


@pytest.fixture
def windows(monkeypatch):
    """Read-only files cannot be opened to write or deleted, as on Windows; nor by root here."""
    unlink, opened = os.unlink, Path.open

    def _writable(path, *, dir_fd=None):
        return os.stat(path, dir_fd=dir_fd).st_mode & 0o200

    def refusing(path, *, dir_fd=None):
        if not _writable(path, dir_fd=dir_fd):
            raise PermissionError(path)
        unlink(path, dir_fd=dir_fd)

    def opening(self, mode="r", *rest, **named):
        if "+" in mode and self.exists() and not _writable(self):
            raise PermissionError(self)
        return opened(self, mode, *rest, **named)

    monkeypatch.setattr(os, "unlink", refusing)
    monkeypatch.setattr(Path, "open", opening)


def _publish(workspace, text):
    out = workspace.fresh() / "out" / "gis"
    out.mkdir(parents=True)
    (out / "inspection.gpkg").write_text(text, encoding="utf-8")
    (out / "inspection.gpkg").chmod(0o444)
    workspace.publish(["out"])


@pytest.mark.usefixtures("windows")
def test_read_only_results_are_published_and_replaced(tmp_path):
    workspace = Workspace(tmp_path)
    for text in ("first", "second"):
        with workspace.held():
            _publish(workspace, text)
    published = tmp_path / "out" / "gis" / "inspection.gpkg"
    assert published.read_text(encoding="utf-8") == "second"
    assert published.stat().st_mode & 0o222 == 0
    assert {path.name for path in tmp_path.iterdir()} == {"out", ".lock"}


@pytest.mark.usefixtures("windows")
def test_what_a_failed_run_built_is_cleared_away(tmp_path):
    workspace = Workspace(tmp_path)
    with workspace.held():
        (workspace.fresh() / "half.gpkg").touch(mode=0o444)
    assert not workspace.next.exists()
