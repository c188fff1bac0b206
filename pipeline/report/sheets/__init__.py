"""Evidence sheets: one A4 page a change (图斑核查单)."""
