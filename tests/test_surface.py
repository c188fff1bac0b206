"""What `import pipeline` gives in Jupyter: a few names, at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline

INLINE = "module://matplotlib_inline.backend_inline"


def run(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | environment,
    )
    return done.stdout.split()


def test_importing_loads_nothing_heavy():
    heavy = {"numpy", "pandas", "geopandas", "matplotlib", "pyogrio", "shapely"}
    assert run(f"import sys, pipeline; print(*({heavy!r} & sys.modules.keys()))") == []


@pytest.mark.parametrize(
    "name", ["load", "run", "look", "show", "demo_county", "chinese_style"]
)
def test_each_name_is_there_and_says_what_it_does(name):
    assert name in dir(pipeline)
    assert getattr(pipeline, name).__doc__


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        pipeline.laod  # noqa: B018


@pytest.mark.parametrize(
    ("before", "after"),
    [(INLINE, INLINE), ("inline", "inline"), ("TkAgg", "Agg"), ("module://evil", "Agg")],
)
def test_only_jupyters_own_way_of_showing_pictures_stays(before, after):
    code = "import os, pipeline; print(os.environ['MPLBACKEND'])"
    assert run(code, MPLBACKEND=before) == [after]


def test_the_docs_name_all_that_can_be_called():
    from pipeline.runner.library.opened import Inspection

    text = (Path(pipeline.__file__).parents[1] / "docs" / "library.md").read_text("utf-8")
    public = [name for name in vars(Inspection) if not name.startswith("_")]
    assert [name for name in public if f"`.{name}" not in text] == []
    assert [name for name in pipeline._SURFACE if f"`pipeline.{name}(" not in text] == []


def test_a_folder_that_is_gone_is_told(tmp_path):
    code = "import os, sys; os.rmdir(os.getcwd()); sys.argv = ['-m']; import pipeline"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("【当前文件夹已被删除】")
