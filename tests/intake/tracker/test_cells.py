"""Text in cells stays text, and links lead only to files of ours."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from intake.tracker import cells
from intake.tracker.links import Links


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_text_comes_back_as_the_cleaned_text(text: str) -> None:
    """Whatever the text: the cell is a string, the file opens, and the text is that of `clean`."""
    workbook = Workbook()
    cells.put(workbook.active["A1"], text)
    file = BytesIO()
    workbook.save(file)
    cell = load_workbook(file).active["A1"]
    assert (cell.value or "") == cells.clean(text)
    assert cell.value is None or cell.data_type == "s"
    assert cells.clean(cells.clean(text)) == cells.clean(text)


@pytest.mark.parametrize("text", ["字" * 40_000, "😀" * 20_000, "a" + "😀" * 20_000])
def test_long_text_is_cut_to_what_excel_takes(text: str) -> None:
    cut = cells.clean(text)
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert cut.endswith("（内容过长，已截断）")


@pytest.mark.parametrize("text", ["😀" * 16_383, "字" * 32_767])
def test_text_that_just_fits_is_left_whole(text: str) -> None:
    assert cells.clean(text) == text


def test_numbers_that_excel_would_round_stay_text() -> None:
    ws = Workbook().active
    cells.put(ws["A1"], 110101199001011234)
    cells.put(ws["A2"], float("nan"))
    cells.put(ws["A3"], 12)
    assert [ws[a].value for a in ("A1", "A2", "A3")] == ["110101199001011234", "nan", 12]


@pytest.mark.parametrize(
    ("saved", "target"),
    [
        ("files/001/图 片#1.jpg", "../files/001/图%20片%231.jpg"),
        ("files/50%/a?b&c.jpg", "../files/50%25/a%3Fb%26c.jpg"),
        ("../secret.txt", ""),
        ("/etc/passwd", ""),
        ("http://evil.example/a", ""),
        ("C:/a", ""),
        ("a\\b", ""),
        ("", ""),
    ],
)
def test_links_lead_below_the_data_folder_or_nowhere(saved: str, target: str) -> None:
    assert Links(Path("data"), Path("data/tracker/台账.xlsx")).to(saved) == target
