"""Numbers as people write them: understood exactly, understood roughly, not understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Cell
from rules.tables.numbers import to_number


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
        ("一百二", 120, False),
        ("一百零二", 102, False),
        ("三百", 300, False),
        ("1万2千", 12_000, False),
        ("3万5", 35_000, False),
        ("万余份", 10_000, False),
        ("千余人次", 1000, False),
        ("壹佰贰拾", 120, False),
        ("3亿", 300_000_000, False),
        ("2.3万", 23_000, False),
        ("12场次", 12, False),
        ("12（场）", 12, False),
        ("12（其中线上2场）", 12, False),
        ("≥30", 30, False),
        ("30+", 30, False),
        ("12。", 12, True),
        ("“12”", 12, True),
        ("1\u00a0234", 1234, True),
        ("1900-01-05", 5, False),
        ("百分之八十五", 85, False),
        ("不涉及", 0, False),
        ("/", 0, False),
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
        "12 33",
        "数百",
        "百千",
        "1万20000",
        "2022-09-01",
        "同上",
        "√",
        "12（5）",
        "3家2场",
    ],
)
def test_not_understood(cell: Cell) -> None:
    assert to_number(cell) is None


def test_the_unit_of_the_row_is_not_multiplied_in() -> None:
    inside, outside = to_number("1.5万元", "万元"), to_number("1.5万元", "元")
    assert inside is not None and inside.value == 1.5
    assert outside is not None and outside.value == 15_000


@pytest.mark.parametrize(
    ("cell", "unit", "value", "doubtful"),
    [
        ("15000元", "万元", 1.5, False),
        ("1.5万", "万元", 15_000, True),
        ("3万人次", "万人次", 3, False),
        ("3家", "个", 3, False),
        ("3家", "场", 3, True),
        ("85%", "%", 85, False),
        (0.85, "%", 0.85, True),
        (85, "%", 85, False),
        (1.5, "场", 1.5, True),
        (1.5, "万元", 1.5, False),
        (-3, "份", -3, True),
        (110101199001011234, "", float(110101199001011234), True),
    ],
)
def test_what_speaks_against_a_number(cell: Cell, unit: str, value: float, doubtful: bool) -> None:
    number = to_number(cell, unit)
    assert number is not None and (number.value, bool(number.doubt)) == (value, doubtful)


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
