"""Coordinate systems (坐标系): what the working one must be, and how others come into it.

CGCS2000, WGS 84 and the ITRF are one datum here: they differ by centimetres, and PROJ knows no
parameters between them. Xi'an 80 and Beijing 54 lie a hundred metres off; PROJ would let their
coordinates through unchanged ("ballpark"), so they need seven parameters.
"""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from pipeline.geometry.settings import DatumShift

Shapes = npt.NDArray[Any]  # of shapely geometries, None where there is no shape
Floats = npt.NDArray[np.float64]

# Steps of 0.01 mm: see `to_working`.
_REPROJECTED_DECIMALS = 5

_ONE_DATUM = re.compile(
    r"cgcs|china.?2000|china.?geodetic|wgs|world.?geodetic|itrf|igs|international.?terrestrial"
    r"|unknown|unspecified|not.?specified",
    re.IGNORECASE,
)
_GRS80_LIKE = (6_378_137.0, 298.2572)


def parsed(crs: CRS | str) -> CRS:
    """Return the horizontal part of a CRS: heights and embedded datum shifts are left out."""
    found = CRS.from_user_input(crs)
    while found.is_bound and found.source_crs is not None:
        found = found.source_crs
    if found.is_compound:
        found = parsed(found.sub_crs_list[0])
    return found.to_2d() if len(found.axis_info) > 2 else found


def working_problem(crs: CRS | str) -> str | None:
    """Tell why this cannot be the working CRS (工作坐标系), None where it can."""
    found = parsed(crs)
    if not found.is_projected:
        return f"工作坐标系 {label(found)} 不是投影坐标系,量不了面积"
    units = {axis.unit_name for axis in found.axis_info}
    if units - {"metre", "meter"}:
        return f"工作坐标系 {label(found)} 的单位是 {'、'.join(sorted(units))},应为米"
    if found.geodetic_crs is None or found.ellipsoid is None:
        return f"工作坐标系 {label(found)} 没有椭球"
    return None


def label(crs: CRS | str) -> str:
    """Return what to call a CRS in a message: its EPSG code where it has one, its name."""
    found = parsed(crs)
    code = found.to_epsg()
    return f"EPSG:{code}({found.name})" if code else found.name


def same_crs(one: CRS | str, other: CRS | str) -> bool:
    """Tell whether coordinates need no change from one CRS to the other.

    An ESRI .prj is not ``==`` the EPSG definition it stands for: axes come in another order
    and names differ. Projection, parameters, ellipsoid and datum decide, names do not.
    """
    a, b = parsed(one), parsed(other)
    if a.equals(b, ignore_axis_order=True):
        return True
    return (
        a.is_projected == b.is_projected
        and _projection(a) == _projection(b)
        and _ellipsoid(a) == _ellipsoid(b)
        and not needs_parameters(a, b)
    )


def needs_parameters(source: CRS | str, working: CRS | str) -> bool:
    """Tell whether the datum of ``source`` (西安80、北京54 等) asks for seven parameters."""
    a, b = parsed(source), parsed(working)
    if _same_datum(a, b):
        return False
    if _is_old(a) or _is_old(b):
        return True
    best = TransformerGroup(a.geodetic_crs, b.geodetic_crs, always_xy=True).transformers
    return not best or best[0].accuracy < 0 or "ballpark" in best[0].description.lower()


def to_working(
    shapes: Shapes, source: CRS | str, working: CRS | str, shift: DatumShift | None = None
) -> Shapes:
    """Return the shapes in the working CRS: vertices transformed, edges straight there.

    Shapes that are in the working CRS already stay as they came. The others are rounded to
    0.01 mm: a degree with 11 decimals is good for 1e-6 m, so neighbours and approvals that
    were drawn on the same whole millimetres come back some micrometres apart, and every shared
    edge would leave a hair between them. Rounding is part of the transformation, each vertex
    alone; nothing is snapped to anything else.

    A vertex that the transformation cannot place is infinite afterwards: the record is the
    caller's to quarantine.
    """
    a, b = parsed(source), parsed(working)
    if shift is None and same_crs(a, b):
        return np.array(shapes, dtype=object)
    moved = shapely.force_2d(np.array(shapes, dtype=object))
    coordinates = shapely.get_coordinates(moved)
    placed = _transformed(coordinates, a, b, shift)
    if b.is_projected:
        placed = np.round(placed, _REPROJECTED_DECIMALS)
    return np.asarray(shapely.set_coordinates(moved, placed))


def _transformed(xy: Floats, source: CRS, working: CRS, shift: DatumShift | None) -> Floats:
    if shift is None and not _same_datum(source, working):
        known = Transformer.from_crs(source, working, always_xy=True)
        return np.column_stack(known.transform(xy[:, 0], xy[:, 1]))
    # Within one datum longitude and latitude stand: PROJ is not asked for a datum operation.
    lon, lat = _geographic(source).transform(xy[:, 0], xy[:, 1])
    if shift is not None:
        lon, lat, _ = _seven_parameters(source, working, shift).transform(
            lon, lat, np.zeros(len(xy))
        )
    return np.column_stack(_geographic(working).transform(lon, lat, direction="INVERSE"))


def _geographic(crs: CRS) -> Transformer:
    """Return the way from a CRS to longitude and latitude on its own datum, in degrees."""
    return Transformer.from_crs(crs, parsed(_geodetic(crs)), always_xy=True)


def _geodetic(crs: CRS) -> CRS:
    if crs.geodetic_crs is None:
        raise ValueError(f"坐标系 {crs.name} 没有大地基准")
    return crs.geodetic_crs


def _seven_parameters(source: CRS, working: CRS, shift: DatumShift) -> Transformer:
    """Return the geocentric Helmert transformation, position vector convention (EPSG:9606)."""
    (a0, rf0), (a1, rf1) = _ellipsoid(source), _ellipsoid(working)
    return Transformer.from_pipeline(
        "+proj=pipeline"
        " +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=cart +a={a0!r} +rf={rf0!r}"
        f" +step +proj=helmert +convention=position_vector"
        f" +x={shift.dx_m!r} +y={shift.dy_m!r} +z={shift.dz_m!r}"
        f" +rx={shift.rx_arcsec!r} +ry={shift.ry_arcsec!r} +rz={shift.rz_arcsec!r}"
        f" +s={shift.scale_ppm!r}"
        f" +step +inv +proj=cart +a={a1!r} +rf={rf1!r}"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _same_datum(a: CRS, b: CRS) -> bool:
    if _is_modern(a) and _is_modern(b):
        return True
    same_name = _plain(_datum(a)) == _plain(_datum(b))
    return same_name and _ellipsoid(a) == _ellipsoid(b)


def _is_modern(crs: CRS) -> bool:
    axis, flattening = _ellipsoid(crs)
    close = abs(axis - _GRS80_LIKE[0]) < 0.5 and abs(flattening - _GRS80_LIKE[1]) < 0.001
    return close and bool(_ONE_DATUM.search(_datum(crs)))


def _is_old(crs: CRS) -> bool:
    """Tell whether the ellipsoid is Krassowsky's or IAG 1975, whatever the datum is called."""
    return round(_ellipsoid(crs)[0]) in {6_378_245, 6_378_140}


def _datum(crs: CRS) -> str:
    datum = _geodetic(crs).datum
    return datum.name if datum is not None else "unknown"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("d_"))


def _ellipsoid(crs: CRS) -> tuple[float, float]:
    ellipsoid = _geodetic(crs).ellipsoid
    if ellipsoid is None:
        raise ValueError(f"坐标系 {crs.name} 没有椭球")
    return ellipsoid.semi_major_metre, ellipsoid.inverse_flattening


def _projection(crs: CRS) -> tuple[object, ...]:
    operation = crs.coordinate_operation
    units = tuple(sorted(axis.unit_conversion_factor for axis in crs.axis_info))
    if operation is None:
        return units
    values = sorted(
        (
            parameter.code or parameter.name,
            round(float(parameter.value) * parameter.unit_conversion_factor, 10),
        )
        for parameter in operation.params
    )
    return (operation.method_name, *values, *units)
