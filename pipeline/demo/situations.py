"""One answer for a whole change: the catalogue of plain cases, one for each way to be judged."""

from dataclasses import dataclass

from pipeline.demo.record import Answer
from pipeline.terms import ApprovalKind as Kind
from pipeline.terms import Verdict

_BUILDING = ("20", "20", "20", "YH", "DL1", "DL2", "GF", "CK", "LD")
_NOT_BUILDING = (
    "01",
    "1",
    "02",
    "2",
    "03",
    "3",
    "04",
    "4",
    "SM",
    "KT",
    "SK",
    "HL",
    "GQ",
    "LT",
    "LY",
)
_EARTH = ("DT", "TD", "TP", "WL")


@dataclass(frozen=True)
class Situation:
    """A change that is judged alike everywhere (单一情形).

    ``papers`` are the approvals that cover it, each with its timing (see ``papers``);
    ``size_m2`` the median and the largest size; ``shape`` how long it is for its width.
    """

    rule: str
    verdict: Verdict
    papers: tuple[tuple[Kind, str], ...] = ()
    types: tuple[str | None, ...] = _BUILDING
    ground: str = "fields"  # fields, wild or built
    size_m2: tuple[float, float] = (2_300.0, 24_000.0)
    shape: float = 1.4
    regularised: bool = False

    @property
    def answer(self) -> Answer:
        """What every piece of the change is to be found."""
        return Answer(self.verdict, self.rule, self.regularised)


_BOTH = (Kind.CONVERSION, Kind.SUPPLY)
_LEGAL, _ILLEGAL, _OTHER, _DOUBTFUL = (
    Verdict.LEGAL,
    Verdict.ILLEGAL,
    Verdict.OTHER,
    Verdict.DOUBTFUL,
)
_HOUSE = (170.0, 420.0)
_SMALL = (900.0, 4_800.0)


def _papers(*timed: tuple[Kind, str]) -> tuple[tuple[Kind, str], ...]:
    return timed


SITUATIONS = {
    "supplied": Situation(
        "approved-and-supplied", _LEGAL, _papers((_BOTH[0], "before"), (_BOTH[1], "before"))
    ),
    "supplied-year": Situation(
        "approved-and-supplied",
        _LEGAL,
        _papers((_BOTH[0], "year-before"), (_BOTH[1], "before")),
    ),
    "supplied-quarter": Situation(
        "approved-and-supplied",
        _LEGAL,
        _papers((_BOTH[0], "quarter-before"), (_BOTH[1], "same-day")),
    ),
    "supplied-twice-converted": Situation(
        "approved-and-supplied",
        _LEGAL,
        _papers((_BOTH[0], "earlier"), (_BOTH[0], "before"), (_BOTH[1], "before")),
    ),
    "linked": Situation("linked-quota", _LEGAL, _papers((Kind.LINKED_QUOTA, "before"))),
    "housing": Situation(
        "rural-housing",
        _LEGAL,
        _papers((Kind.RURAL_HOUSING, "before")),
        ("20",),
        size_m2=_HOUSE,
    ),
    "advance": Situation(
        "advance", _LEGAL, _papers((Kind.ADVANCE, "before")), ("DL2", "DL1"), shape=5.0
    ),
    "not-building": Situation("not-construction", _OTHER, (), _NOT_BUILDING),
    "old-site": Situation(
        "existing-construction", _OTHER, ground="built", size_m2=(900.0, 3_600.0)
    ),
    "facility": Situation(
        "facility-agriculture",
        _OTHER,
        _papers((Kind.FACILITY_AGRICULTURE, "before")),
        ("20", "YH", "QT"),
    ),
    "temporary": Situation(
        "temporary-in-term", _OTHER, _papers((Kind.TEMPORARY, "before")), ("YH", "DL2", "TD")
    ),
    "temporary-last-day": Situation(
        "temporary-in-term", _OTHER, _papers((Kind.TEMPORARY, "last-day")), ("YH", "20")
    ),
    "rural-road": Situation(
        "rural-road", _DOUBTFUL, (), ("ND",), size_m2=(700.0, 1_800.0), shape=22.0
    ),
    "earth": Situation("earth-moving", _DOUBTFUL, (), _EARTH, size_m2=_SMALL),
    "not-converted": Situation(
        "supplied-not-converted", _DOUBTFUL, _papers((Kind.SUPPLY, "before")), size_m2=_SMALL
    ),
    "undated": Situation(
        "undated",
        _DOUBTFUL,
        _papers((_BOTH[0], "undated"), (_BOTH[1], "before")),
        size_m2=_SMALL,
    ),
    "undated-house": Situation(
        "undated", _DOUBTFUL, _papers((Kind.RURAL_HOUSING, "undated")), ("20",), size_m2=_HOUSE
    ),
    "undated-month": Situation(
        "undated",
        _DOUBTFUL,
        _papers((_BOTH[0], "this-month"), (_BOTH[1], "before")),
        size_m2=_SMALL,
    ),
    "undated-typo": Situation(
        "undated",
        _DOUBTFUL,
        _papers((_BOTH[0], "no-such-day"), (_BOTH[1], "before")),
        size_m2=_SMALL,
    ),
    "unapproved": Situation("unapproved", _ILLEGAL),
    "unapproved-untyped": Situation("unapproved", _ILLEGAL, (), (None, "XX")),
    "late-house": Situation(
        "unapproved", _ILLEGAL, _papers((Kind.RURAL_HOUSING, "later")), ("20",)
    ),
    "not-supplied": Situation(
        "converted-not-supplied", _ILLEGAL, _papers((Kind.CONVERSION, "before"))
    ),
    "supplied-late": Situation(
        "converted-not-supplied", _ILLEGAL, _papers((_BOTH[0], "before"), (_BOTH[1], "later"))
    ),
    "regularised": Situation(
        "approved-later", _ILLEGAL, _papers((Kind.CONVERSION, "regularised")), regularised=True
    ),
    "approved-too-late": Situation(
        "approved-later", _ILLEGAL, _papers((Kind.CONVERSION, "too-late"))
    ),
    "temporary-over": Situation(
        "temporary-expired", _ILLEGAL, _papers((Kind.TEMPORARY, "expired")), ("YH", "20")
    ),
    "unapproved-wild": Situation("unapproved", _ILLEGAL, ground="wild"),
    "supplied-wild": Situation(
        "approved-and-supplied",
        _LEGAL,
        _papers((_BOTH[0], "before"), (_BOTH[1], "before")),
        ground="wild",
    ),
}

# How often each case comes up in an ordinary town; the illegal ones are drawn apart.
CALM = {
    "supplied": 40,
    "supplied-wild": 5,
    "supplied-year": 2,
    "supplied-quarter": 2,
    "supplied-twice-converted": 3,
    "linked": 3,
    "housing": 10,
    "advance": 2,
    "not-building": 10,
    "old-site": 10,
    "facility": 5,
    "temporary": 2.5,
    "temporary-last-day": 0.8,
    "rural-road": 3,
    "earth": 4,
    "not-converted": 1.3,
    "undated": 0.8,
    "undated-house": 0.6,
    "undated-month": 0.6,
    "undated-typo": 0.3,
}
ILLEGAL = {
    "unapproved": 50,
    "unapproved-untyped": 4,
    "late-house": 3,
    "not-supplied": 8,
    "supplied-late": 5,
    "regularised": 9,
    "approved-too-late": 4,
    "temporary-over": 5,
}
# Where no farmland may be built on: these only, on wild ground.
WITHOUT_FARMLAND = {
    "supplied-wild": 4,
    "unapproved-wild": 3,
    "not-building": 3,
    "old-site": 3,
    "facility": 1,
    "temporary": 1,
}
