"""What one number cell says: counted, in doubt, words or blank."""

from __future__ import annotations

import pytest

from rules.facts import Cell
from rules.tables.figures import figure


@pytest.mark.parametrize(
    ("cell", "unit", "state", "counted"),
    [
        (3, "", "exact", 3),
        (2.5, "", "exact", 2.5),
        ("1,200", "份", "exact", 1200),
        ("2000余", "份", "read", 2000),
        ("12场次", "场", "read", 12),
        ("无", "份", "read", 0),
        ("85%", "%", "exact", 85),
        (0, "份", "exact", 0),
        (None, "份", "blank", None),
        ("  ", "份", "blank", None),
        ("3家", "场", "doubt", None),
        ("=SUM(Sheet2!A1:A3)", "", "doubt", None),
        ("1,20", "", "words", None),
        ("1e5", "", "words", None),
        ("0x10", "", "words", None),
        ("--3", "", "words", None),
        (True, "", "words", None),
        ("#REF!", "", "words", None),
    ],
)
def test_a_cell(cell: Cell, unit: str, state: str, counted: float | None) -> None:
    read = figure(cell, unit)
    assert (read.state, read.counted) == (state, counted)
    assert read.raw == ("" if cell is None else str(cell).strip())


def test_a_row_in_doubt_counts_nothing() -> None:
    assert figure(3, "场", "行名写作“讲座二”").number is None
