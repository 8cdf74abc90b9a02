"""docs/notice.md is what the grammar's data says, and every example there is understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.compile.handbook import examples, handbook
from rules.compile.page import read_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "notice.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == handbook(), "run: python -m rules.compile.handbook > docs/notice.md"


@pytest.mark.parametrize(("family", "pattern", "example"), list(examples()), ids=lambda value: str(value)[:24])
def test_every_example_is_met_by_its_pattern(family: str, pattern: str, example: str) -> None:
    text = read_page(example).text
    assert re.search(pattern, text), f"{family}: {example!r} is not met by {pattern}"
