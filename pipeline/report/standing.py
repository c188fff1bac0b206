"""Whose word a verdict is (谁的结论): the rules' proposal, or what a person signed."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.report.cells import ruled_label, verdict_label
from pipeline.report.figures import is_null
from pipeline.terms import Verdict


def mixed_label(verdict: Verdict) -> str:
    """Return the word for a verdict of many changes, of which people may have ruled some."""
    return "违法（含疑似）" if verdict is Verdict.ILLEGAL else verdict.label


def standing_label(verdict: object, *, is_ruled: bool) -> str:
    """Return the word for a verdict; what a person signed is 违法（人工认定）, no longer 疑似."""
    return f"{ruled_label(verdict)}（人工认定）" if is_ruled else verdict_label(verdict)


def is_settled(verdict: object, pieces: Sequence[Mapping[Any, Any]]) -> bool:
    """Tell whether people ruled all the ground of a change that carries its verdict."""
    own = [piece for piece in pieces if not is_null(piece["verdict"])]
    own = [piece for piece in own if str(piece["verdict"]) == str(verdict)]
    return bool(own) and not any(is_null(piece["ruled_verdict"]) for piece in own)


def standings(changes: pd.DataFrame, judged: pd.DataFrame) -> list[str]:
    """Return the word for the verdict of each change, by whose word it is."""
    settled = settled_changes(changes, judged)
    pairs = zip(changes["change_id"], changes["verdict"], strict=True)
    return [standing_label(verdict, is_ruled=change in settled) for change, verdict in pairs]


def settled_changes(changes: pd.DataFrame, judged: pd.DataFrame) -> frozenset[Hashable]:
    """Return the changes of which ``is_settled`` holds; both tables have ``verdict``."""
    verdicts = judged["change_id"].map(changes.set_index("change_id")["verdict"].to_dict())
    own = judged[(judged["verdict"] == verdicts).fillna(value=False)]
    is_ruled = own["ruled_verdict"].notna().groupby(own["change_id"]).all()
    return frozenset(is_ruled.index[is_ruled])
