"""What is held open for the length of a ``with`` (随用随关)."""

from types import TracebackType
from typing import Self


class WithBlock:
    """Something that a ``with`` ends, however the block ends."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end(error)

    def _end(self, error: BaseException | None, /) -> None:
        """Let go of what is held; ``error`` is what ended the block, null where it came through."""
        raise NotImplementedError
