"""The web page (网页): the whole inspection in one HTML file that asks nobody for anything.

``write_pages`` is the door. The figures are gathered in Python (``page_data``), the page itself is
plain HTML, CSS and JavaScript beside this file, put together by ``page_file``. The map is a canvas
of our own: with 20,000 polygons in view bokeh pans at 2.6 frames a second, this one at 40 and more.
"""

from pipeline.report.web_page.page_data import PageTables
from pipeline.report.web_page.pages import write_pages
from pipeline.report.web_page.pictures import ChipPair

__all__ = ["ChipPair", "PageTables", "write_pages"]
