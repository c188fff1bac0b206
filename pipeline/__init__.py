"""Satellite-imagery land enforcement (卫片执法检查): from change polygons to township ratios.

Read in this order, one page each:

1. ``pipeline.schema``   the tables that pass between the stages
2. ``pipeline.stages``   the line of stages
3. ``pipeline.rules``    the law, as data and small functions
4. ``pipeline.project``  what one county and one inspection may set

A table is a noun, a stage is a verb, a rule is a term of law.

In Jupyter, from here: ``pipeline.load(workspace)`` opens the results of a run (打开检查结果),
``pipeline.run(config)`` runs one and opens it, ``pipeline.look(file)`` looks at a layer before it
is trusted (看图层), ``pipeline.demo_county()`` writes the demo county where it is missing,
``pipeline.show(table)`` shows a table well, ``with pipeline.chinese_style():`` draws with Chinese type.
"""

import os
import sys

# ``python -m pipeline`` puts the working folder first on the path: a file lying there (typing.py,
# yaml.py) would stand in for a library. So that folder goes before anything else is imported; os
# and sys are there since Python began. runpy still says "-m" while it looks for the package.
if sys.argv[:1] == ["-m"]:
    try:
        _here = os.path.realpath(os.curdir)
    except OSError:
        sys.stderr.write("【当前文件夹已被删除】\n  办法:先 cd 到一个还在的文件夹,再运行\n")
        raise SystemExit(2) from None
    sys.path[:] = [place for place in sys.path if os.path.realpath(place) != _here]

import importlib
from typing import Any

# The three GDALs of pyogrio, fiona and rasterio read these once, when they are first imported:
# no driver that follows links, no settings from the user's home. A name that one of the three
# lacks would be printed as a warning at import, so only names that all three know stand here;
# what is left over (WMS, WCS and their like) finds no network below and no reader of ours opens
# it: each looks at the content first and names its driver.
_LOCKED = {
    "GDAL_SKIP": "VRT,GTI,DERIVED",
    "OGR_SKIP": "OGR_VRT,WFS,OAPIF,GML,KML,CSW,NGW,Carto,AmigoCloud,Elasticsearch,PLSCENES,"
    "GPSBabel,SQLite,GeoRSS,JSONFG,TopoJSON,ESRIJSON,PGDump,MVT,XLSX,ODS,OSM,LVBAG,GeoJSONSeq,"
    "MapML,CSV,VDV,S57,DGN,SXF,EDIGEO,JML,WAsP,Selafin,MiraMonVector,AVCBin,AVCE00,OGR_GMT",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "NO_PROXY": "",
    "no_proxy": "",
    "GDAL_CONFIG_FILE": "",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "PROJ_NETWORK": "OFF",
    "MPLBACKEND": "Agg",
    # GeoPackages carry the time they were written in; the same inputs must give the same bytes.
    "OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z",
    # A result is settled on the disk as a whole, before it is published: not page by page.
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
    "OGR_SQLITE_JOURNAL": "MEMORY",
}
# Jupyter's way of showing pictures stays: a notebook draws its own beside ours.
if os.environ.get("MPLBACKEND") in {"inline", "module://matplotlib_inline.backend_inline"}:
    del _LOCKED["MPLBACKEND"]
os.environ.update(_LOCKED)
# Another program's PROJ or GDAL data (OSGeo4W, PostGIS) breaks the ones in the wheels.
for _name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH"):
    os.environ.pop(_name, None)

# What people call, imported when it is first asked for: `import pipeline` stays instant.
_SURFACE = {
    "load": "pipeline.runner.library.opened",
    "run": "pipeline.runner.library.opened",
    "look": "pipeline.runner.library.look",
    "demo_county": "pipeline.demo",
    "show": "pipeline.report.shown",
    "chinese_style": "pipeline.report.fonts",
}


def __getattr__(name: str) -> Any:
    if name in _SURFACE:
        return getattr(importlib.import_module(_SURFACE[name]), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_SURFACE})
