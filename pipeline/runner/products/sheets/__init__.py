"""The evidence sheets: what they are made of, and the making (图斑核查单)."""
