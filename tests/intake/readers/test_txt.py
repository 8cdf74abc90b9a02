"""Plain text and csv in the charsets that come."""

from __future__ import annotations

import pytest

from intake.readers.txt import MAX_BYTES
from rules.facts import TableFacts, TextFacts
from tests.intake.readers.samples import Measure

LINES = "滨江区质量月活动总结\r\n\r\n今年九月，我区开展了质量月活动。"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_charsets(measure: Measure, charset: str) -> None:
    kind, reading = measure(LINES.encode(charset), "总结.txt")
    assert kind == "txt" and isinstance(reading.facts, TextFacts)
    assert reading.facts.text == "滨江区质量月活动总结\n今年九月，我区开展了质量月活动。"
    assert reading.facts.headings == ("滨江区质量月活动总结",)


def test_stray_byte_is_no_obstacle(measure: Measure) -> None:
    facts = measure("café ".encode("cp1252") * 3 + b"\xff", "a.txt")[1].facts
    assert isinstance(facts, TextFacts) and facts.text.startswith("café")


def test_long_file_is_cut_within_a_character(measure: Measure) -> None:
    facts = measure("质".encode() * (MAX_BYTES // 3 + 100), "a.txt")[1].facts
    assert isinstance(facts, TextFacts) and facts.truncated and facts.text.startswith("质质")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("单位,人数\n滨江区,12\n", (("单位", "人数"), ("滨江区", 12))),
        ("单位;人数;备注\n滨江区;007;一,二\n", (("单位", "人数", "备注"), ("滨江区", "007", "一,二"))),
        ("单位\t比例\n滨江区\t2.50\n", (("单位", "比例"), ("滨江区", 2.5))),
        ('单位,说明\n滨江区,"两行,\n一格"\n', (("单位", "说明"), ("滨江区", "两行,\n一格"))),
        ("单位,证号\n滨江区,110101199003070000\n", (("单位", "证号"), ("滨江区", "110101199003070000"))),
        ("单位,人数,\n滨江区,,\n,,\n", (("单位", "人数"), ("滨江区", None))),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8-sig", "gbk"])
def test_csv(measure: Measure, text: str, rows: tuple[tuple[object, ...], ...], charset: str) -> None:
    kind, reading = measure(text.encode(charset), "统计表.csv")
    assert kind == "csv" and isinstance(reading.facts, TableFacts)
    assert reading.facts.sheets[0].rows == rows


def test_utf_16_cut_within_a_character(measure: Measure) -> None:
    facts = measure("质量月总结".encode("utf-16")[:-1], "a.txt")[1].facts
    assert isinstance(facts, TextFacts) and facts.text == "质量月总"
