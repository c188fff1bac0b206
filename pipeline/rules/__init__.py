"""The law as data and small functions: rule packs, accountability, rectification."""
