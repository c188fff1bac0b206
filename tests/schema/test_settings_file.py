"""What a settings file that is no TOML is answered with."""

import pytest

from pipeline.errors import Refused
from pipeline.schema.settings_file import parse_settings


def test_a_path_as_windows_writes_it_is_answered_with_the_slash():
    with pytest.raises(Refused) as caught:
        parse_settings(rb'path = "..\data\raw\a.shp"', "a.toml")
    assert "路径用 /" in caught.value.findings[0].remedy


def test_another_mistake_is_answered_with_the_quotes():
    with pytest.raises(Refused) as caught:
        parse_settings("name = 某县".encode(), "a.toml")
    assert "路径用 /" not in caught.value.findings[0].remedy
    assert "引号" in caught.value.findings[0].remedy
