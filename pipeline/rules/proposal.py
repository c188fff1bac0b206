"""What the machine proposes for each piece (建议认定): verdict, rule, act, basis, evidence."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.rules.evaluation import Parameters
from pipeline.rules.pack import Rule, RulePack
from pipeline.rules.walk import walk
from pipeline.terms import RULE_UNDATED, ApprovalKind, Verdict

Values = npt.NDArray[np.object_]


def propose(pack: RulePack, facts: pd.DataFrame, parameters: Parameters) -> dict[str, Values]:
    """Return the columns of the proposal, by name, for pieces that the pack decides.

    ``facts`` are pieces with the columns of their change. An undated piece shows the approval
    whose date left the verdict open.
    """
    walked = walk(pack, facts, parameters)

    def of_rule(value: Callable[[Rule], object]) -> Values:
        each = np.empty(len(pack.rules), dtype=object)
        each[:] = [value(rule) for rule in pack.rules]
        found: Values = each[walked.rule]
        return found

    undated = walked.undated
    doubtful, bases = Verdict.DOUBTFUL.value, _bases(pack, facts, walked.rule, parameters)
    return {
        **_approvals(facts, of_rule(lambda rule: rule.rests_on)),
        "proposed_verdict": np.where(
            undated, doubtful, of_rule(lambda rule: rule.verdict.value)
        ),
        "rule_id": np.where(undated, RULE_UNDATED, of_rule(lambda rule: rule.id)),
        "act": _unless(undated, of_rule(lambda rule: rule.act)),
        "legal_basis": _unless(undated, bases),
        "missing_evidence": walked.missing_evidence,
        "is_regularised": walked.regularised.astype(object),
    }


def _unless(undated: npt.NDArray[np.bool_], values: Values) -> Values:
    """Return the values of dated pieces: an open verdict has neither act nor basis."""
    kept = values.copy()
    kept[undated] = None
    return kept


def _approvals(facts: pd.DataFrame, rests_on: Values) -> dict[str, Values]:
    """Return number, kind and day of the approval that each piece's rule rests on."""
    number, kind, day = (np.full(len(facts), None, dtype=object) for _ in range(3))
    for each in ApprovalKind:
        if f"{each}_no" not in facts:
            continue
        here = np.flatnonzero((rests_on == each) & facts[f"{each}_no"].notna().to_numpy())
        number[here] = facts[f"{each}_no"].to_numpy(dtype=object)[here]
        day[here] = facts[f"{each}_on"].to_numpy(dtype=object)[here]
        kind[here] = each.value
    return {"approval_no": number, "approval_kind": kind, "approved_on": day}


def _bases(
    pack: RulePack, facts: pd.DataFrame, rule: npt.NDArray[np.intp], parameters: Parameters
) -> Values:
    """Return each piece's legal basis as in force on its after date (unknown: ``as_of``)."""
    ends = ["after_earliest", "after_latest"]
    keys = facts[ends].astype(object)
    keys = keys.where(keys.notna(), parameters.as_of).assign(rule=rule)
    kinds = keys.drop_duplicates(ignore_index=True)
    texts = np.empty(len(kinds), dtype=object)
    texts[:] = [
        pack.rules[place].basis_on(earliest, latest)
        for earliest, latest, place in kinds.itertuples(index=False)
    ]
    # Groups are numbered as they first appear, which is the order of ``kinds``.
    found: Values = texts[keys.groupby([*ends, "rule"], sort=False).ngroup().to_numpy()]
    return found
