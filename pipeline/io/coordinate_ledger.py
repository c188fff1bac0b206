"""The ledger of coordinate texts joined onto their blocks (坐标 TXT 的台账)."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.delivery import Source
from pipeline.io.ledger import Ledger, read_ledger

_TEXT_SUFFIX = ".txt"


def join_ledger(
    source: Source,
    path: Path,
    key: Mapping[str, str],
    *,
    wanted: Collection[str],
    label: str,
) -> Source:
    """Return the blocks with the ledger's columns under the ledger's own names.

    ``key`` names the ledger's columns that hold the text's file name (``file``) and the block's
    number or name (``block``). A block without a row is kept with blanks; a row without a block
    is noted. One key with two contents, or one row claimed by blocks of several files, is
    refused: either would give a block another's approval.
    """
    ledger = read_ledger(path, label=label, wanted=[*key.values(), *wanted])
    missing = [column for column in key.values() if column not in ledger.frame]
    if missing:
        what = f"{path.name} 里没有列 {'、'.join(missing)}(配置 ledger_key)"
        fix = f"台账里的列:{'、'.join(map(str, ledger.frame.columns))}"
        raise Refused([refusal(label, path.name, "missing-field", what, fix)])
    rows, findings = _by_key(ledger, key, wanted, path, label)
    taken = [
        next((rows[words] for words in answers if words in rows), None)
        for answers in _answers(source.frame, key)
    ]
    findings += _ambiguous(source, taken, ledger, key, label)
    refused = [found for found in findings if found.severity == "refused"]
    if refused:
        raise Refused(refused)
    findings += _unmatched(source, taken, rows.values(), ledger, label)
    # where both have a name the ledger's values are the ones meant
    own = source.frame.drop(columns=[name for name in ledger.frame if name in source.frame])
    for name in ledger.frame.columns:
        values = [None if row is None else ledger.frame[name].iloc[row] for row in taken]
        own[name] = pd.Series(values, dtype=object, index=own.index)
    return replace(source, frame=own).with_findings([*ledger.findings, *findings])


def _by_key(
    ledger: Ledger, key: Mapping[str, str], wanted: Collection[str], path: Path, label: str
) -> tuple[dict[tuple[str, ...], int], list[Finding]]:
    """Return key → row, with a refusal for each key whose rows differ."""
    compared = [name for name in wanted if name in ledger.frame] or list(ledger.frame.columns)
    rows: dict[tuple[str, ...], int] = {}
    findings = []
    for row in range(len(ledger.frame)):
        words = tuple(
            _word(ledger.frame[column].iloc[row], which) for which, column in key.items()
        )
        if not all(words):
            what = f"没有 {'、'.join(key.values())},认领不了地块"
            findings.append(Finding(label, ledger.places[row], "ledger-no-key", "noted", what))
        elif words not in rows:
            rows[words] = row
        elif _content(ledger, row, compared) != _content(ledger, rows[words], compared):
            what = f"{path.name} 里 {' '.join(words)} 有两行,内容不同(duplicate,重复)"
            fix = "各留一行;一个文件里有几个地块时,ledger_key 写成 { file = …, block = … }"
            findings.append(refusal(label, ledger.places[row], "ledger-duplicate", what, fix))
        else:
            what = f"与 {ledger.places[rows[words]]} 重复(duplicate),内容相同,只用一行"
            findings.append(
                Finding(label, ledger.places[row], "ledger-duplicate", "noted", what)
            )
    return rows, findings


def _content(ledger: Ledger, row: int, names: Collection[str]) -> list[str]:
    return [str(ledger.frame[name].iloc[row]) for name in names]


def _answers(frame: pd.DataFrame, key: Mapping[str, str]) -> list[list[tuple[str, ...]]]:
    """Return for each block the keys that it answers to: its number first, then its name."""
    answers = []
    for file, number, name in zip(
        frame["文件名"], frame["地块编号"], frame["地块名称"], strict=True
    ):
        words = {
            "file": [_word(file, "file")],
            "block": [word for word in (_word(number, "block"), _word(name, "block")) if word],
        }
        answers.append(list(product(*(words[which] for which in key))))
    return answers


def _word(value: object, which: str) -> str:
    """Return a key as it is compared: no matter width, case, blanks, ``.txt``, ``1.0`` for 1."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    return word.removesuffix(_TEXT_SUFFIX) if which == "file" else word


def _ambiguous(
    source: Source,
    taken: Sequence[int | None],
    ledger: Ledger,
    key: Mapping[str, str],
    label: str,
) -> list[Finding]:
    """Refuse a row that is claimed by blocks of several files through their numbers alone."""
    claims: dict[int, set[str]] = {}
    for row, file in zip(taken, source.frame["文件名"], strict=True):
        if row is not None and "file" not in key:
            claims.setdefault(row, set()).add(str(file))
    return [
        refusal(
            label,
            ledger.places[row],
            "ledger-ambiguous",
            f"台账的这一行被 {len(files)} 个文件里编号相同的地块认领:{'、'.join(sorted(files)[:3])}",
            "台账加一列文件名,ledger_key 写成 { file = …, block = … }",
        )
        for row, files in sorted(claims.items())
        if len(files) > 1
    ]


def _unmatched(
    source: Source,
    taken: Sequence[int | None],
    rows: Collection[int],
    ledger: Ledger,
    label: str,
) -> list[Finding]:
    findings = [
        Finding(label, place, "ledger-missing", "noted", "台账里没有这个地块", "在台账里补一行")
        for place, row in zip(source.places, taken, strict=True)
        if row is None
    ]
    unclaimed = sorted(set(rows) - set(taken))
    findings += [
        Finding(
            label,
            ledger.places[row],
            "ledger-unclaimed",
            "noted",
            "台账的这一行没有对应的坐标 TXT",
            "补上坐标文件或核对文件名",
        )
        for row in unclaimed
    ]
    return findings
