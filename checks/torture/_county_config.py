"""The config of an invented county whose layers lie in ``raw/`` as Parquet."""

from pathlib import Path

CRS = "EPSG:4549"


def write_config(
    folder: Path, name: str, county: str, code: str, *, of_changes: str = "", rest: str = ""
) -> Path:
    """Write the config; ``of_changes`` are further fields of the changes. Return its path."""
    path = folder / f"{name}.toml"
    path.write_text(
        f"""
[inspection]
name = "{name}"
county_code = "{code}"
county_name = "{county}"
year = 2024
crs = "{CRS}"
workspace = "workspace"

[layers.changes]
path = "raw/changes.parquet"
fields = {{ change_id = "JCBH", change_type = "TBLX", after_date = "HSX"{of_changes} }}

[layers.townships]
path = "raw/townships.parquet"
fields = {{ township_code = "XZQDM", township_name = "XZQMC" }}

[layers.land_use]
path = "raw/land_use.parquet"
fields = {{ parcel_id = "BSM", land_class = "DLBM", ridge_coefficient = "KCXS" }}

[layers.permanent_farmland]
path = "raw/permanent_farmland.parquet"

[[layers.approvals]]
kind = "conversion"
path = "raw/conversion.parquet"
fields = {{ approval_no = "PZWH", approved_on = "PZRQ" }}

[accountability]
township = {{ ratio = 0.08, comparison = ">", basis = "责任状" }}
county = {{ ratio = 0.15, comparison = ">=", basis = "第15号令" }}
as_of = 2025-03-31
{rest}""",
        encoding="utf-8",
    )
    return path
