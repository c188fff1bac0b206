"""A synthetic county (合成县) with the statistics of a real one, the same for the same seed."""
