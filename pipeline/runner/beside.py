"""Lists that lie beside the results (旁列的清单): each there whole or not at all."""

from pathlib import Path

import pandas as pd

from pipeline.io.files import write_whole
from pipeline.report.csv_results import csv_bytes
from pipeline.schema.table import Table


def write_list(path: Path, frame: pd.DataFrame, table: Table) -> None:
    """Put a table as CSV in the place of the earlier one, never through a link."""
    write_whole(path, csv_bytes(frame, table))
