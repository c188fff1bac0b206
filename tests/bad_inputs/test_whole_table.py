"""Every row of the table of bad inputs has its case; rows that concern nothing here say why."""

import importlib
import pkgutil

import tests.bad_inputs
from tests.bad_inputs.case import Case

# The rows of the table, by their letters: files, geometry, coordinates, attributes, sums and
# states, configs, ledgers.
TABLE = """
F01 F02 F03 F04 F06 F07 F09 F10 F12 F13 F14 F16 F17 F18 F19 F20 F21 F22 F23 F24 F25 F26 F29 F30
F31 F32 F33 F34 F35 F36
G01 G03 G04 G05 G06 G09 G10 G11 G12 G13 G15 G16 G17 G19 G20 G21 G23 G24 G25
C01 C02 C04 C05 C06 C07 C08 C10
A01 A02 A03 A05 A06 A07 A08 A09 A10 A11 A13 A14 A15 A17 A18 A19 A20 A21 A23 A24 A25 A26 A28
S01 S02 S03 S05 S06 S07 S09
K01 K02 K03 K04 K05 K06 K08 K09 K10 K11 K12 K13 K14 K15 K17 K18 K19 K20 K22
L01 L02 L03 L04 L06 L07 L08 L09 L10 L11 L13 L14 L15 L17 L18 L19 L20 L21 L22 L23 L25 L26 L27 L28
L29
"""
ROWS = TABLE.split()
# Rows about ledgers that the program does not have.
NOT_HERE = {
    "L06": "petitions are not read: there is no ledger of them",
    "L07": "petitions are not read: there is no ledger of them",
}


def _cases() -> set[str]:
    """Return the ids of all cases: in lists of cases, or first in a tuple of a list."""
    found = set()
    for module in pkgutil.iter_modules(tests.bad_inputs.__path__):
        held = vars(importlib.import_module(f"tests.bad_inputs.{module.name}"))
        for value in held.values():
            for one in value if isinstance(value, list | tuple) else [value]:
                if isinstance(one, Case):
                    found.add(one.id)
                elif isinstance(one, tuple) and one and isinstance(one[0], str):
                    found.add(one[0])
    return found


def test_every_row_has_a_case_or_a_reason():
    tried = {case_id.split("-")[0] for case_id in _cases()}
    assert [row for row in ROWS if row not in tried | NOT_HERE.keys()] == []


def test_no_row_is_listed_twice():
    assert len(ROWS) == len(set(ROWS)) == 131
