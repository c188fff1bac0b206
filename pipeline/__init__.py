"""Satellite-imagery land enforcement (卫片执法检查): from change polygons to township ratios.

Read in this order, one page each:

1. ``pipeline.schema``   the tables that pass between the stages
2. ``pipeline.stages``   the line of stages
3. ``pipeline.rules``    the law, as data and small functions
4. ``pipeline.project``  what one county and one inspection may set

A table is a noun, a stage is a verb, a rule is a term of law.
"""

import os

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
}
os.environ.update(_LOCKED)
# Another program's PROJ or GDAL data (OSGeo4W, PostGIS) breaks the ones in the wheels.
for _name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH"):
    os.environ.pop(_name, None)
