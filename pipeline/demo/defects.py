"""Defects planted on purpose (预埋问题), each with what is to be said of it."""

from datetime import date

import shapely

from pipeline.demo.names import TOWNS
from pipeline.demo.plain import Planter
from pipeline.demo.record import Answer, Approval, Cell
from pipeline.demo.situations import SITUATIONS
from pipeline.terms import ApprovalKind as Kind
from pipeline.terms import Verdict


def plant_defects(planter: Planter, towns: list[int]) -> None:
    """Plant one of each kind, in turn in ``towns``."""
    makers = (
        bow_tie,
        null_shape,
        duplicate_id,
        wrong_stated_area,
        wrong_stated_town,
        unknown_stated_town,
        doubled_approval,
        overlapping_parts,
        contradictory_parts,
        approval_without_shape,
    )
    for number, make in enumerate(makers):
        make(planter, towns[number % len(towns)])


def bow_tie(planter: Planter, town: int) -> None:
    """A change whose outline crosses itself (自相交): nobody can say what it covers."""
    frame = planter.site(SITUATIONS["unapproved"], town, 2_400.0)
    u, v = frame.width, frame.height
    shape = frame.ring([(0, 0), (u, v), (u, 0), (0, v)])
    change = planter.add(town, ("20",), date(2024, 4, 18), shape, [])
    planter.planting.defect("changes", change.change_id, "quarantined", "图形自相交")


def null_shape(planter: Planter, town: int) -> None:
    """A change without a shape (空图形)."""
    change = planter.add(town, ("20",), date(2024, 7, 9), None, [])
    planter.planting.defect("changes", change.change_id, "quarantined", "图形为空")


def duplicate_id(planter: Planter, town: int) -> None:
    """Two changes of one number with different shapes (编号重复)."""
    first = ""
    for _ in range(2):
        frame = planter.site(SITUATIONS["supplied-wild"], town, 800.0)
        change = planter.add(town, ("03",), date(2024, 9, 3), frame.patch(planter.rng), [])
        first = change.change_id = first or change.change_id
    planter.planting.defect("changes", first, "quarantined", "编号重复而图形不同")


def wrong_stated_area(planter: Planter, town: int) -> None:
    """A stated area 3 % over what the shape holds (监测面积不符)."""
    change = planter.plain("supplied", town, 3_100.0)
    change.stated_factor = 1.03
    planter.planting.defect("changes", change.change_id, "noted", "监测面积与图形差 3%")


def wrong_stated_town(planter: Planter, town: int) -> None:
    """A stated township that is not where the shape lies (乡镇代码不符)."""
    change = planter.plain("supplied", town, 1_900.0)
    change.stated_town = TOWNS[(town + 5) % len(TOWNS)].code
    planter.planting.defect("changes", change.change_id, "noted", "填报乡镇与图形不符")


def unknown_stated_town(planter: Planter, town: int) -> None:
    """A stated township that does not exist (乡镇代码不存在)."""
    change = planter.plain("housing", town)
    change.stated_town = "990101999"
    planter.planting.defect("changes", change.change_id, "noted", "填报的乡镇代码不存在")


def doubled_approval(planter: Planter, town: int) -> None:
    """An approval handed down twice (重复报送): its ground counts once."""
    planter.plain("linked", town, 2_300.0)
    paper = planter.planting.approvals[-1]
    planter.planting.approvals.append(paper)
    planter.planting.defect("approvals", paper.number, "noted", "同一批文报送两次")


def overlapping_parts(planter: Planter, town: int) -> None:
    """An approval of two parts that overlap a little, off the site (自身重叠): mended."""
    _of_two_parts(planter, town, 0.05, Answer(Verdict.LEGAL, "linked-quota"))
    number = planter.planting.approvals[-1].number
    planter.planting.defect("approvals", number, "repaired", "图形自身重叠一角")


def contradictory_parts(planter: Planter, town: int) -> None:
    """An approval whose parts overlap widely: unusable, so what lies there is in doubt (存疑)."""
    _of_two_parts(planter, town, 0.8, Answer(Verdict.DOUBTFUL, "evidence-quarantined"))
    number = planter.planting.approvals[-1].number
    planter.planting.defect("approvals", number, "quarantined", "图形自身重叠,范围无法确定")


def _of_two_parts(planter: Planter, town: int, overlap: float, answer: Answer) -> None:
    """Approve a plot and, beside it, a strip that reaches into it by a share of its own width."""
    frame = planter.site(SITUATIONS["linked"], town, 2_700.0)
    after = planter.papers.after_image()
    u, v, m = frame.width, frame.height, 9.0
    strip = u / 3
    low, high = v + m - 0.4 * overlap * v, v + m + 0.5 * v
    parts = [
        frame.around(m),
        frame.ring([(0, low), (strip, low), (strip, high), (0, high)]),
    ]
    paper = planter.papers.approve(
        Kind.LINKED_QUOTA, "before", after, shapely.MultiPolygon(parts)
    )
    planter.planting.approvals.append(paper)
    shape = frame.patch(planter.rng)
    planter.add(town, ("20",), after, shape, [Cell(shape, answer)])


def approval_without_shape(planter: Planter, town: int) -> None:
    """A supply contract without a shape (空图形): it can neither acquit nor accuse."""
    after = planter.papers.after_image()
    paper = planter.papers.approve(Kind.SUPPLY, "before", after, shapely.Polygon())
    empty = Approval(paper.kind, paper.number, paper.approved_on, None, holder=paper.holder)
    planter.planting.approvals.append(empty)
    planter.planting.defect("approvals", paper.number, "quarantined", "图形为空")
    del town
