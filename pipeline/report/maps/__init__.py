"""Maps and charts: townships, offices, the county, the trend (图件)."""
