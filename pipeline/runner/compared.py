"""Two inspections held against each other, for reading and for computing on (两次检查比较)."""

from dataclasses import replace

import pandas as pd

from pipeline.report.comparison import differing_settings, paired, summary_lines
from pipeline.report.heading import Heading
from pipeline.stages.compare import Difference


class Comparison:
    """What differs between an earlier and a later inspection (两次检查差在哪).

    ``settings``: what the figures rest on, where it differs; ``townships``, ``changes``,
    ``verdicts``, ``moves``: see ``pipeline.stages.compare.Difference``, areas in m².
    """

    def __init__(self, difference: Difference, before: Heading, after: Heading) -> None:
        """Keep the difference under the headings of both."""
        self.settings = differing_settings(before, after)
        self.townships = difference.townships
        self.changes = difference.changes
        self.verdicts = difference.verdicts
        self.moves = difference.moves
        # Each names its own rules; where both have one, the later says how it is called.
        self._heading = replace(after, rule_names={**before.rule_names, **after.rule_names})

    def labelled(self, name: str, *, mu: bool = True) -> pd.DataFrame:
        """Return ``townships``, ``changes``, ``verdicts`` or ``moves`` with Chinese heads, in mu."""
        return paired(getattr(self, name), self._heading, mu=mu)

    def __str__(self) -> str:
        told = [
            f"{row['项目']}：{row['前']} → {row['后']}"
            for row in self.settings.to_dict("records")
        ]
        lines = summary_lines(self.townships, self.changes, self.moves)
        return "\n".join(["口径不同：" if told else "口径相同", *told, *lines])

    def __repr__(self) -> str:
        return str(self)
