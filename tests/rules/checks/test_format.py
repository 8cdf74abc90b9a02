"""format: by content, not by name."""

from __future__ import annotations

import pytest

from rules.facts import Facts, Picture, TableFacts
from tests.rules.checks.bench import codes, item, jpg, run, text

PICTURES = (Picture(name="image1.jpeg", format="JPEG", width=1200, height=900),)


@pytest.mark.parametrize(
    ("name", "facts", "formats", "category", "expected"),
    [
        ("图.jpg", jpg(), ["jpg"], "photo", []),
        ("图.JPEG", jpg(), ["jpg"], "photo", []),
        ("图", jpg(), ["jpg"], "photo", []),
        ("图.jpg", jpg(format="PNG"), ["jpg"], "photo", [("fake-extension", "fail")]),
        ("图.png", jpg(format="PNG"), ["jpg"], "photo", [("wrong-format", "fail")]),
        ("图.png", jpg(), ["jpg"], "photo", [("fake-extension", "note")]),
        ("图.png", jpg(), [], "photo", [("fake-extension", "note")]),
        ("图.docx", text(pictures=PICTURES), ["jpg"], "photo", [("only-in-document", "fail")]),
        ("图.docx", text(), ["jpg"], "photo", [("wrong-format", "fail")]),
        ("图.docx", text(pictures=PICTURES), [], "photo", [("only-in-document", "fail")]),
        ("图.docx", text(pictures=PICTURES), ["jpg", "docx"], "photo", []),
        ("总结.docx", text(pictures=PICTURES), ["docx"], "summary", []),
        ("总结2022.9.30", text(), ["docx"], "summary", []),
        ("表.xlsm", TableFacts(format="xlsm", sheets=()), ["xlsx"], "stat_table", []),
        ("总结.docx", text(), ["docx", "doc"], "summary", []),
        ("总结.doc", text(), ["docx", "doc"], "summary", [("fake-extension", "note")]),
        ("总结.txt", text(format="txt"), ["docx", "doc"], "summary", [("wrong-format", "fail")]),
        ("表.et", TableFacts(format="xls", sheets=()), ["xlsx", "xls", "et"], "stat_table", []),
        ("表.docx", text(), ["xlsx", "xls"], "stat_table", [("wrong-format", "fail")]),
    ],
)
def test_table(name: str, facts: Facts, formats: list[str], category: str, expected: list[tuple[str, str]]) -> None:
    assert codes(run("format", {}, item(name, facts), formats=formats, category=category)) == expected


def test_a_pasted_picture_is_told_with_its_real_size() -> None:
    (found,) = run("format", {}, item("图.docx", text(pictures=PICTURES)), formats=["jpg"], category="photo")
    assert "1200×900" in found.says
