"""Cut change polygons along every reference layer (套合)."""

from pipeline.stages.overlay.stage import Overlaid, overlay

__all__ = ["Overlaid", "overlay"]
