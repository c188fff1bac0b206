"""What is about persons (个人信息): field names, and numbers and addresses found by themselves."""

import re
from collections.abc import Sequence

# Field names of the permanent-farmland standard (承包责任人 …), of cadastral tables and ledgers.
_WHO = (
    "联系|责任|承包|申请|信访|举报|投诉|反映|来访|上访|当事|被访|权利|所有权|使用权|建房|经办|代理|"
    "违法|户籍|法定代表"
)
_NAMES = re.compile(
    rf"CFZR|ZRRMC|ZRRZJHM|LXR(?:XM)?|HZXM|SQR(?:XM)?|XFR(?:XM)?|DSR(?:XM)?|QLR(?:MC|XM)?|CBF(?:MC|DZ)|"
    rf".*ZJH(?:M|AOMA)?|SFZ(?:H|HM)?|LXDH|LXFS|SJHM?|DHHM|YDDH|DHHAO|JZDZ|TXDZ|JTZZ|ZHUZHI|"
    rf".*身份证.*|.*证件号.*|.*电话.*|.*手机.*|.*住址.*|.*地址|.*住所.*|.*联系方式.*|.*邮箱.*|.*微信.*|"
    rf".*银行(?:卡|账).*|姓名|.*户主.*|.*农户.*|.*(?:{_WHO})(?:人|方)(?:姓名|名称)?|.*人姓名|"
    rf"ID_?(?:CARD|NO|NUMBER).*|(?:MOBILE|CELL)?_?PHONE.*|MOBILE.*|TEL(?:EPHONE)?(?:_?NO)?|"
    rf"(?:HOME_?)?ADDR(?:ESS)?|E_?MAIL|WECHAT|CONTACT.*|PERSON(?:_?NAME)?|OWNER(?:_?NAME)?",
    re.IGNORECASE,
)
# 18 digits, the last a check (GB 11643), and mobile numbers; neither as part of a longer code.
_ID = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{6}\d{3}[\dXx](?![0-9A-Za-z])")
_PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])"
)
_ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{0,12}(?:路|街|巷|弄|村|组|小区|新村)[^\s〔\[(字第]{0,6}?\d+(?:号|室|幢|栋|户)"
    r"(?:\d+(?:单元|室|号))*"
)
_DIGIT = re.compile(r"\d")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHORTEST = 11
_MOST = 0.5


def is_personal_name(field: str) -> bool:
    """Whether a field is about a person by its name."""
    return _NAMES.fullmatch(field.strip()) is not None


def masked(text: str, *, addresses: bool = False) -> str:
    """Return text in which identity and phone numbers (and addresses) are blotted out."""
    if not _DIGIT.search(text):
        return text
    if len(text) >= _SHORTEST:
        text = _ID.sub(lambda found: "〔身份证号〕" if _is_id(found[0]) else found[0], text)
        text = _PHONE.sub("〔电话〕", text)
    return _ADDRESS.sub("〔地址〕", text) if addresses and not text.isascii() else text


def is_bare(text: str) -> bool:
    """Whether a text is nothing but digits and letters: a number or a code."""
    return text.isascii() and text.strip().isalnum()


def are_codes(values: Sequence[str], county_code: str) -> bool:
    """Whether the bare numbers among the values are codes: few of them are about persons.

    Codes of counties in provinces 13 to 15 begin as mobile numbers do, and with more digits
    behind may be as long; the county's own is known.
    """
    bare = [value for value in values if is_bare(value)]
    like = [value for value in bare if masked(value) != value]
    start = county_code or "-"  # none is known
    own = [value for value in like if len(value) == _SHORTEST and value.startswith(start)]
    return len(like) - len(own) < _MOST * len(bare)


def _is_id(number: str) -> bool:
    month, day = int(number[10:12]), int(number[12:14])
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return (
        month in range(1, 13)
        and day in range(1, 32)
        and _CHECKS[total % 11] == number[17].upper()
    )
