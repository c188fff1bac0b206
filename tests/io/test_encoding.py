import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.io.encoding import UnknownEncoding, decide, named, whole

TOWN = "东塍镇"
GBK, UTF8 = TOWN.encode("gbk"), TOWN.encode()


@pytest.mark.parametrize(
    ("value", "given", "codec", "says"),
    [
        (b"ASCII", {}, "utf-8", ""),
        (b"ASCII", {"cpg": "GBK"}, "utf-8", ""),
        (UTF8, {"cpg": "UTF-8"}, "utf-8", ""),
        (UTF8, {"cpg": "65001"}, "utf-8", ""),
        (UTF8, {}, "utf-8", "没有 .cpg,文字按内容认定为 UTF-8 编码"),
        (UTF8, {"cpg": "GBK"}, "utf-8", ".cpg 写的是 GBK,文字按内容认定为 UTF-8 编码"),
        (GBK, {"cpg": "GBK"}, "gb18030", ""),
        (GBK, {"cpg": "936"}, "gb18030", ""),
        (GBK, {"cpg": "ANSI 936"}, "gb18030", ""),
        (GBK, {"cpg": "GB2312"}, "gb18030", ""),
        (GBK, {"cpg": "UTF-8"}, "gb18030", ".cpg 写的是 UTF-8,文字按内容认定为 GBK 编码"),
        (GBK, {"cpg": "OEM"}, "gb18030", ".cpg 写的是 OEM,文字按内容认定为 GBK 编码"),
        (GBK, {}, "gb18030", "没有 .cpg,文字按内容认定为 GBK 编码"),
        (GBK, {"language": 0x4D}, "gb18030", "没有 .cpg,文字按 .dbf 的语言字节认定为 GBK 编码"),
        # a Western code page reads any bytes: it is not believed over Chinese
        (GBK, {"language": 0x57}, "gb18030", "没有 .cpg,文字按内容认定为 GBK 编码"),
        (
            GBK,
            {"cpg": "ISO-8859-1"},
            "gb18030",
            ".cpg 写的是 ISO-8859-1,文字按内容认定为 GBK 编码",
        ),
        (GBK, {"configured": "GBK"}, "gb18030", "文字按配置的 GBK 编码读取"),
        (GBK, {"configured": "GBK", "cpg": "936"}, "gb18030", ""),
        ("臺灣".encode("big5"), {"cpg": "Big5"}, "big5", ""),
        ("㙍头村".encode("gb18030"), {}, "gb18030", "没有 .cpg,文字按内容认定为 GBK 编码"),
    ],
)
def test_the_order_of_the_contract(value, given, codec, says):
    taken = decide([value], **given)
    assert (taken.codec, taken.why) == (codec, says)


def test_the_config_is_believed_only_where_every_byte_reads():
    with pytest.raises(UnknownEncoding, match="配置的编码 UTF-8 读不通"):
        decide([GBK], configured="UTF-8")
    with pytest.raises(UnknownEncoding, match="没有名为 GKB 的编码"):
        decide([GBK], configured="GKB")


def test_bytes_of_no_encoding_are_not_read():
    with pytest.raises(UnknownEncoding, match="既不是 UTF-8 也不是 GBK"):
        decide([b"\xff\xff\xff"])


def test_one_value_decides_for_all():
    assert decide(["东村".encode(), "东塍".encode("gbk")]).codec == "gb18030"


@pytest.mark.parametrize("text", ["UTF-16", "rot13", "hex", "cp037", "none such", ""])
def test_encodings_that_no_table_has_are_unknown(text):
    assert named(text) is None


def test_a_value_cut_in_mid_character_still_reads_where_it_fills_the_field():
    assert decide([UTF8], full=[UTF8[:-1]]).codec == "utf-8"
    assert decide([GBK], full=[GBK[:-1]]).codec == "gb18030"


def test_a_lone_beginning_of_a_character_proves_no_encoding():
    # 涓 in GBK is E4 B8, which is also the beginning of a character in UTF-8
    assert decide([], full=["A涓".encode("gbk")]).codec == "gb18030"


@pytest.mark.parametrize(
    ("value", "codec", "kept"),
    [
        (UTF8[:-1], "utf-8", "东塍"),
        (UTF8[:-2], "utf-8", "东塍"),
        (UTF8, "utf-8", TOWN),
        (GBK[:-1], "gb18030", "东塍"),
        (b"abc", "utf-8", "abc"),
    ],
)
def test_the_whole_characters_of_a_cut_value_are_kept(value, codec, kept):
    assert whole(value, codec).decode(codec) == kept


def test_a_wrong_byte_is_not_taken_for_a_cut():
    assert whole(UTF8 + b"\xff", "utf-8") == UTF8 + b"\xff"


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)
)
def test_chinese_in_utf8_and_its_cuts_come_back(text):
    data = text.encode()
    assert decide([data]).codec == "utf-8"
    for cut in (1, 2):
        assert whole(data[:-cut], "utf-8").decode() == text[:-1]
