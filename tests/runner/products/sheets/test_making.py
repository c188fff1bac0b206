"""The bundles that a run writes: by township, in key order, whatever the imagery."""

import io

import pandas as pd
import pypdf
import pytest
from PIL import Image

from pipeline.cli import main
from pipeline.project import load
from pipeline.runner.products.sheets.making import wanted_changes
from pipeline.runner.receiving.imagery import check_imagery
from tests.county import write_clean
from tests.squares import SQUARES

SETTINGS = """
[imagery]
after = "after.tif"

[report]
sheets = "all"
sheet_pictures = true
gis = false
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """All sheets of the county of squares; its one image is no image at all."""
    folder = tmp_path_factory.mktemp("squares")
    config = write_clean(SQUARES, folder, rest=SETTINGS)
    (folder / "after.tif").write_bytes(b"not a picture")
    assert main(["run", str(config)]) == 0
    return folder / "workspace" / "out"


def test_every_change_has_a_page_in_the_bundle_of_its_township(out):
    results = pd.read_csv(out / "changes.csv", dtype=str)
    pages = {}
    for code, mine in results.groupby("township_code"):
        (bundle,) = (out / "sheets").glob(f"{code}-*.pdf")
        pdf = pypdf.PdfReader(io.BytesIO(bundle.read_bytes()))
        pages[code] = [entry.title.split(" ")[0] for entry in pdf.outline]
        assert len(pdf.pages) == len(mine)
        assert pages[code] == sorted(mine["change_id"])
    assert sum(map(len, pages.values())) == len(results) > 5


def test_every_change_has_a_picture(out):
    pictures = sorted((out / "sheets" / "png").glob("*.png"))
    assert len(pictures) == len(pd.read_csv(out / "changes.csv"))
    with Image.open(pictures[0]) as page:
        assert page.size == (1240, 1754)  # A4 at 150 dots an inch


def test_an_image_that_cannot_be_read_is_noted_and_the_run_goes_on(out):
    defects = pd.read_csv(out / "defects.csv", dtype=str)
    noted = defects[defects["layer"] == "imagery"]
    assert list(zip(noted["record"], noted["code"], noted["severity"], strict=True)) == [
        ("after.tif", "image-unreadable", "noted")
    ]


def test_an_image_that_is_not_configured_is_not_missed(tmp_path):
    assert check_imagery(load(write_clean(SQUARES, tmp_path))) == []


def test_flagged_is_illegal_or_doubtful():
    results = pd.DataFrame(
        [("C", 0.0, 0.1), ("B", 0.1, 0.0), ("A", 0.0, 0.0)],
        columns=["change_id", "illegal_m2", "doubtful_m2"],
    )
    assert list(wanted_changes(results, "flagged")["change_id"]) == ["B", "C"]
    assert list(wanted_changes(results, "all")["change_id"]) == ["A", "B", "C"]
    assert wanted_changes(results, "none").empty
