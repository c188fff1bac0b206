"""The page as a file: what is in it, and what can never be in it."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from pipeline.report.sheets.names import SheetNames
from pipeline.report.web_page import ChipPair, page_words, write_pages
from pipeline.report.web_page.page_file import SCRIPTS, json_in_html
from pipeline.rules.pack import load_pack
from pipeline.terms import ApprovalKind
from tests.report import county
from tests.report.web_page import world

SOURCES = Path(page_words.__file__).parent
PACK = Path(__file__).parents[3] / "configs" / "rules" / "default-2024.toml"
HOSTILE = "</script><img src=x onerror=alert(1)>\u2028\"'&<!--"


class Reader(HTMLParser):
    """Collects the tags and the text of the data script."""

    def __init__(self):
        super().__init__()
        self.tags, self.handlers, self.data, self._in_data = [], [], "", False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self._in_data = dict(attrs).get("id") == "data"

    def handle_data(self, data):
        if self._in_data:
            self.data += data

    def handle_endtag(self, _):
        self._in_data = False


def write(folder, tables, read=None, **options):
    folder.mkdir(parents=True, exist_ok=True)
    return write_pages(folder, tables, county.heading(), read, **options)


def read(file):
    reader = Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write(tmp_path_factory.mktemp("page"), world.tables(1000))[0]


@pytest.fixture(scope="module")
def data(page):
    return json.loads(read(page).data)


def test_it_is_one_file_with_everything_inside(page):
    tags = read(page).tags
    assert page.name == "inspection.html"
    assert not [tag for tag in tags if tag[0] in {"iframe", "object", "embed", "base"}]
    assert all("src" not in attrs for _, attrs in tags)
    links = [attrs["href"] for tag, attrs in tags if tag == "link"]
    assert links == ["data:,"]
    assert [tag for tag, _ in tags].count("script") == 2


def test_it_may_ask_nobody_for_anything(page):
    policies = [
        attrs["content"]
        for _, attrs in read(page).tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies[0].startswith("default-src 'none'; ")
    assert "http:" not in policies[0]
    assert "*" not in policies[0]


def test_it_names_no_host(page):
    text = page.read_text(encoding="utf-8")
    assert "://" not in text
    assert "www." not in text


def test_text_from_the_inputs_is_in_the_data_alone(tmp_path):
    tables = world.tables(8)
    ranking = tables.ranking.assign(
        township_name=[HOSTILE + str(n) for n in range(len(tables.ranking))]
    )
    old = tables.results.change_id[0]

    def renamed(frame):
        return frame.assign(change_id=frame.change_id.replace({old: HOSTILE}))

    frames = {
        name: renamed(getattr(tables, name))
        for name in ("changes", "results", "pieces", "coverage", "rulings", "rectifications")
    }
    frames["pieces"]["plan_zone"] = HOSTILE
    frames["approvals"] = tables.approvals.assign(approval_no=HOSTILE)
    frames["coverage"]["approval_no"] = HOSTILE
    clean = read(write(tmp_path / "clean", world.tables(8))[0])
    file = write(tmp_path / "hostile", world.tables(8, ranking=ranking, **frames))[0]
    found = read(file)
    assert found.tags == clean.tags
    assert found.handlers == []
    assert "\u2028" not in file.read_text(encoding="utf-8")
    assert HOSTILE.replace("\u2028", "\\u2028") in json.loads(found.data)["changes"]["id"]


def test_json_that_ends_no_script_and_reads_back():
    text = json_in_html({"a": HOSTILE})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": HOSTILE}


def test_the_same_tables_in_any_order_give_the_same_bytes(tmp_path):
    one = world.tables(60)
    shuffled = {
        name: frame.sample(frac=1, random_state=3)
        for name, frame in vars(one).items()
        if name not in {"county", "names"}
    }
    other = world.tables(60, **shuffled)
    first, second = (
        write(tmp_path / name, tables)[0] for name, tables in (("one", one), ("other", other))
    )
    assert first.read_bytes() == second.read_bytes()


def test_a_thousand_changes_are_less_than_a_megabyte(page):
    assert page.stat().st_size < 1_000_000


def test_a_change_with_all_that_belongs_to_it(data):
    changes = data["changes"]
    texts = data["texts"]
    assert changes["id"] == sorted(changes["id"])
    assert len(changes["id"]) == 1000
    assert data["towns"][changes["town"][0]]["code"] == "990101001"
    verdicts = [data["verdicts"][number]["id"] for number in changes["verdict"][:4]]
    assert verdicts == ["illegal", "doubtful", "legal", "other"]
    assert texts[changes["facts"][0][1]] == "2023-10-12"
    assert texts[changes["facts"][0][2]] == "2024-05-06/2024-05-31"
    assert "，待核。" in texts[changes["reason"][0]]
    [ruling] = changes["rulings"][0]
    assert [texts[number] for number in ruling[1:4]] == [
        "示例审核员",
        "2025-01-08",
        "现场核查属实",
    ]
    [[approval, _]] = changes["coverage"][2]
    assert data["approvals"][approval][:3] == [
        {"zh": "农用地转用", "en": "Farmland conversion"},
        "示批〔2023〕0号",
        "2023-01-02",
    ]


def test_codes_bear_their_names(tmp_path):
    names = SheetNames(change_types={"20": "建/构筑物"}, land_classes={"0101": "水田"})
    found = json.loads(read(write(tmp_path, world.tables(1, names=names))[0]).data)
    texts, changes = found["texts"], found["changes"]
    assert texts[changes["facts"][0][0]] == "20 建/构筑物"
    assert [texts[piece[2]] for piece in changes["pieces"][0]] == ["0101 水田", "0301"]


def test_every_date_of_an_approval_of_several_records_is_told(tmp_path):
    tables = world.tables(4)
    later = tables.approvals.assign(
        approved_earliest=date(2023, 4, 1), approved_latest=date(2023, 4, 30)
    )
    both = pd.concat([later, tables.approvals])
    found = json.loads(read(write(tmp_path, world.tables(4, approvals=both))[0]).data)
    assert [row[2] for row in found["approvals"]] == ["2023-01-02、2023-04-01/2023-04-30"]


def test_townships_carry_nothing_that_no_script_reads(data):
    scripts = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in SCRIPTS)
    for key in data["towns"][0]:
        assert re.search(rf"(town|\]|\))\.{key}\b|\{{ {key} \}}", scripts), key


def test_fixed_words_have_english_and_what_people_wrote_has_none(data):
    told = {data["texts"][int(number)]: said for number, said in data["english"].items()}
    assert told["乡村发展区"] == "Rural development zone"
    assert told["拆除复耕"] == "demolished and reclaimed"
    assert told["《土地管理法》第七十七条第一款"] == "Land Administration Law Art. 77(1)"
    assert not {"现场核查属实", "示例审核员", "示验〔2025〕1号"} & set(told)


def test_areas_are_whole_units_and_pieces_add_up(data):
    area = data["changes"]["areas"][5][0]
    assert isinstance(area, int)
    assert abs(sum(piece[7] for piece in data["changes"]["pieces"][5]) - area) <= 1


def test_who_holds_an_approval_stays_out(page):
    assert "张三" not in page.read_text(encoding="utf-8")


def test_the_notice_and_the_suspicion_are_on_it(data):
    assert data["notice"]["zh"] == "示例数据，非真实结果"
    assert data["notice"]["en"] == "demonstration data, not real results"
    assert data["kicker"]["zh"].endswith("（疑似）")
    assert "疑似" in data["headline"]["zh"]


def test_a_county_too_large_for_one_file_is_an_index_and_its_townships(tmp_path):
    files = write(tmp_path, world.tables(60), most=20)
    assert [file.relative_to(tmp_path).as_posix() for file in files[:2]] == [
        "inspection.html",
        "web/township-001.html",
    ]
    index = json.loads(read(files[0]).data)
    assert index["changes"]["id"] == []
    assert (
        sum(number for parts in index["links"]["files"].values() for _, number in parts) == 60
    )
    parts = [json.loads(read(file).data) for file in files[1:]]
    assert {len(part["towns"]) for part in parts} == {19}
    assert sorted(id_ for part in parts for id_ in part["changes"]["id"]) == sorted(
        world.tables(60).results.change_id
    )
    assert parts[0]["links"] == {
        "up": "../inspection.html",
        "town": "990101001",
        "sheets": {},
    }


def test_evidence_sheets_are_files_beside_the_page(tmp_path):
    sheets = {"990101001": "sheets/990101001-云 栖.pdf"}
    alone = write(tmp_path / "alone", world.tables(4), sheets=sheets)[0]
    found = json.loads(read(alone).data)["links"]["sheets"]
    assert found == {"990101001": "sheets/990101001-%E4%BA%91%20%E6%A0%96.pdf"}
    parts = write(tmp_path / "parts", world.tables(4), sheets=sheets, most=3)
    found = json.loads(read(parts[1]).data)["links"]["sheets"]
    assert found["990101001"].startswith("../sheets/")


def test_a_change_across_a_border_is_in_the_file_of_either_township(tmp_path):
    tables = world.tables(6)
    pieces = tables.pieces.copy()
    last = pieces["change_id"].eq(tables.results.change_id[0]).to_numpy().nonzero()[0][-1]
    pieces.loc[last, "township_code"] = "990101002"
    files = write(tmp_path, world.tables(6, pieces=pieces), most=5)
    index = json.loads(read(files[0]).data)["links"]["files"]
    assert [parts[0][1] for parts in index.values()] == [1, 2, 1, 1, 1, 1]
    second = json.loads(read(files[2]).data)["changes"]["id"]
    assert second == list(tables.results.change_id[:2])


def test_a_township_too_large_for_one_file_is_several(tmp_path):
    files = write(tmp_path, world.tables(60), most=3)
    names = {file.name for file in files}
    assert {"township-001-1.html", "township-001-2.html", "township-019.html"} <= names


def test_chips_are_of_flagged_changes_the_worst_first(tmp_path):
    asked = []

    def chip(change_id):
        asked.append(change_id)
        return ChipPair(b"1", b"2", (0.0, 0.0, 60.0, 60.0))

    tables = world.tables(40)
    found = json.loads(read(write(tmp_path, tables, chip)[0]).data)
    results = tables.results.set_index("change_id")
    assert set(results.loc[asked].verdict) == {"illegal", "doubtful"}
    assert results.loc[asked].illegal_farmland_m2.is_monotonic_decreasing
    assert list(found["chips"]) == asked


def test_an_empty_year_has_a_page_too(tmp_path):
    found = json.loads(read(write(tmp_path, world.tables(0))[0]).data)
    assert found["changes"]["id"] == []
    assert len(found["towns"]) == 19


def words():
    text = (SOURCES / "words.js").read_text(encoding="utf-8")
    return json.loads(text[text.index("{") : text.index(";\n\nconst state")])


def test_both_languages_have_the_same_words():
    chinese, english = words()["zh"], words()["en"]
    assert list(chinese) == list(english)
    for key, text in chinese.items():
        assert set(re.findall(r"\{\d\}", text)) == set(re.findall(r"\{\d\}", english[key])), key


def test_every_word_the_scripts_ask_for_is_known():
    scripts = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in SCRIPTS)
    markup = (SOURCES / "page.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'\bword\("(\w+)"', scripts))
    asked |= set(re.findall(r'\bpart\("(\w+)"', scripts))
    asked |= set(re.findall(r'data-(?:w|label)="(\w+)"', markup))
    assert asked <= set(words()["zh"])


def test_the_scripts_never_write_markup_out_of_text():
    scripts = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in SCRIPTS)
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in scripts
    for way in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import("):
        assert way not in scripts


def test_the_default_pack_reads_in_english():
    pack = load_pack(PACK)
    heading = county.heading(rule_names={rule.id: rule.name for rule in pack.rules})
    for rule in pack.rules:
        assert page_words.rule_words(rule.id, heading)["en"].isascii(), rule.id
        if rule.act:
            assert page_words.act_words(rule.act)["en"].isascii(), rule.act
    for kind in ApprovalKind:
        assert page_words.kind_words(kind.value)["en"].isascii()
    assert page_words.kind_words("unheard-of") == {"zh": "unheard-of", "en": "unheard-of"}
