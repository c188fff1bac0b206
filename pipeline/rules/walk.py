"""Walk the rules of a pack in order (逐条判定): the first that is true decides.

Contract §3: where an earlier rule was undecided because a date is missing or partial, and would
have given another verdict, the piece is doubtful (rule ``undated``). Other missing evidence
only fills ``missing_evidence``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.rules.evaluation import Parameters, Truth, Truths, evaluate
from pipeline.rules.pack import RulePack
from pipeline.rules.vocabulary import LEGAL_PIECE_WORD
from pipeline.terms import Verdict

Mask = npt.NDArray[np.bool_]

_VERDICTS = tuple(Verdict)


@dataclass(frozen=True)
class Walked:
    """What the walk found for each piece, in the order of the pieces.

    ``rule`` is the place in the pack of the rule that decides; where ``undated``, of the first
    earlier rule that a date left open, for that is the one to look into.
    """

    rule: npt.NDArray[np.intp]
    undated: Mask
    regularised: Mask
    missing_evidence: npt.NDArray[np.object_]


def walk(pack: RulePack, facts: pd.DataFrame, parameters: Parameters) -> Walked:
    """Return the deciding rule of every piece in ``facts``.

    Twice, because some rules ask whether another piece of the same change is legal: the first
    walk finds the legal pieces (no rule before a legal one may ask, see ``check_pack``).
    """
    alone = facts.assign(**{LEGAL_PIECE_WORD: False})
    rule, open_ = _decide(pack, evaluate(pack, alone, parameters))
    legal = np.array([rule.verdict is Verdict.LEGAL for rule in pack.rules])
    with_legal = facts.loc[legal[rule] & ~open_.any(axis=0), "change_id"].unique()
    beside = facts.assign(**{LEGAL_PIECE_WORD: facts["change_id"].isin(with_legal)})
    truths = evaluate(pack, beside, parameters)
    rule, open_ = _decide(pack, truths)
    undated: Mask = np.asarray(open_.any(axis=0))
    regularised: Mask = (truths.regularised[rule, np.arange(len(facts))] == 1) & ~undated
    return Walked(
        np.where(undated, open_.argmax(axis=0), rule),
        undated,
        regularised,
        _missing_evidence(pack, truths, rule),
    )


def _decide(pack: RulePack, truths: Truths) -> tuple[npt.NDArray[np.intp], Mask]:
    """Return each piece's first true rule, and which earlier ones a date left open.

    Only those count as open that would have given another verdict.
    """
    rule = (_truth(truths) == 1).argmax(axis=0)
    verdicts = np.array([_VERDICTS.index(rule.verdict) for rule in pack.rules])
    for_want_of_a_date = (truths.when == 1) & (truths.dated == -1)
    differs = verdicts[:, None] != verdicts[rule][None, :]
    return rule, for_want_of_a_date & differs & _before(rule, len(pack.rules))


def _truth(truths: Truths) -> Truth:
    """Return ``when AND dated`` in three-valued logic."""
    both = np.minimum(truths.when, truths.dated)
    return np.where((truths.when == 0) | (truths.dated == 0), np.int8(0), both)


def _before(rule: npt.NDArray[np.intp], count: int) -> Mask:
    """Tell which of ``count`` rules come before the one that decides a piece."""
    earlier: Mask = np.arange(count)[:, None] < rule[None, :]
    return earlier


def _missing_evidence(
    pack: RulePack, truths: Truths, rule: npt.NDArray[np.intp]
) -> npt.NDArray[np.object_]:
    """Return the evidence that the undecided earlier rules lacked, as text, else null."""
    undecided = (_truth(truths) == -1) & _before(rule, len(pack.rules))
    labels = {name: f"{name}({label})" for r in pack.rules for name, label in r.needs.items()}
    lacking = np.zeros((len(labels), rule.size), dtype=bool)
    for row, name in enumerate(labels):
        asks = [name in r.needs for r in pack.rules]
        lacking[row] = undecided[asks].any(axis=0) & truths.missing[name]
    return _texts(lacking, list(labels.values()))


def _texts(lacking: Mask, labels: Sequence[str]) -> npt.NDArray[np.object_]:
    """Return the labels of each column's true rows, joined; null where there are none."""
    texts = np.full(lacking.shape[1], None, dtype=object)
    some = np.flatnonzero(lacking.any(axis=0))
    packed = np.packbits(lacking[:, some], axis=0)
    kinds, kind_of = np.unique(packed, axis=1, return_inverse=True)
    flags = np.unpackbits(kinds, axis=0, count=len(labels)).astype(bool)
    joined = [
        "、".join(label for label, on in zip(labels, column, strict=True) if on)
        for column in flags.T
    ]
    texts[some] = np.array(joined, dtype=object)[kind_of.ravel()]
    return texts
