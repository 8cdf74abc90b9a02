"""Forms are filled in as a unit would: every blank cell, sums that agree, and each mistake is the one asked for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from intake.demo.forms import BLANK, Fault, read_blank, statistics
from intake.demo.units import units

UNIT = units(1)[0]


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (
        ["附件9", None, None, None],
        ["巡查情况统计表", None, None, None],
        ["填报单位：", None, "联系电话：", None],
        ["序号", "街道", "巡查次数", "备注"],
        [1, "甲街道", None, None],
        [2, "乙街道", None, None],
        ["合计", None, None, None],
        ["注：只填数字。", None, None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("A7:B7")
    workbook.save(tmp_path / "blank.xlsx")
    return tmp_path / "blank.xlsx"


def sheet_of(data: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_careful_unit_fills_in_counts_sum_name_and_phone(blank: Path) -> None:
    sheet = sheet_of(statistics(UNIT, 1, blank=blank).data)
    first, second, total = (sheet[f"C{row}"].value for row in (5, 6, 7))
    assert isinstance(first, int) and isinstance(second, int)
    assert total == first + second
    assert sheet["B3"].value == UNIT.name
    assert sheet["D3"].value == UNIT.phone
    assert sheet["A8"].value == "注：只填数字。"
    assert statistics(UNIT, 1, blank=blank) == statistics(UNIT, 1, blank=blank)


@pytest.mark.parametrize(
    ("fault", "changed"),
    [("text", {"C5"}), ("total", {"C7"}), ("header", {"C4"}), ("short", {"C5", "C6", "C7"})],
    ids=["text", "total", "header", "short"],
)
def test_each_mistake_changes_its_cells(blank: Path, fault: Fault, changed: set[str]) -> None:
    right, wrong = (sheet_of(statistics(UNIT, 1, blank=blank, fault=which).data) for which in ("", fault))
    different = {
        cell.coordinate for row in right.iter_rows() for cell in row if cell.value != wrong[cell.coordinate].value
    }
    assert different == changed


def test_blank_comes_back_untouched(blank: Path) -> None:
    sheet = sheet_of(statistics(UNIT, 1, blank=blank, fault="blank").data)
    original = sheet_of(blank.read_bytes())
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        [c.value for c in row] for row in original.iter_rows()
    ]


def test_the_shipped_form_asks_for_counts_and_a_sum() -> None:
    form = read_blank(BLANK.read_bytes())
    assert len(form.numbers) > 5
    ((total, parts),) = form.totals.items()
    assert parts == tuple((row, total[1]) for row in range(total[0] - 3, total[0]))
    assert "填报单位：" in form.answers.values()
    for fault in ("text", "total", "header", "short"):
        assert statistics(UNIT, 1, fault=fault).data != statistics(UNIT, 1).data


def test_a_sheet_without_headings_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(ValueError, match="headings"):
        statistics(UNIT, 1, blank=tmp_path / "empty.xlsx")
