"""What every product says about a run, from its config and its rule pack (题头)."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipeline.project import Project
from pipeline.report.heading import Heading
from pipeline.report.print_text import printed
from pipeline.rules.pack import BUILT_IN_RULES
from pipeline.runner.inputs import read_pack


def heading_of(project: Project, pack: Path) -> Heading:
    """Return the heading of a project's products."""
    config = project.config
    rules = read_pack(project, pack)
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
        # titles, bases and notices are quoted as they were written
        pack_title=rules.title,
        notice=config.inspection.notice,
        exempt_acts=accountability.exempt_acts,
        rule_names={
            rule_id: printed(name)
            for rule_id, name in (
                {rule.id: rule.name for rule in rules.rules} | BUILT_IN_RULES
            ).items()
        },
    )


_RECORD = TypeAdapter(Heading)


def heading_record(heading: Heading) -> dict[str, Any]:
    """Return a heading as plain JSON values, kept beside the tables that it is about."""
    record: dict[str, Any] = _RECORD.dump_python(heading, mode="json")
    # The order of the rules is the law; the keys of a kept record are sorted.
    return record | {"rule_names": list(heading.rule_names.items())}


def heading_of_record(record: dict[str, Any]) -> Heading:
    """Return the heading that was kept; raise ``ValueError`` where it is none."""
    return _RECORD.validate_python(record | {"rule_names": dict(record["rule_names"])})
