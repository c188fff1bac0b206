"""The heavy proofs (重压检查): each module here is one part, with ``run()``.

``run()`` prints how it goes, returns its figures (name → value, or None) and raises where a
demand is not met. A module whose name begins with ``_`` is no part. By itself: ``make torture
PARTS="kills interrupt"``; without PARTS, all of them, one after the other.
"""
