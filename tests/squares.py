"""The county of squares: thirteen changes in three towns, every area countable.

y  1000 ┌─────────────────┬─────────────────┬─────────┐
        │ P2 0101         │ P4 0601 works   │ P5 0301 │
    800 │ (x<300 is       ├─────────────────┤ forest  │
        │  permanent      │ P3 0101         │         │
    500 ├─ farmland)──────┤                 │ nothing │
        │ P1 0103, a tenth│                 │ happened│
        │ of it ridges    │                 │         │
      0 └─────────────────┴─────────────────┴─────────┘
        0      甲镇      1000     乙镇     2000  丙镇 3000  x
"""

from tests.county import County

JIA, YI, BING = "990101001", "990101002", "990101003"


def _change(corners, change_id, *, kind="20", town=JIA):
    x0, y0, x1, y1 = corners
    row = {
        "JCBH": change_id,
        "TBLX": kind,
        "QSX": "20231015",
        "HSX": "20240930",
        "JCMJ": float((x1 - x0) * (y1 - y0)),
        "XZQDM": town,
    }
    return corners, row


def _approval(corners, number, given, until=None):
    return corners, {"PZWH": number, "PZRQ": given, "YXQZ": until}


SQUARES = County(
    townships=[
        ((0, 0, 1000, 1000), {"XZQDM": JIA, "XZQMC": "甲镇"}),
        ((1000, 0, 2000, 1000), {"XZQDM": YI, "XZQMC": "乙镇"}),
        ((2000, 0, 3000, 1000), {"XZQDM": BING, "XZQMC": "丙镇"}),
    ],
    land_use=[
        ((0, 0, 1000, 500), {"BSM": "P1", "DLBM": "0103", "KCXS": 0.1}),
        ((0, 500, 1000, 1000), {"BSM": "P2", "DLBM": "0101", "KCXS": 0.0}),
        ((1000, 0, 2000, 800), {"BSM": "P3", "DLBM": "0101", "KCXS": 0.0}),
        ((1000, 800, 2000, 1000), {"BSM": "P4", "DLBM": "0601", "KCXS": 0.0}),
        ((2000, 0, 3000, 1000), {"BSM": "P5", "DLBM": "0301", "KCXS": 0.0}),
    ],
    permanent_farmland=[((0, 500, 300, 1000), {"BH": "1"})],
    plan_zones=[
        ((0, 0, 1500, 1000), {"GHFQ": "允许建设区"}),
        ((1500, 0, 3000, 1000), {"GHFQ": "限制建设区"}),
    ],
    changes=[
        # 150 of 200 m covered by two conversions that overlap; 50 m beyond them
        _change((100, 600, 300, 610), "C01"),
        _change((900, 0, 1100, 10), "C02"),  # astride the two towns, no approval
        _change((1200, 850, 1300, 860), "C03", town=YI),  # on existing works
        _change((1200, 100, 1300, 110), "C04", town=YI),  # converted, never supplied
        _change((1200, 200, 1300, 210), "C05", town=YI),  # temporary permit in term
        _change((1200, 300, 1300, 310), "C06", town=YI),  # ended the day before the image
        _change((1200, 400, 1300, 410), "C07", town=YI),  # facility agriculture, filed
        _change((400, 600, 500, 610), "C08"),  # converted after the image
        _change((1400, 100, 1500, 110), "C09", kind="DT", town=YI),  # earth moving
        _change((1400, 200, 1500, 210), "C10", kind="01", town=YI),  # became farmland
        _change((600, 600, 700, 610), "C11"),  # no approval; 400 m² reclaimed in time
        _change((0, 700, 1000, 720), "C12"),  # approved and supplied
        _change((1000, 700, 2000, 717), "C13", town=YI),  # approved and supplied
    ],
    approvals={
        "conversion": [
            _approval((100, 590, 200, 620), "转1号", "2023-05-01"),
            _approval((150, 590, 250, 620), "转2号", "2023-06-01"),
            _approval((1190, 90, 1310, 120), "转3号", "2024-01-01"),
            _approval((390, 590, 510, 620), "转4号", "2024-12-01"),
            _approval((0, 690, 1000, 730), "转5号", "2023-07-01"),
            _approval((1000, 690, 2000, 730), "转6号", "2023-08-01"),
        ],
        "supply": [
            _approval((100, 590, 250, 620), "供1号", "2024-02-01"),
            _approval((0, 690, 1000, 730), "供2号", "2024-02-02"),
            _approval((1000, 690, 2000, 730), "供3号", "2024-09-30"),
        ],
        "temporary": [
            _approval((1190, 190, 1310, 220), "临1号", "2024-03-01", "2025-12-31"),
            _approval((1190, 290, 1310, 320), "临2号", "2022-03-01", "2024-09-29"),
        ],
        "facility_agriculture": [_approval((1190, 390, 1310, 420), "设1号", "2024-05-01")],
    },
    hand={
        "rectifications": [
            {"change_id": "C11", "method": "拆除复耕", "farmland_m2": 400, "accepted_on": "2025-03-31", "document": "验1号"},
            {"change_id": "C11", "method": "拆除复耕", "farmland_m2": 300, "accepted_on": "2025-04-01", "document": "验2号"},
        ],
        "offices": [
            {"township_code": JIA, "office_name": "一所"},
            {"township_code": YI, "office_name": "一所"},
        ],
    },
)  # fmt: skip
