"""The sweep (扫描线): exact areas of all layers over each change, without building a shape.

::

    rings   polygons as flat arrays, straight from WKB
    rows    the edges of a large polygon by row      grid   which boxes lie near a place
      │                                                │
    sweep   a change in tiles ─ tile   one of them: ─ near   its polygons, in order
                                  │                   clip   their edges within it
                                slab   between two abscissas: order, crossings, trapezoids
                                  │    inside   who has the ground, edge by edge
                                table   areas by the answers of all layers together
      │
    areas   all of this called with arrays: ``swept(changes, ground_of(layers))``
    parts   connected ground out of trapezoids       segments   edges to draw with
    moments of polygons, for areas on the ellipsoid  room   work space and output
    simple  rings that surely are valid polygons

What is compiled, and where it is kept, is told in ``compiled``; ``warm`` does it beforehand.
The method: slabs between all abscissas where something begins, ends or crosses, in each of them
the edges from below, and trapezoids added up by what they lie in. The area below an edge is one
number and a trapezoid the difference of two, so areas add up to rounding on any input.
"""
