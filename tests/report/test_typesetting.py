"""Pages set from a template and data."""

import io
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from pipeline.report.typesetting import typeset, typeset_png

TEMPLATE = """
#set page(width: 100mm, height: 50mm)
#set text(font: "Noto Sans SC")
#let data = json("data.json")
#data.text
#if "picture" in data { image(data.picture, width: 10mm) }
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def text_of(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_chinese_is_set_and_can_be_read_back(template):
    assert "桃渚镇 3.52 亩（疑似）㎡" in text_of(
        typeset(template, {"text": "桃渚镇 3.52 亩（疑似）㎡"})
    )


def test_the_same_input_gives_the_same_bytes(template):
    data = {"text": "同样的输入"}
    assert typeset(template, data) == typeset(template, data)
    assert typeset_png(template, data) == typeset_png(template, data)


def test_text_is_never_code(template):
    hostile = '#panic("x") $x$ *b* _i_ @ref #read("/etc/passwd") \\ ]'
    assert '#panic("x") $x$ *b* _i_ @ref' in text_of(typeset(template, {"text": hostile}))


def test_what_the_font_lacks_and_what_steers_is_spelt_out(template):
    text = text_of(typeset(template, {"text": "a\u202eb\x00c\U0001f600d"}))
    assert "a\\u202eb\\x00c[U+1F600]d" in text


def test_a_picture_is_read_by_its_name(template):
    red = io.BytesIO()
    Image.new("RGB", (4, 4), (255, 0, 0)).save(red, "PNG")
    page = typeset_png(
        template, {"text": "", "picture": "chip.png"}, {"chip.png": red.getvalue()}, dpi=72
    )
    with Image.open(io.BytesIO(page[0])) as image:
        assert (255, 0, 0) in {color[:3] for _, color in image.convert("RGB").getcolors(99999)}


def test_pages_of_the_template_only_know_their_own_folder(template, tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    bad = Path(template).with_name("bad.typ")
    bad.write_text('#read("secret.txt")')
    with pytest.raises(RuntimeError, match="not found"):
        typeset(bad, {})
