"""Cut change polygons along every reference layer (套合)."""

from pipeline.stages.overlay.nearby import Sources
from pipeline.stages.overlay.stage import Overlaid, overlay

__all__ = ["Overlaid", "Sources", "overlay"]
