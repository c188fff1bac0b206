"""Writers that keep silent when the disk fails (两遍写入): what they write is written twice.

GDAL raises where a record cannot be written, but not where an index, an extent or the definition
of a CRS cannot be: the file is readable and lacks something. The same content gives the same
bytes, so two files that are alike are both whole.
"""

import errno
import filecmp
import os
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

Rest = ParamSpec("Rest")


def written_twice(
    write: Callable[Concatenate[Path, Rest], None],
) -> Callable[Concatenate[Path, Rest], None]:
    """Let a writer of a file write it twice; raise ``OSError`` (EIO) where the two differ."""

    @wraps(write)
    def proven(path: Path, /, *args: Rest.args, **named: Rest.kwargs) -> None:
        write(path, *args, **named)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".again-") as folder:
            again = Path(folder) / path.name
            write(again, *args, **named)
            if not filecmp.cmp(path, again, shallow=False):
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    return proven
