"""The rulings that stand already, from every ledger (已有的认定)."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipeline.runner.review.answers import Answer
from pipeline.schema.review import RULED_WORDS

Scope = tuple[str, str | None]  # a change, and the township a ruling is limited to


@dataclass(frozen=True)
class Standing:
    """What was ruled before (已有认定), by scope, in the order of the ledgers."""

    rulings: dict[Scope, list[Answer]]

    def same(self, change_id: str, township_code: str) -> list[Answer]:
        """Return the rulings of this change limited to this township."""
        return self.rulings.get((change_id, township_code), [])

    def deciding(self, change_id: str, township_code: str) -> Answer | None:
        """Return the ruling that decides here: the township's own first, the latest day."""
        for scope in ((change_id, township_code), (change_id, None)):
            if found := self.rulings.get(scope):
                latest = max(answer.ruled_on for answer in found)
                return [answer for answer in found if answer.ruled_on == latest][-1]
        return None


def standing_of(rulings: pd.DataFrame) -> Standing:
    """Return the rulings of a received ledger by scope."""
    found: dict[Scope, list[Answer]] = {}
    for row in rulings.to_dict("records"):
        day: date = row["ruled_on"]
        town = row["township_code"]
        scope = (row["change_id"], town if isinstance(town, str) and town else None)
        answer = Answer(row["verdict"], row["reason"], row["ruled_by"], day)
        found.setdefault(scope, []).append(answer)
    return Standing(found)


def ruling_text(answer: Answer | None) -> str | None:
    """Return a ruling in words, null where there is none."""
    if answer is None:
        return None
    word = RULED_WORDS[answer.verdict]
    return f"{word}（{answer.ruled_by} {answer.ruled_on}）：{answer.reason}"
