"""How large the counties are, and where their layers lie on disk."""

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "bench"
SCALING = DATA / "scaling.json"
LAYERS = ("township", "zone", "permanent", "supply", "approval", "parcel")
CHANGE = "change"
CRS = "EPSG:4549"  # CGCS2000 / 3-degree Gauss-Kruger CM 120E
EAST_M, NORTH_M = 540_000.0, 3_180_000.0


@dataclass(frozen=True)
class Size:
    """So many changes on so many parcels (规模), in so many tiles (分幅) side by side.

    About a quarter more parcels come out than asked for: roads, ditches and villages are cut
    out of the fields. ``every`` > 1 takes each so-manieth change of the county ``ground``.
    """

    name: str
    changes: int
    parcels: int
    tiles: int = 1
    ground: str = ""
    every: int = 1

    def path(self, layer: str) -> Path:
        """Return the GeoParquet file of a layer."""
        folder = self.ground if self.ground and layer != CHANGE else self.name
        return DATA / folder / f"{layer}.parquet"

    def is_there(self) -> bool:
        """Tell whether all layers have been written."""
        return all(self.path(layer).exists() for layer in (*LAYERS, CHANGE))


SIZES = {
    size.name: size
    for size in (
        Size("XS", 500, 5_000),
        Size("S", 5_000, 50_000),
        Size("M", 50_000, 500_000),
        Size("M10", 5_000, 500_000, ground="M", every=10),
        Size("L", 250_000, 2_000_000, tiles=5),
    )
}
