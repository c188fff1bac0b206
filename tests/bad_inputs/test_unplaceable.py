"""Bad inputs C: one record among many that the working CRS cannot place.

An easting with a zone prefix under a CRS without one is a finite number, and so is its area in
the plane; but there is no such place on the ellipsoid.
"""

import pytest
from shapely.affinity import translate

from pipeline.runner.receiving import Received
from tests.bad_inputs.county import BOXES, both, change_config, change_layer, write_county
from tests.bad_inputs.received import about, received

FIRST = next(iter(BOXES))


def _astray(layer):
    """Give the first record the prefix of its zone."""
    shapes = list(layer.geometry)
    shapes[0] = translate(shapes[0], 40_000_000)
    return layer.set_geometry(shapes, crs=layer.crs)


@pytest.mark.parametrize(
    ("name", "layer", "record"),
    [("change", "changes", FIRST), ("approved", "approvals", f"浙土字[2023]第{FIRST[6:]}号")],
)
def test_what_has_no_place_on_earth_is_quarantined(tmp_path, name, layer, record):
    clean = write_county(tmp_path / "clean").parent
    on_earth = change_config(('kind = "plane"', 'kind = "ellipsoid"'))

    made = received(clean, tmp_path, both(on_earth, change_layer(name, _astray)))

    assert [(one.code, one.severity) for one in about(made, record)] == [
        ("off-earth", "quarantined")
    ]
    assert made.tables["quarantine"]["record"].tolist() == [record]
    assert made.tables["quarantine"]["geometry"].isna().all()
    assert _areas(made, layer) == {"quarantined": 0, "handed_in": "positive"}


def _areas(made: Received, layer: str) -> dict[str, object]:
    (units,) = (one["units"] for one in made.balances if one["layer"] == layer)
    return {
        "quarantined": units["quarantined"],
        "handed_in": "positive" if units["handed_in"] > 0 else units["handed_in"],
    }
