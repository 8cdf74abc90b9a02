"""Formulas without a saved result: plain ones are reckoned, others stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Cell
from rules.tables.formulas import place, reckoned


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=SUM(A1:A3)", 6),
        ("=sum($A$1:$A$3)", 6),
        ("=SUM(A1,A3)", 4),
        ("=SUM(A1:A2,B1)", 3),  # words within a sum count nothing
        ("=A1+A2*A3", 7),
        ("=(A1+A2)*A3/2", 4.5),
        ("=-A1+10", 9),
        ("=SUM(A1:A3)+SUM(C1:C9)", 6),  # blanks are nothing
        ("=A1+B1", "=A1+B1"),  # words in a plain sum are an error
        ("=A1/C1", "=A1/C1"),
        ("=VLOOKUP(A1,B:B,1)", "=VLOOKUP(A1,B:B,1)"),
        ("=Sheet2!A1", "=Sheet2!A1"),
        ("=D1", "=D1"),  # itself
        ("=SUM(A1:XFD1048576)", "=SUM(A1:XFD1048576)"),
        ("=" + "(" * 400, "=" + "(" * 400),
        ("=", "="),
    ],
)
def test_a_formula(formula: str, result: Cell) -> None:
    assert reckoned(((1, "甲", None, formula), (2,), (3,)))[0][3] == result


def test_formulas_of_formulas_and_rings() -> None:
    assert reckoned(((1, "=A1+1", "=B1+1"), (None, "=C2", "=B2"))) == ((1, 2, 3), (None, "=C2", "=B2"))
    chain: tuple[Cell, ...] = (1, *(f"={place(0, n)}+1" for n in range(100)))
    assert reckoned((chain,))[0][5] == 6


@given(st.text(alphabet="=SUM(A1:B2),+-*/ 9$", max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_formula_is_answered(text: str) -> None:
    assert len(reckoned((("=" + text, 1), (2, "=A1")))) == 2
