"""Numbers as people write them: understood exactly, understood roughly, not understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Cell
from rules.numbers import to_number


@pytest.mark.parametrize(
    ("cell", "value", "exact"),
    [
        (5, 5, True),
        (2.5, 2.5, True),
        ("1,200", 1200, True),
        ("1，200", 1200, True),
        ("1 200", 1200, True),
        (" ２０ ", 20, True),
        ("2000余", 2000, False),
        ("约2000 余", 2000, False),
        ("近1400", 1400, False),
        ("1.5万", 15_000, False),
        ("10余万", 100_000, False),
        ("3万余份", 30_000, False),
        ("10000余人次", 10_000, False),
        ("三千五百余", 3500, False),
        ("两万三千", 23_000, False),
        ("十二", 12, False),
        ("75件", 75, False),
        ("100%", 100, False),
        ("无", 0, False),
        ("—", 0, False),
    ],
)
def test_understood(cell: Cell, value: float, exact: bool) -> None:
    number = to_number(cell)
    assert number is not None
    assert (number.value, number.exact) == (value, exact)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        True,
        "若干",
        "几十",
        "上百",
        "三五",
        "100-200",
        "4+12+33",
        "12\n33",
        "1，20",
        "2022-03-05",
        "①",
        "1.2.3",
        "约",
    ],
)
def test_not_understood(cell: Cell) -> None:
    assert to_number(cell) is None


def test_the_unit_of_the_row_is_not_multiplied_in() -> None:
    inside, outside = to_number("1.5万元", "万元"), to_number("1.5万元", "元")
    assert inside is not None and inside.value == 1.5
    assert outside is not None and outside.value == 15_000


@given(st.integers(0, 10**9))
@settings(max_examples=60)
def test_every_spelling_of_an_integer_is_that_integer(number: int) -> None:
    wide = str(number).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    for text in (str(number), f"{number:,}", wide, f"约{number}余人次"):
        found = to_number(text)
        assert found is not None and found.value == number


@given(st.text(max_size=20))
@settings(max_examples=100)
def test_any_text_is_answered(text: str) -> None:
    found = to_number(text)
    assert found is None or found.value == found.value
