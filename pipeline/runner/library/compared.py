"""Two inspections held against each other, for reading and for computing on (两次检查比较)."""

from dataclasses import replace

import pandas as pd

from pipeline.report.comparison import (
    basis_lines,
    basis_of,
    differing_basis,
    paired,
    summary_lines,
)
from pipeline.runner.library.published import Published
from pipeline.stages.compare import Difference


class Comparison:
    """What differs between an earlier and a later inspection (两次检查差在哪).

    ``basis``: what the figures rest on, where it differs (类, 项目, 前, 后); ``townships``,
    ``changes``, ``verdicts``, ``moves``: see ``pipeline.stages.compare.Difference``, in m².
    """

    def __init__(self, difference: Difference, before: Published, after: Published) -> None:
        """Keep the difference under the headings of both."""
        was, now = before.heading, after.heading
        self.basis = differing_basis(basis_of(was, before.basis), basis_of(now, after.basis))
        self.townships = difference.townships
        self.changes = difference.changes
        self.verdicts = difference.verdicts
        self.moves = difference.moves
        # Each names its own rules; where both have one, the later says how it is called.
        self._heading = replace(now, rule_names={**was.rule_names, **now.rule_names})

    def labelled(self, name: str, *, mu: bool = True) -> pd.DataFrame:
        """Return ``townships``, ``changes``, ``verdicts`` or ``moves`` with Chinese heads, in mu."""
        return paired(getattr(self, name), self._heading, mu=mu)

    def __str__(self) -> str:
        told = summary_lines(self.townships, self.changes, self.moves)
        return "\n".join([*basis_lines(self.basis), *told])

    def __repr__(self) -> str:
        return str(self)
