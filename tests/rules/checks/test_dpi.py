"""dpi: a label, weighed against the pixels."""

from __future__ import annotations

import pytest

from rules.facts import ImageFacts
from tests.rules.checks.bench import codes, item, run, text


@pytest.mark.parametrize(
    ("told", "long", "expected"),
    [
        (300, 2000, []),
        (299, 2000, []),  # cameras round
        (72, 4000, [("dpi", "note")]),
        (72, 2000, [("dpi", "unsure")]),
        (None, 800, []),
    ],
)
def test_table(told: float | None, long: int, expected: list[tuple[str, str]]) -> None:
    facts = ImageFacts(format="JPEG", width=long, height=600, dpi=told)
    assert codes(run("dpi", {"min": 300}, item("图.jpg", facts))) == expected


def test_a_document_has_none() -> None:
    assert run("dpi", {"min": 300}, item("图.docx", text())) == []
