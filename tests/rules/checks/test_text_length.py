"""text-length: hard limits fail, a figure of about is only worth a note, a scan cannot be counted."""

from __future__ import annotations

from typing import Any

import pytest

from rules.facts import TextFacts
from tests.rules.checks.bench import codes, item, jpg, run, text


@pytest.mark.parametrize(
    ("characters", "settings", "expected"),
    [
        (1000, {"min": 1000}, []),
        (999, {"min": 1000}, [("text-too-short", "fail")]),
        (2000, {"max": 2000}, []),
        (2001, {"max": 2000}, [("text-too-long", "fail")]),
        (500, {"about": 1000}, []),
        (499, {"about": 1000}, [("text-too-short", "note")]),
        (2001, {"about": 1000}, [("text-too-long", "note")]),
        (5, {}, []),
    ],
)
def test_table(characters: int, settings: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(run("text-length", settings, item("总结.docx", text(characters)))) == expected


def test_a_scan_is_left_to_a_person() -> None:
    scan = item("总结.pdf", text(0, format="pdf", scanned=True))
    assert codes(run("text-length", {"min": 1000}, scan)) == [("text-too-short", "unsure")]


def test_a_text_read_in_part_is_left_to_a_person_unless_it_is_too_long_already() -> None:
    part = item("总结.docx", text(900, truncated=True))
    assert codes(run("text-length", {"min": 1000}, part)) == [("text-too-long", "unsure")]
    assert codes(run("text-length", {"max": 800}, part)) == [("text-too-long", "fail")]


def test_a_picture_has_no_words() -> None:
    assert run("text-length", {"min": 1000}, item("总结.jpg", jpg())) == []


@pytest.mark.parametrize(("latin", "expected"), [("word", []), ("character", [("text-too-long", "fail")])])
def test_a_run_of_letters_or_digits_is_a_word_unless_the_notice_counts_characters(
    latin: str, expected: list[tuple[str, str]]
) -> None:
    facts = TextFacts(format="docx", text="字" * 90 + "ISO9001:2015", characters=102)
    assert codes(run("text-length", {"max": 100, "latin": latin}, item("总结.docx", facts))) == expected
