"""What records are cut into, repeated, added to or called (记录怎么拆、怎么排、怎么叫)."""

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import Polygon

from tests.laws.calm import (
    EVERYWHERE,
    counted_cells,
    farms_far_away,
    halves,
    sound_papers,
)
from tests.laws.inspected import KEYS, Figures, Look, Seen, assert_equal, assert_near
from tests.laws.random_worlds import random_world
from tests.laws.world import Approval, Parcel, Shape, World
from tests.laws.world_files import ORIGIN, Style, geopackage

# No other id stands between an id and the same with this behind it.
_MARK = "!"


def _cut(records: list, dice: random.Random, *, key: str | None = None) -> list:
    """Return the records, some in two halves; their ids, where they have one, told apart."""
    cut = []
    for record in records:
        parts = halves(record.shape, dice) if dice.random() < 0.5 else [record.shape]
        for number, shape in enumerate(parts):
            named = {key: f"{getattr(record, key)}{_MARK}{number}"} if key and number else {}
            cut.append(replace(record, shape=shape, **named))
    return cut


def _whole(name: str) -> str:
    return name.partition(_MARK)[0]


def _summed(figures: Figures, table: str) -> Figures:
    """Return the areas of a table, those of halves put together."""
    sums = defaultdict(int)
    for (name, key, column), value in figures.items():
        is_area = column.endswith("_m2") and column != "reclaim_to_line_m2"
        if name == table and is_area and value is not None:
            sums[name, _whole(key), column] += value
    return dict(sums)


def approvals_split(look: Look, world: World, dice: random.Random) -> None:
    """One number over two blocks is one approval still."""
    split = replace(world, approvals=_cut(world.approvals, dice))
    one, other = look(world), look(split)
    assert_equal(one.figures, other.figures)
    assert one.table("coverage").equals(other.table("coverage"))


def parcels_split(look: Look, world: World, dice: random.Random) -> None:
    """The halves of a parcel stand where it stood."""
    split = replace(world, parcels=_cut(world.parcels, dice, key="parcel_id"))
    one, other = look(world), look(split)
    assert_near(one.figures, other.figures, 2 * len(other.table("pieces")))


def changes_split(look: Look, world: World, dice: random.Random) -> None:
    """The halves of a change add up to it; without ledgers, which name changes."""
    county = frozenset().union(*(town.shape.cells for town in world.townships))
    # half a change wholly outside the county is in quarantine, as a whole one partly outside is not
    inside = [change for change in world.changes if change.shape.cells <= county]
    bare = replace(world, rulings=[], rectifications=[], changes=inside)
    split = replace(bare, changes=_cut(bare.changes, dice, key="change_id"))
    one, other = look(bare), look(split)
    within = 2 * len(other.table("pieces"))
    for table in KEYS:
        assert_near(_summed(one.figures, table), _summed(other.figures, table), within)


def townships_split_and_merged(look: Look, world: World, dice: random.Random) -> None:
    """What is one township in one county is two in the other: sums add up, the county stays."""
    bare = replace(
        world,
        rulings=[replace(row, township_code=None) for row in world.rulings][:1],
        rectifications=[replace(row, township_code=None) for row in world.rectifications],
    )
    towns, offices = [], dict(bare.offices)
    for town in bare.townships:
        for number, shape in enumerate(halves(town.shape, dice)):
            code = f"{town.township_code[:-1]}{5 * number + int(town.township_code[-1])}"
            towns.append(replace(town, shape=shape, township_code=code))
            if town.township_code in offices:
                offices[code] = offices[town.township_code]
    merged, split = look(bare), look(replace(bare, townships=towns, offices=offices))
    within = 2 * len(split.table("pieces"))
    sums = defaultdict(int)
    for (name, key, column), value in _summed(split.figures, "township_ranking").items():
        last = int(key[-1])
        sums[name, key[:-1] + str(last - 5 if last >= 5 else last), column] += value
    assert_near(dict(sums), _summed(merged.figures, "township_ranking"), within)
    for table in ("office_ranking", "county_result"):
        assert_near(_summed(merged.figures, table), _summed(split.figures, table), within)


def in_any_order(look: Look, world: World, dice: random.Random) -> None:
    """Records, layers, ledgers and workers in another order: the same bytes, findings too."""
    world = random_world(dice.randrange(10**6))  # with every stroke of bad luck

    def mixed(records: list) -> list:
        return dice.sample(records, len(records))

    names = "changes", "townships", "parcels", "approvals", "rulings", "rectifications"
    other = replace(
        world,
        **{name: mixed(getattr(world, name)) for name in names},
        permanent_farmland=world.permanent_farmland and mixed(world.permanent_farmland),
        zones=world.zones and mixed(world.zones),
        kinds=tuple(mixed(list(world.kinds))),
        offices=dict(mixed(list(world.offices.items()))),
    )
    one, two = look(world), look(other, Style(is_reversed=True, workers=4))
    assert one.hashes == two.hashes
    assert _told(one) == _told(two)


def _told(seen: Seen) -> list[tuple[object, ...]]:
    return sorted(seen.findings.astype("str").itertuples(index=False, name=None))


def handed_in_again(look: Look, world: World, dice: random.Random) -> None:
    """A layer twice or three times: the same numbers, and a finding says so."""
    name = dice.choice(
        ("changes", "townships", "land_use", "permanent_farmland", "plan_zones", "approvals")
    )
    times = dice.randint(2, 3)

    def again(frame: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
        is_it = layer == name and len(frame)
        return pd.concat([frame] * times, ignore_index=True) if is_it else frame

    one, other = look(world), look(world, Style(redone=again))
    assert_equal(one.figures, other.figures)
    before = set(one.findings[["layer", "record", "code"]].itertuples(index=False, name=None))
    after = set(other.findings[["layer", "record", "code"]].itertuples(index=False, name=None))
    if one.balances["records_handed_in"].sum() != other.balances["records_handed_in"].sum():
        assert any(layer == name for layer, _, _ in after - before), name


def more_approvals(look: Look, world: World, dice: random.Random) -> None:
    """Ground that is approved and supplied beyond doubt never raises what is illegal."""
    world = replace(world, kinds=tuple(dict.fromkeys((*world.kinds, "conversion", "supply"))))
    shape = dice.choice((EVERYWHERE, dice.choice(world.changes).shape))
    more = replace(world, approvals=[*world.approvals, *sound_papers(shape)])
    one, other = look(world), look(more)
    within = 2 * len(other.table("pieces"))  # the farmland of each piece is rounded
    for table in KEYS:
        for column in ("illegal_m2", "illegal_farmland_m2", "illegal_permanent_farmland_m2"):
            before, after = one.of(table, column), other.of(table, column)
            assert [k for k in before if (after[k] or 0) > (before[k] or 0) + within] == []
        for column in ("area_m2", "farmland_m2"):
            before, after = one.of(table, column), other.of(table, column)
            assert [key for key in before if abs(after[key] - before[key]) > within] == []
    occupied = other.of("township_ranking", "new_farmland_m2")
    before, after = (seen.of("township_ranking", world.official) for seen in (one, other))
    for key, ratio in after.items():
        assert (ratio or 0) <= (before[key] or 0) + within / max(occupied[key], 1)


def more_changes_and_farmland(look: Look, world: World, dice: random.Random) -> None:
    """What is occupied, farmland or all, never shrinks."""
    x, y = dice.randint(0, 150), dice.randint(0, 80)
    shape = Shape(((x, y, x + 30, y + 30),))
    late = replace(
        world.changes[0], change_id="zz", change_type="20", after_date="2024-12-31", shape=shape
    )
    more = replace(
        world,
        changes=[*world.changes, late],
        parcels=[*world.parcels, Parcel("zz", "0101", None, shape)],
    )
    one, other = look(world), look(more)
    for column in ("area_m2", "new_construction_m2", "new_farmland_m2"):
        before, after = one.of("county_result", column), other.of("county_result", column)
        assert before["990101"] <= after["990101"]
    assert counted_cells(more) >= counted_cells(world)


def what_does_not_matter(look: Look, world: World, dice: random.Random) -> None:
    """More columns, records far away, a file beside the others: the same bytes."""

    def wider(frame: gpd.GeoDataFrame, _name: str) -> gpd.GeoDataFrame:
        return frame.assign(BZ="备注", 面积=1.5, OBJECTID=range(len(frame)))

    def with_another(frame: gpd.GeoDataFrame, stem: Path) -> str:
        frame.to_csv(stem.with_suffix(".csv"))
        geopackage(frame, stem.with_name(f"{stem.name}旧"))
        return geopackage(frame, stem)

    far = Shape(((700, 600, 750, 640),))
    more = replace(
        world,
        parcels=dice.sample([*world.parcels, *farms_far_away()], len(world.parcels) + 3),
        permanent_farmland=world.permanent_farmland and [far, *world.permanent_farmland],
        zones=world.zones and [*world.zones, replace(world.zones[0], shape=far)],
        approvals=[
            *world.approvals,
            *(Approval(kind, "远1号", "2020-01-01", far) for kind in world.kinds
              if any(paper.kind == kind for paper in world.approvals)),
        ],
    )  # fmt: skip
    assert look(world).hashes == look(more, Style(redone=wider, saved=with_another)).hashes


def renamed(look: Look, world: World, dice: random.Random) -> None:
    """Other names in the same order: the results under these names, else the same."""
    change, parcel, number = (dice.choice(("图-", "B", "9_")) for _ in range(3))

    def code(old: str | None) -> str | None:
        return old and f"330{old[3:]}"

    other = replace(
        world,
        changes=[replace(one, change_id=change + one.change_id) for one in world.changes],
        parcels=[replace(one, parcel_id=parcel + one.parcel_id) for one in world.parcels],
        approvals=[
            replace(one, approval_no=number + one.approval_no) for one in world.approvals
        ],
        townships=[
            replace(one, township_code=code(one.township_code)) for one in world.townships
        ],
        rulings=[
            replace(one, change_id=change + one.change_id,
                    township_code=code(one.township_code))
            for one in world.rulings
        ],
        rectifications=[
            replace(one, change_id=change + one.change_id,
                    township_code=code(one.township_code))
            for one in world.rectifications
        ],
        offices={code(key): name for key, name in world.offices.items()},
    )  # fmt: skip
    names = {"change_results": lambda key: change + key, "township_ranking": code}
    wanted = {
        (table, names.get(table, str)(key), column): code(value)
        if column == "township_code"
        else value
        for (table, key, column), value in look(world).figures.items()
    }
    assert_equal(wanted, look(other).figures)


def one_in_quarantine(look: Look, world: World, dice: random.Random) -> None:
    """A record that cannot be used: the others' figures stay, and its area is on the books."""
    x, y = dice.randint(0, 150), dice.randint(0, 80)
    corners = [(x, y), (x + 30, y + 20), (x + 30, y), (x, y + 10)]  # crosses itself
    bow_tie = Polygon([(ORIGIN[0] + a, ORIGIN[1] + b) for a, b in corners])

    def with_it(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
        if name != "changes":
            return frame
        broken = frame.iloc[[0]].assign(JCBH="坏1").set_geometry([bow_tie])
        return pd.concat([frame, broken], ignore_index=True)

    one, other = look(world), look(world, Style(redone=with_it))
    count = "quarantined_count"
    without = (
        {k: v for k, v in seen.figures.items() if k[2] != count} for seen in (one, other)
    )
    assert_equal(*without)
    assert sum(other.of("county_result", count).values()) == 1 + sum(
        one.of("county_result", count).values()
    )
    before, after = (seen.balances.loc["changes.gpkg"] for seen in (one, other))
    assert after["records_quarantined"] == before["records_quarantined"] + 1
    grown = {name: after[f"units_{name}"] - before[f"units_{name}"]
             for name in ("handed_in", "repaired", "counted", "quarantined", "excluded")}  # fmt: skip
    assert grown["handed_in"] + grown["repaired"] == grown["quarantined"]
    assert grown["counted"] == grown["excluded"] == 0
    rows = other.findings[other.findings["record"] == "坏1"]
    assert set(rows["severity"]) == {"quarantined"}
    assert round(rows["area_m2"].max() * 10_000) == abs(grown["quarantined"])


RELATIONS = (
    approvals_split, parcels_split, changes_split, townships_split_and_merged, in_any_order,
    handed_in_again, more_approvals, more_changes_and_farmland, what_does_not_matter, renamed,
    one_in_quarantine,
)  # fmt: skip
