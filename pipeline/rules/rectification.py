"""How much farmland counts as reclaimed and regularised (整改落实), in booking units.

Contract §3, Ratio: rows with a township come first, each capped at the change's illegal
farmland there; rows without one take what remains, in proportion, by largest remainder.
"""

from collections.abc import Mapping


def share_out(amount: int, capacities: Mapping[str, int]) -> dict[str, int]:
    """Return ``amount`` shared in proportion to the capacities, by largest remainder.

    No more than the capacities hold is shared; ties go to the smallest code.
    """
    whole = sum(capacities.values())
    amount = min(amount, whole)
    if not amount:
        return dict.fromkeys(capacities, 0)
    shares = {code: amount * capacity // whole for code, capacity in capacities.items()}
    by_remainder = sorted(
        capacities, key=lambda code: (-(amount * capacities[code] % whole), code)
    )
    for code in by_remainder[: amount - sum(shares.values())]:
        shares[code] += 1
    return shares


def reclaimed_by_township(
    illegal: Mapping[str, int], stated: Mapping[str | None, int]
) -> dict[str, int]:
    """Return what counts as reclaimed of one change, by township.

    ``illegal`` is its illegal farmland by township, ``stated`` what the ledger says by township,
    under null what it says of the whole change.
    """
    own = {code: min(stated.get(code, 0), capacity) for code, capacity in illegal.items()}
    rest = {code: capacity - own[code] for code, capacity in illegal.items()}
    shared = share_out(stated.get(None, 0), rest)
    return {code: own[code] + shared[code] for code in illegal}
