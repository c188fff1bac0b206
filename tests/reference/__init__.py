"""The overlay by cutting shapes, as an oracle for the engine that never cuts any.

It shares no step with the engine: shapes are cut out of one another by GEOS, every cut is
proven (``cut``) and done again another way where the proof fails. It is slow, and where no way
of cutting can be proven it says so instead of giving figures. ``overlay.reference_overlay``
takes the received tables and returns every figure that the engine makes; ``exact`` has areas
from fractions, for single pairs of polygons.
"""
