"""The leader's page: one A4 page on the county (县领导一页通)."""
