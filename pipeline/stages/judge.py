"""Judge every piece by the rules, then by what people ruled (认定)."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.errors import Finding, Refused
from pipeline.rules.change_types import read_change_types, unknown_change_types
from pipeline.rules.evaluation import Parameters, check_pack
from pipeline.rules.pack import RulePack
from pipeline.rules.proposal import Values, propose
from pipeline.rules.rulings import check_rulings, idle_rulings, rule_pieces
from pipeline.rules.settings import RuleSettings
from pipeline.schema.table import TableError
from pipeline.terms import (
    RULE_COUNTED_ELSEWHERE,
    RULE_EVIDENCE_QUARANTINED,
    RULE_OUTSIDE,
    ApprovalKind,
    Verdict,
)

_FLAG, _DATE = "is_regularised", "approved_on"


@dataclass(frozen=True)
class Judged:
    """The judged pieces (认定碎片, schema ``JUDGED``) and what was found about the inputs."""

    judged: gpd.GeoDataFrame
    findings: list[Finding]


def judge(
    pieces: gpd.GeoDataFrame,
    changes: pd.DataFrame,
    rulings: pd.DataFrame,
    *,
    pack: RulePack,
    rules: RuleSettings,
    kinds: tuple[ApprovalKind, ...],
    as_of: date,
) -> Judged:
    """Give every piece its proposed, ruled and used verdict, with rule, basis and evidence.

    ``kinds`` are the configured kinds of approval. Ground outside every township and ground
    that counts in another change is decided by geometry before the pack; rulings do not reach
    it, for it counts nowhere or elsewhere. A ruled piece keeps the machine's rule.

    Raises ``Refused`` with everything that is wrong in the pack and the rulings.
    """
    findings = check_pack(pack) + check_rulings(rulings, changes["change_id"])
    if any(found.severity == "refused" for found in findings):
        raise Refused(findings)
    pieces = pieces.reset_index(drop=True)
    outside = pieces["township_code"].isna().to_numpy()
    elsewhere = pieces["counted_in"].notna().to_numpy() & ~outside
    rows = np.flatnonzero(~outside & ~elsewhere)

    facts = _facts(pieces.iloc[rows], changes, pack)
    has_supply = ApprovalKind.SUPPLY in kinds
    parameters = Parameters(has_supply, rules.sliver_width_m, rules.sliver_area_m2, as_of)
    columns = propose(pack, facts, parameters)
    _spare_quarantined(columns, facts["touches_quarantine"].eq(other=True).to_numpy())
    ruled, reasons, idle = rule_pieces(facts, rulings)
    columns |= {"ruled_verdict": ruled, "ruling_reason": reasons}

    columns = {name: _spread(values, rows, len(pieces)) for name, values in columns.items()}
    columns["rule_id"][outside] = RULE_OUTSIDE
    columns["rule_id"][elsewhere] = RULE_COUNTED_ELSEWHERE
    columns["proposed_verdict"][elsewhere] = Verdict.OTHER.value
    proposed, ruled = columns["proposed_verdict"], columns["ruled_verdict"]
    columns["verdict"] = np.where(pd.isna(ruled), proposed, ruled)
    findings += idle_rulings(idle, changes["change_id"]) + unknown_change_types(changes, pack)
    return Judged(_joined(pieces, columns), findings)


def _facts(pieces: pd.DataFrame, changes: pd.DataFrame, pack: RulePack) -> pd.DataFrame:
    """Return the pieces with the columns of their change; an unknown type is null."""
    unknown = pd.Index(changes["change_id"]).get_indexer(pieces["change_id"]) < 0
    if unknown.any():
        first = pieces.loc[unknown, "change_id"].iloc[0]
        raise TableError(f"碎片所属的图斑不在变化图斑中:{first}", where="pieces")
    bare = pd.DataFrame(pieces.drop(columns="geometry", errors="ignore")).reset_index(drop=True)
    own = changes.set_index("change_id").drop(
        columns=[*bare.columns, "geometry"], errors="ignore"
    )
    own = own.assign(change_type=read_change_types(own["change_type"], pack))
    return bare.join(pd.DataFrame(own), on="change_id")


def _spare_quarantined(columns: dict[str, Values], touches: npt.NDArray[np.bool_]) -> None:
    """Make doubtful what would be illegal on ground where reference data is in quarantine."""
    spared = touches & (columns["proposed_verdict"] == Verdict.ILLEGAL.value)
    for name in ("act", "legal_basis", "approval_no", "approval_kind", _DATE):
        columns[name][spared] = None
    columns["proposed_verdict"][spared] = Verdict.DOUBTFUL.value
    columns["rule_id"][spared] = RULE_EVIDENCE_QUARANTINED
    columns[_FLAG][spared] = False


def _spread(values: Values, rows: npt.NDArray[np.intp], count: int) -> Values:
    """Return ``values`` at their rows among ``count``, null elsewhere."""
    spread = np.full(count, None, dtype=object)
    spread[rows] = values
    return spread


def _joined(pieces: gpd.GeoDataFrame, columns: dict[str, Values]) -> gpd.GeoDataFrame:
    """Return the pieces with the judgement beside them."""
    flags = np.array([flag is True for flag in columns[_FLAG]], dtype=bool)
    days = pd.Series(columns[_DATE], dtype=object)
    rest = {name: values for name, values in columns.items() if name not in {_FLAG, _DATE}}
    texts = {name: pd.Series(values, dtype="str") for name, values in rest.items()}
    return pieces.assign(**texts, **{_DATE: days, _FLAG: flags})
