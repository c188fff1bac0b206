"""What products say of a run's rules depends on the layers that are configured."""

from dataclasses import replace

import pytest

from pipeline.project import load
from pipeline.runner.heading import heading_of
from pipeline.runner.inputs import find_pack_file, read_pack
from tests.county import write_clean
from tests.squares import SQUARES


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        (("conversion", "supply"), "已批已供"),
        (("conversion",), "已批（未配置供地图层，未核供地）"),
    ],
)
def test_land_is_said_to_be_supplied_only_where_a_layer_tells(tmp_path, kinds, name):
    given = {kind: SQUARES.approvals[kind] for kind in kinds}
    project = load(write_clean(replace(SQUARES, approvals=given), tmp_path))
    pack = find_pack_file(project)
    assert heading_of(project, pack).rule_name("approved-and-supplied") == name
    assert read_pack(project, pack).rule_name("approved-and-supplied") == name
