"""Files for GIS software: GeoPackage with styles, FileGDB, shapefiles (GIS 成果)."""
