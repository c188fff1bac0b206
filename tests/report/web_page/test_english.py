"""Fixed words in English: every table that the product ships is covered."""

import pytest

from pipeline.demo.permanent import ZONES
from pipeline.report.print_text import printed
from pipeline.report.web_page.english import english
from pipeline.rules.land_classes import load_code_system
from tests.pieces import CONFIGS, DEFAULT

CODES = load_code_system(CONFIGS / "rules" / "codes" / "sandiao-2020.toml")


def test_all_land_classes_change_types_and_zones():
    told = [f"{one.code} {one.name}" for one in CODES.classes.values()]
    told += [f"{code} {name}" for code, name in DEFAULT.change_types.items()]
    told += ZONES
    assert [text for text in told if not (english(text) or "").isascii()] == []
    assert None not in map(english, told)


def test_all_evidence_and_articles_of_the_default_pack():
    for rule in DEFAULT.rules:
        for column, name in rule.needs.items():
            assert english(printed(f"{column}({name})")), name
        for basis in rule.legal_basis:
            assert english(basis.article), basis.article


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0101 水田", "0101 Paddy field"),
        ("DL1 建成道路", "DL1 Road, built"),
        ("《土地管理法》第七十七条第一款", "Land Administration Law Art. 77(1)"),
        ("《土地管理法》第五十三条至第五十五条", "Land Administration Law Arts. 53–55"),
        ("法释〔2000〕14号第三条", "SPC Interpretation (2000) No. 14 Art. 3"),
        ("图斑类型、后时相", "change type; after date"),
        ("《行政处罚法》第一百零二条", "Administrative Penalty Law Art. 102"),
        ("图斑类型、别的", None),
        ("《无此法》第一条", None),
        ("《土地管理法》的话", None),
        ("示政土〔2023〕1号", None),
        ("", None),
    ],
)
def test_whole_texts_or_nothing(text, said):
    assert english(text) == said
