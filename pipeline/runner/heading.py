"""What every product says about a run, from its config and its rule pack (题头)."""

from pathlib import Path

from pipeline.project import Project
from pipeline.report.heading import Heading
from pipeline.rules.pack import BUILT_IN_RULES, load_pack


def heading_of(project: Project, pack: Path) -> Heading:
    """Return the heading of a project's products."""
    config = project.config
    rules = load_pack(pack)
    accountability = config.accountability
    return Heading(
        inspection=config.inspection.name,
        county_name=config.inspection.county_name,
        year=config.inspection.year,
        crs=config.inspection.crs,
        area_kind=config.area.kind,
        denominator=accountability.denominator,
        official=accountability.official,
        township=accountability.township,
        county=accountability.county,
        as_of=accountability.as_of,
        pack_title=rules.title,
        notice=config.inspection.notice,
        exempt_acts=accountability.exempt_acts,
        rule_names={rule.id: rule.name for rule in rules.rules} | BUILT_IN_RULES,
    )
