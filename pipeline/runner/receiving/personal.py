"""Fields about persons, which no product carries unless it is asked to (个人信息字段)."""

import re

import pandas as pd

# Field names of the permanent-farmland standard (承包责任人 …) and of everyday ledgers.
_PERSONAL = re.compile(
    r"CFZR|ZRRMC|ZRRZJHM|LXDH|JZDZ|SFZH|.*身份证.*|.*证件号.*|.*电话.*|.*手机.*|.*住址.*|.*联系方式.*|"
    r".*(?:联系|责任|承包)人(?:姓名)?|ID_?CARD.*|(?:MOBILE_?)?PHONE.*|TEL(?:EPHONE)?|ADDRESS",
    re.IGNORECASE,
)


def without_personal_fields(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the table without personal fields, and the names of those left out."""
    dropped = [str(name) for name in frame.columns if _PERSONAL.fullmatch(str(name).strip())]
    return frame.drop(columns=dropped), dropped
