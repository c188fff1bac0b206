"""What a person wrote into a row, read as it was meant or refused with the reason (认定内容)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.io.grid import Cell
from pipeline.io.ledger import reads_as_total
from pipeline.runner.receiving import columns as read
from pipeline.schema.dates import parse_date
from pipeline.schema.personal import masked
from pipeline.schema.review import ANSWERS, RULED_WORDS

_OTHER_WORDS = {"疑似违法": "illegal", "其它": "other"}
_VERDICTS = (
    {word: code for code, word in RULED_WORDS.items()}
    | {code: code for code in RULED_WORDS}
    | _OTHER_WORDS
)
_LABELS = {column.name: column.label for column in ANSWERS}
_LONGEST = 1000


@dataclass(frozen=True)
class Answer:
    """A ruling as a person wrote it (一条认定), complete and well formed."""

    verdict: str
    reason: str
    ruled_by: str
    ruled_on: date


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a cell (写错之处): a slug, what, what to do."""

    code: str
    what: str
    fix: str


def is_blank(values: Mapping[str, object]) -> bool:
    """Tell whether nobody ruled here: without verdict and reason, who and when say nothing."""
    ruled = (values.get("review_verdict"), values.get("review_reason"))
    return all(not isinstance(one, Cell) and read.text(one) is None for one in ruled)


def read_answer(values: Mapping[str, object]) -> Answer | list[Wrong]:
    """Return the ruling, else everything that is wrong with it."""
    wrong: list[Wrong] = []
    verdict = _verdict(values.get("review_verdict"), wrong)
    reason = _words("review_reason", values.get("review_reason"), wrong)
    ruled_by = _words("ruled_by", values.get("ruled_by"), wrong)
    ruled_on = _day(values.get("ruled_on"), wrong)
    if wrong or not (verdict and reason and ruled_by and ruled_on):
        return wrong
    return Answer(verdict, reason, ruled_by, ruled_on)


def _verdict(value: object, wrong: list[Wrong]) -> str | None:
    if _is_broken("review_verdict", value, wrong):
        return None
    written = read.code(value)
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", written or "")).casefold()
    if folded not in _VERDICTS:
        code = "unknown-verdict" if written else "missing-verdict"
        what = f"认定结论写的是“{written}”" if written else "写了理由,没有认定结论"
        wrong.append(Wrong(code, what, f"只能是 {'、'.join(RULED_WORDS.values())}"))
    return _VERDICTS.get(folded)


def _words(name: str, value: object, wrong: list[Wrong]) -> str | None:
    """Return a text on one line, nothing invisible in it."""
    if _is_broken(name, value, wrong):
        return None
    spaced = " ".join((read.text(value) or "").split())
    text = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    text = masked(text.strip())
    label = _LABELS[name]
    if read.text(text) is None:
        slug = "missing-reason" if name == "review_reason" else "missing-ruler"
        wrong.append(Wrong(slug, f"没有写{label}", f"补上{label}:认定必须署名并说明理由"))
    elif len(text) > _LONGEST or reads_as_total(text):
        what = f"{label}有 {len(text)} 个字" if len(text) > _LONGEST else f"{label}像是合计行"
        wrong.append(Wrong("bad-text", what, f"{label}用一句话写明,不超过 {_LONGEST} 字"))
    return text


def _day(value: object, wrong: list[Wrong]) -> date | None:
    if _is_broken("ruled_on", value, wrong):
        return None
    fix = "写成 2025-01-08"
    try:
        days = parse_date(value)
    except ValueError as error:
        wrong.append(Wrong("bad-date", f"认定日期不对:{read.text(value)}({error})", fix))
        return None
    if days is None:
        wrong.append(Wrong("missing-date", "没有写认定日期", fix))
    elif days.earliest != days.latest:
        what = f"认定日期 {read.text(value)} 没有写到日"
        wrong.append(Wrong("bad-date", what, fix))
    else:
        return days.earliest
    return None


def _is_broken(name: str, value: object, wrong: list[Wrong]) -> bool:
    if isinstance(value, Cell):
        what = f"{_LABELS[name]}的单元格{value.why}"
        wrong.append(Wrong("bad-cell", what, "复制后选择性粘贴为值"))
    return isinstance(value, Cell)
