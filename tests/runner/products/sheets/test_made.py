import pandas as pd

from pipeline.runner.products.sheets.made import sheet_links

RANKING = pd.DataFrame(
    {"township_code": ["990101001", "990101002"], "township_name": ["云栖镇", None]}
)


def _links(out, *made, code="990101001", illegal=1.0):
    for name in made:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).touch()
    changes = pd.DataFrame(
        {
            "change_id": ["C1"],
            "township_code": [code],
            "illegal_m2": [illegal],
            "doubtful_m2": [0.0],
        }
    )
    return sheet_links(out, changes, RANKING)


def test_the_picture_comes_before_the_bundle(tmp_path):
    bundle, picture = "sheets/990101001-云栖镇.pdf", "sheets/png/C1.png"
    assert _links(tmp_path, bundle) == {"C1": bundle}
    assert _links(tmp_path, bundle, picture) == {"C1": picture}


def test_what_was_not_made_is_not_told(tmp_path):
    assert _links(tmp_path) == {}
    assert _links(tmp_path, "sheets/990101001-云栖镇.pdf", illegal=0.0) == {}


def test_a_township_without_a_name_and_none_at_all(tmp_path):
    assert _links(tmp_path, "sheets/990101002.pdf", code="990101002") == {
        "C1": "sheets/990101002.pdf"
    }
    assert _links(tmp_path, "sheets/县界外.pdf", code=None) == {"C1": "sheets/县界外.pdf"}
