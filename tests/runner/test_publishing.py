"""A run takes the place of the one before it: whole, or not at all, whatever fails."""

import json
import os
import shutil

import pytest

from pipeline.errors import PipelineError
from pipeline.runner import publishing
from pipeline.runner.publishing import finish, is_marked, publish

NAMES = ["work", "out"]


@pytest.fixture(params=["at once", "in two steps"])
def way(request, monkeypatch):
    """As on Linux' own disks, and as on network shares and Windows."""
    if request.param == "in two steps":
        monkeypatch.setattr(publishing, "exchange", lambda *_: False)
    return request.param


@pytest.fixture
def folder(tmp_path):
    _fill(tmp_path, "old")
    return tmp_path


def _fill(folder, text):
    for name in NAMES:
        (folder / name / "deep").mkdir(parents=True)
        (folder / name / "deep" / "file").write_text(text, encoding="utf-8")


def _built(folder):
    _fill(folder / ".next", "new")
    return folder / ".next"


def _state(folder):
    """Return what the two folders hold, and what else lies about."""
    files = [folder / name / "deep" / "file" for name in NAMES]
    texts = [file.read_text("utf-8") if file.exists() else None for file in files]
    return texts, sorted({one.name for one in folder.iterdir()} - set(NAMES))


def test_the_new_run_takes_the_place_of_the_old_one(folder, way):
    publish(folder, _built(folder), NAMES)
    assert _state(folder) == (["new", "new"], []), way


def test_a_first_run_needs_no_old_one(tmp_path, way):
    publish(tmp_path, _built(tmp_path), NAMES)
    assert _state(tmp_path) == (["new", "new"], []), way


def test_a_folder_that_was_not_built_stays(folder, way):
    building = _built(folder)
    (building / "out").rename(folder / "elsewhere")
    publish(folder, building, NAMES)
    assert _state(folder)[0] == ["new", "old"], way


def _failing(monkeypatch, at, error=None):
    """Let the N-th call that changes or settles something fail, or be the last one; count them."""
    made = []

    def counted(function):
        def call(*args, **named):
            made.append(function)
            if len(made) == at and error is None:
                os._exit(9)  # no handler of ours runs on, as after SIGKILL
            if len(made) == at:
                raise error
            return function(*args, **named)

        return call

    for name in ("fsync", "rename", "replace", "mkdir", "unlink", "rmdir"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    monkeypatch.setattr(publishing, "exchange", counted(publishing.exchange))
    return made


def _calls(tmp_path, monkeypatch):
    folder = tmp_path / "counted"
    _fill(folder, "old")
    with monkeypatch.context() as patch:
        made = _failing(patch, 0)
        publish(folder, _built(folder), NAMES)
    return len(made)


def test_whatever_call_fails_all_is_old_and_the_next_run_makes_it_new(
    tmp_path, monkeypatch, way
):
    calls = _calls(tmp_path, monkeypatch)
    assert calls > 12, way
    for at in range(1, calls + 1):
        folder = tmp_path / str(at)
        _fill(folder, "old")
        building = _built(folder)
        with monkeypatch.context() as patch:
            _failing(patch, at, OSError(5, "Input/output error"))
            try:
                publish(folder, building, NAMES)
                expected = "new"  # only clearing away went wrong
            except OSError:
                expected = "old"
        assert _state(folder)[0] == [expected] * 2, at
        was_marked = is_marked(building)
        assert finish(folder, building) == was_marked
        done = "new" if was_marked or expected == "new" else "old"
        assert _state(folder) == ([done] * 2, []), at


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_wherever_it_is_killed_the_next_one_finds_all_old_or_makes_all_new(
    tmp_path, monkeypatch, way
):
    calls = _calls(tmp_path, monkeypatch)
    outcomes = set()
    for at in range(1, calls + 1):
        folder = tmp_path / str(at)
        _fill(folder, "old")
        building = _built(folder)
        pid = os.fork()
        if pid == 0:
            _failing(monkeypatch, at)
            publish(folder, building, NAMES)
            os._exit(0)
        os.waitpid(pid, 0)
        finish(folder, building)
        texts, rest = _state(folder)
        assert rest == [], at
        assert texts in (["old", "old"], ["new", "new"]), (at, way)
        outcomes.add(texts[0])
    assert outcomes == {"old", "new"}


def test_what_is_open_elsewhere_is_named_and_nothing_is_half(folder, monkeypatch, way):
    monkeypatch.setattr(publishing, "exchange", lambda *_: False)
    rename = os.rename

    def as_on_windows(source, target, **named):
        if "out" in str(source) and ".next" not in str(source):
            raise PermissionError(13, "in use", str(source))
        rename(source, target, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", as_on_windows)
        with pytest.raises(PipelineError, match="out/deep/file 正被别的程序打开") as told:
            publish(folder, _built(folder), NAMES)
    assert "已算完的不会重算" in str(told.value)
    assert _state(folder) == (["old", "old"], [".next"]), way

    assert finish(folder, folder / ".next")
    assert _state(folder) == (["new", "new"], [])


def test_an_interrupt_between_two_renames_takes_the_first_one_back(folder, monkeypatch):
    monkeypatch.setattr(publishing, "exchange", lambda *_: False)
    rename = os.rename

    def interrupted(source, target, **named):
        rename(source, target, **named)
        if str(target).endswith(".old-out"):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            publish(folder, _built(folder), NAMES)
    assert _state(folder) == (["old", "old"], [".next"])


def test_what_could_not_be_cleared_away_is_never_put_back(
    folder, way, monkeypatch, tmp_path_factory
):
    def held(*_):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", held)
        publish(folder, _built(folder), NAMES)
    moved = tmp_path_factory.mktemp("another_disk") / "workspace"  # folders have other numbers
    shutil.copytree(folder, moved)
    assert not finish(moved, moved / ".next"), way
    assert _state(moved) == (["new", "new"], [])


def test_a_mark_of_an_earlier_program_is_understood(folder):
    building = _built(folder)
    (building / "COMPLETE").write_text(json.dumps(NAMES), encoding="utf-8")
    assert finish(folder, building)
    assert _state(folder) == (["new", "new"], [])


def test_between_two_renames_without_a_mark_the_old_one_comes_back(folder):
    (folder / "out").rename(folder / ".old-out")
    assert not finish(folder, folder / ".next")
    assert _state(folder) == (["old", "old"], [])
