"""The configured images looked at before anything rests on them (影像检查)."""

from pipeline.errors import Finding
from pipeline.io.chips import Imagery, ImageUnusable
from pipeline.project import Project


def check_imagery(project: Project) -> list[Finding]:
    """Return a note on every image that cannot be shown; the run goes on without it."""
    findings = []
    for text in (project.config.imagery.before, project.config.imagery.after):
        if text is not None:
            try:
                with Imagery(project.resolve(text), project.config.inspection.crs):
                    pass
            except ImageUnusable as unusable:
                findings.append(unusable.finding)
    return findings
