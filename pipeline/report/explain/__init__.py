"""One change explained: as text, and as a small page (逐图斑解释)."""
