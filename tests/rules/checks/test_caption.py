"""caption: a bare 50字 means about 50; fail only when absent or over the hard limit."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from rules.checks import registry
from rules.item import Caption
from tests.rules.checks.bench import codes, item, jpg, run

SEED = {"about": 50, "max": 80}
PHOTO = item("图1.jpg", jpg())


def caption(length: int) -> dict[str, Caption]:
    return {PHOTO.key: Caption(text="字" * length, source="body")}


@pytest.mark.parametrize(
    ("length", "settings", "expected"),
    [
        (50, SEED, []),
        (20, SEED, []),
        (19, SEED, [("caption-too-short", "note")]),
        (80, SEED, []),
        (81, SEED, [("caption-too-long", "fail")]),
        (101, {"about": 50}, [("caption-too-long", "note")]),
        (100, {"about": 50}, []),
        (29, {"min": 30}, [("caption-too-short", "fail")]),
        (0, SEED, [("caption-missing", "fail")]),
    ],
)
def test_table(length: int, settings: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(run("caption", settings, PHOTO, captions=caption(length))) == expected


def test_absent() -> None:
    assert codes(run("caption", SEED, PHOTO)) == [("caption-missing", "fail")]
    assert run("caption", SEED | {"required": False}, PHOTO) == []


def test_white_space_does_not_count() -> None:
    spaced = {PHOTO.key: Caption(text=" 字\n" * 80, source="body")}
    assert run("caption", SEED, PHOTO, captions=spaced) == []


def test_limits_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match="min"):
        registry()["caption"].settings.model_validate({"min": 9, "max": 3})


@pytest.mark.parametrize(("latin", "expected"), [("word", []), ("character", [("caption-too-long", "fail")])])
def test_a_run_of_letters_or_digits_is_a_word_unless_the_notice_counts_characters(
    latin: str, expected: list[tuple[str, str]]
) -> None:
    said = {PHOTO.key: Caption(text="字" * 70 + "ISO9001:2015 标准", source="body")}
    assert codes(run("caption", SEED | {"latin": latin}, PHOTO, captions=said)) == expected
