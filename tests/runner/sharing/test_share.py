"""The disguised copy: another place, other names, the same verdicts."""

import csv
import dataclasses
import shutil
import stat

import pytest
import shapely

from pipeline.cli import main
from pipeline.geometry.motion import motion_of
from pipeline.project import load
from pipeline.runner.sharing import writing
from pipeline.runner.sharing.disguise import aliases_of
from pipeline.runner.sharing.gathering import gather
from pipeline.runner.tables import Tables
from pipeline.runner.workspace import Workspace
from tests.county import write_clean
from tests.squares import BING, JIA, SQUARES, YI
from tests.strangers import hostile
from tests.strangers.contents import files, occurrences, unpacked

RULING = {
    "change_id": "C04",
    "township_code": YI,
    "verdict": "legal",
    "reason": "供地合同补交",
    "ruled_by": "王审核",
    "ruled_on": "2025-02-01",
}
COUNTY = dataclasses.replace(
    SQUARES,
    # a parcel of a class that is not in the list: its ground is doubtful, here and there
    land_use=[
        *SQUARES.land_use,
        ((2000, 0, 2100, 100), {"BSM": "P9", "DLBM": "0199", "KCXS": 0}),
    ],
    hand=SQUARES.hand | {"rulings": [RULING]},
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A county inspected, its copy carried elsewhere and inspected there."""
    folder = tmp_path_factory.mktemp("share")
    config = write_clean(COUNTY, folder / "here")
    config.write_text(config.read_text("utf-8").replace('"plane"', '"ellipsoid"'), "utf-8")
    _run(config)
    assert main(["share", str(config), str(folder / "copy")]) == 0
    _run(folder / "copy" / "share.toml")
    return folder


def _run(config):
    assert main(["run", str(config), "--until", "rank"]) == 0


def _table(folder, name):
    return Tables(Workspace(folder / "workspace").work)[name]


def _aliases(folder):
    path = folder / "workspace" / "share" / "replaced.csv"
    with path.open(encoding="utf-8-sig", newline="") as text:
        return {(row["类别"], row["原来"]): row["副本里"] for row in csv.DictReader(text)}


def test_every_change_keeps_its_verdict_and_its_areas(shared):
    here, there = (
        _table(shared / "here", "change_results"),
        _table(shared / "copy", "change_results"),
    )
    known = _aliases(shared / "here")
    here["alias"] = [known["图斑", one] for one in here["change_id"]]
    both = here.merge(there, left_on="alias", right_on="change_id", suffixes=("", "_there"))

    assert len(both) == len(here) == len(there) == 13
    for column in ("verdict", "rule_id"):
        assert both[column].tolist() == both[f"{column}_there"].tolist()
    for column in (
        "area_m2",
        "farmland_m2",
        "illegal_m2",
        "legal_m2",
        "doubtful_m2",
        "other_m2",
    ):
        assert both[f"{column}_there"].tolist() == pytest.approx(
            both[column].tolist(), rel=1e-5
        )


def test_every_township_keeps_its_rank_and_its_ratio(shared):
    here, there = (
        _table(shared / "here", "township_ranking"),
        _table(shared / "copy", "township_ranking"),
    )
    known = _aliases(shared / "here")
    here["alias"] = [known["乡镇代码", one] for one in here["township_code"]]
    both = here.merge(there, left_on="alias", right_on="township_code", suffixes=("", "_there"))

    assert len(both) == 3
    for column in ("rank", "is_accountable", "change_count", "illegal_count"):
        assert both[column].astype(str).tolist() == both[f"{column}_there"].astype(str).tolist()
    for column in ("ratio_gross", "ratio_net", "ratio_low", "ratio_high"):
        left, right = both[column].fillna(-1), both[f"{column}_there"].fillna(-1)
        assert right.tolist() == pytest.approx(left.tolist(), abs=1e-5)


def test_no_name_no_code_and_no_place_is_left(shared):
    copy = shared / "copy"
    words = [
        "方格县",
        "990101",
        JIA,
        YI,
        BING,
        "甲镇",
        "乙镇",
        "一所",
        "王审核",
        "供地合同",
        "验1号",
    ]
    words += [row["PZWH"] for rows in SQUARES.approvals.values() for _, row in rows]
    packed = list(unpacked("copy.zip", (shared / "copy.zip").read_bytes()))
    assert len(packed) > 20
    assert occurrences(words, packed) == []
    here = shapely.box(600_000, 3_190_000, 603_000, 3_191_000)
    assert not _table(copy, "changes").intersects(here).any()


def test_key_and_list_stay_with_their_owner(shared):
    private = shared / "here" / "workspace" / "share"
    assert {path.name for path in private.iterdir()} == {"key", "replaced.csv"}
    for path in private.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = (private / "key").read_text("ascii")
    assert occurrences([key], files(shared / "copy")) == []


@pytest.mark.parametrize("left", ["", "0123abcd"])
def test_a_key_that_was_cut_short_is_no_secret_and_made_anew(tmp_path, left):
    config = write_clean(COUNTY, tmp_path / "county")
    place = tmp_path / "county" / "workspace" / "share" / "key"
    place.parent.mkdir(parents=True)
    place.write_text(left, encoding="ascii")
    assert main(["share", str(config), str(tmp_path / "copy")]) == 0
    assert len(bytes.fromhex(place.read_text("ascii"))) == 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_copy_is_there_whole_or_not_at_all(tmp_path, monkeypatch, capsys):
    config = write_clean(COUNTY, tmp_path / "county")
    again = ["share", str(config), str(tmp_path / "place" / "copy")]

    def full(*_):
        raise OSError(28, "No space left on device")

    for before in ([], ["copy", "copy.zip"]):
        with monkeypatch.context() as patch:
            patch.setattr(writing, "write_ledgers", full)
            assert main(again) == 1
        assert "【磁盘读写失败】" in capsys.readouterr().err
        assert sorted(one.name for one in (tmp_path / "place").iterdir()) == before
        assert main(again) == 0
    assert (tmp_path / "place" / "copy" / "share.toml").is_file()


def test_the_same_case_gives_the_same_bytes(shared, tmp_path):
    config = shared / "here" / "squares.toml"
    assert main(["share", str(config), str(tmp_path / "again")]) == 0
    first = {p.name: p.read_bytes() for p in (shared / "copy" / "raw").iterdir()}
    again = {p.name: p.read_bytes() for p in (tmp_path / "again" / "raw").iterdir()}
    assert first == again


@pytest.mark.parametrize("change", ["C01", "C06", "C11"])
def test_one_change_and_its_surroundings(shared, tmp_path, change):
    config = shared / "here" / "squares.toml"
    assert main(["share", str(config), str(tmp_path / "one"), "--change", change]) == 0
    _run(tmp_path / "one" / "share.toml")

    here = _table(shared / "here", "change_results").set_index("change_id").loc[change]
    there = _table(tmp_path / "one", "change_results").set_index("change_id")
    row = there.loc[_aliases(shared / "here")["图斑", change]]
    assert (row["verdict"], row["rule_id"]) == (here["verdict"], here["rule_id"])
    assert row["illegal_m2"] == pytest.approx(here["illegal_m2"], rel=1e-5)
    assert len(there) < 5
    assert _table(tmp_path / "one", "townships").area.sum() < 500 * 250


def test_an_unknown_change_is_answered_with_the_nearest(shared, tmp_path, capsys):
    config = shared / "here" / "squares.toml"
    assert main(["share", str(config), str(tmp_path / "x"), "--change", "C99"]) == 2
    assert "C09" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_folder_with_other_things_is_left_alone(shared, tmp_path, capsys):
    config = shared / "here" / "squares.toml"
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for place in (tmp_path, shared / "here" / "workspace" / "work", shared / "here" / "raw"):
        before = sorted(place.iterdir())
        assert main(["share", str(config), str(place)]) == 2
        assert "换一个空文件夹" in capsys.readouterr().err
        assert sorted(place.iterdir()) == before


def test_an_archive_of_somebody_else_is_left_alone(shared, tmp_path, capsys):
    (tmp_path / "copy.zip").write_bytes(b"mine")
    config = shared / "here" / "squares.toml"
    assert main(["share", str(config), str(tmp_path / "copy")]) == 2
    assert "换一个空文件夹" in capsys.readouterr().err
    assert (tmp_path / "copy.zip").read_bytes() == b"mine"


def test_zones_that_a_rule_speaks_of_keep_their_names(shared):
    case = gather(load(shared / "here" / "squares.toml"))
    zones = {"允许建设区", "限制建设区"}
    assert set(aliases_of(case, "").known["规划分区"].values()) == {"分区0001", "分区0002"}
    kept = aliases_of(case, "plan_zone = '限制建设区'").known["规划分区"]
    assert set(kept) == set(kept.values()) == zones


def test_nothing_of_a_hostile_county_leaves(tmp_path):
    config = hostile.write(tmp_path / "county")
    assert main(["share", str(config), str(tmp_path / "copy")]) == 0
    out = list(files(tmp_path / "copy"))
    assert occurrences(hostile.CANARIES, out) == []
    assert occurrences([t for t in hostile.TEXTS if len(t) > 4], out) == []
    shutil.rmtree(tmp_path / "county")
    assert main(["check", str(tmp_path / "copy" / "share.toml")]) == 0


def test_a_motion_turns_clearly_and_keeps_areas_and_overlaps():
    one, other = shapely.box(0, 0, 300, 200), shapely.box(100, 100, 500, 400)
    for number in range(50):
        motion = motion_of(b"key", str(number), (250.0, 200.0), 1.0)
        assert 20 <= motion.turn_degrees % 90 <= 70
        left, right = motion.moved([one, other])
        assert left.area == pytest.approx(60_000, abs=1e-4)
        assert shapely.intersection(left, right).area == pytest.approx(20_000, abs=1e-4)
        assert motion == motion_of(b"key", str(number), (250.0, 200.0), 1.0)
        assert motion != motion_of(b"another", str(number), (250.0, 200.0), 1.0)
