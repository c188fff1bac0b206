"""Words in a PNG, read back by another program."""

import io

from PIL import Image

from pipeline.report.maps.png_text import with_text


def test_title_and_size_in_print_are_read_back_and_the_picture_stays():
    file = io.BytesIO()
    Image.new("RGB", (3, 2), "#8a3200").save(file, "png", dpi=(72, 72))
    told = with_text(file.getvalue(), {"Title": "示例县（疑似）"}, dpi=300)
    with Image.open(io.BytesIO(told)) as image:
        image.load()
        assert image.info["Title"] == "示例县（疑似）"
        assert [round(dots) for dots in image.info["dpi"]] == [300, 300]
        assert image.getpixel((2, 1)) == (0x8A, 0x32, 0x00)
