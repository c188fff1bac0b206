from matplotlib.text import Text

from pipeline.report.fonts import chinese_style


def test_glyphs_have_their_chinese_form_whatever_the_locale():
    with chinese_style():
        assert Text(0, 0, "亩 4").get_language() == "zh-CN"
