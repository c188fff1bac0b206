"""Invented names of the demo county (示例县): no place, office or person of this world."""

from dataclasses import dataclass

COUNTY_CODE = "990101"


@dataclass(frozen=True)
class TownPlan:
    """What a town (乡镇、街道) is called and what its figures are to look like.

    ``change_count`` is how many ordinary changes it gets; ``illegal_ratio`` is the ratio of
    illegally occupied farmland before rectification that its illegal changes are sized for.
    """

    code: str
    name: str
    office: str
    change_count: int
    illegal_ratio: float


# The case of each town: exactly at the line, over it, saved by reclamation, none at all ...
AT_THE_LINE = "990101103"
SAVED = "990101104"
BARELY_OVER = "990101105"
NO_FARMLAND = "990101106"
BARELY_UNDER = "990101107"

TOWNS = (
    TownPlan("990101001", "云篱街道", "城中所", 46, 0.021),
    TownPlan("990101002", "澄砚街道", "城中所", 42, 0.034),
    TownPlan("990101003", "栖霁街道", "城东所", 38, 0.009),
    TownPlan("990101004", "墨汀街道", "城东所", 36, 0.056),
    TownPlan("990101005", "岚簌街道", "城东所", 40, 0.022),
    TownPlan("990101100", "鹭笙镇", "鹭笙所", 34, 0.215),
    TownPlan("990101101", "芷塬镇", "鹭笙所", 30, 0.096),
    TownPlan("990101102", "棠汐镇", "棠汐所", 32, 0.084),
    TownPlan("990101103", "椿岫镇", "棠汐所", 13, 0.0),
    TownPlan("990101104", "蓼埠镇", "蓼埠所", 34, 0.115),
    TownPlan("990101105", "霁桥镇", "蓼埠所", 30, 0.121),
    TownPlan("990101106", "葭渚乡", "葭渚所", 9, 0.0),
    TownPlan("990101107", "槿陌镇", "葭渚所", 28, 0.107),
    TownPlan("990101108", "筠坞镇", "筠坞所", 24, 0.0),
    TownPlan("990101109", "蘅洲镇", "筠坞所", 30, 0.013),
    TownPlan("990101110", "藜岗乡", "筠坞所", 20, 0.029),
    TownPlan("990101111", "萤谷乡", "萤谷所", 18, 0.045),
    TownPlan("990101112", "苇笛乡", "萤谷所", 16, 0.0),
    TownPlan("990101113", "璇溪乡", "", 20, 0.067),
)
INDEX_OF = {town.code: number for number, town in enumerate(TOWNS)}
