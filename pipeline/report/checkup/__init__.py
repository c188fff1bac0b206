"""What the input doctor hands out (体检单): a page, a workbook, a GeoPackage of the places."""
