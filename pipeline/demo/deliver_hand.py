"""Handing over what people wrote (人工台账): rulings, rectifications, offices."""

from pathlib import Path

from pipeline.demo.county import County
from pipeline.demo.names import TOWNS
from pipeline.io.handover import write_csv, write_sheet


def deliver_hand(county: County, folder: Path) -> None:
    """Write the three ledgers; one town is in no office's list."""
    planting = county.planting
    write_csv(
        folder / "rulings.csv",
        ["change_id", "township_code", "verdict", "reason", "ruled_by", "ruled_on"],
        [
            [r.change_id, r.township_code, r.verdict.value, r.reason, r.ruled_by, r.ruled_on]
            for r in planting.rulings
        ],
    )
    write_sheet(
        folder / "rectifications.xlsx",
        ["change_id", "township_code", "method", "farmland_m2", "accepted_on", "document"],
        [
            [r.change_id, r.township_code, r.method, r.farmland_m2, r.accepted_on, r.document]
            for r in planting.rectifications
            if r.farmland_m2 > 0
        ],
    )
    write_csv(
        folder / "offices.csv",
        ["township_code", "office_name", "township_head", "office_head"],
        [
            [plan.code, plan.office, f"示例人员{row:02d}", f"示例人员{30 + row:02d}"]
            for row, plan in enumerate(TOWNS, start=1)
            if plan.office
        ],
    )
