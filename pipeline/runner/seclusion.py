"""The program reads nothing from the folder it is started in, nor from the user's home (隔离).

Libraries look there for settings of their own: matplotlib for ``matplotlibrc``, numba for
``.numba_config.yaml``, PROJ for ``proj.db``. A folder of deliveries may hold such files.
"""

import argparse
import contextlib
import locale
import os
import sys
from pathlib import Path

# What libraries keep goes with the environment, where it is made for these versions.
_CACHE = Path(sys.prefix) / "var" / "cache" / "satellite-land-enforcement"


def seclude(arguments: argparse.Namespace) -> None:
    """Make every path that was given absolute, then work from the program's own folder."""
    for name, value in vars(arguments).items():
        if isinstance(value, Path):
            setattr(arguments, name, value.absolute())
        elif isinstance(value, list):
            found = [one.absolute() if isinstance(one, Path) else one for one in value]
            setattr(arguments, name, found)
    os.chdir(Path(__file__).parents[1])
    # GDAL folds letters by the locale: where i and I are two letters, its files differ by bytes.
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    os.environ["PROJ_SKIP_READ_USER_WRITABLE_DIRECTORY"] = "YES"
    with contextlib.suppress(OSError):  # an environment that may not be written to
        (_CACHE / "matplotlib").mkdir(parents=True, exist_ok=True)
        os.environ["MPLCONFIGDIR"] = str(_CACHE / "matplotlib")
