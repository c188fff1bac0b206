"""Names in Chinese and English for a page (双语名称); what people wrote stays as they wrote it."""

from pipeline.report.cells import ruled_label
from pipeline.report.figures import label_text
from pipeline.report.heading import Heading
from pipeline.report.safe_text import safe
from pipeline.terms import ApprovalKind, Verdict

Words = dict[str, str]  # zh, en

_VERDICTS = {
    Verdict.ILLEGAL: "Suspected illegal",
    Verdict.DOUBTFUL: "In doubt",
    Verdict.LEGAL: "Legal",
    Verdict.OTHER: "Other",
}
_KINDS = {
    ApprovalKind.CONVERSION: "Farmland conversion",
    ApprovalKind.SUPPLY: "Land supply",
    ApprovalKind.TEMPORARY: "Temporary use",
    ApprovalKind.FACILITY_AGRICULTURE: "Farm facility filing",
    ApprovalKind.RURAL_HOUSING: "Rural housing",
    ApprovalKind.LINKED_QUOTA: "Linked quota",
    ApprovalKind.ADVANCE: "Advance use",
}
_RULES = {
    "outside": "Outside every township",
    "counted-elsewhere": "Counted in another change",
    "undated": "Dates do not decide",
    "evidence-quarantined": "Evidence in quarantine",
    "not-construction": "Not construction",
    "existing-construction": "Was construction land before",
    "approved-and-supplied": "Converted and supplied",
    "linked-quota": "Linked quota",
    "rural-housing": "Rural housing approved",
    "advance": "Advance use approved",
    "facility-agriculture": "Farm facility on file",
    "temporary-in-term": "Temporary use in term",
    "temporary-expired": "Temporary use expired",
    "converted-not-supplied": "Converted but not supplied",
    "approved-later": "Approved after it was built",
    "supplied-not-converted": "Supplied but not converted",
    "rural-road": "Rural road, width to be checked",
    "sliver": "Sliver at an approval's edge",
    "earth-moving": "Earth moved",
    "over-extent": "Beyond the approved extent",
    "unapproved": "No approval found",
}
_BY_NAME = {
    "已批（未配置供地图层，未核供地）": "Converted (no supply layer configured, supply not checked)",
}
_ACTS = {
    "未批先建": "Built before approval",
    "未供先用": "Used before supply",
    "批少占多": "Took more than approved",
    "临时用地超期": "Temporary use overdue",
    "缺农转用批文": "Conversion approval missing",
    "农村道路待核宽度": "Rural road, width to be checked",
    "边角细缝": "Sliver",
    "动土": "Earth moved",
}


def verdict_words(verdict: Verdict) -> Words:
    """Return a verdict in both languages."""
    return {"zh": verdict.label, "en": _VERDICTS[verdict]}


def ruled_words(verdict: Verdict) -> Words:
    """Return a verdict that a person signed in both languages: illegal, no longer suspected."""
    english = "Illegal" if verdict is Verdict.ILLEGAL else _VERDICTS[verdict]
    return {"zh": ruled_label(verdict.value), "en": english}


def kind_words(kind: str) -> Words:
    """Return a kind of approval in both languages."""
    known = next((one for one in ApprovalKind if one.value == kind), None)
    if known is None:
        return {"zh": safe(kind), "en": safe(kind)}
    return {"zh": known.label, "en": _KINDS[known]}


def rule_words(rule_id: str, heading: Heading) -> Words:
    """Return the name of a rule; a rule of somebody's own pack keeps its Chinese name."""
    name = label_text(safe(heading.rule_name(rule_id)))
    return {"zh": name, "en": _BY_NAME.get(name) or _RULES.get(rule_id, name)}


def act_words(act: str) -> Words:
    """Return an act in both languages; one of somebody's own pack stays Chinese."""
    return {"zh": safe(act), "en": _ACTS.get(act, safe(act))}
