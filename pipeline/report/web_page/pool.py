"""Words said once and named by number afterwards (词表), so that a page stays small."""

from pipeline.report.figures import is_null
from pipeline.report.safe_text import safe

NOTHING = -1


class Pool:
    """A growing list of texts, each in it once (词表)."""

    def __init__(self) -> None:
        """Start empty."""
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def __call__(self, value: object) -> int:
        """Return the number of a text made safe to show, -1 for null and for nothing."""
        text = "" if is_null(value) else safe(value)
        if not text:
            return NOTHING
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]
