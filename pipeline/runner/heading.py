"""What every product says about a run, from its config and its rule pack (题头)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipeline.project import Project
from pipeline.report.heading import Heading, Origin
from pipeline.report.print_text import printed
from pipeline.rules.pack import BUILT_IN_RULES
from pipeline.runner.fingerprint import VERSION, combined, file_hash, program
from pipeline.runner.inputs import find_pack_file, read_pack
from pipeline.runner.record import INSPECTION, read_state
from pipeline.runner.stage import Run

# What a run came to, in tables that no order of the inputs' records can change.
_OUTCOME = (
    "judged",
    "rectified",
    "change_results",
    "township_ranking",
    "office_ranking",
    "county_result",
)
_RUN_ID = 12  # hex digits


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
        origin=Origin(VERSION, program(), config.rules.pack, file_hash(pack)),
    )


def product_heading(run: Run) -> Heading:
    """Return the heading of the products of a run, by which each can be told as its own."""
    heading = heading_of(run.project, run.inputs.pack)
    outcome = {name: run.tables.hash(name) for name in _OUTCOME}
    run_id = combined(heading_record(heading), file_hash(run.inputs.code_system), outcome)
    origin = replace(heading.origin, run_id=run_id[:_RUN_ID]) if heading.origin else None
    return replace(heading, origin=origin)


def heading_as_run(project: Project, work: Path) -> Heading:
    """Return the heading that the tables in ``work`` were made under, whatever the config says now.

    Where an earlier program kept none, that of the config.
    """
    told = read_state(work).get(INSPECTION, {})
    try:
        return heading_of_record(told["heading"])
    except (KeyError, TypeError, ValueError):
        return heading_of(project, find_pack_file(project))


_RECORD = TypeAdapter(Heading)


def heading_record(heading: Heading) -> dict[str, Any]:
    """Return a heading as plain JSON values, kept beside the tables that it is about."""
    record: dict[str, Any] = _RECORD.dump_python(heading, mode="json")
    # The order of the rules is the law; the keys of a kept record are sorted.
    return record | {"rule_names": list(heading.rule_names.items())}


def heading_of_record(record: dict[str, Any]) -> Heading:
    """Return the heading that was kept; raise ``ValueError`` where it is none."""
    return _RECORD.validate_python(record | {"rule_names": dict(record["rule_names"])})
