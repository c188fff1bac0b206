"""Writers that keep silent when the disk fails (两遍写入): what they write is written twice.

GDAL raises where a record cannot be written, but not where an index, an extent or the definition
of a CRS cannot be: the file is readable and lacks something. The same content gives the same
bytes, so two files that are alike are both whole.
"""

import errno
import filecmp
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from pyogrio.errors import DataLayerError, DataSourceError

from pipeline.errors import PipelineError
from pipeline.io.storage_errors import storage_error

Rest = ParamSpec("Rest")
_LONGEST = 120


def written_twice(
    write: Callable[Concatenate[Path, Rest], None],
) -> Callable[Concatenate[Path, Rest], None]:
    """Let a writer of a file write it twice; raise ``OSError`` (EIO) where the two differ."""

    @wraps(write)
    def proven(path: Path, /, *args: Rest.args, **named: Rest.kwargs) -> None:
        with _explained(path):
            write(path, *args, **named)
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=".again-") as folder:
                again = Path(folder) / path.name
                write(again, *args, **named)
                if not filecmp.cmp(path, again, shallow=False):
                    raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    return proven


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say of what GDAL complains where it names the consequence and not the cause."""
    try:
        yield
    except (DataLayerError, DataSourceError) as error:
        if storage_error(error, path.parent) is not None:
            raise
        raise PipelineError(
            f"{path.name} 写不出来:{str(error)[:_LONGEST]}",
            where=str(path.parent),
            remedy="多半是磁盘满、有限额或网络盘断开:检查后再运行一次;还不行就把上面的话发给维护人员",
        ) from error
