"""Rule packs are data: what a pack may say, and what it is told when it says it wrongly."""

from datetime import date
from textwrap import dedent

import pytest

from pipeline.errors import Refused
from pipeline.rules.evaluation import check_pack
from pipeline.rules.pack import RulePack, find_pack, load_pack
from pipeline.terms import ApprovalKind
from tests.pieces import CONFIGS, DEFAULT

CONVERSION, SUPPLY = ApprovalKind.CONVERSION, ApprovalKind.SUPPLY


def written(tmp_path, text, name="mine"):
    path = tmp_path / f"{name}.toml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


HEAD = """
    name = "mine"
    title = "试"
    change_types = { "20" = "建" }
"""


def refusals(path):
    with pytest.raises(Refused) as caught:
        load_pack(path)
    return [f"{found.record} {found.message} {found.remedy}" for found in caught.value.findings]


def pack(*rules):
    """Return a pack of rules, the last of them the one for everything else."""
    rest = {"id": "rest", "name": "其余", "when": "TRUE", "verdict": "illegal"}
    plain = {"name": "试", "verdict": "other"}
    return RulePack(
        name="mine",
        title="试",
        change_types={"20": "建"},
        rules=[{"id": f"r{n}", **plain, **rule} for n, rule in enumerate(rules)] + [rest],
    )


def objections(*rules):
    return [
        f"{found.record} {found.message} {found.remedy}" for found in check_pack(pack(*rules))
    ]


def test_default_pack_is_right():
    assert check_pack(DEFAULT) == []
    assert DEFAULT.title == "本软件默认规则,非部颁文件"
    assert [rule.id for rule in DEFAULT.rules] == [
        "not-construction",
        "existing-construction",
        "approved-and-supplied",
        "linked-quota",
        "rural-housing",
        "advance",
        "facility-agriculture",
        "temporary-in-term",
        "temporary-expired",
        "converted-not-supplied",
        "approved-later",
        "supplied-not-converted",
        "rural-road",
        "sliver",
        "earth-moving",
        "over-extent",
        "unapproved",
    ]


def test_default_pack_knows_the_33_change_types_and_their_leading_zeros():
    assert len(DEFAULT.change_types) == 33 + 4
    assert DEFAULT.change_types["1"] == DEFAULT.change_types["01"] == "耕地"


def test_names_and_words_print_on_a_gbk_console():
    words = [DEFAULT.title, *DEFAULT.change_types.values()]
    for rule in DEFAULT.rules:
        words += [rule.name, rule.act or "", *rule.needs.values()]
        words += [basis.article for basis in rule.legal_basis]
    "".join(words).encode("gbk")


def test_unknown_pack_is_refused_with_the_nearest_name():
    with pytest.raises(Refused) as caught:
        find_pack("defualt-2024", [CONFIGS])
    assert "没有名为 defualt-2024 的规则包" in str(caught.value)
    assert "是不是 default-2024?" in str(caught.value)


def test_first_folder_that_has_the_pack_is_used(tmp_path):
    (tmp_path / "rules").mkdir()
    own = written(tmp_path / "rules", HEAD, "default-2024")
    assert find_pack("default-2024", [tmp_path, CONFIGS]) == own


def test_every_mistake_of_a_pack_is_told_at_once(tmp_path):
    rules = """
    [[rules]]
    id = "a"
    name = "甲"
    wehn = "TRUE"
    verdict = "legall"
    """
    told = refusals(written(tmp_path, HEAD + rules))
    assert any("wehn" in line and "是不是 when?" in line for line in told)
    assert any("legall" in line and "legal" in line for line in told)
    assert any("缺少设置 when" in line for line in told)
    assert all("mine.toml" in line for line in told)


def test_pack_that_is_well_formed_but_wrong(tmp_path):
    rules = """
    [[rules]]
    id = "outside"
    name = "甲"
    when = "TRUE"
    verdict = "legal"
    [[rules]]
    id = "b"
    name = "乙"
    when = "is_farmland"
    verdict = "legal"
    [[rules]]
    id = "b"
    name = "丙"
    when = "is_farmland"
    verdict = "legal"
    """
    told = " ".join(refusals(written(tmp_path, HEAD + rules, "other")))
    assert "名称 mine 与文件名不同" in told
    assert "规则编号 outside 由程序保留" in told
    assert "规则编号 b 用了 2 次" in told
    assert "最后一条规则的条件是 is_farmland" in told


@pytest.mark.parametrize("text", ["name = ", "name = '甲'\nname = '乙'"])
def test_file_that_is_not_toml(tmp_path, text):
    assert "不合 TOML 格式" in refusals(written(tmp_path, text))[0]


def test_file_in_another_encoding(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes("title = '试'".encode("gbk"))
    assert "不是 UTF-8 编码" in refusals(path)[0]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("land_clas = '0101'", "没有名为 land_clas 的列 是不是 land_class?"),
        ("covered_by(conversoin)", "是不是 conversion?"),
        ("on_or_before(conversion.aproved, as_of)", "是不是 conversion.approved?"),
        ("on_or_befor(before_date, as_of)", "不能用函数 on_or_befor 是不是 on_or_before?"),
        ("area_m2 > (SELECT 1)", "条件里不能用 子查询"),
        ("EXISTS (SELECT * FROM duckdb_settings())", "条件里不能用 子查询"),
        ("current_setting('threads') = '1'", "不能用函数 current_setting"),
        ("getenv('HOME') = ''", "不能用函数 getenv"),
        ("sum(area_m2) OVER () > 1", "条件里不能用 WINDOW"),
        ("COLUMNS(*)", "条件里不能用 STAR"),
        ("area_m2 > ?", "条件里不能用 PARAMETER"),
        ("TRUE), (FALSE", "只能写一个表达式"),
        ("TRUE) FROM pieces UNION SELECT (TRUE", "只能写一个表达式"),
        ("TRUE; DROP TABLE raw", "不合语法"),
        ("area_m2 >", "不合语法"),
        ("area_m2", "的结果是 DOUBLE,不是真或假"),
        ("in_force(conversion, 3)", "不能用"),
        ("land_class + 1 = 2 AND area_m2", "r0.when"),
    ],
)
def test_condition_that_is_refused(condition, told):
    found = objections({"when": condition})
    assert len(found) >= 1
    assert "r0.when" in found[0]
    assert told in found[0]


@pytest.mark.parametrize(
    "condition",
    [
        "land_class LIKE '01%' -- every field",
        "area_m2 BETWEEN 1 AND 2 OR plan_zone IS NULL",
        "CASE WHEN is_farmland THEN area_m2 > 1 ELSE FALSE END",
        "starts_with(township_code, '331082') AND NOT has_approval",
        "conversion.no = 'A1' AND conversion.approved.earliest < DATE '2024-01-01'",
        "round(area_m2 * 0.0015, 2) > 1",
    ],
)
def test_condition_that_is_allowed(condition):
    assert objections({"when": condition}) == []


def test_unknown_evidence_is_refused():
    (told,) = objections({"when": "TRUE", "needs": {"conversion_date": "日期"}})
    assert "r0.needs 没有名为 conversion_date 的证据列" in told


def test_asking_for_a_legal_piece_comes_after_every_legal_rule():
    asks = {"when": "change_has_legal_piece"}
    legal = {"when": "is_farmland", "verdict": "legal"}
    assert objections(legal, asks) == []
    assert "不能用在结论为 legal 的规则里或它们之前" in objections(asks, legal)[0]
    assert "r0" in objections(asks | {"verdict": "legal"})[0]


def test_without_a_supply_layer_nobody_says_that_land_was_supplied():
    names = {
        kinds: DEFAULT.read_with(kinds).rule_name("approved-and-supplied")
        for kinds in ((CONVERSION, SUPPLY), (CONVERSION,), ())
    }
    assert names[CONVERSION, SUPPLY] == "已批已供"
    assert names[(CONVERSION,)] == names[()] == "已批（未配置供地图层，未核供地）"


def test_only_the_name_depends_on_the_layers():
    without = DEFAULT.read_with(())
    for rule, other in zip(DEFAULT.rules, without.rules, strict=True):
        assert other == rule.model_copy(update={"name": other.name})


def test_the_shipped_acts_have_a_first_step_and_unknown_acts_are_refused(tmp_path):
    day = date(2025, 3, 31)
    steps = {rule.act: DEFAULT.first_step(rule.act, day) for rule in DEFAULT.rules if rule.act}
    assert len(set(steps.values())) == 5  # four illegal acts of their own, the others alike
    assert DEFAULT.first_step("别的", day) == "实地核查，属实的建议立案调查"
    assert DEFAULT.first_step("未批先建", date(2019, 12, 31)) is None
    wrong = """
    [[first_steps]]
    act = "未批先见"
    step = "看"
    [[rules]]
    id = "rest"
    name = "其余"
    when = "TRUE"
    verdict = "illegal"
    act = "未批先建"
    """
    [told] = refusals(written(tmp_path, HEAD + wrong))
    assert "未批先见" in told
    assert "可用:未批先建" in told
